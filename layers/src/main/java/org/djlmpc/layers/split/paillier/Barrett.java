package org.djlmpc.layers.split.paillier;

import java.math.BigInteger;

/**
 * Remainders modulo one m by two multiplications instead of a division (P. Barrett, CRYPTO 1986;
 * Handbook of Applied Cryptography, algorithm 14.42): several times as fast as {@link
 * BigInteger#mod}, because the JVM has processor code for products and none for quotients.
 *
 * <p>With L the bits of m and t below m·2^e, let mu = floor(2^(L+e) / m). Then
 *
 * <pre>  q = floor(floor(t / 2^(L-1)) · mu / 2^(e+1))
 * </pre>
 *
 * is at most floor(t / m) and at least floor(t / m) - 2: each of the floors inside loses less than
 * one unit of the quotient.
 */
final class Barrett {
  private final BigInteger m;
  private final BigInteger mu;
  private final int dropBefore;
  private final int dropAfter;

  /**
   * Prepares division by m.
   *
   * @param m at least 1
   * @param excess e: all numbers to be divided are below m·2^e
   */
  Barrett(BigInteger m, int excess) {
    int length = m.bitLength();
    this.m = m;
    this.mu = BigInteger.ONE.shiftLeft(length + excess).divide(m);
    this.dropBefore = length - 1;
    this.dropAfter = excess + 1;
  }

  /** A number below 3m that is t modulo m, for t from 0, below m·2^e. */
  BigInteger reduceLoosely(BigInteger t) {
    return t.subtract(quotient(t).multiply(m));
  }

  /** t modulo m, for t from 0, below m·2^e. */
  BigInteger reduce(BigInteger t) {
    BigInteger r = reduceLoosely(t);
    while (r.compareTo(m) >= 0) {
      r = r.subtract(m);
    }
    return r;
  }

  /** Quotient and remainder of t by m, for t from 0, below m·2^e. */
  BigInteger[] divide(BigInteger t) {
    BigInteger q = quotient(t);
    BigInteger r = t.subtract(q.multiply(m));
    while (r.compareTo(m) >= 0) {
      r = r.subtract(m);
      q = q.add(BigInteger.ONE);
    }
    return new BigInteger[] {q, r};
  }

  private BigInteger quotient(BigInteger t) {
    return t.shiftRight(dropBefore).multiply(mu).shiftRight(dropAfter);
  }
}
