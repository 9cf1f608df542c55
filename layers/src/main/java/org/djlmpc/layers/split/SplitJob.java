package org.djlmpc.layers.split;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.djlmpc.preprocessing.Streams;
import org.djlmpc.session.Session;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.Traffic;

/**
 * One training or prediction at one party: its channels, and the seeds that it shares with each
 * peer. Every pair of parties has a direct channel.
 */
public final class SplitJob implements AutoCloseable {
  private final Session session;
  private final SplitPlan plan;
  private final long number;
  private final Map<PartyId, Channel> channels = new EnumMap<>(PartyId.class);
  private final Map<Extra, Channel> extra = new ConcurrentHashMap<>();

  /** Whoever asks for a channel twice gets the same counters twice. */
  private record Extra(PartyId peer, long request) {}

  SplitJob(Session session, SplitPlan plan, long number) {
    this.session = session;
    this.plan = plan;
    this.number = number;
    session.network().peers().forEach(peer -> channels.put(peer, session.channel(peer, number)));
  }

  /** The party at this end. */
  public PartyId self() {
    return session.self();
  }

  /** What all parties agreed on. */
  public SplitPlan plan() {
    return plan;
  }

  /** The job's number, from 1, used once in a session: the request of its frames. */
  public long number() {
    return number;
  }

  /** The channel to a peer for this job. */
  public Channel channel(PartyId peer) {
    Channel channel = channels.get(peer);
    return channel != null ? channel : session.channel(peer, number);
  }

  /**
   * Streams that this party and a peer both know and nobody else, fresh in every session. Label
   * what you draw with a name of your own, {@link #number} as scope and {@link Step#number} as
   * number; then no stream is drawn twice.
   */
  public Streams streams(PartyId peer) {
    return session.streams(peer);
  }

  /** All connections, for a protocol that needs more than one channel for each peer. */
  public Network network() {
    return session.network();
  }

  /** Another channel of this job, opened by who asks and counted with the job's own. */
  Channel extraChannel(PartyId peer, long request) {
    Channel channel = session.channel(peer, request);
    extra.put(new Extra(peer, request), channel);
    return channel;
  }

  /** What went to and from each peer so far. */
  Map<PartyId, Traffic.Totals> traffic() {
    Map<PartyId, Traffic.Totals> totals = new EnumMap<>(PartyId.class);
    channels.forEach((peer, channel) -> totals.put(peer, channel.traffic().totals()));
    extra.forEach(
        (key, channel) ->
            totals.merge(key.peer(), channel.traffic().totals(), Traffic.Totals::plus));
    return totals;
  }

  /** Ends the channels. */
  @Override
  public void close() {
    channels.values().forEach(Channel::close);
  }
}
