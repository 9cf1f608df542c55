package org.djlmpc.protocol;

/**
 * What a session spares where a protocol has the choice: bytes and comparisons, or rounds, which
 * count where the parties are far from each other. Public; all parties of a session must have the
 * same.
 */
public enum Rounds {
  /**
   * Comparisons by a point function and one more opening; maxima by a tournament: k - 1 comparisons
   * for k values, in log2 k steps.
   */
  BYTES,
  /**
   * Not too many comparisons at once by a comparison function, whose keys are larger, in one round;
   * small maxima over all pairs: k (k - 1) / 2 comparisons, in a constant number of rounds.
   */
  LOW;

  /** Comparisons in one round instead of two that cost more work than a round trip takes. */
  private static final long MOST_DIRECT = 1L << 16;

  /** Round trips from which on they cost more than the comparisons that spare them. */
  private static final double LONG_ROUND_TRIP_MS = 20;

  /** Pairs that are compared in about such a time. */
  private static final long MOST_PAIRS = 1L << 18;

  /** Rounds after the comparison: of a maximum over all pairs, and of its position. */
  private static final int AFTER_ALL_PAIRS = 3;

  private static final int AFTER_ALL_PAIRS_POSITION = 2;

  /** The choice for a round-trip time in milliseconds, configured or measured. */
  public static Rounds forRoundTrip(double milliseconds) {
    return milliseconds >= LONG_ROUND_TRIP_MS ? LOW : BYTES;
  }

  /**
   * Whether maxima are taken over all pairs.
   *
   * @param k values for each maximum
   * @param maxima number of maxima
   */
  public boolean comparesAllPairs(long k, long maxima) {
    return pays(k, maxima, 0, AFTER_ALL_PAIRS);
  }

  /** Whether positions of maxima are taken over all pairs; see {@link #comparesAllPairs}. */
  public boolean comparesAllPairsForPosition(long k, long maxima) {
    return pays(k, maxima, 1, AFTER_ALL_PAIRS_POSITION);
  }

  /** Whether so many comparisons at once are made in one round, by larger keys. */
  public boolean comparesDirectly(long comparisons) {
    return this == LOW && comparisons <= MOST_DIRECT;
  }

  private int roundsOf(long comparisons) {
    return comparesDirectly(comparisons) ? 1 : 2;
  }

  /** Whether all pairs take fewer rounds than a tournament, and no more time. */
  private boolean pays(long k, long maxima, int afterStep, int afterAllPairs) {
    if (this != LOW || k < 2 || k > MOST_PAIRS || maxima > MOST_PAIRS / (k * (k - 1) / 2)) {
      return false;
    }
    int steps = Long.SIZE - Long.numberOfLeadingZeros(k - 1);
    int tournament = steps * (roundsOf(k / 2 * maxima) + afterStep);
    return tournament > roundsOf(k * (k - 1) / 2 * maxima) + afterAllPairs;
  }
}
