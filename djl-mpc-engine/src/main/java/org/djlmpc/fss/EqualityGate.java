package org.djlmpc.fss;

import org.djlmpc.crypto.FixedKeyHash;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.RingTensor;

/**
 * Exclusive-or shares of [x = 0 mod 2^k] from the opened x^ = x + r: a point function at alpha = r
 * mod 2^k, evaluated at x^ (AriaNN, arXiv 2006.04593, section 3.3, with the corrections of Boyle,
 * Gilboa, Ishai 2016).
 */
public final class EqualityGate {
  private EqualityGate() {}

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
    Points alpha = (first, gates, dst) -> r.copyWords(dst, 0, from + first, gates);
    Dpf.generate(
        PassChoice.best(), k, alpha, count, roots0, off0, roots1, off1, hash, corrections, off);
  }

  /**
   * One party's shares of [x = 0] of {@code count} gates; nothing where x^ is absent.
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
    Points y = (first, gates, dst) -> xhat.copyWords(dst, 0, from + first, gates);
    PackedBits bits =
        (first, gates, words) -> PackedBits.put(result, resultFrom + first, gates, words);
    Dpf.evaluate(
        PassChoice.best(), false, party, k, y, count, roots, rOff, corrections, cOff, hash, bits);
  }
}
