package org.djlmpc.transport;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * A link that is slower than the one at hand, to measure what a computation costs on it.
 *
 * @param roundTripMillis added to every round trip, half in each direction; 0 adds nothing
 * @param megabitsPerSecond capacity of each link in each direction, in 10^6 bit/s; infinite for no
 *     limit
 */
public record LinkShape(double roundTripMillis, double megabitsPerSecond) {
  /** A link as it is. */
  public static final LinkShape NONE = new LinkShape(0, Double.POSITIVE_INFINITY);

  /** Checks the numbers. */
  public LinkShape {
    if (!(roundTripMillis >= 0 && roundTripMillis <= 60_000)) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A round trip of " + roundTripMillis + " ms is not possible.",
          "Give 0 to 60000 ms.");
    }
    if (!(megabitsPerSecond > 0)) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A bandwidth of " + megabitsPerSecond + " Mbit/s is not possible.",
          "Give a positive number of Mbit/s, or infinity for no limit.");
    }
  }

  boolean changesNothing() {
    return roundTripMillis == 0 && Double.isInfinite(megabitsPerSecond);
  }

  /** Time from the moment a bit leaves until it arrives. */
  long oneWayNanos() {
    return Math.round(roundTripMillis * 1e6 / 2);
  }

  /** Time that this many bytes occupy the link. */
  long transmissionNanos(long bytes) {
    return Math.round(bytes * 8e3 / megabitsPerSecond);
  }
}
