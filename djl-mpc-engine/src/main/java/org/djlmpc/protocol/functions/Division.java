package org.djlmpc.protocol.functions;

import org.djlmpc.protocol.Bilinear;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.SecretMath;
import org.djlmpc.protocol.Share;
import org.djlmpc.ring.RingTensor;

/**
 * Division by a secret b of either sign: a (1 / b), where 1 / b has more than f fraction bits, so
 * that large divisors lose nothing.
 *
 * <p>Domain: 2^-(f/2) &lt;= |b| &lt; 2^h and |a / b| &lt; 2^h with h = (n - 2 - 2f) / 2 - 1: from
 * 2^-8 to 2^14 with 16 fraction bits in the 64-bit ring. A smaller |b|, 0 included, counts as
 * 2^-(f/2), a larger one as 2^h, with its sign; that of 0 is positive. Relative error {@link
 * OctaveFunction#relativeError}, 4e-4 there, beside the rounding of b and the result.
 */
public final class Division {
  private final SecretMath math;
  private final Room room;

  /** Division at the fraction bits of an arithmetic. */
  public Division(SecretMath math) {
    this.math = math;
    room = Room.of(math.fixedPoint());
  }

  /** Fraction bits of 1 / b. */
  private int scale() {
    int half = (room.ring().bits() - 2 - 2 * room.fractionBits()) / 2;
    return room.fractionBits() + Math.min(room.fractionBits(), half - 1);
  }

  /** 1 / b with f fraction bits; any shape and scale. */
  public Share reciprocal(Share b) {
    return OctaveFunction.signedReciprocal(math, b, room.fractionBits());
  }

  /** 1 / b with more fraction bits, for {@link #times}. */
  public Share fineReciprocal(Share b) {
    return OctaveFunction.signedReciprocal(math, b, scale());
  }

  /** a / b with f fraction bits, from 1 / b; equal shapes. */
  public Share times(Share a, Share fineReciprocal) {
    Protocol protocol = math.protocol();
    Share x = math.atScale(math.rescale(a), room.fractionBits());
    Share product = protocol.multiply(Bilinear.ELEMENTWISE, x, fineReciprocal);
    return Arguments.atScale(protocol, product, room.fractionBits());
  }

  /** a / b with f fraction bits, from 1 / b, for public numbers a of the same shape. */
  public Share times(double[] a, Share fineReciprocal) {
    Protocol protocol = math.protocol();
    RingTensor encoded = math.fixedPoint().encode(a, fineReciprocal.shape());
    Share product = protocol.multiplyPublic(fineReciprocal, encoded, room.fractionBits());
    return Arguments.atScale(protocol, product, room.fractionBits());
  }
}
