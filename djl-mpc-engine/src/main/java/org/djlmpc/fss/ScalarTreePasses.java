package org.djlmpc.fss;

import static org.djlmpc.crypto.FixedKeyHash.sigma;
import static org.djlmpc.fss.Blocks.BLOCK;
import static org.djlmpc.fss.Blocks.SEED;
import static org.djlmpc.fss.Blocks.get;
import static org.djlmpc.fss.Blocks.set;

/** The passes in plain Java: the reference, and what runs without a vector unit. */
public final class ScalarTreePasses implements TreePasses {

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public void descend(
      byte[] in,
      byte[] out,
      byte[] cw,
      int cwOff,
      long[] y,
      long[] t,
      int gates,
      int bit,
      long tweak) {
    descend(in, out, cw, cwOff, y, t, 0, gates, bit, tweak);
  }

  @Override
  public void correct(
      byte[] in, byte[] out, byte[] cw, int cwOff, long[] alpha, int gates, int bit) {
    correct(in, out, cw, cwOff, alpha, gates, 0, gates, bit);
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
      long[] alpha,
      long[] t,
      int tOff,
      int gates,
      int bit,
      long tweak) {
    keep(in, out, from, left, right, cw, cwOff, alpha, t, tOff, gates, 0, gates, bit, tweak);
  }

  /** {@link #descend} for the gates from {@code first} to {@code end}. */
  public static void descend(
      byte[] in,
      byte[] out,
      byte[] cw,
      int cwOff,
      long[] y,
      long[] t,
      int first,
      int end,
      int bit,
      long tweak) {
    int nextShift = bit - 1 - Long.numberOfTrailingZeros(tweak);
    for (int g = first; g < end; g++) {
      int b = g * BLOCK;
      long point = y[2 * g];
      long parent = t[2 * g];
      long lo = get(in, b) ^ get(out, b) ^ get(cw, cwOff + b) & parent;
      long hi = get(in, b + 8) ^ get(out, b + 8) ^ get(cw, cwOff + b + 8) & parent;
      t[2 * g] = control(lo, -(point >>> bit & 1));
      t[2 * g + 1] ^= parent & -(y[2 * g + 1] >>> bit & 1);
      set(in, b, sigma(lo & SEED) ^ point >>> nextShift & tweak);
      set(in, b + 8, sigma(hi));
    }
  }

  /** {@link #correct} for the gates from {@code first} to {@code end}. */
  public static void correct(
      byte[] in,
      byte[] out,
      byte[] cw,
      int cwOff,
      long[] alpha,
      int gates,
      int first,
      int end,
      int bit) {
    int run = gates * BLOCK;
    int shift = 63 - bit;
    for (int g = first; g < end; g++) {
      int b = g * BLOCK;
      long a = (alpha[2 * g] << shift) >> 63;
      long both = get(in, b) ^ get(in, b + 2 * run);
      long lefts = both ^ get(out, b) ^ get(out, b + 2 * run);
      long rights = both ^ get(out, b + run) ^ get(out, b + 3 * run);
      // s_CW = s0^lose xor s1^lose; t_CW^L = t0^L xor t1^L xor alpha xor 1; t_CW^R likewise, alpha.
      long seed = (rights ^ (lefts ^ rights) & a) & SEED;
      set(cw, cwOff + b, seed | (lefts ^ ~a) & 1 | (rights ^ a) & 2);
      b += 8;
      both = get(in, b) ^ get(in, b + 2 * run);
      lefts = both ^ get(out, b) ^ get(out, b + 2 * run);
      rights = both ^ get(out, b + run) ^ get(out, b + 3 * run);
      set(cw, cwOff + b, rights ^ (lefts ^ rights) & a);
    }
  }

  /** {@link #keep} for the gates from {@code first} to {@code end}. */
  public static void keep(
      byte[] in,
      byte[] out,
      int from,
      int left,
      int right,
      byte[] cw,
      int cwOff,
      long[] alpha,
      long[] t,
      int tOff,
      int gates,
      int first,
      int end,
      int bit,
      long tweak) {
    int run = gates * BLOCK;
    int shift = 63 - bit;
    for (int g = first; g < end; g++) {
      int b = g * BLOCK;
      int k = from + b;
      long a = (alpha[2 * g] << shift) >> 63;
      long parent = t[tOff + 2 * g];
      long lo = get(out, k) ^ (get(out, k) ^ get(out, k + run)) & a;
      long hi = get(out, k + 8) ^ (get(out, k + 8) ^ get(out, k + 8 + run)) & a;
      lo ^= get(in, k) ^ a & Tweak.RIGHT ^ get(cw, cwOff + b) & parent;
      hi ^= get(in, k + 8) ^ get(cw, cwOff + b + 8) & parent;
      long child = control(lo, a);
      t[tOff + 2 * g] = child;
      t[tOff + 2 * g + 1] = child;
      lo = sigma(lo & SEED);
      hi = sigma(hi);
      set(in, left + b, lo ^ tweak);
      set(in, left + b + 8, hi);
      set(in, right + b, lo ^ Tweak.RIGHT);
      set(in, right + b + 8, hi);
    }
  }

  /** Bit 0 or, where the direction is all ones, bit 1 as a mask; without slow variable shifts. */
  static long control(long lo, long direction) {
    return -(lo & (1 - direction)) >> 63;
  }
}
