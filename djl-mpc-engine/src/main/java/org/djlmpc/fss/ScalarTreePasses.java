package org.djlmpc.fss;

import static org.djlmpc.fss.Blocks.BLOCK;
import static org.djlmpc.fss.Blocks.SEED;
import static org.djlmpc.fss.Blocks.get;
import static org.djlmpc.fss.Blocks.set;

/** The passes in plain Java: the reference, and what runs without a vector unit. */
public final class ScalarTreePasses implements TreePasses {

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public void descend(
      byte[] in,
      byte[] out,
      byte[] cw,
      int cwOff,
      long[] y,
      long[] t,
      long[] acc,
      int gates,
      int bit,
      boolean last) {
    descend(in, out, cw, cwOff, y, t, acc, 0, gates, bit, last);
  }

  @Override
  public void correct(
      byte[] in,
      byte[] out,
      byte[] cw,
      int cwOff,
      long[] alpha,
      long[] t0,
      int gates,
      int bit,
      boolean last) {
    correct(in, out, cw, cwOff, alpha, t0, gates, 0, gates, bit, last);
  }

  /** {@link #descend} for the gates from {@code from} to {@code to}. */
  public static void descend(
      byte[] in,
      byte[] out,
      byte[] cw,
      int cwOff,
      long[] y,
      long[] t,
      long[] acc,
      int from,
      int to,
      int bit,
      boolean last) {
    int shift = 63 - bit;
    int nextShift = 64 - bit;
    // After the last level the walk is summed up as if it turned right: prev = 0 counts.
    long turn = last ? -1 : 0;
    long tweak = last ? Tweak.LEAF : Tweak.RIGHT;
    for (int g = from; g < to; g++) {
      int b = g * BLOCK;
      long direction = (y[2 * g] << shift) >> 63;
      long next = (y[2 * g] << nextShift) >> 63 | turn;
      long mask = t[2 * g];
      long c = get(cw, cwOff + b);
      c ^= (c ^ c >>> 1) & direction & 1;
      long lo = get(in, b) ^ get(out, b) ^ c & mask;
      long hi = get(in, b + 8) ^ get(out, b + 8) ^ get(cw, cwOff + b + 8) & mask;
      mask = -(lo & 1);
      lo &= SEED;
      acc[2 * g] ^= mask & (direction ^ next);
      t[2 * g] = mask;
      set(in, b, hi ^ next & tweak);
      set(in, b + 8, hi ^ lo);
    }
  }

  /** {@link #correct} for the gates from {@code from} to {@code to}. */
  public static void correct(
      byte[] in,
      byte[] out,
      byte[] cw,
      int cwOff,
      long[] alpha,
      long[] t0,
      int gates,
      int from,
      int to,
      int bit,
      boolean last) {
    int run = gates * BLOCK;
    int shift = 63 - bit;
    long left = last ? Tweak.LEAF : Tweak.LEFT;
    // Where the two parties' inputs go: after the last level there is no right child, and what is
    // written behind the two runs of leaves is not used.
    int first = last ? run : 2 * run;
    int second = last ? 2 * run : run;
    for (int g = from; g < to; g++) {
      int b = g * BLOCK;
      long a = (alpha[2 * g] << shift) >> 63;
      long t = t0[2 * g];
      long in0 = get(in, b);
      long in1 = get(in, b + 2 * run);
      long left0 = in0 ^ get(out, b);
      long right0 = in0 ^ Tweak.RIGHT ^ get(out, b + run);
      long left1 = in1 ^ get(out, b + 2 * run);
      long right1 = in1 ^ Tweak.RIGHT ^ get(out, b + 3 * run);
      long in0hi = get(in, b + 8);
      long in1hi = get(in, b + 2 * run + 8);
      long left0hi = in0hi ^ get(out, b + 8);
      long right0hi = in0hi ^ get(out, b + run + 8);
      long left1hi = in1hi ^ get(out, b + 2 * run + 8);
      long right1hi = in1hi ^ get(out, b + 3 * run + 8);

      long lefts = left0 ^ left1;
      long rights = right0 ^ right1;
      long leftsHi = left0hi ^ left1hi;
      long rightsHi = right0hi ^ right1hi;
      // s_CW = s0^lose xor s1^lose; t_CW^L = t0^L xor t1^L xor alpha xor 1; t_CW^R likewise, alpha.
      long c = (rights ^ (lefts ^ rights) & a) & SEED;
      long cHi = rightsHi ^ (leftsHi ^ rightsHi) & a;
      long cLeft = (lefts ^ ~a) & 1;
      long cRight = (rights ^ a) & 1;
      set(cw, cwOff + b, c | cLeft | cRight << 1);
      set(cw, cwOff + b + 8, cHi);

      c |= cLeft ^ (cLeft ^ cRight) & a;
      long keep0 = left0 ^ (left0 ^ right0) & a ^ c & t;
      long keep0hi = left0hi ^ (left0hi ^ right0hi) & a ^ cHi & t;
      long keep1 = left1 ^ (left1 ^ right1) & a ^ c & ~t;
      long keep1hi = left1hi ^ (left1hi ^ right1hi) & a ^ cHi & ~t;
      t0[2 * g] = -(keep0 & 1);

      long sum0 = keep0hi ^ keep0 & SEED;
      long sum1 = keep1hi ^ keep1 & SEED;
      set(in, b, keep0hi ^ left);
      set(in, b + 8, sum0);
      set(in, b + second, keep0hi ^ Tweak.RIGHT);
      set(in, b + second + 8, sum0);
      set(in, b + first, keep1hi ^ left);
      set(in, b + first + 8, sum1);
      set(in, b + 3 * run, keep1hi ^ Tweak.RIGHT);
      set(in, b + 3 * run + 8, sum1);
    }
  }
}
