package org.djlmpc.transport;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts rounds as a logical clock (Lamport, "Time, clocks, and the ordering of events in a
 * distributed system", 1978): a sent online frame carries depth + 1, and receiving one raises the
 * depth to what it carries. So the depth is the length of the longest chain of dependent messages,
 * and messages that cross or leave together count once. One clock for each request and party.
 */
final class RoundClock {
  private final AtomicInteger depth = new AtomicInteger();

  int depth() {
    return depth.get();
  }

  /** What a frame of this type carries when it leaves now. */
  int stamp(FrameType type) {
    return type.online() ? depth.get() + 1 : 0;
  }

  /** Notes that a frame with this stamp was received. */
  void received(int round) {
    depth.accumulateAndGet(round, Math::max);
  }
}
