package org.djlmpc.layers.split.data;

import java.util.SplittableRandom;

/**
 * Normal and uniform numbers that are the same on every machine: Marsaglia and Bray's polar method
 * (SIAM Review 6, 1964) in strict arithmetic.
 */
final class GaussianStream {
  private final SplittableRandom random;
  private double spare = Double.NaN;

  GaussianStream(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Mean 0, deviation 1. */
  double gaussian() {
    if (!Double.isNaN(spare)) {
      double result = spare;
      spare = Double.NaN;
      return result;
    }
    double x;
    double y;
    double square;
    do {
      x = 2 * uniform() - 1;
      y = 2 * uniform() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square == 0);
    double factor = StrictMath.sqrt(-2 * StrictMath.log(square) / square);
    spare = y * factor;
    return x * factor;
  }

  /** From 0 to below 1. */
  double uniform() {
    return (random.nextLong() >>> 11) * 0x1p-53;
  }

  /** From 0 to below the bound. */
  int below(int bound) {
    return (int) (uniform() * bound);
  }
}
