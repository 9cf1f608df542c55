package org.djlmpc.fss;

import static org.djlmpc.crypto.FixedKeyHash.sigma;
import static org.djlmpc.fss.Blocks.BLOCK;
import static org.djlmpc.fss.Blocks.SEED;
import static org.djlmpc.fss.Blocks.get;
import static org.djlmpc.fss.Blocks.set;

/** The passes in plain Java: the reference, and what runs without a vector unit. */
final class ScalarTreePasses implements TreePasses {

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public int gatesAtOnce() {
    return 1;
  }

  @Override
  public void descend(
      byte[] in, byte[] out, byte[] cw, int cwOff, long[] state, int first, int end, boolean last) {
    long right = last ? 0 : Tweak.RIGHT;
    long leaf = last ? Tweak.LEAF : 0;
    for (int g = first; g < end; g++) {
      int b = g * BLOCK;
      long next = Long.rotateLeft(state[2 * g], 1);
      long word = state[2 * g + 1];
      long parent = word >> 63;
      long lo = get(in, b) ^ get(out, b) ^ get(cw, cwOff + b) & parent;
      long hi = get(in, b + 8) ^ get(out, b + 8) ^ get(cw, cwOff + b + 8) & parent;
      state[2 * g] = next;
      state[2 * g + 1] = child(Long.rotateLeft(word, 1), hi, word << 1);
      set(in, b, sigma(lo) ^ next & right ^ leaf);
      set(in, b + 8, sigma(hi & SEED));
    }
  }

  @Override
  public void correct(
      byte[] in, byte[] out, byte[] cw, int cwOff, long[] state, int gates, int first, int end) {
    int run = gates * BLOCK;
    for (int g = first; g < end; g++) {
      int b = g * BLOCK;
      long a = (state[2 * g + 1] << 1) >> 63;
      long both = get(in, b) ^ get(in, b + 2 * run);
      long lefts = both ^ get(out, b) ^ get(out, b + 2 * run);
      long rights = both ^ get(out, b + run) ^ get(out, b + 3 * run);
      set(cw, cwOff + b, rights ^ (lefts ^ rights) & a);
      b += 8;
      both = get(in, b) ^ get(in, b + 2 * run);
      lefts = both ^ get(out, b) ^ get(out, b + 2 * run);
      rights = both ^ get(out, b + run) ^ get(out, b + 3 * run);
      set(cw, cwOff + b, correction(lefts, rights, a));
    }
  }

  @Override
  public void keep(
      byte[] in,
      byte[] out,
      int from,
      int left,
      int right,
      byte[] cw,
      int cwOff,
      long[] state,
      int sOff,
      int gates,
      int first,
      int end,
      boolean last) {
    int run = gates * BLOCK;
    long tweak = last ? Tweak.LEAF : Tweak.LEFT;
    for (int g = first; g < end; g++) {
      int b = g * BLOCK;
      int k = from + b;
      long word = state[sOff + 2 * g + 1];
      long parent = word >> 63;
      long directions = word << 1;
      long a = directions >> 63;
      long lo = get(out, k) ^ (get(out, k) ^ get(out, k + run)) & a;
      long hi = get(out, k + 8) ^ (get(out, k + 8) ^ get(out, k + 8 + run)) & a;
      lo ^= get(in, k) ^ a & Tweak.RIGHT ^ get(cw, cwOff + b) & parent;
      hi ^= get(in, k + 8) ^ get(cw, cwOff + b + 8) & parent;
      state[sOff + 2 * g] <<= 1;
      state[sOff + 2 * g + 1] = child(directions, hi, directions);
      lo = sigma(lo);
      hi = sigma(hi & SEED);
      set(in, left + b, lo ^ tweak);
      set(in, left + b + 8, hi);
      set(in, right + b, lo ^ Tweak.RIGHT);
      set(in, right + b + 8, hi);
    }
  }

  /**
   * The upper half of a correction: s_CW = s0^lose xor s1^lose; t_CW^L = t0^L xor t1^L xor alpha
   * xor 1 in bit 63; t_CW^R likewise with alpha in bit 62.
   *
   * @param lefts the exclusive-or of both parties' left children
   * @param a all ones where alpha goes right
   */
  static long correction(long lefts, long rights, long a) {
    long lose = rights ^ (lefts ^ rights) & a;
    long control = rights ^ (lefts ^ rights) & Long.MIN_VALUE ^ a ^ Long.MIN_VALUE;
    return lose & SEED | control & ~SEED;
  }

  /** The child's control bit, bit 63 or 62 of its block by the direction, as a mask. */
  static long control(long hi, long direction) {
    return (hi ^ (hi ^ hi << 1) & direction) >> 63;
  }

  /** A word of state with the child's control bit; the direction is in bit 63. */
  private static long child(long word, long hi, long directions) {
    long control = hi ^ (hi ^ hi << 1) & directions;
    return word ^ (word ^ control) & Long.MIN_VALUE;
  }
}
