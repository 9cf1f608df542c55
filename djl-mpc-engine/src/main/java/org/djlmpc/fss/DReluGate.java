package org.djlmpc.fss;

import org.djlmpc.crypto.FixedKeyHash;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.RingTensor;

/**
 * The sign: exclusive-or shares of [x &gt;= 0] from the opened x^ = x + r, with one point function
 * of k - 1 bits (SIGMA, eprint 2023/1269, section 4).
 *
 * <pre>
 *   Gen(r):      a = -r mod 2^k,  alpha = a mod 2^(k-1),  c = 1 xor msb(a)
 *   Eval_j(x^):  y = (-x^ - 1) mod 2^(k-1)
 *                bit_j = LT_j(y) xor c_j xor (j = 0 ? msb(x^) : 0),   LT_j(y) shares [y &lt; alpha]
 * </pre>
 *
 * <p>Exact for every x in [-2^(k-1), 2^(k-1)) and every r; only the low k bits of x^ and r matter,
 * so k may be smaller than the ring. <b>Outside that range the answer is silently wrong.</b>
 *
 * <p>The caller shares c, mixing in the mask of the output bit where it wants one: with c_0 xor c_1
 * = c xor rho the results are shares of [x &gt;= 0] xor rho.
 *
 * <p>Costs a gate: k - 7 AES calls at a party (at least 1), 4 (k - 8) + 2 at the dealer.
 */
public final class DReluGate {
  private DReluGate() {}

  /**
   * Bytes of the corrections of {@code count} gates.
   *
   * @param k width of the compared values, 2 to 64
   */
  public static int correctionBytes(int k, int count) {
    Checks.require(k >= 2 && k <= 64, "A sign of " + k + " bits.", "Use 2 to 64 bits.");
    return Dpf.correctionBytes(k - 1, count);
  }

  /**
   * Makes the keys of {@code count} gates; nothing where r is absent.
   *
   * @param k width of the compared values, 2 to the ring's
   * @param r the masks
   * @param from first gate: position in r
   * @param count number of gates
   * @param roots0 roots of party 0, 16 random bytes a gate
   * @param off0 offset of the first, in bytes
   * @param roots1 roots of party 1
   * @param off1 offset of the first, in bytes
   * @param hash the hash both parties will use
   * @param corrections receives {@link #correctionBytes} bytes
   * @param off offset of the first byte
   * @param c receives the bits c in clear, which the caller shares
   * @param cFrom position of the first gate's bit in c, a multiple of 64
   */
  public static void generate(
      int k,
      RingTensor r,
      int from,
      int count,
      byte[] roots0,
      int off0,
      byte[] roots1,
      int off1,
      FixedKeyHash hash,
      byte[] corrections,
      int off,
      BitTensor c,
      int cFrom) {
    width(k, r);
    Checks.aligned(cFrom);
    Checks.range("bits", c.size(), cFrom, count);
    if (r.isAbsent()) {
      return;
    }
    long[] signs = Workspace.ofThread().signs;
    Points alpha =
        (first, gates, dst) -> {
          r.copyWords(dst, 0, from + first, gates);
          for (int g = 0; g < gates; g++) {
            dst[g] = -dst[g];
          }
          pack(dst, gates, k - 1, ~0L, signs);
          PackedBits.put(c, cFrom + first, gates, signs);
        };
    Dpf.generate(
        PassChoice.best(), k - 1, alpha, count, roots0, off0, roots1, off1, hash, corrections, off);
  }

  /**
   * One party's shares of [x &gt;= 0] of {@code count} gates; nothing where x^ is absent.
   *
   * @param party 0 or 1
   * @param k width of the compared values, 2 to the ring's
   * @param xhat the opened x + r
   * @param from first gate: position in xhat
   * @param count number of gates
   * @param roots the party's roots
   * @param rOff offset of the first, in bytes
   * @param corrections the corrections
   * @param cOff offset of the first byte
   * @param hash the hash that made the keys
   * @param c the party's shares of the bits c
   * @param cFrom position of the first gate's bit in c, a multiple of 64
   * @param result receives the shares
   * @param resultFrom position of the first gate's bit in the result, a multiple of 64
   */
  public static void evaluate(
      int party,
      int k,
      RingTensor xhat,
      int from,
      int count,
      byte[] roots,
      int rOff,
      byte[] corrections,
      int cOff,
      FixedKeyHash hash,
      BitTensor c,
      int cFrom,
      BitTensor result,
      int resultFrom) {
    width(k, xhat);
    Checks.aligned(cFrom);
    Checks.range("bits", c.size(), cFrom, count);
    Checks.aligned(resultFrom);
    Checks.range("bits", result.size(), resultFrom, count);
    if (xhat.isAbsent()) {
      return;
    }
    long[] signs = Workspace.ofThread().signs;
    long mine = party == 0 ? -1L : 0;
    Points y =
        (first, gates, dst) -> {
          xhat.copyWords(dst, 0, from + first, gates);
          pack(dst, gates, k - 1, 0, signs);
          for (int g = 0; g < gates; g++) {
            dst[g] = -dst[g] - 1;
          }
        };
    PackedBits bits =
        (first, gates, words) -> {
          for (int i = 0; 64 * i < gates; i++) {
            words[i] ^= c.word((cFrom + first) / 64 + i) ^ signs[i] & mine;
          }
          PackedBits.put(result, resultFrom + first, gates, words);
        };
    Dpf.evaluate(
        PassChoice.best(),
        true,
        party,
        k - 1,
        y,
        count,
        roots,
        rOff,
        corrections,
        cOff,
        hash,
        bits);
  }

  /** Packs bit {@code position} of each word, and flips all where {@code flip} is all ones. */
  private static void pack(long[] words, int gates, int position, long flip, long[] packed) {
    for (int first = 0; first < gates; first += 64) {
      long bits = 0;
      for (int g = first; g < Math.min(gates, first + 64); g++) {
        bits |= (words[g] >>> position & 1) << g;
      }
      packed[first / 64] = bits ^ flip;
    }
  }

  private static void width(int k, RingTensor tensor) {
    int most = tensor.ring().bits();
    Checks.require(k >= 2 && k <= most, "A sign of " + k + " bits.", "Use 2 to " + most + " bits.");
  }
}
