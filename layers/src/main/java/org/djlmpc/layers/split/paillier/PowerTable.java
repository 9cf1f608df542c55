package org.djlmpc.layers.split.paillier;

import java.math.BigInteger;

/** Powers of one random base h^n, which hide plaintexts; all modulo n^2. */
interface PowerTable {
  /**
   * start·(h^n)^s·(1 + n)^M modulo n^2: adds M to what start encrypts, under fresh randomness.
   *
   * @param start at least 0, below n^2
   * @param exponents bytes of exponents s, each with its lowest byte first
   * @param at where this one begins
   * @param plaintext M, at least 0, below n
   */
  BigInteger times(BigInteger start, byte[] exponents, int at, BigInteger plaintext);
}
