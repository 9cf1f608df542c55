package org.djlmpc.layers.split.align;

import java.util.Arrays;
import org.djlmpc.crypto.Prg;

/**
 * A holder's digests, followed by random ones that nobody else has.
 *
 * @param digests {@link Identifiers#DIGEST} bytes for each row
 * @param real the number of rows that exist
 */
record PaddedRows(byte[] digests, int real) {
  static PaddedRows of(byte[] digests, int size, Prg random) {
    byte[] padded = Arrays.copyOf(digests, size * Identifiers.DIGEST);
    random.fill(padded, digests.length, padded.length - digests.length);
    return new PaddedRows(padded, digests.length / Identifiers.DIGEST);
  }

  /** The number of rows that others are told. */
  int size() {
    return digests.length / Identifiers.DIGEST;
  }

  /** How many of so many rows are in the chunk that begins at a position; 0 after the last one. */
  static int chunk(int size, int from) {
    return Math.max(0, Math.min(Exchange.CHUNK, size - from));
  }

  /** The numbers from 0 to {@code size - 1} in random order (Fisher and Yates). */
  static int[] shuffled(int size, Prg random) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      // 63 random bits times i + 1, divided by 2^63: a bias below 2^-37
      int j = (int) Math.multiplyHigh(random.nextLong() >>> 1, (i + 1L) << 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
