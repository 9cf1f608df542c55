package org.djlmpc.layers.split;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.djlmpc.crypto.Prg;
import org.djlmpc.crypto.Seed;

/** Independent normal numbers that nobody else can predict, by the method of Box and Muller. */
final class GaussianNoise implements AutoCloseable {
  private static final int PAIRS = 512;
  private static final double UNIT = 0x1p-53;

  private final Prg prg;
  private final byte[] bytes = new byte[2 * PAIRS * Long.BYTES];

  /** What of {@link #bytes} has not been used; nothing at first. */
  private final ByteBuffer random = ByteBuffer.wrap(bytes).position(bytes.length);

  GaussianNoise() {
    try (Seed seed = Seed.random()) {
      prg = new Prg(seed);
    }
  }

  /** Adds N(0, deviation^2) to some values. */
  void add(float[] values, int from, int count, double deviation) {
    for (int i = from; i < from + count; i += 2) {
      if (!random.hasRemaining()) {
        prg.fill(bytes, 0, bytes.length);
        random.clear();
      }
      // in (0, 1], because the logarithm of 0 is none
      double radius = Math.sqrt(-2 * Math.log(((random.getLong() >>> 11) + 1) * UNIT));
      double angle = 2 * Math.PI * UNIT * (random.getLong() >>> 11);
      values[i] += (float) (deviation * radius * Math.cos(angle));
      if (i + 1 < from + count) {
        values[i + 1] += (float) (deviation * radius * Math.sin(angle));
      }
    }
  }

  /** Erases what is left of the stream. */
  @Override
  public void close() {
    Arrays.fill(bytes, (byte) 0);
    prg.close();
  }
}
