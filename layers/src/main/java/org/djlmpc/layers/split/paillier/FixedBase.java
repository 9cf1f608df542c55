package org.djlmpc.layers.split.paillier;

import java.math.BigInteger;
import org.djlmpc.ring.Parallel;

/**
 * Powers of one base modulo m^2 from a table of base^(d·256^i), one row for each byte i of the
 * exponent: a power is one product for each byte (Brickell, Gordon, McCurley, Wilson: Fast
 * Exponentiation with Precomputation, EUROCRYPT 1992).
 *
 * <p>Entries are units of {@link SquareModulus}, so a product is of a number of m^2's length with
 * one of m's. A table takes about 160 KB for each byte of an exponent at 2048 bits. Reading it at
 * places that the exponent names is visible to processes that share the cache.
 */
final class FixedBase implements PowerTable {
  private static final int DIGITS = 256;

  private final SquareModulus modulus;
  private final BigInteger[][] residues;
  private final BigInteger[][] slopes;

  /**
   * Makes the table, on all cores.
   *
   * @param modulus m^2
   * @param base without a common factor with m
   * @param exponentBytes length of the exponents
   */
  FixedBase(SquareModulus modulus, BigInteger base, int exponentBytes) {
    this.modulus = modulus;
    this.residues = new BigInteger[exponentBytes][DIGITS];
    this.slopes = new BigInteger[exponentBytes][DIGITS];
    SquareModulus.Unit[] rowBases = new SquareModulus.Unit[exponentBytes];
    SquareModulus.Unit power = modulus.unit(base);
    for (int row = 0; row < exponentBytes; row++) {
      rowBases[row] = power;
      for (int bit = 1; bit < DIGITS; bit *= 2) {
        power = modulus.times(power, power);
      }
    }
    Parallel.pieces(exponentBytes, row -> fillRow(row, rowBases[row]));
  }

  private void fillRow(int row, SquareModulus.Unit base) {
    SquareModulus.Unit power = modulus.one();
    for (int digit = 0; digit < DIGITS; digit++) {
      residues[row][digit] = power.residue();
      slopes[row][digit] = power.slope();
      power = digit == 0 ? base : modulus.times(power, base);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>With another m than n, the plaintext's place is taken by any slope: the factor is (1 + m).
   */
  @Override
  public BigInteger times(BigInteger start, byte[] exponents, int at, BigInteger slope) {
    BigInteger product = start;
    BigInteger sum = slope;
    for (int row = 0; row < residues.length; row++) {
      int digit = exponents[at + row] & 0xff;
      product = modulus.timesResidue(product, residues[row][digit]);
      sum = sum.add(slopes[row][digit]);
    }
    return modulus.timesSlope(product, sum);
  }

  @Override
  public String toString() {
    return "FixedBase[" + residues.length + " bytes]";
  }
}
