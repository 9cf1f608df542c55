package org.djlmpc.layers.split.paillier;

import java.math.BigInteger;

/**
 * Arithmetic modulo m^2 with units written as
 *
 * <pre>  a·(1 + c·m) modulo m^2,   a and c about as long as m.
 * </pre>
 *
 * <p>The <em>slope</em> c only adds up, (1 + c·m)(1 + d·m) = 1 + (c + d)·m, so a product of many
 * units costs a product of their <em>residues</em> a, half as long as m^2, and one correction at
 * the end. A plaintext is a slope too: (1 + n)^M = 1 + M·n modulo n^2.
 */
final class SquareModulus {
  private final BigInteger m;
  private final BigInteger square;
  private final Barrett byM;
  private final Barrett bySquare;

  /** Prepares arithmetic modulo m^2. */
  SquareModulus(BigInteger m) {
    this.m = m;
    this.square = m.multiply(m);
    // 3·(m + 1) <= 2^excess: see times
    int excess = m.bitLength() + 2;
    this.byM = new Barrett(m, excess);
    this.bySquare = new Barrett(square, excess);
  }

  BigInteger m() {
    return m;
  }

  BigInteger square() {
    return square;
  }

  /**
   * A unit.
   *
   * @param residue a
   * @param slope c
   * @param inverse of a modulo m
   */
  record Unit(BigInteger residue, BigInteger slope, BigInteger inverse) {
    @Override
    public String toString() {
      return "Unit[hidden]";
    }
  }

  /**
   * One, as (m + 1)·(1 - m): of the length that other units have, so that multiplying by it takes
   * as long as multiplying by them.
   */
  Unit one() {
    return new Unit(m.add(BigInteger.ONE), m.subtract(BigInteger.ONE), BigInteger.ONE);
  }

  /** The parts of x, which has no common factor with m. */
  Unit unit(BigInteger x) {
    BigInteger[] parts = x.mod(square).divideAndRemainder(m);
    BigInteger inverse = parts[1].modInverse(m);
    return new Unit(parts[1], byM.reduce(parts[0].multiply(inverse)), inverse);
  }

  /** The product of two units. From a·b = q·m + r follows a·b = r·(1 + (q / r)·m) modulo m^2. */
  Unit times(Unit x, Unit y) {
    BigInteger[] qr = byM.divide(x.residue.multiply(y.residue));
    BigInteger inverse = byM.reduce(x.inverse.multiply(y.inverse));
    BigInteger carried = byM.reduce(byM.reduce(qr[0]).multiply(inverse));
    return new Unit(qr[1], byM.reduce(x.slope.add(y.slope).add(carried)), inverse);
  }

  /** x·a modulo m^2, below 3m^2, for x below 3m^2 and a residue a of at most m + 1. */
  BigInteger timesResidue(BigInteger x, BigInteger a) {
    return bySquare.reduceLoosely(x.multiply(a));
  }

  /** x·(1 + c·m) modulo m^2, reduced, for x and c at least 0, x below 3m^2. */
  BigInteger timesSlope(BigInteger x, BigInteger c) {
    BigInteger carried = byM.reduce(byM.reduce(x).multiply(c.mod(m)));
    return bySquare.reduce(x.add(carried.multiply(m)));
  }
}
