package org.djlmpc.fss;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * What a comparison function pays: {@code words} integers modulo 2^bits.
 *
 * @param bits m, 1 to 64
 * @param words 1 or 2
 */
public record Payload(int bits, int words) {
  /** Checks the ranges. */
  public Payload {
    if (bits < 1 || bits > 64 || words < 1 || words > 2) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A payload of " + words + " words of " + bits + " bits.",
          "Use one or two words of 1 to 64 bits.");
    }
  }

  /** Bytes in which corrections hold a word: 4 up to 32 bits, else 8. */
  public int wordBytes() {
    return bits <= 32 ? 4 : 8;
  }

  /** Bytes in which corrections hold a payload. */
  int bytes() {
    return words * wordBytes();
  }

  /** A word whose low m bits are set. */
  long mask() {
    return -1L >>> (64 - bits);
  }

  /** Runs of AES blocks a party has per level: two children, and the values of both. */
  int runs() {
    return 2 + words;
  }
}
