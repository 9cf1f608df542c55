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

  GaussianNoise() {
    try (Seed seed = Seed.random()) {
      prg = new Prg(seed);
    }
  }

  /** Adds N(0, deviation^2) to every value. */
  void add(float[] values, double deviation) {
    for (int from = 0; from < values.length; from += 2 * PAIRS) {
      int count = Math.min(2 * PAIRS, values.length - from);
      prg.fill(bytes, 0, (count + 1) / 2 * 2 * Long.BYTES);
      ByteBuffer random = ByteBuffer.wrap(bytes);
      for (int i = 0; i < count; i += 2) {
        // in (0, 1], because the logarithm of 0 is none
        double radius = Math.sqrt(-2 * Math.log(((random.getLong() >>> 11) + 1) * UNIT));
        double angle = 2 * Math.PI * UNIT * (random.getLong() >>> 11);
        values[from + i] += (float) (deviation * radius * Math.cos(angle));
        if (i + 1 < count) {
          values[from + i + 1] += (float) (deviation * radius * Math.sin(angle));
        }
      }
    }
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public void close() {
    prg.close();
  }
}
