package org.djlmpc.layers.split.leakage;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Random orders and samples of rows, for experiments: from a public seed. */
final class Samples {
  private Samples() {}

  /** The numbers from 0 to {@code count - 1} in random order. */
  static int[] order(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** At most so many of the numbers from 0 to {@code count - 1}, in random order. */
  static int[] of(int count, int most, long seed) {
    return Arrays.copyOf(order(count, seed), Math.min(count, most));
  }
}
