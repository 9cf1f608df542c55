package org.djlmpc.layers.split.leakage;

/**
 * A {@link DistanceCorrelation} and what to compare it with.
 *
 * @param found 0 for independent columns on very many rows, 1 if one of them tells all of the other
 * @param independent what the same columns have here if those of one side come from other rows: the
 *     correlation of who sees nothing
 */
public record Correlation(double found, double independent) {
  /**
   * Correlates what somebody does not have with what he sees.
   *
   * @param hidden rows of the former
   * @param seen the same rows of the latter
   * @param seed of the other order of rows
   */
  static Correlation of(Rows hidden, Rows seen, long seed) {
    return new Correlation(
        DistanceCorrelation.of(hidden, seen), DistanceCorrelation.independent(hidden, seen, seed));
  }
}
