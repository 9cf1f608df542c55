package org.djlmpc.layers.split.data;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Made-up card payments, of the size of the data in SPNN's section 6: 284,807 rows of 28 numeric
 * columns, 0.17 % of them fraud.
 *
 * <p>Honest rows are standard normal. There are three kinds of fraud, each as frequent: one shifts
 * every fifth column up by 1.6, one shifts other columns down, and one triples the deviation of a
 * third group and shifts nothing, so that no linear classifier sees it. Each kind shows in columns
 * of every holder.
 */
final class SyntheticFraud implements RowGenerator {
  static final int ROWS = 284_807;
  static final int COLUMNS = 28;
  private static final double RATE = 492.0 / ROWS;
  private static final int KINDS = 3;
  private static final int STRIDE = 5;
  private static final double SHIFT = 1.6;
  private static final double SPREAD = 3;

  private final GaussianStream random;

  SyntheticFraud(long seed) {
    random = new GaussianStream(seed);
  }

  @Override
  public List<String> numericColumns() {
    return IntStream.rangeClosed(1, COLUMNS).mapToObj(i -> "V" + i).toList();
  }

  @Override
  public List<String> categoricalColumns() {
    return List.of();
  }

  @Override
  public boolean next(double[] numbers, String[] categories) {
    boolean fraud = random.uniform() < RATE;
    int kind = fraud ? random.below(KINDS) : -1;
    for (int i = 0; i < COLUMNS; i++) {
      double value = random.gaussian();
      if (i % STRIDE == kind) {
        value = kind == 0 ? value + SHIFT : kind == 1 ? value - SHIFT : value * SPREAD;
      }
      numbers[i] = value;
    }
    return fraud;
  }
}
