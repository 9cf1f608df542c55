package org.djlmpc.layers.split;

import java.util.Comparator;

/**
 * A checkpoint that a party has.
 *
 * @param run the training that wrote it: parts of two trainings do not fit together
 * @param epoch after which
 */
record Saved(long run, int epoch) implements Comparable<Saved> {
  private static final Comparator<Saved> ORDER =
      Comparator.comparingInt(Saved::epoch).thenComparingLong(Saved::run);

  @Override
  public int compareTo(Saved other) {
    return ORDER.compare(this, other);
  }
}
