package org.djlmpc.fss;

import org.djlmpc.ring.BitTensor;

/** Where a chunk's result bits go, 64 to a word. */
@FunctionalInterface
interface PackedBits {
  /**
   * Takes the bits of gates {@code from} (a multiple of 64) to {@code from + gates}.
   *
   * @param words the bits; those beyond {@code gates} are zero
   */
  void write(int from, int gates, long[] words);

  /** Replaces {@code gates} bits of a tensor from a multiple of 64; the others stay. */
  static void put(BitTensor dst, int firstBit, int gates, long[] words) {
    for (int i = 0; 64 * i < gates; i++) {
      int word = firstBit / 64 + i;
      long mask = mask(gates - 64 * i);
      dst.setWord(word, dst.word(word) & ~mask | words[i] & mask);
    }
  }

  /** A word whose lowest {@code bits} bits (at most 64) are set. */
  static long mask(int bits) {
    return bits >= 64 ? -1 : (1L << bits) - 1;
  }
}
