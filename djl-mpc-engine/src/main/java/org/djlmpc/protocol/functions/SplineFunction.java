package org.djlmpc.protocol.functions;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.SecretMath;
import org.djlmpc.protocol.Share;

/**
 * Activations by quadratic splines of |x| = 2 max(0, x) - x, which halves the comparisons that a
 * spline of x would need.
 *
 * <p>An odd function is sgn(x) s(|x|), so that its 16 pieces cost 9 comparisons: 1 for |x|, 7 for
 * the knots of s, 1 for the sign, which is compared together with the knots. A function that is
 * nearly max(0, x) is max(0, x) + s(|x|): 8 comparisons. Two comparisons (one) more limit the
 * argument to the knots beforehand, so that all others are narrow; they are left out where the
 * argument is known to be small.
 *
 * <p>Domain: every x that the fixed point can hold; far from zero the functions are constant, or
 * max(0, x), as they should be. {@link #error} bounds the absolute error, everywhere. 10 rounds
 * (with sign) or 9, after a pending rescaling.
 */
public enum SplineFunction {
  /** 1 / (1 + exp(-x)), computed as 1/2 plus an odd function. Absolute error 2e-4. */
  SIGMOID(true, 0.5, 0.25),
  /** The hyperbolic tangent. Absolute error 3.5e-4. */
  TANH(true, 0, 1),
  /** The error function. Absolute error 2.5e-4. */
  ERF(true, 0, 1.1284),
  /** x Phi(x), Phi being the normal distribution function. Absolute error 2.5e-4. */
  GELU(false, 0, 1.13),
  /** x sigmoid(x). Absolute error 4.5e-4. */
  SILU(false, 0, 1.1),
  /** log(1 + exp(x)). Absolute error 2.5e-4. */
  SOFTPLUS(false, 0, 1);

  /** Quadratic pieces for x above 0. */
  private static final int PIECES = 7;

  /** How much larger than the knots arguments may be to be compared as they are. */
  private static final double SMALL = 16;

  /** Above 1, whatever rounding in double precision does. */
  private static final double ONE = 1 + 0x1p-40;

  /** Above -min x sigmoid(x), the lowest value of the functions that are nearly max(0, x). */
  private static final double LOWEST = 0.2785;

  private static final Map<SplineFunction, Spline> SPLINES = new ConcurrentHashMap<>();

  private final boolean odd;
  private final double centre;
  private final double lipschitz;

  SplineFunction(boolean odd, double centre, double lipschitz) {
    this.odd = odd;
    this.centre = centre;
    this.lipschitz = lipschitz;
  }

  /** The spline, fitted when it is first needed. */
  private Spline spline() {
    return SPLINES.computeIfAbsent(this, SplineFunction::fit);
  }

  private static Spline fit(SplineFunction f) {
    // beyond the last knot an odd function stays at its limit, the others at max(0, x)
    return f.odd
        ? Spline.fit(x -> f.value(x) - f.centre, 1 - f.centre, PIECES)
        : Spline.fit(x -> f.value(x) - x, 0, PIECES);
  }

  /** The function itself, in real numbers. */
  public double value(double x) {
    return switch (this) {
      case SIGMOID -> RealFunctions.sigmoid(x);
      case TANH -> StrictMath.tanh(x);
      case ERF -> RealFunctions.erf(x);
      case GELU -> RealFunctions.gelu(x);
      case SILU -> x * RealFunctions.sigmoid(x);
      case SOFTPLUS -> RealFunctions.softplus(x);
    };
  }

  /**
   * Bound of the distance from the function of the argument, once that has f fraction bits.
   *
   * @throws org.djlmpc.error.MpcException OUT_OF_RANGE if the ring has no room
   */
  public double error(Room room) {
    return spline().error(room);
  }

  /** Bound of the slope: what an error of the argument grows by. */
  public double lipschitz() {
    return lipschitz;
  }

  /** Bound of the absolute value for arguments up to {@code magnitude} in absolute value. */
  public double magnitude(double magnitude) {
    return odd ? ONE : Math.max(LOWEST, value(magnitude));
  }

  /**
   * The function of a secret.
   *
   * @param x any shape and scale
   * @return the same shape, f fraction bits
   * @throws org.djlmpc.error.MpcException OUT_OF_RANGE if the ring has no room
   */
  public Share of(SecretMath math, Share x) {
    Share y = Arguments.flat(math, x);
    // where comparisons are narrow already, limiting first would only cost
    boolean small = math.staysBelow(SMALL * spline().end());
    return math.protocol().reshape(odd ? odd(math, y, small) : rest(math, y, small), x.shape());
  }

  /** sgn(x) s(|x|), from x limited to the knots. */
  private Share odd(SecretMath math, Share x, boolean small) {
    Spline s = spline();
    double end = s.end();
    Share y = small ? x : math.clip(x, -end, end);
    Protocol protocol = math.protocol();
    Protocol narrow = small ? protocol : Steps.narrow(protocol, y.scale(), 2 * end);
    Share positive = small ? math.relu(y) : narrow.relu(y, 0);
    Share size = protocol.subtract(protocol.add(positive, positive), y);
    List<Share> compared = new ArrayList<>(s.differences(math, size));
    compared.add(y);
    Share bits =
        small
            ? Steps.compare(math, compared, end)
            : narrow.nonNegative(Steps.rows(protocol, compared));
    int m = s.comparisons();
    Share value = s.evaluate(math, size, Steps.rows(protocol, bits, 0, m));
    Share result = Arguments.signed(protocol, Steps.row(protocol, bits, m), value);
    return centre == 0 ? result : math.addPublic(result, centre);
  }

  /** max(0, x) + s(|x|), from |x| limited to the knots. */
  private Share rest(SecretMath math, Share x, boolean small) {
    Spline s = spline();
    double end = s.end();
    Protocol protocol = math.protocol();
    Share positive = math.relu(x);
    Share size = protocol.subtract(protocol.add(positive, positive), x);
    Share rest;
    if (small) {
      Share bits = Steps.compare(math, s.differences(math, size), end);
      rest = s.evaluate(math, size, bits);
    } else {
      Share limited = math.clip(size, Double.NEGATIVE_INFINITY, end);
      Protocol narrow = Steps.narrow(protocol, limited.scale(), 2 * end);
      List<Share> compared = s.differences(math, limited);
      rest = s.evaluate(math, limited, narrow.nonNegative(Steps.rows(protocol, compared)));
    }
    return protocol.add(positive, rest);
  }
}
