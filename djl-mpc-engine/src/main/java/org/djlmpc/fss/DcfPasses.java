package org.djlmpc.fss;

import static org.djlmpc.crypto.FixedKeyHash.sigma;
import static org.djlmpc.fss.Blocks.BLOCK;
import static org.djlmpc.fss.Blocks.SEED;
import static org.djlmpc.fss.Blocks.get;
import static org.djlmpc.fss.Blocks.set;
import static org.djlmpc.fss.ScalarTreePasses.control;
import static org.djlmpc.fss.ScalarTreePasses.correction;

/**
 * What {@link Dcf} does with many keys between two runs of AES over all of them.
 *
 * <p>AES inputs of generation are, for each party, runs of {@code gates} blocks: left child, right
 * child, value block or left and right value blocks; of evaluation, the child on the path and its
 * value blocks. The names are those of the paper's figure 1.
 */
final class DcfPasses {
  private DcfPasses() {}

  /** Generation: inputs to the first run of AES; t0 = 0, t1 = 1, V_alpha = 0. */
  static void startBoth(
      Workspace w, Payload payload, int gates, byte[] roots0, int off0, byte[] roots1, int off1) {
    int party1 = payload.runs() * gates * BLOCK;
    for (int g = 0; g < gates; g++) {
      int b = g * BLOCK;
      w.state[g] = 0;
      clearSums(w, payload, g);
      long hi0 = get(roots0, off0 + b + 8);
      long hi1 = get(roots1, off1 + b + 8);
      inputs(w, payload, gates, b, get(roots0, off0 + b), hi0 & SEED);
      inputs(w, payload, gates, b + party1, get(roots1, off1 + b), hi1 & SEED);
    }
  }

  /**
   * V_CW = (-1)^t1 (v1^lose - v0^lose - V_alpha + (beta where the left child loses)); then V_alpha
   * += v0^keep - v1^keep + (-1)^t1 V_CW.
   */
  static void correctValues(
      Workspace w,
      Payload payload,
      int gates,
      int bit,
      long[] beta,
      int betaOff,
      byte[] cw,
      int cwOff) {
    int words = payload.words();
    int stride = payload.stride();
    for (int g = 0; g < gates; g++) {
      long a = (w.points[g] << (63 - bit)) >> 63;
      long sign = ~w.state[g];
      for (int i = 0; i < words; i++) {
        long left = leftValue(w, payload, gates, g, i);
        long right = rightValue(w, payload, gates, g, i);
        long keep = left ^ (left ^ right) & a;
        long lose = left ^ right ^ keep;
        long total = -lose - w.sums[stride * g + i] + (beta[betaOff + g * words + i] & a);
        putWord(payload, cw, cwOff, g * words + i, (total ^ sign) - sign);
        w.sums[stride * g + i] += keep + total;
      }
    }
  }

  /** s_CW, t_CW of both sides, and both parties' next seeds and control bits. */
  static void correctSeeds(Workspace w, Payload payload, int gates, int bit, byte[] cw, int cwOff) {
    int run = gates * BLOCK;
    int party1 = payload.runs() * run;
    boolean last = bit == 0;
    for (int g = 0; g < gates; g++) {
      int b = g * BLOCK;
      long a = (w.points[g] << (63 - bit)) >> 63;
      long t = w.state[g];
      long left0 = get(w.in, b) ^ get(w.out, b);
      long left0hi = get(w.in, b + 8) ^ get(w.out, b + 8);
      long right0 = get(w.in, b + run) ^ get(w.out, b + run);
      long right0hi = get(w.in, b + run + 8) ^ get(w.out, b + run + 8);
      int c = b + party1;
      long left1 = get(w.in, c) ^ get(w.out, c);
      long left1hi = get(w.in, c + 8) ^ get(w.out, c + 8);
      long right1 = get(w.in, c + run) ^ get(w.out, c + run);
      long right1hi = get(w.in, c + run + 8) ^ get(w.out, c + run + 8);

      long lefts = left0 ^ left1;
      long rights = right0 ^ right1;
      long leftsHi = left0hi ^ left1hi;
      long rightsHi = right0hi ^ right1hi;
      long s = rights ^ (lefts ^ rights) & a;
      long sHi = correction(leftsHi, rightsHi, a);
      set(cw, cwOff + b, s);
      set(cw, cwOff + b + 8, sHi);

      long keep0 = left0 ^ (left0 ^ right0) & a ^ s & t;
      long keep0hi = left0hi ^ (left0hi ^ right0hi) & a ^ sHi & t;
      long keep1 = left1 ^ (left1 ^ right1) & a ^ s & ~t;
      long keep1hi = left1hi ^ (left1hi ^ right1hi) & a ^ sHi & ~t;
      w.state[g] = control(keep0hi, a);
      if (last) {
        leaves(w, payload, gates, b, keep0, keep0hi & SEED);
        leaves(w, payload, gates, b + payload.blocks() * run, keep1, keep1hi & SEED);
      } else {
        inputs(w, payload, gates, b, keep0, keep0hi & SEED);
        inputs(w, payload, gates, c, keep1, keep1hi & SEED);
      }
    }
  }

