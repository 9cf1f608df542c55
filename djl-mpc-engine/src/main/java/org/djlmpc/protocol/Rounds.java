package org.djlmpc.protocol;

/**
 * What a session spares where a protocol has the choice: bytes and comparisons, or rounds, which
 * count where the parties are far from each other. Public; all parties of a session must have the
 * same.
 */
public enum Rounds {
  /** Maxima by a tournament: k - 1 comparisons for k values, in log2 k steps. */
  BYTES,
  /** Small maxima over all pairs: k (k - 1) / 2 comparisons, in a constant number of rounds. */
  LOW;

  /** Round trips from which on they cost more than the comparisons that spare them. */
  private static final double LONG_ROUND_TRIP_MS = 20;

  /** Pairs that are compared in about such a time. */
  private static final long MOST_PAIRS = 1L << 18;

  private static final int TOURNAMENT_STEP = 2;
  private static final int POSITION_STEP = 3;
  private static final int ALL_PAIRS = 5;
  private static final int ALL_PAIRS_POSITION = 4;

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
    return pays(k, maxima, TOURNAMENT_STEP, ALL_PAIRS);
  }

  /** Whether positions of maxima are taken over all pairs; see {@link #comparesAllPairs}. */
  public boolean comparesAllPairsForPosition(long k, long maxima) {
    return pays(k, maxima, POSITION_STEP, ALL_PAIRS_POSITION);
  }

  private boolean pays(long k, long maxima, int step, int constant) {
    int steps = Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, k - 1));
    return this == LOW
        && steps * step > constant
        && k <= MOST_PAIRS
        && maxima <= MOST_PAIRS / (k * (k - 1) / 2);
  }
}
