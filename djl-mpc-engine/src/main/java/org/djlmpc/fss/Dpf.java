package org.djlmpc.fss;

import static org.djlmpc.crypto.FixedKeyHash.sigma;
import static org.djlmpc.fss.Blocks.BLOCK;
import static org.djlmpc.fss.Blocks.SEED;
import static org.djlmpc.fss.Blocks.get;
import static org.djlmpc.fss.Blocks.set;

import org.djlmpc.crypto.FixedKeyHash;

/**
 * Distributed point functions with a one-bit payload: shares of [y = alpha], and of [y &lt; alpha].
 *
 * <p>Construction: Boyle, Gilboa, Ishai, Function Secret Sharing: Improvements and Extensions (CCS
 * 2016, eprint 2018/707), figure 1, with early termination (section 3.2.1): the last seven levels
 * are one block of 128 bits. The comparison in one walk is that of SIGMA (eprint 2023/1269). The
 * generator is G(s) = H_0(s) || H_1(s) for the children and H_2(s) for the block ({@link
 * FixedKeyHash}).
 *
 * <p>Seeds have 126 bits. The two highest bits of a block are cleared in the seed: bit 127 of a
 * left child, and bit 126 of a right child, is its control bit, and left in the seed it would leak
 * alpha through the corrections. So a level's correction is 128 bits: s_CW with t_CW of the left
 * child in bit 127 and of the right child in bit 126.
 *
 * <p>All functions work on {@code count} independent keys at once. <b>Corrections</b> are the same
 * for both parties. They lie in the order in which they are used, so that they stream from memory:
 * groups of 384 keys, the last with what is left; in a group level by level, for each of the {@code
 * max(0, domainBits - 7)} levels a block for each key, then their blocks for the leaves. A key is
 * these and one root of 16 bytes a party: 128 (domainBits - 7) + 256 bits, so 416 bytes for the
 * sign of a 32-bit value and 928 bytes for 64 bits. <b>Roots</b> are uniformly random blocks from
 * the party's stream.
 *
 * <p>A key serves one evaluation point; nothing here enforces that.
 *
 * <p>Lengths and ranges that do not fit are an {@code MpcException} with code ARGUMENT.
 */
public final class Dpf {
  /** Levels of the tree that the last block replaces. */
  private static final int BLOCK_LEVELS = 7;

  /**
   * Keys generated at once: part of a group, because what both parties need for a whole one does
   * not fit into the first-level cache.
   */
  private static final int GENERATED = Workspace.GATES / 2;

  private Dpf() {}

  /**
   * Bytes of the corrections of {@code count} keys.
   *
   * @param domainBits length of the points, 1 to 64
   */
  public static int correctionBytes(int domainBits, int count) {
    Checks.domain(domainBits, 64);
    return Checks.bytes((long) count * BLOCK * (levels(domainBits) + 1));
  }

  /**
   * Makes keys. Time and memory accesses do not depend on alpha.
   *
   * @param domainBits length of the points, 1 to 64
   * @param alpha the secret points, reduced modulo 2^domainBits
   * @param alphaOff position of the first
   * @param count number of keys
   * @param roots0 roots of party 0
   * @param off0 offset of the first, in bytes
   * @param roots1 roots of party 1
   * @param off1 offset of the first, in bytes
   * @param hash the hash both parties will use
   * @param corrections receives {@link #correctionBytes} bytes
   * @param off offset of the first byte
   */
  public static void generate(
      int domainBits,
      long[] alpha,
      int alphaOff,
      int count,
      byte[] roots0,
      int off0,
      byte[] roots1,
      int off1,
      FixedKeyHash hash,
      byte[] corrections,
      int off) {
    generate(
        PassChoice.best(),
        domainBits,
        alpha,
        alphaOff,
        count,
        roots0,
        off0,
        roots1,
        off1,
        hash,
        corrections,
        off);
  }

