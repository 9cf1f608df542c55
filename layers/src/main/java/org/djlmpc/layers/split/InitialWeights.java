package org.djlmpc.layers.split;

import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.djlmpc.crypto.Prg;
import org.djlmpc.crypto.Seed;
import org.jspecify.annotations.Nullable;

/** Weights to begin with. */
final class InitialWeights {
  private static final double UNIT = 0x1p-53;

  private InitialWeights() {}

  /**
   * Fills an array with numbers that are uniform in ±bound.
   *
   * @param seed for experiments that are to be repeated, or null for a secret one
   */
  static void fill(float[] weights, double bound, @Nullable Long seed) {
    if (seed != null) {
      fill(weights, bound, new SplittableRandom(seed)::nextLong);
      return;
    }
    try (Seed secret = Seed.random();
        Prg prg = new Prg(secret)) {
      fill(weights, bound, prg::nextLong);
    }
  }

  private static void fill(float[] weights, double bound, LongSupplier random) {
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (bound * (2 * UNIT * (random.getAsLong() >>> 11) - 1));
    }
  }
}
