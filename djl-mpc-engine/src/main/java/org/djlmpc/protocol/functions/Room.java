package org.djlmpc.protocol.functions;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.ring.Ring;

/**
 * How many fraction bits the steps of an approximation may have, in a ring of n bits with f
 * fraction bits: a value of magnitude 2^m fits with s fraction bits if m + s &lt;= n - 2, where
 * truncation works (protocols.md, section 4).
 *
 * @param ring the ring of n bits
 * @param fractionBits f
 */
public record Room(Ring ring, int fractionBits) {
  /** Bits that a coefficient of a polynomial keeps at least, beside its argument's. */
  private static final int COEFFICIENT_BITS = 8;

  /** Fraction bits beyond which no error becomes smaller. */
  private static final int ENOUGH = 24;

  /** Refuses fixed points that leave no room for the steps of an approximation. */
  public Room {
    if (!suffices(ring, fractionBits)) {
      throw new MpcException(
          ErrorCode.OUT_OF_RANGE,
          "Approximated functions with " + fractionBits + " fraction bits in " + ring + ".",
          "Use at most "
              + (polynomialBits(ring) - COEFFICIENT_BITS) / 2
              + " fraction bits, or a wider ring.");
    }
  }

  /** Whether there is room for functions at all. */
  public static boolean suffices(Ring ring, int fractionBits) {
    return polynomialBits(ring) - 2 * fractionBits >= COEFFICIENT_BITS;
  }

  /** The room of an encoding. */
  public static Room of(FixedPoint fixedPoint) {
    return new Room(fixedPoint.ring(), fixedPoint.fractionBits());
  }

  /** One unit in the last place of a value, 2^-f. */
  public double unit() {
    return Math.scalb(1.0, -fractionBits);
  }

  /** Bound of all ring elements within a function, in its domain: 2^(n-3). */
  public double peak() {
    return Math.scalb(1.0, ring.bits() - 3);
  }

  /** Fraction bits with which values up to {@code magnitude} still fit, one bit to spare. */
  int scaleFor(double magnitude) {
    return ring.bits() - 3 - log2(magnitude);
  }

  /**
   * Fraction bits of the leading coefficient of a quadratic polynomial of x, where the other
   * coefficients have f and 2 f more and the polynomial stays below {@code magnitude}.
   */
  int quadraticBits(double magnitude) {
    return Math.min(ENOUGH, scaleFor(magnitude) - 2 * fractionBits);
  }

  /** Fraction bits of a polynomial of degree four with values below 16: n - 6. */
  int polynomialBits() {
    return polynomialBits(ring);
  }

  private static int polynomialBits(Ring ring) {
    return ring.bits() - 6;
  }

  /** Fraction bits of the argument of such a polynomial: about a third of the ring, at least f. */
  int argumentBits() {
    return Math.max(fractionBits, (ring.bits() - 5) / 3);
  }

  /** The least m with 2^m at least {@code magnitude}. */
  static int log2(double magnitude) {
    int exponent = Math.getExponent(magnitude);
    return magnitude > Math.scalb(1.0, exponent) ? exponent + 1 : exponent;
  }
}
