package org.djlmpc.protocol.functions;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.djlmpc.protocol.Bilinear;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.SecretMath;
import org.djlmpc.protocol.Share;

/**
 * Functions of positive numbers of any size: the argument is brought into [1/2, 1) by its leading
 * bit.
 *
 * <ol>
 *   <li>y is limited to [0, 2^hi];
 *   <li>bits [y &gt;= 2^i] for lo &lt;= i &lt; hi, in one call of narrow comparisons;
 *   <li>2^-(e+1), where 2^e &lt;= y &lt; 2^(e+1), is a local sum of bits, and so is a factor G of
 *       the result;
 *   <li>u = y 2^-(e+1) is in [1/2, 1), f(u) is a polynomial of degree four, and the result is f(u)
 *       G, or f(u) + G for the logarithm.
 * </ol>
 *
 * <p>Below 2^lo, zero and negative numbers included, the result is that of 2^lo, or 0 for the
 * square root; above 2^hi it is that of 2^hi. Relative error {@link #relativeError}; for the
 * logarithm that is the absolute error. Beside it there is the rounding of argument and result to f
 * fraction bits.
 */
public enum OctaveFunction {
  /** 1 / y, from 2^-(f/2). */
  RECIPROCAL,
  /** 1 / sqrt(y), from 2^-(3f/4). */
  RECIPROCAL_SQRT,
  /** sqrt(y), from 2^-(f-2); smaller numbers give 0. */
  SQRT,
  /** The natural logarithm, from 2^-(f-2). */
  LOG;

  /** What the normalized argument is where nothing selects a factor: 4 * 0 - 3. */
  private static final double NOTHING = -3;

  private static final Map<OctaveFunction, Quartic> QUARTICS = new ConcurrentHashMap<>();

  private Quartic quartic() {
    return QUARTICS.computeIfAbsent(this, f -> Quartic.fit(f::value, 0.5, 1));
  }

  /** The function itself, in real numbers. */
  public double value(double y) {
    return switch (this) {
      case RECIPROCAL -> 1 / y;
      case RECIPROCAL_SQRT -> 1 / StrictMath.sqrt(y);
      case SQRT -> StrictMath.sqrt(y);
      case LOG -> StrictMath.log(y);
    };
  }

  /** The domain begins at 2 to this power. */
  public int lowest(Room room) {
    int f = room.fractionBits();
    return switch (this) {
      case RECIPROCAL -> -f / 2;
      case RECIPROCAL_SQRT -> -3 * f / 4;
      case SQRT, LOG -> 2 - f;
    };
  }

  /**
   * The domain ends at 2 to this power: half of the bits before the point that a value may have.
   */
  public int highest(Room room) {
    int half = (room.ring().bits() - 2 - 2 * room.fractionBits()) / 2;
    return this == RECIPROCAL ? half - 1 : half + 1;
  }

  /** Bound of the relative error (of the logarithm: absolute error), before the last rounding. */
  public double relativeError(Room room) {
    double least =
        switch (this) {
          case RECIPROCAL, RECIPROCAL_SQRT, LOG -> 1;
          case SQRT -> StrictMath.sqrt(0.5);
        };
    return quartic().error(room) / least + Math.scalb(1.0, -room.fractionBits() - 2);
  }

  /**
   * The function of a secret.
   *
   * @param x any shape and scale
   * @return the same shape, f fraction bits
   */
  public Share of(SecretMath math, Share x) {
    Room room = Room.of(math.fixedPoint());
    double end = Math.scalb(1.0, highest(room));
    Share y = math.clip(Arguments.flat(math, x), 0, end);
    double[] thresholds = powers(lowest(room), highest(room));
    Steps steps = Steps.within(math, y, thresholds, end);
    Share result = normalized(math.protocol(), room, y, steps, room.fractionBits());
    return math.protocol().reshape(result, x.shape());
  }

