package org.djlmpc.protocol;

import java.util.Locale;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.LinkShape;

/**
 * What a session gives for a round less, where a protocol has the choice between rounds and
 * comparisons. Public; all parties of a session must have the same.
 *
 * <p>There are two such choices. A comparison takes two rounds, or one by a comparison function
 * with payload, for about three times the work and twice the keys. A maximum of k values is taken
 * by a tournament, k - 1 comparisons in log2 k steps, or over all pairs, k (k - 1) / 2 comparisons
 * in a constant number of rounds. Either way is right; the cheaper one is taken, a round counting
 * as much as {@link #worth} comparisons.
 *
 * @param worth comparisons of two rounds that may be spent to spare a round
 */
public record Rounds(double worth) {
  /** As few bytes and comparisons as possible. */
  public static final Rounds BYTES = new Rounds(0);

  /** As few rounds as possible, whatever that costs; over all pairs within reason. */
  public static final Rounds LOW = new Rounds(1e12);

  /** What a comparison in one round costs, in comparisons of two rounds. */
  private static final double DIRECT = 3;

  /** Most pairs that are compared at once. */
  private static final double MOST_PAIRS = 1 << 18;

  /** Rounds after the comparison: of a maximum over all pairs, and of its position. */
  private static final int AFTER_ALL_PAIRS = 3;

  private static final int AFTER_ALL_PAIRS_POSITION = 2;

  /** Work for a comparison by all parties, measured on two cores. */
  private static final double SECONDS_EACH = 0.5e-6;

  /** Keys of a comparison over 64 bits. */
  private static final double BITS_EACH = 8 * 900;

  /** Requires a number that is not negative. */
  public Rounds {
    if (!(worth >= 0)) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A round that is worth " + worth + " comparisons.",
          "Give 0 or more.");
    }
  }

  /**
   * The choice for a link, configured or measured: a round takes half a round trip, in which time
   * keys could be made, sent and evaluated.
   */
  public static Rounds forLink(LinkShape link) {
    double each = SECONDS_EACH + BITS_EACH / (link.megabitsPerSecond() * 1e6);
    return new Rounds(Math.floor(link.roundTripMillis() / 2e3 / each));
  }

  /** Whether rounds count at all. */
  public boolean sparesRounds() {
    return worth > 0;
  }

  /** Whether so many comparisons at once are made in one round, by larger keys. */
  public boolean comparesDirectly(long comparisons) {
    return sparesRounds() && (DIRECT - 1) * comparisons <= worth;
  }

  /**
   * Whether maxima are taken over all pairs.
   *
   * @param k values for each maximum
   * @param maxima number of maxima
   */
  public boolean comparesAllPairs(long k, long maxima) {
    return allPairs(k, maxima, AFTER_ALL_PAIRS) < tournament(k, maxima, 0);
  }

  /** Whether positions of maxima are taken over all pairs; see {@link #comparesAllPairs}. */
  public boolean comparesAllPairsForPosition(long k, long maxima) {
    return allPairs(k, maxima, AFTER_ALL_PAIRS_POSITION) < tournament(k, maxima, 1);
  }

  /** What maxima cost the cheaper way, in comparisons; see {@link #comparesAllPairs}. */
  public double costOfMaxima(long k, long maxima) {
    return Math.min(allPairs(k, maxima, AFTER_ALL_PAIRS), tournament(k, maxima, 0));
  }

  private double comparison(double count) {
    return Math.min(2 * worth + count, worth + DIRECT * count);
  }

  /** Each pair is compared; each value is then tested for having won every time. */
  private double allPairs(long k, long maxima, int roundsAfter) {
    double values = (double) k * maxima;
    double pairs = values * (k - 1) / 2;
    return pairs > MOST_PAIRS
        ? Double.POSITIVE_INFINITY
        : comparison(pairs) + roundsAfter * worth + values;
  }

  private double tournament(long k, long maxima, int roundsAfterStep) {
    double cost = 0;
    long left = k;
    while (left > 1) {
      long half = left / 2;
      cost += comparison((double) half * maxima) + roundsAfterStep * worth;
      left -= half;
    }
    return cost;
  }

  /** {@code bytes}, {@code low}, or how many comparisons a round is worth. */
  @Override
  public String toString() {
    return equals(BYTES)
        ? "bytes"
        : equals(LOW) ? "low" : String.format(Locale.ROOT, "worth %.0f comparisons", worth);
  }
}
