package org.djlmpc.graph;

import java.util.Arrays;
import org.djlmpc.protocol.SecretMath;
import org.djlmpc.protocol.functions.Exponential;
import org.djlmpc.protocol.functions.OctaveFunction;
import org.djlmpc.protocol.functions.Room;
import org.djlmpc.protocol.functions.Softmax;
import org.djlmpc.protocol.functions.SplineFunction;
import org.djlmpc.ring.Ring;

/**
 * The arithmetic of {@code SecretMath} on enclosures: each method bounds what the method of that
 * name computes there, at the same scales.
 *
 * <p>The three sources of error: encoding a number with s fraction bits adds at most 2^-(s+1);
 * rescaling replaces z by floor(z) or floor(z) + 1 in units of 2^-f, so it adds less than 2^-f;
 * whatever lies beneath grows with the operator's Lipschitz constant. Sums, products of encoded
 * values and comparisons are exact.
 */
final class EnclosureMath {
  /** Public numbers below this are whole numbers without fraction bits if they can be. */
  private static final double EXACT = 1 << 15;

  /** Most fraction bits of a public number. */
  private static final int MAX_CONSTANT_BITS = 40;

  private final Ring ring;
  private final int f;
  private final int weightBits;
  private final double unit;

  EnclosureMath(Ring ring, int fractionBits, int weightBits) {
    this.ring = ring;
    f = fractionBits;
    this.weightBits = weightBits;
    unit = Math.scalb(1.0, -f);
  }

  // ---- numbers

  /** What encoding with {@code scale} fraction bits changes a number by. */
  static double rounding(double value, int scale) {
    double up = Math.scalb(1.0, scale);
    double encoded = value * up;
    return Math.abs(Math.rint(encoded) - encoded) / up;
  }

  /** Largest absolute value. */
  static double magnitude(PublicTensor c) {
    double magnitude = 0;
    for (int i = 0; i < c.size(); i++) {
      magnitude = Math.max(magnitude, Math.abs(c.getDouble(i)));
    }
    return magnitude;
  }

  /** Fraction bits for public numbers: none if all are small whole numbers, else f. */
  int bits(PublicTensor c) {
    for (int i = 0; i < c.size(); i++) {
      if (bits(c.getDouble(i)) > 0) {
        return f;
      }
    }
    return 0;
  }

  private int bits(double c) {
    return c != Math.rint(c) || Math.abs(c) >= EXACT ? f : 0;
  }

  /** Public numbers, encoded with {@code scale} fraction bits. */
  Enclosure constant(PublicTensor c, int scale) {
    double rounding = 0;
    for (int i = 0; i < c.size(); i++) {
      rounding = Math.max(rounding, rounding(c.getDouble(i), scale));
    }
    return Enclosure.of(magnitude(c), rounding, scale);
  }

  /** A secret number, encoded with f fraction bits. */
  Enclosure input(double magnitude) {
    return Enclosure.of(magnitude, Math.min(unit / 2, magnitude), f);
  }

  /** Public numbers as a secret: encoded with f fraction bits. */
  Enclosure secret(PublicTensor c) {
    return constant(c, f);
  }

  // ---- scales

  Enclosure rescale(Enclosure x) {
    return x.scale() <= f ? x : new Enclosure(x.magnitude(), x.error() + unit, f, x.peak());
  }

  /** Either of two arrays of one scale, or both side by side. */
  static Enclosure either(Enclosure a, Enclosure b) {
    return new Enclosure(
        Math.max(a.magnitude(), b.magnitude()),
        Math.max(a.error(), b.error()),
        Math.max(a.scale(), b.scale()),
        Math.max(a.peak(), b.peak()));
  }

  // ---- sums

  /** a + b or a - b. */
  static Enclosure add(Enclosure a, Enclosure b) {
    return Enclosure.outward(
        a.magnitude() + b.magnitude(),
        a.error() + b.error(),
        Math.max(a.scale(), b.scale()),
        Math.max(a.peak(), b.peak()));
  }

  Enclosure addPublic(Enclosure x, PublicTensor c) {
    return add(x, constant(c, Math.max(x.scale(), bits(c))));
  }

  Enclosure addPublic(Enclosure x, double c) {
    int scale = Math.max(x.scale(), bits(c));
    return add(x, Enclosure.of(Math.abs(c), rounding(c, scale), scale));
  }

  /** The sum of {@code count} elements. */
  static Enclosure sum(Enclosure x, double count) {
    return Enclosure.outward(x.magnitude() * count, x.error() * count, x.scale(), x.peak());
  }

  // ---- products

  /** Whether a product may have so many fraction bits. */
  boolean takes(int scale) {
    return scale <= SecretMath.productBits(ring, f, weightBits);
  }

  /** Sums of {@code terms} products: |a^ b^ - a b| &lt;= |a| db + |b| da + da db. */
  Enclosure multiply(Enclosure a, Enclosure b, int terms) {
    Enclosure x = a;
    Enclosure y = b;
    if (!takes(x.scale() + y.scale())) {
      x = x.scale() - f >= y.scale() - weightBits ? rescale(x) : x;
      y = !takes(x.scale() + y.scale()) && y.scale() > weightBits ? rescale(y) : y;
      x = takes(x.scale() + y.scale()) ? x : rescale(x);
    }
    return product(x, y, terms);
  }