  /**
   * 1 / x for x of either sign; where x is 0, the value of 2^lo.
   *
   * @param x any shape and scale
   * @param scale fraction bits of the result
   */
  static Share signedReciprocal(SecretMath math, Share x, int scale) {
    Room room = Room.of(math.fixedPoint());
    int hi = RECIPROCAL.highest(room);
    double end = Math.scalb(1.0, hi);
    Share y = math.clip(Arguments.flat(math, x), -end, end);
    Protocol narrow = Steps.narrow(math.protocol(), y.scale(), 2 * end);
    Share positive = narrow.relu(y, 0);
    Share size = narrow.subtract(narrow.add(positive, positive), y);
    double[] thresholds = powers(RECIPROCAL.lowest(room), hi);
    List<Share> compared = new ArrayList<>(Steps.differences(math, size, thresholds));
    compared.add(y);
    Share bits = narrow.nonNegative(Steps.rows(narrow, compared));
    int m = thresholds.length;
    Steps steps = new Steps(narrow, Steps.rows(narrow, bits, 0, m));
    Share result = RECIPROCAL.normalized(narrow, room, size, steps, scale);
    Share signed = Arguments.signed(narrow, Steps.row(narrow, bits, m), result);
    return math.protocol().reshape(signed, x.shape());
  }

  private static double[] powers(int from, int to) {
    return IntStream.range(from, to).mapToDouble(i -> Math.scalb(1.0, i)).toArray();
  }

  /** The function where the octave is known, or is none. */
  private Share normalized(Protocol protocol, Room room, Share y, Steps steps, int scale) {
    int lo = lowest(room);
    int hi = highest(room);
    double[] down = new double[hi - lo + 1];
    double[] factors = new double[down.length];
    for (int i = lo; i < hi; i++) {
      down[i - lo + 1] = Math.scalb(1.0, -i - 1);
      factors[i - lo + 1] = factor(i);
    }
    double least = Math.scalb(1.0, lo);
    double nothing = quartic().value(NOTHING);
    factors[0] =
        switch (this) {
          case SQRT -> 0;
          case LOG -> value(least) - nothing;
          case RECIPROCAL, RECIPROCAL_SQRT -> value(least) / nothing;
        };
    double largest = Math.max(value(least), Math.abs(value(Math.scalb(1.0, hi))));
    return combine(protocol, room, y, steps, down, factors, hi, largest, scale);
  }

  /**
   * The function of numbers from about 1 to 2^octaves.
   *
   * @param y a vector
   */
  Share ofAtLeastOne(SecretMath math, Share y, int octaves, int scale) {
    double[] down = new double[octaves];
    double[] factors = new double[octaves];
    for (int i = 0; i < octaves; i++) {
      down[i] = Math.scalb(1.0, -i - 1);
      factors[i] = factor(i);
    }
    Room room = Room.of(math.fixedPoint());
    Steps steps = Steps.within(math, y, powers(1, octaves), Math.scalb(1.0, octaves + 1));
    double largest = 2 * Math.max(1, Math.abs(value(Math.scalb(1.0, octaves))));
    return combine(math.protocol(), room, y, steps, down, factors, octaves, largest, scale);
  }

  /** What f(u) becomes f(y) by, for y in [2^octave, 2^(octave + 1)). */
  private double factor(int octave) {
    double up = Math.scalb(1.0, octave + 1);
    return value(up);
  }

  private Share combine(
      Protocol protocol,
      Room room,
      Share y,
      Steps steps,
      double[] down,
      double[] factors,
      int downBits,
      double largest,
      int scale) {
    int g = room.argumentBits();
    int factorBits = this == LOG ? scale : Math.min(40, room.scaleFor(2 * largest) - g);
    List<Share> selected = steps.select(new double[][] {down, factors}, downBits, factorBits);
    Share u = protocol.multiply(Bilinear.ELEMENTWISE, y, selected.get(0));
    // 4 u - 3 runs from -1 to 1
    Share four = protocol.withScale(Arguments.atScale(protocol, u, g + 2), g);
    Share value = quartic().of(protocol, room, Quartic.plus(protocol, four, NOTHING));
    if (this == LOG) {
      return protocol.add(Arguments.atScale(protocol, value, scale), selected.get(1));
    }
    Share product = protocol.multiply(Bilinear.ELEMENTWISE, value, selected.get(1));
    return Arguments.atScale(protocol, product, scale);
  }
}
