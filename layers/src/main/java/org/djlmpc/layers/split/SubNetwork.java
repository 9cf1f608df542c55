package org.djlmpc.layers.split;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.Payload;
import org.djlmpc.transport.Traffic;

/**
 * Some parties of a network under other names and with requests of their own, so that a protocol
 * between P0, P1 and P2 runs over connections that are there already.
 */
final class SubNetwork implements Network {
  /** Requests of a sub-network; more than a protocol here has. */
  private static final long REQUESTS = 1L << 20;

  private final SplitJob job;
  private final Network base;
  private final PartyId self;
  private final Map<PartyId, PartyId> names;
  private final long firstRequest;
  private final ConcurrentLinkedQueue<Channel> opened = new ConcurrentLinkedQueue<>();

  /**
   * A part of a network.
   *
   * @param job over whose network it runs; it has one sub-network at most
   * @param names the party of the network behind each name
   */
  SubNetwork(SplitJob job, Map<PartyId, PartyId> names) {
    this.job = job;
    base = job.network();
    this.names = new EnumMap<>(names);
    firstRequest = job.number() * REQUESTS;
    self =
        names.keySet().stream()
            .filter(name -> names.get(name) == base.self())
            .findAny()
            .orElseThrow();
  }

  @Override
  public PartyId self() {
    return self;
  }

  @Override
  public Set<PartyId> peers() {
    Map<PartyId, PartyId> others = new EnumMap<>(names);
    others.remove(self);
    return Set.copyOf(others.keySet());
  }

  @Override
  public Channel channel(PartyId peer, long request) {
    PartyId party = names.get(peer);
    if (party == null || request >= REQUESTS) {
      throw new MpcException(
          ErrorCode.INTERNAL,
          "No channel to " + peer + " for request " + request + ".",
          ErrorCode.INTERNAL.nextStep());
    }
    Channel channel = new Renamed(job.extraChannel(party, firstRequest + request), peer, request);
    opened.add(channel);
    return channel;
  }

  @Override
  public long accept() {
    throw new MpcException(
        ErrorCode.INTERNAL,
        "All requests of a sub-network are known beforehand.",
        ErrorCode.INTERNAL.nextStep());
  }

  @Override
  public int rounds(long request) {
    return base.rounds(firstRequest + request);
  }

  @Override
  public void abort(long request, MpcException reason) {
    base.abort(firstRequest + request, reason);
  }

  @Override
  public void abort(MpcException reason) {
    base.abort(reason);
  }

  /** Closes the channels of this part. */
  @Override
  public void close() {
    opened.forEach(Channel::close);
  }

  private final class Renamed implements Channel {
    private final Channel channel;
    private final PartyId peer;
    private final long request;

    Renamed(Channel channel, PartyId peer, long request) {
      this.channel = channel;
      this.peer = peer;
      this.request = request;
    }

    @Override
    public PartyId self() {
      return self;
    }

    @Override
    public PartyId peer() {
      return peer;
    }

    @Override
    public long request() {
      return request;
    }

    @Override
    public void send(FrameType type, int operation, Payload payload) {
      channel.send(type, operation, payload);
    }

    @Override
    public Payload receivePayload(FrameType type, int operation) {
      return channel.receivePayload(type, operation);
    }

    @Override
    public Traffic traffic() {
      return channel.traffic();
    }

    @Override
    public void close() {
      channel.close();
    }
  }
}