  /** Sums of {@code terms} products with public numbers. */
  Enclosure multiplyPublic(Enclosure x, Enclosure constants, int terms) {
    return product(constants.scale() > 0 ? rescale(x) : x, constants, terms);
  }

  private static Enclosure product(Enclosure x, Enclosure y, int terms) {
    return sum(
        new Enclosure(
            x.magnitude() * y.magnitude(),
            x.magnitude() * y.error() + y.magnitude() * x.error() + x.error() * y.error(),
            x.scale() + y.scale(),
            Math.max(x.peak(), y.peak())),
        terms);
  }

  /**
   * x times a number.
   *
   * @param inexactness distance of the number from the one that is meant
   */
  Enclosure multiplyPublic(Enclosure x, double constant, double inexactness) {
    double magnitude = Math.abs(constant);
    int bits = bits(constant);
    if (magnitude > 0 && bits == f && rounding(constant, f) != 0) {
      bits = Math.min(MAX_CONSTANT_BITS, f + Math.max(0, -Math.getExponent(magnitude) - 1));
    }
    boolean shift =
        magnitude > 0 && magnitude < 1 && magnitude == Math.scalb(1.0, Math.getExponent(magnitude));
    // a negative power of two only moves the binary point
    bits = shift ? -Math.getExponent(magnitude) : bits;
    double error = (shift ? 0 : rounding(constant, bits)) + inexactness;
    Enclosure factor = Enclosure.of(magnitude + inexactness, error, bits);
    return shift && takes(x.scale() + bits) ? product(x, factor, 1) : multiplyPublic(x, factor, 1);
  }

  /** x divided by a number, by multiplication with the nearest double. */
  Enclosure divide(Enclosure x, double divisor) {
    double factor = 1 / divisor;
    boolean exact = Math.abs(divisor) == Math.scalb(1.0, Math.getExponent(divisor));
    return multiplyPublic(x, factor, exact ? 0 : Math.ulp(factor));
  }

  /**
   * Means over windows.
   *
   * @param divisors the number that each window's sum is divided by, at least as large as the
   *     number of elements in it; one number for all windows is encoded more finely
   */
  Enclosure mean(Enclosure x, double[] divisors) {
    double[] different = Arrays.stream(divisors).distinct().toArray();
    if (different.length == 1) {
      return divide(sum(x, different[0]), different[0]);
    }
    Enclosure means = Enclosure.of(0, 0, 0);
    for (double divisor : different) {
      double factor = 1 / divisor;
      double distance = Math.ulp(factor);
      Enclosure encoded = Enclosure.of(factor + distance, rounding(factor, f) + distance, f);
      means = either(means, multiplyPublic(sum(x, divisor), encoded, 1));
    }
    return means;
  }

  // ---- comparisons and what follows from them

  /** max(0, x), which is 1-Lipschitz, after a pending rescaling. */
  Enclosure relu(Enclosure x) {
    return rescale(x);
  }

  /** The larger or the smaller; the comparison sees the difference, which may be twice as large. */
  static Enclosure maximum(Enclosure a, Enclosure b) {
    return either(a, b);
  }

  /**
   * A comparison of a - b with zero: wrong by {@code jump} as soon as its argument is inexact.
   *
   * @param difference a - b
   */
  static Enclosure decide(Enclosure difference, double jump) {
    // a comparison takes ring elements up to 2^(n-1), a truncation only up to 2^(n-2)
    return new Enclosure(1, difference.error() == 0 ? 0 : jump, 0, difference.peak() / 2);
  }

  /**
   * min(max(x, low), high), a median and so 1-Lipschitz in all three; an infinite bound is none.
   */
  Enclosure clip(Enclosure x, double low, double high) {
    if (Double.isInfinite(low) && Double.isInfinite(high)) {
      return x;
    }
    double magnitude =
        Math.max(
            Math.abs(clamp(-x.magnitude(), low, high)), Math.abs(clamp(x.magnitude(), low, high)));
    Enclosure y = SecretMath.movesFirst(ring, x.scale(), low, high) ? x : rescale(x);
    int scale = y.scale();
    double error = rescale(x).error();
    double peak = y.peak();
    for (double bound : new double[] {low, high}) {
      if (!Double.isInfinite(bound)) {
        // moved first, then rescaled on the opening of the comparison
        Enclosure distance = addPublic(y, bound);
        scale = Math.max(scale, distance.scale());
        error = Math.max(error, rounding(bound, Math.min(f, distance.scale())));
        peak = Math.max(peak, distance.peak());
      }
    }
    return new Enclosure(magnitude, error, Math.min(f, scale), peak);
  }

  private static double clamp(double x, double low, double high) {
    return Math.min(Math.max(x, low), high);
  }

