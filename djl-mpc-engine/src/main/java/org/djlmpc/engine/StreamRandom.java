package org.djlmpc.engine;

import java.util.random.RandomGenerator;
import org.djlmpc.crypto.Prg;
import org.jspecify.annotations.Nullable;

/**
 * Random numbers from a stream that several parties know. Everything is computed here from 64-bit
 * words, in exact or strict arithmetic, because the parties must get the same numbers whatever Java
 * they run.
 */
final class StreamRandom implements RandomGenerator {
  private final Prg stream;
  private @Nullable Double spare;

  /** Numbers from a stream, which the caller closes. */
  StreamRandom(Prg stream) {
    this.stream = stream;
  }

  @Override
  public long nextLong() {
    return stream.nextLong();
  }

  @Override
  public int nextInt() {
    return (int) (nextLong() >>> 32);
  }

  @Override
  public int nextInt(int bound) {
    return (int) nextLong(0, bound);
  }

  /** {@inheritDoc} Unbiased: words beyond the last multiple of the range are drawn again. */
  @Override
  public long nextLong(long origin, long bound) {
    if (origin >= bound) {
      throw new IllegalArgumentException("No number from " + origin + " is below " + bound + ".");
    }
    long range = bound - origin; // unsigned
    long beyond = Long.remainderUnsigned(-range, range); // 2^64 mod range
    long word = nextLong();
    while (Long.compareUnsigned(word, beyond) < 0) {
      word = nextLong();
    }
    return origin + Long.remainderUnsigned(word, range);
  }

  @Override
  public float nextFloat() {
    return (nextLong() >>> 40) * 0x1p-24f;
  }

  @Override
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /** {@inheritDoc} Marsaglia's polar method. */
  @Override
  public double nextGaussian() {
    Double known = spare;
    if (known != null) {
      spare = null;
      return known;
    }
    while (true) {
      double u = 2 * nextDouble() - 1;
      double v = 2 * nextDouble() - 1;
      double s = u * u + v * v;
      if (s > 0 && s < 1) {
        double factor = StrictMath.sqrt(-2 * StrictMath.log(s) / s);
        spare = v * factor;
        return u * factor;
      }
    }
  }
}