  /**
   * One party's exclusive-or shares of [y &lt; alpha], unsigned.
   *
   * @param party 0 or 1
   * @param domainBits length of the points, 1 to 64
   * @param y the public points, reduced modulo 2^domainBits
   * @param yOff position of the first
   * @param count number of keys
   * @param roots the party's roots
   * @param rOff offset of the first, in bytes
   * @param corrections the corrections
   * @param cOff offset of the first byte
   * @param hash the hash that made the keys
   * @param outBits receives the bits, 64 to a word; the unused ones of the last word are zero
   * @param outWord position of the first word
   */
  public static void lessThan(
      int party,
      int domainBits,
      long[] y,
      int yOff,
      int count,
      byte[] roots,
      int rOff,
      byte[] corrections,
      int cOff,
      FixedKeyHash hash,
      long[] outBits,
      int outWord) {
    evaluate(
        PassChoice.best(),
        true,
        party,
        domainBits,
        y,
        yOff,
        count,
        roots,
        rOff,
        corrections,
        cOff,
        hash,
        outBits,
        outWord);
  }

  /** One party's exclusive-or shares of [y = alpha]; the arguments are those of lessThan. */
  public static void equal(
      int party,
      int domainBits,
      long[] y,
      int yOff,
      int count,
      byte[] roots,
      int rOff,
      byte[] corrections,
      int cOff,
      FixedKeyHash hash,
      long[] outBits,
      int outWord) {
    evaluate(
        PassChoice.best(),
        false,
        party,
        domainBits,
        y,
        yOff,
        count,
        roots,
        rOff,
        corrections,
        cOff,
        hash,
        outBits,
        outWord);
  }

  /** Makes keys with these passes. */
  static void generate(
      Passes passes,
      int domainBits,
      long[] alpha,
      int alphaOff,
      int count,
      byte[] roots0,
      int off0,
      byte[] roots1,
      int off1,
      FixedKeyHash hash,
      byte[] corrections,
      int off) {
    Checks.range("points", alpha.length, alphaOff, count);
    Checks.range("corrections", corrections.length, off, correctionBytes(domainBits, count));
    Checks.range("roots", roots0.length, off0, (long) count * BLOCK);
    Checks.range("roots", roots1.length, off1, (long) count * BLOCK);
    Workspace w = Workspace.ofThread();
    try {
      for (int from = 0; from < count; from += GENERATED) {
        int group = from / Workspace.GATES * Workspace.GATES;
        int stride = Math.min(Workspace.GATES, count - group) * BLOCK;
        int gates = Math.min(GENERATED, count - from);
        w.takePoints(alpha, alphaOff + from, domainBits, gates);
        int first = from * BLOCK;
        startBoth(w, gates, domainBits, roots0, off0 + first, roots1, off1 + first);
        int cw = off + correctionBytes(domainBits, group) + (from - group) * BLOCK;
        for (int bit = domainBits - 1; bit >= BLOCK_LEVELS; bit--) {
          hash.permute(w.in, 0, w.out, 0, 4 * gates);
          correctLevel(passes, w, gates, bit == BLOCK_LEVELS, corrections, cw);
          cw += stride;
        }
        hash.permute(w.in, 0, w.out, 0, 2 * gates);
        correctLeaves(w, gates, corrections, cw);
      }
    } finally {
      w.wipe(count);
    }
  }

