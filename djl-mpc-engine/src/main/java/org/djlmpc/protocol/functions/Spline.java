package org.djlmpc.protocol.functions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.djlmpc.protocol.Bilinear;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.SecretMath;
import org.djlmpc.protocol.Share;

/**
 * A function on [0, infinity) that becomes constant, as quadratic pieces between knots k_0 = 0 &lt;
 * k_1 &lt; ... &lt; k_m and a constant from k_m on.
 *
 * <ol>
 *   <li>bits b_i = [x &gt;= k_i] for all knots in one call;
 *   <li>the middle k of the piece of x and its coefficients c0, c1, c2: local sums of bits;
 *   <li>d = x - k, then c0 + d (c1 + c2 d): two products and one truncation.
 * </ol>
 *
 * The pieces' own coordinates d keep all factors small, so nothing is lost to rounding; in the
 * constant piece c1 = c2 = 0 exactly, so that any x, however large, gives the constant.
 *
 * <p>Knots are placed so that all pieces and the constant have the same error.
 */
final class Spline {
  /** Knots are multiples of 2^-6, middles of 2^-7. */
  private static final double GRID = 0x1p-6;

  private static final double FARTHEST = 1 << 6;

  /** Samples may miss the largest error by this much. */
  private static final double MARGIN = 1.02;

  private final double[] knots;
  private final double[] middles;
  private final double[][] coefficients;
  private final double error;

  private Spline(double[] knots, double[] middles, double[][] coefficients, double error) {
    this.knots = knots;
    this.middles = middles;
    this.coefficients = coefficients;
    this.error = error;
  }

  /**
   * The spline of the least error.
   *
   * @param f a function that approaches {@code limit}
   * @param limit its value far away
   * @param pieces m
   */
  static Spline fit(DoubleUnaryOperator f, double limit, int pieces) {
    double low = 1e-9;
    double high = 1;
    for (int i = 0; i < 30; i++) {
      double error = StrictMath.sqrt(low * high);
      boolean enough = knots(f, limit, error).size() <= pieces;
      low = enough ? low : error;
      high = enough ? error : high;
    }
    return of(f, limit, knots(f, limit, high), high);
  }

  /** Knots of quadratic pieces of this error, each piece as long as can be. */
  private static List<Double> knots(DoubleUnaryOperator f, double limit, double error) {
    double end = FARTHEST;
    while (end > GRID && Math.abs(f.applyAsDouble(end - GRID) - limit) <= error) {
      end -= GRID;
    }
    List<Double> knots = new ArrayList<>();
    for (double from = 0; from < end; from = knots.get(knots.size() - 1)) {
      int shortest = 1;
      int longest = (int) ((end - from) / GRID);
      while (shortest < longest) {
        int length = (shortest + longest + 1) / 2;
        double to = from + length * GRID;
        boolean good = Chebyshev.distance(f, Chebyshev.fit(f, from, to, 2), from, to) <= error;
        shortest = good ? length : shortest;
        longest = good ? longest : length - 1;
      }
      knots.add(from + shortest * GRID);
    }
    return knots;
  }

  private static Spline of(DoubleUnaryOperator f, double limit, List<Double> knots, double error) {
    int m = knots.size();
    double[] middles = new double[m + 1];
    double[][] c = new double[3][m + 1];
    double from = 0;
    for (int i = 0; i < m; i++) {
      double to = knots.get(i);
      double[] piece = Chebyshev.fit(f, from, to, 2);
      middles[i] = (from + to) / 2;
      for (int k = 0; k < 3; k++) {
        c[k][i] = piece[k];
      }
      from = to;
    }
    middles[m] = from;
    c[0][m] = limit;
    double[] array = knots.stream().mapToDouble(Double::doubleValue).toArray();
    return new Spline(array, middles, c, error * MARGIN);
  }

  /** The last knot, from which on the function is constant. */
  double end() {
    return knots[knots.length - 1];
  }

  /**
   * Bound of the distance between what {@link #evaluate} computes and the function, for an argument
   * that is exact.
   */
  double error(Room room) {
    int a = room.quadraticBits(magnitude());
    int f = room.fractionBits();
    double rounding = 0;
    double from = 0;
    for (int i = 0; i < knots.length; i++) {
      double radius = (knots[i] - from) / 2 + room.unit();
      double slope = Math.abs(coefficients[1][i]) + 2 * radius * Math.abs(coefficients[2][i]);
      double shifted =
          Math.abs(middles[i] - Math.scalb(Math.rint(Math.scalb(middles[i], f)), -f))
              + Math.abs(knots[i] - Math.scalb(Math.rint(Math.scalb(knots[i], f)), -f));
      double here =
          radius * radius * Math.scalb(0.5, -a)
              + radius * Math.scalb(0.5, -a - f)
              + Math.scalb(0.5, -a - 2 * f)
              + 2 * slope * shifted;
      rounding = Math.max(rounding, here);
      from = knots[i];
    }
    return error + rounding + room.unit();
  }

  /** Bound of the function's values. */
  private double magnitude() {
    return Math.max(1, Arrays.stream(coefficients[0]).map(Math::abs).max().orElse(0) * 2);
  }

  /** Comparisons for each element. */
  int comparisons() {
    return knots.length;
  }

  /** x - k_i for all knots: what {@link #evaluate} needs the signs of. */
  List<Share> differences(SecretMath math, Share x) {
    return Steps.differences(math, x, knots);
  }

  /**
   * The function.
   *
   * @param x (N), at least 0, f fraction bits
   * @param bits (m, N), [x &gt;= k_i]
   * @return (N), f fraction bits
   */
  Share evaluate(SecretMath math, Share x, Share bits) {
    Protocol protocol = math.protocol();
    Room room = Room.of(math.fixedPoint());
    int f = room.fractionBits();
    int a = room.quadraticBits(magnitude());
    double[][] numbers = {coefficients[2], coefficients[1], coefficients[0], middles};
    List<Share> selected = new Steps(protocol, bits).select(numbers, a, a + f, a + 2 * f, f);
    Share d = protocol.subtract(x, selected.get(3));
    Share linear =
        protocol.add(protocol.multiply(Bilinear.ELEMENTWISE, selected.get(0), d), selected.get(1));
    Share value = protocol.add(protocol.multiply(Bilinear.ELEMENTWISE, linear, d), selected.get(2));
    return protocol.truncate(value, a + f);
  }

  /** What the pieces give in real numbers; for tests. */
  double value(double x) {
    int i = 0;
    while (i < knots.length && x >= knots[i]) {
      i++;
    }
    double d = x - middles[i];
    return coefficients[0][i] + d * (coefficients[1][i] + d * coefficients[2][i]);
  }
}