  /** {@code a} where the bit is set, else {@code b}; a wrong bit takes the other. */
  static Enclosure where(Enclosure bit, Enclosure a, Enclosure b) {
    Enclosure right = either(a, b);
    double wrong = bit.error() == 0 ? 0 : a.magnitude() + b.magnitude();
    return new Enclosure(right.magnitude(), right.error() + wrong, right.scale(), right.peak());
  }

  /** Product of {@code count} elements, in log2 steps. */
  Enclosure product(Enclosure x, long count) {
    Enclosure left = x;
    for (long k = count; k > 1; k = (k + 1) / 2) {
      Enclosure product = rescale(multiply(left, left, 1));
      left = k % 2 == 0 ? product : either(product, rescale(left));
    }
    return left;
  }

  // ---- approximated functions

  /**
   * A function by a spline: its own error, and the argument's by its slope. Steps inside stay below
   * 2^(n-3); a comparison takes ring elements up to 2^(n-1).
   */
  Enclosure spline(SplineFunction function, Enclosure x) {
    if (!Room.suffices(ring, f)) {
      return Enclosure.unknown();
    }
    Room room = new Room(ring, f);
    Enclosure y = atScale(rescale(x), f);
    double magnitude = function.magnitude(y.magnitude());
    double error = function.error(room) + function.lipschitz() * y.error();
    return new Enclosure(magnitude, error, f, Math.max(y.peak(), room.peak()));
  }

  /** e^x: known where all arguments are in its domain. */
  Enclosure exponential(Enclosure x) {
    if (!Room.suffices(ring, f)) {
      return Enclosure.unknown();
    }
    Room room = new Room(ring, f);
    Exponential function = Exponential.of(room);
    Enclosure y = atScale(rescale(x), f);
    if (!(y.reach() <= function.top())) {
      return Enclosure.unknown();
    }
    // smaller arguments count as the lowest, where e^x is below one unit
    double largest = StrictMath.exp(y.reach());
    double error =
        StrictMath.exp(y.magnitude()) * StrictMath.expm1(y.error())
            + function.relativeError() * largest
            + StrictMath.exp(function.low())
            + unit;
    return Enclosure.outward(
        StrictMath.exp(y.magnitude()), error, f, Math.max(y.peak(), room.peak()));
  }

  /** sqrt(x), which changes by sqrt(d) at most where x changes by d. */
  Enclosure squareRoot(Enclosure x) {
    if (!Room.suffices(ring, f)) {
      return Enclosure.unknown();
    }
    Room room = new Room(ring, f);
    Enclosure y = atScale(rescale(x), f);
    if (!(y.reach() <= Math.scalb(1.0, OctaveFunction.SQRT.highest(room)))) {
      return Enclosure.unknown();
    }
    double error =
        Math.sqrt(y.error())
            + OctaveFunction.SQRT.relativeError(room) * Math.sqrt(y.reach())
            + Math.sqrt(Math.scalb(1.0, OctaveFunction.SQRT.lowest(room)))
            + unit;
    return Enclosure.outward(Math.sqrt(y.magnitude()), error, f, Math.max(y.peak(), room.peak()));
  }

  /**
   * 1 / sqrt(x) of known numbers: known where all are in its domain.
   *
   * @param least the least of them
   * @param x all of them
   */
  Enclosure inverseRoot(double least, Enclosure x) {
    if (!Room.suffices(ring, f)) {
      return Enclosure.unknown();
    }
    Room room = new Room(ring, f);
    OctaveFunction function = OctaveFunction.RECIPROCAL_SQRT;
    Enclosure y = atScale(rescale(x), f);
    double lower = least - y.error();
    if (!(lower >= Math.scalb(1.0, function.lowest(room))
        && y.reach() <= Math.scalb(1.0, function.highest(room)))) {
      return Enclosure.unknown();
    }
    double largest = function.value(lower);
    double error = largest - function.value(least) + function.relativeError(room) * largest + unit;
    return Enclosure.outward(function.value(least), error, f, Math.max(y.peak(), room.peak()));
  }

  /**
   * Softmax of {@code count} numbers, which changes by d / 2 at most where they change by d, or its
   * logarithm, which changes by 2 d.
   */
  Enclosure softmax(Enclosure x, int count, boolean logarithm) {
    if (!Room.suffices(ring, f)) {
      return Enclosure.unknown();
    }
    Room room = new Room(ring, f);
    Enclosure y = atScale(rescale(x), f);
    double own = new Softmax(room, count, logarithm).error();
    double magnitude = logarithm ? 2 * y.magnitude() + Math.log(count) : 1;
    double error = own + (logarithm ? 2 : 0.5) * y.error();
    // differences with the maximum are compared
    double peak = Math.max(Math.scalb(y.reach(), f + 1), Math.max(y.peak(), room.peak()));
    return Enclosure.outward(magnitude, error, f, peak);
  }

  private static Enclosure atScale(Enclosure x, int scale) {
    return new Enclosure(x.magnitude(), x.error(), Math.max(scale, x.scale()), x.peak());
  }
}
