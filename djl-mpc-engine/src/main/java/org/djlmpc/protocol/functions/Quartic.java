package org.djlmpc.protocol.functions;

import java.util.function.DoubleUnaryOperator;
import org.djlmpc.protocol.Bilinear;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.Share;
import org.djlmpc.ring.RingTensor;

/**
 * A polynomial of degree four with public coefficients on [-1, 1], by two products: with v = t^2 it
 * is c0 + c1 t + v (c2 + c3 t + c4 v).
 *
 * <p>Fraction bits in a ring of n bits: g for t and v, a for the coefficients of the inner
 * polynomial, 2 g + a = n - 6 for the result, which may reach 16.
 */
final class Quartic {
  private static final int DEGREE = 4;
  private static final double MARGIN = 1.02;

  private final double[] c;
  private final double distance;

  private Quartic(double[] c, double distance) {
    this.c = c;
    this.distance = distance;
  }

  /** The polynomial p with p(t) near f at the point t of the way from the middle to an end. */
  static Quartic fit(DoubleUnaryOperator f, double from, double to) {
    DoubleUnaryOperator scaled = t -> f.applyAsDouble((from + to) / 2 + t * (to - from) / 2);
    double[] c = Chebyshev.fit(scaled, -1, 1, DEGREE);
    return new Quartic(c, MARGIN * Chebyshev.distance(scaled, c, -1, 1));
  }

  /** Value of the polynomial in real numbers. */
  double value(double t) {
    return Chebyshev.value(c, t);
  }

  /**
   * Bound of the distance between what {@link #of} computes, once it has g fraction bits, and the
   * function, for t in [-1, 1] with an error of one unit 2^-g.
   */
  double error(Room room) {
    int g = room.argumentBits();
    int a = room.polynomialBits() - 2 * g;
    double unit = Math.scalb(1.0, -g);
    double inner = Math.abs(c[2]) + Math.abs(c[3]) + 2 * Math.abs(c[4]);
    double slope = Math.abs(c[1]) + 2 * Math.abs(c[2]) + 3 * Math.abs(c[3]) + 4 * Math.abs(c[4]);
    return distance + unit * (1 + inner + slope) + Math.scalb(1.5, -a);
  }

  /**
   * The polynomial of a secret.
   *
   * @param t g fraction bits
   * @return g fraction bits
   */
  Share of(Protocol protocol, Room room, Share t) {
    int g = room.argumentBits();
    int a = room.polynomialBits() - 2 * g;
    Share v = protocol.truncate(protocol.multiply(Bilinear.ELEMENTWISE, t, t), g);
    Share inner =
        plus(
            protocol, protocol.add(times(protocol, t, c[3], a), times(protocol, v, c[4], a)), c[2]);
    Share outer =
        protocol.add(
            protocol.multiply(Bilinear.ELEMENTWISE, v, inner), times(protocol, t, c[1], a + g));
    Share value = plus(protocol, outer, c[0]);
    return protocol.truncate(value, value.scale() - g);
  }

  /** x times a number with so many fraction bits. */
  private static Share times(Protocol protocol, Share x, double number, int bits) {
    return protocol.multiplyPublic(x, full(protocol, x, Steps.encode(number, bits)), bits);
  }

  /** x plus a number. */
  static Share plus(Protocol protocol, Share x, double number) {
    return protocol.addPublic(x, full(protocol, x, Steps.encode(number, x.scale())));
  }

  private static RingTensor full(Protocol protocol, Share like, long element) {
    return RingTensor.full(protocol.ring(), like.shape(), element);
  }
}
