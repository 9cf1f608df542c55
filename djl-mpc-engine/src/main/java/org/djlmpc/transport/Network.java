package org.djlmpc.transport;

import java.util.Set;
import org.djlmpc.error.MpcException;

/**
 * One party's connections to all its peers.
 *
 * <p>A request begins at a party with its first channel or its first frame from a peer, and ends
 * there when the last of its open channels closes: so open the channels to all peers that take part
 * before closing one. Its number is not used again. Frames for an ended request are dropped.
 *
 * <p>All methods may be called from any thread.
 */
public interface Network extends AutoCloseable {
  /** The party at this end. */
  PartyId self();

  /** The peers that this party is connected to. */
  Set<PartyId> peers();

  /**
   * The channel to a peer for a request; the same one each time while it is open. Request 0 is the
   * control channel. Frames that arrived before this call are kept (bounded) and delivered.
   *
   * @param peer one of {@link #peers()}
   * @param request at least 0; all parties give a request the same number
   * @throws MpcException if the request was stopped or has ended, or the peer is gone
   */
  Channel channel(PartyId peer, long request);

  /**
   * Waits for a request which a peer has started (its first frame arrived) and which nobody has
   * accepted or opened yet. Who accepts a request opens a channel of it or aborts it.
   *
   * @return its number, once for each request even when several peers start it; never 0
   * @throws MpcException when the network is closed or aborted, when a peer is gone, or when all
   *     peers have closed: then no request can come any more
   */
  long accept();

  /**
   * The online rounds of a request so far: the length of the longest chain of online frames, at all
   * parties, of which each was sent after the one before it had been received, and of which this
   * party received the last. Openings that leave together count once. Stays readable for a while
   * after the request has ended; 0 for a request that nobody knows.
   */
  int rounds(long request);

  /**
   * Stops one request at every party, with a reason that names no secret. From now on its channels
   * throw the reason here, and ABORTED with the reason's text at the peers. The first reason stays.
   */
  void abort(long request, MpcException reason);

  /** Stops everything at every party, with a reason that names no secret. */
  void abort(MpcException reason);

  /**
   * Closes all connections, threads and ports. Frames that were sent are still delivered; a peer
   * that waits for more learns that this party has closed.
   */
  @Override
  void close();
}