  /** The last correction: (-1)^t1 (H_2(s1) - H_2(s0) - V_alpha). */
  static void correctLeaves(Workspace w, Payload payload, int gates, byte[] cw, int cwOff) {
    int party1 = payload.blocks() * gates * BLOCK;
    int words = payload.words();
    int stride = payload.stride();
    for (int g = 0; g < gates; g++) {
      long sign = ~w.state[g];
      for (int i = 0; i < words; i++) {
        int b = leaf(gates, g, i);
        long leaf0 = get(w.in, b) ^ get(w.out, b);
        long leaf1 = get(w.in, b + party1) ^ get(w.out, b + party1);
        long total = leaf1 - leaf0 - w.sums[stride * g + i];
        putWord(payload, cw, cwOff, g * words + i, (total ^ sign) - sign);
      }
    }
  }

  /** Evaluation: inputs to the first run of AES; t = party, V = 0. */
  static void start(
      Workspace w, Payload payload, int gates, int party, int bit, byte[] roots, int rOff) {
    int run = gates * BLOCK;
    for (int g = 0; g < gates; g++) {
      int b = g * BLOCK;
      long direction = w.points[g] >>> bit & 1;
      w.state[g] = -party;
      clearSums(w, payload, g);
      long lo = get(roots, rOff + b);
      long hi = get(roots, rOff + b + 8) & SEED;
      put(w.in, b, direction, lo, hi);
      values(w, payload, b + run, run, direction, lo, hi);
    }
  }

  /** V += v^(y_i) + t V_CW; the sign (-1)^party comes at the end. */
  static void addValues(Workspace w, Payload payload, int gates, int bit, byte[] cw, int cwOff) {
    int run = gates * BLOCK;
    int words = payload.words();
    for (int g = 0; g < gates; g++) {
      int b = g * BLOCK + run;
      long direction = (w.points[g] << (63 - bit)) >> 63;
      long t = w.state[g];
      long lo = get(w.in, b) ^ get(w.out, b);
      long hi = get(w.in, b + 8) ^ get(w.out, b + 8);
      if (words == 1) {
        w.sums[2 * g] += (lo ^ (lo ^ hi) & direction) + (word(payload, cw, cwOff, g) & t);
      } else {
        int sum = payload.stride() * g;
        w.sums[sum] += lo + (word(payload, cw, cwOff, words * g) & t);
        w.sums[sum + 1] += hi + (word(payload, cw, cwOff, words * g + 1) & t);
        if (words == 3) {
          long third = get(w.in, b + run) ^ get(w.out, b + run);
          w.sums[sum + 2] += third + (word(payload, cw, cwOff, words * g + 2) & t);
        }
      }
    }
  }

  /** One level down along the bit of y. */
  static void descend(Workspace w, Payload payload, int gates, int bit, byte[] cw, int cwOff) {
    int run = gates * BLOCK;
    boolean last = bit == 0;
    for (int g = 0; g < gates; g++) {
      int b = g * BLOCK;
      long direction = w.points[g] >>> bit & 1;
      long next = w.points[g] >>> (bit - 1) & 1;
      long t = w.state[g];
      long lo = get(w.in, b) ^ get(w.out, b) ^ get(cw, cwOff + b) & t;
      long hi = get(w.in, b + 8) ^ get(w.out, b + 8) ^ get(cw, cwOff + b + 8) & t;
      w.state[g] = control(hi, -direction);
      hi &= SEED;
      if (last) {
        leaves(w, payload, gates, b, lo, hi);
      } else {
        put(w.in, b, next, lo, hi);
        values(w, payload, b + run, run, next, lo, hi);
      }
    }
  }

