package org.djlmpc.transport;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;

/** What a network knows about one request that has not ended. Guarded by the network's lock. */
final class RequestState {
  private final long number;
  private final RoundClock clock = new RoundClock();
  private final Map<PartyId, FrameChannel> channels = new EnumMap<>(PartyId.class);
  private @Nullable MpcException failure;

  RequestState(long number) {
    this.number = number;
  }

  long number() {
    return number;
  }

  /** The one clock of this request, shared by its channels. Needs no lock. */
  RoundClock clock() {
    return clock;
  }

  @Nullable FrameChannel channel(PartyId peer) {
    return channels.get(peer);
  }

  void add(FrameChannel channel) {
    channels.put(channel.peer(), channel);
  }

  Collection<FrameChannel> channels() {
    return channels.values();
  }

  boolean hasOpenChannel() {
    return channels.values().stream().anyMatch(FrameChannel::isOpen);
  }

  /** Why the request was stopped, or null. */
  @Nullable MpcException failure() {
    return failure;
  }

  void checkUsable() {
    if (failure != null) {
      throw failure;
    }
  }

  /** Stops the request; the first reason stays. */
  void fail(MpcException reason) {
    if (failure == null) {
      failure = reason;
      channels.values().forEach(FrameChannel::drop);
    }
  }
}