  /** Evaluates keys with these passes. */
  static void evaluate(
      Passes passes,
      boolean lessThan,
      int party,
      int domainBits,
      long[] y,
      int yOff,
      int count,
      byte[] roots,
      int rOff,
      byte[] corrections,
      int cOff,
      FixedKeyHash hash,
      long[] outBits,
      int outWord) {
    Checks.party(party);
    Checks.range("points", y.length, yOff, count);
    Checks.range("result words", outBits.length, outWord, (count + 63L) / 64);
    Checks.range("corrections", corrections.length, cOff, correctionBytes(domainBits, count));
    Checks.range("roots", roots.length, rOff, (long) count * BLOCK);
    Workspace w = Workspace.ofThread();
    try {
      for (int from = 0; from < count; from += Workspace.GATES) {
        int gates = Math.min(Workspace.GATES, count - from);
        w.takePoints(y, yOff + from, domainBits, gates);
        start(w, gates, party, domainBits, roots, rOff + from * BLOCK);
        int cw = cOff + correctionBytes(domainBits, from);
        for (int bit = domainBits - 1; bit >= BLOCK_LEVELS; bit--) {
          hash.permute(w.in, 0, w.out, 0, gates);
          passes.descend(w, corrections, cw, gates, bit == BLOCK_LEVELS);
          cw += gates * BLOCK;
        }
        hash.permute(w.in, 0, w.out, 0, gates);
        if (lessThan) {
          compareLeaves(w, gates, domainBits, corrections, cw);
        } else {
          pickLeaves(w, gates, corrections, cw);
        }
        System.arraycopy(w.bits, 0, outBits, outWord + from / 64, (gates + 63) / 64);
      }
    } finally {
      w.wipe(count);
    }
  }

  private static int levels(int domainBits) {
    return Math.max(0, domainBits - BLOCK_LEVELS);
  }

  /** Generation: both parties' inputs to the first run of AES; t0 = 0 and t1 = 1. */
  private static void startBoth(
      Workspace w, int gates, int domainBits, byte[] roots0, int off0, byte[] roots1, int off1) {
    int run = gates * BLOCK;
    boolean tree = levels(domainBits) > 0;
    for (int g = 0; g < gates; g++) {
      int b = g * BLOCK;
      long directions = directions(w.points[g], domainBits);
      w.state[2 * g] = directions;
      w.state[2 * g + 1] = directions;
      w.state[2 * (gates + g)] = directions;
      w.state[2 * (gates + g) + 1] = directions | Long.MIN_VALUE;
      long lo0 = sigma(get(roots0, off0 + b));
      long hi0 = sigma(get(roots0, off0 + b + 8) & SEED);
      long lo1 = sigma(get(roots1, off1 + b));
      long hi1 = sigma(get(roots1, off1 + b + 8) & SEED);
      if (tree) {
        put(w.in, b, lo0 ^ Tweak.LEFT, hi0);
        put(w.in, b + run, lo0 ^ Tweak.RIGHT, hi0);
        put(w.in, b + 2 * run, lo1 ^ Tweak.LEFT, hi1);
        put(w.in, b + 3 * run, lo1 ^ Tweak.RIGHT, hi1);
      } else {
        put(w.in, b, lo0 ^ Tweak.LEAF, hi0);
        put(w.in, b + run, lo1 ^ Tweak.LEAF, hi1);
      }
    }
  }

  /** A point as {@link TreePasses} wants it, its highest bit in bit 62. */
  private static long directions(long point, int domainBits) {
    return point << (64 - domainBits) >>> 1;
  }

  /** Makes one level's corrections and takes both parties down. */
  private static void correctLevel(
      Passes passes, Workspace w, int gates, boolean last, byte[] corrections, int cw) {
    int run = gates * BLOCK;
    passes.correct(w, corrections, cw, gates);
    // After the last level each party has one run of inputs; what goes to the last two runs is not
    // used. Party 1 comes first, because its inputs must be read before party 0 writes there.
    int left1 = last ? run : 2 * run;
    int right0 = last ? 2 * run : run;
    passes.keep(w, 2 * run, left1, 3 * run, corrections, cw, 2 * gates, gates, last);
    passes.keep(w, 0, 0, right0, corrections, cw, 0, gates, last);
  }