  /** The result: (-1)^party (V + H_2(s) + t CW). */
  static void finish(
      Workspace w,
      Payload payload,
      int gates,
      int party,
      byte[] cw,
      int cwOff,
      long[] out,
      int outOff) {
    int words = payload.words();
    int stride = payload.stride();
    long sign = -party;
    for (int g = 0; g < gates; g++) {
      long t = w.state[g];
      for (int i = 0; i < words; i++) {
        int b = leaf(gates, g, i);
        long leaf = get(w.in, b) ^ get(w.out, b);
        long total = w.sums[stride * g + i] + leaf + (word(payload, cw, cwOff, g * words + i) & t);
        out[outOff + g * words + i] = (total ^ sign) - sign & payload.mask();
      }
    }
  }

  /** v0 - v1 of the left child. */
  private static long leftValue(Workspace w, Payload payload, int gates, int g, int i) {
    int run = 2 + 2 * (i / 2);
    return valueDifference(w, payload, gates, (run * gates + g) * BLOCK + 8 * (i % 2));
  }

  /** v0 - v1 of the right child: the other half of the block, or the next block. */
  private static long rightValue(Workspace w, Payload payload, int gates, int g, int i) {
    if (payload.words() == 1) {
      return valueDifference(w, payload, gates, (2 * gates + g) * BLOCK + 8);
    }
    int run = 3 + 2 * (i / 2);
    return valueDifference(w, payload, gates, (run * gates + g) * BLOCK + 8 * (i % 2));
  }

  private static long valueDifference(Workspace w, Payload payload, int gates, int at) {
    int party1 = at + payload.runs() * gates * BLOCK;
    return (get(w.in, at) ^ get(w.out, at)) - (get(w.in, party1) ^ get(w.out, party1));
  }

  private static void inputs(Workspace w, Payload payload, int gates, int b, long lo, long hi) {
    int run = gates * BLOCK;
    put(w.in, b, Tweak.LEFT, lo, hi);
    put(w.in, b + run, Tweak.RIGHT, lo, hi);
    values(w, payload, b + 2 * run, 2 * run, Tweak.LEFT, lo, hi);
    if (payload.words() > 1) {
      values(w, payload, b + 3 * run, 2 * run, Tweak.RIGHT, lo, hi);
    }
  }

  /** The value blocks of one child, {@code step} bytes apart. */
  private static void values(
      Workspace w, Payload payload, int at, int step, long direction, long lo, long hi) {
    if (payload.words() == 1) {
      put(w.in, at, Tweak.VALUE, lo, hi);
      return;
    }
    for (int block = 0; block < payload.blocks(); block++) {
      put(w.in, at + block * step, Tweak.WIDE_VALUE + 2 * block + direction, lo, hi);
    }
  }

  private static void leaves(Workspace w, Payload payload, int gates, int at, long lo, long hi) {
    put(w.in, at, Tweak.LEAF, lo, hi);
    if (payload.blocks() == 2) {
      put(w.in, at + gates * BLOCK, Tweak.SECOND_LEAF, lo, hi);
    }
  }

  /** Where word i of a leaf is. */
  private static int leaf(int gates, int g, int i) {
    return (i / 2 * gates + g) * BLOCK + 8 * (i % 2);
  }

  private static void clearSums(Workspace w, Payload payload, int g) {
    for (int i = 0; i < payload.stride(); i++) {
      w.sums[payload.stride() * g + i] = 0;
    }
  }

  /** sigma(s) xor d. */
  private static void put(byte[] in, int at, long d, long lo, long hi) {
    set(in, at, sigma(lo) ^ d);
    set(in, at + 8, sigma(hi));
  }

  private static long word(Payload payload, byte[] cw, int off, int index) {
    return payload.wordBytes() == 8 ? get(cw, off + 8 * index) : Blocks.getInt(cw, off + 4 * index);
  }

  private static void putWord(Payload payload, byte[] cw, int off, int index, long value) {
    long reduced = value & payload.mask();
    if (payload.wordBytes() == 8) {
      set(cw, off + 8 * index, reduced);
    } else {
      Blocks.setInt(cw, off + 4 * index, (int) reduced);
    }
  }
}
