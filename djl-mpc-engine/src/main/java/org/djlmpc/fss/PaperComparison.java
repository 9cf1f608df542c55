package org.djlmpc.fss;

import org.djlmpc.crypto.FixedKeyHash;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.RingTensor;

/**
 * The sign as AriaNN's paper computes it (arXiv 2006.04593, section 3.3 and appendix B), <b>with
 * its error</b>: for {@code comparison=paper} only, which reproduces the failure rate that the
 * paper states. {@link DReluGate} is exact, and smaller.
 *
 * <p>The paper tests [v &lt;= 0] on the opened v + m mod 2^k, m the uniform mask, as the comparison
 * [v + m &lt;= m] of unsigned k-bit numbers. With v = -x and m = -r mod 2^k this is a test of [x
 * &gt;= 0] from the same opened x^ = x + r that the exact gate takes:
 *
 * <pre>  bit = [(-x^ mod 2^k) &lt;= (-r mod 2^k)] = 1 xor [(x^ - 1 mod 2^k) &lt; (r - 1 mod 2^k)]
 * </pre>
 *
 * <p>It is wrong exactly when v + m wraps (for x &gt; 0: m &lt; x; for x &lt; 0: m &gt;= 2^k -
 * |x|), that is with probability |x| / 2^k over the mask, and never for x = 0.
 *
 * <p>The keys are point functions on k bits. Those printed in the paper reveal m; see {@link Dpf}.
 */
public final class PaperComparison {
  private PaperComparison() {}

  /**
   * Bytes of the corrections of {@code count} gates.
   *
   * @param k width of the compared values, 1 to 64
   */
  public static int correctionBytes(int k, int count) {
    return Dpf.correctionBytes(k, count);
  }

  /**
   * Makes the keys of {@code count} gates; nothing where r is absent.
   *
   * @param k width of the compared values, 1 to the ring's
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
      int off) {
    Checks.domain(k, r.ring().bits());
    if (r.isAbsent()) {
      return;
    }
    Points alpha = (first, gates, dst) -> oneLess(r, from + first, gates, dst);
    Dpf.generate(
        PassChoice.best(), k, alpha, count, roots0, off0, roots1, off1, hash, corrections, off);
  }

  /**
   * One party's exclusive-or shares of the bit of {@code count} gates; nothing where x^ is absent.
   *
   * @param party 0 or 1
   * @param k width of the compared values, 1 to the ring's
   * @param xhat the opened x + r
   * @param from first gate: position in xhat
   * @param count number of gates
   * @param roots the party's roots
   * @param rOff offset of the first, in bytes
   * @param corrections the corrections
   * @param cOff offset of the first byte
   * @param hash the hash that made the keys
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
      BitTensor result,
      int resultFrom) {
    Checks.domain(k, xhat.ring().bits());
    Checks.aligned(resultFrom);
    Checks.range("bits", result.size(), resultFrom, count);
    if (xhat.isAbsent()) {
      return;
    }
    long flip = party == 0 ? -1L : 0;
    Points y = (first, gates, dst) -> oneLess(xhat, from + first, gates, dst);
    PackedBits bits =
        (first, gates, words) -> {
          for (int i = 0; 64 * i < gates; i++) {
            words[i] ^= flip;
          }
          PackedBits.put(result, resultFrom + first, gates, words);
        };
    Dpf.evaluate(
        PassChoice.best(), true, party, k, y, count, roots, rOff, corrections, cOff, hash, bits);
  }

  private static void oneLess(RingTensor tensor, int from, int gates, long[] dst) {
    tensor.copyWords(dst, 0, from, gates);
    for (int g = 0; g < gates; g++) {
      dst[g]--;
    }
  }
}
