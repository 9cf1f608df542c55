package org.djlmpc.fss;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * What a comparison function pays: {@code words} integers modulo 2^bits.
 *
 * @param bits m, 1 to 64
 * @param words 1 to 3
 */
public record Payload(int bits, int words) {
  /** Checks the ranges. */
  public Payload {
    if (bits < 1 || bits > 64 || words < 1 || words > 3) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A payload of " + words + " words of " + bits + " bits.",
          "Use one to three words of 1 to 64 bits.");
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

  /** Blocks that hold the values of one child; a single word needs half of one. */
  int blocks() {
    return words == 3 ? 2 : 1;
  }

  /** Runs of AES blocks a party has per level: two children, and the values of both. */
  int runs() {
    return words == 1 ? 3 : 2 + 2 * blocks();
  }

  /** Words from one key's sums to the next's. */
  int stride() {
    return Math.max(2, words);
  }

  /** Keys that are handled at once. */
  int gates() {
    return words == 3 ? Workspace.GATES * 2 / 3 : Workspace.GATES;
  }
}