  /** Leaf correction: H_2(s0) xor H_2(s1) xor e_alpha. */
  private static void correctLeaves(Workspace w, int gates, byte[] cw, int cwOff) {
    int run = gates * BLOCK;
    for (int g = 0; g < gates; g++) {
      int b = g * BLOCK;
      long alpha = w.points[g];
      long inHigh = (alpha << 57) >> 63;
      long one = 1L << alpha;
      long lo = get(w.in, b) ^ get(w.out, b) ^ get(w.in, b + run) ^ get(w.out, b + run);
      int h = b + 8;
      long hi = get(w.in, h) ^ get(w.out, h) ^ get(w.in, h + run) ^ get(w.out, h + run);
      put(cw, cwOff + b, lo ^ one & ~inHigh, hi ^ one & inHigh);
    }
  }

  /** Evaluation: inputs to the first run of AES; t = party. */
  private static void start(
      Workspace w, int gates, int party, int domainBits, byte[] roots, int rOff) {
    boolean tree = levels(domainBits) > 0;
    long t = (long) party << 63;
    for (int g = 0; g < gates; g++) {
      int b = g * BLOCK;
      long directions = directions(w.points[g], domainBits);
      w.state[2 * g] = directions << 2;
      w.state[2 * g + 1] = directions | t;
      long tweak = tree ? directions >>> 62 : Tweak.LEAF;
      long hi = sigma(get(roots, rOff + b + 8) & SEED);
      put(w.in, b, sigma(get(roots, rOff + b)) ^ tweak, hi);
    }
  }

  /**
   * The walk's terms, t where y turns, that is, differs from its bit above (the highest from 1, and
   * 0 after the tree's last); and the parity of the block's bits beyond y: those leaves are greater
   * than y.
   */
  private static void compareLeaves(Workspace w, int gates, int domainBits, byte[] cw, int cwOff) {
    long top = 1L << (domainBits - 1);
    long last = levels(domainBits) > 0 ? -1L : 0;
    for (int first = 0; first < gates; first += 64) {
      long packed = 0;
      for (int g = first; g < Math.min(gates, first + 64); g++) {
        int b = g * BLOCK;
        long word = w.state[2 * g + 1];
        long t = word >> 63;
        long lo = get(w.in, b) ^ get(w.out, b) ^ get(cw, cwOff + b) & t;
        long hi = get(w.in, b + 8) ^ get(w.out, b + 8) ^ get(cw, cwOff + b + 8) & t;
        long y = w.points[g];
        long turns = y ^ y >>> 1 ^ top;
        long inHigh = (y << 57) >> 63;
        long beyond = -2L << y;
        long leaves = lo & beyond & ~inHigh ^ hi & (beyond | ~inHigh);
        long walk = word << BLOCK_LEVELS & turns;
        long afterLast = t & ~(y << 56 >> 63) & last & 1;
        packed |= (Long.bitCount(leaves ^ walk ^ afterLast) & 1L) << g;
      }
      w.bits[first / 64] = packed;
    }
  }

  /** The block's bit at y. */
  private static void pickLeaves(Workspace w, int gates, byte[] cw, int cwOff) {
    for (int first = 0; first < gates; first += 64) {
      long packed = 0;
      for (int g = first; g < Math.min(gates, first + 64); g++) {
        int b = g * BLOCK;
        long t = w.state[2 * g + 1] >> 63;
        long lo = get(w.in, b) ^ get(w.out, b) ^ get(cw, cwOff + b) & t;
        long hi = get(w.in, b + 8) ^ get(w.out, b + 8) ^ get(cw, cwOff + b + 8) & t;
        long y = w.points[g];
        long inHigh = (y << 57) >> 63;
        packed |= ((lo & ~inHigh ^ hi & inHigh) >>> y & 1) << g;
      }
      w.bits[first / 64] = packed;
    }
  }

  private static void put(byte[] bytes, int offset, long lo, long hi) {
    set(bytes, offset, lo);
    set(bytes, offset + 8, hi);
  }
}
