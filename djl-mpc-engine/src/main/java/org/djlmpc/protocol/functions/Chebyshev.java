package org.djlmpc.protocol.functions;

import java.util.function.DoubleUnaryOperator;

/**
 * Polynomials that are near the best ones: interpolation in the zeros of Chebyshev's polynomials.
 * With n + 1 zeros on an interval of length h the error is at most 2 (h / 4)^(n + 1) max |f^(n+1)|
 * / (n + 1)! (Davis, Interpolation and Approximation, 3.3). Equal bit for bit on every platform.
 */
final class Chebyshev {
  private static final int SAMPLES = 64;

  private Chebyshev() {}

  /**
   * Interpolates f on [from, to].
   *
   * @return coefficients of powers of x - (from + to) / 2, the constant first
   */
  static double[] fit(DoubleUnaryOperator f, double from, double to, int degree) {
    double middle = (from + to) / 2;
    double radius = (to - from) / 2;
    int n = degree + 1;
    double[] nodes = new double[n];
    double[] divided = new double[n];
    for (int i = 0; i < n; i++) {
      nodes[i] = radius * StrictMath.cos(StrictMath.PI * (2 * i + 1) / (2 * n));
      divided[i] = f.applyAsDouble(middle + nodes[i]);
    }
    // Newton's divided differences, then expansion into powers
    for (int order = 1; order < n; order++) {
      for (int i = n - 1; i >= order; i--) {
        divided[i] = (divided[i] - divided[i - 1]) / (nodes[i] - nodes[i - order]);
      }
    }
    double[] c = new double[n];
    for (int i = n - 1; i >= 0; i--) {
      for (int k = n - 1; k > 0; k--) {
        c[k] = c[k - 1] - nodes[i] * c[k];
      }
      c[0] = divided[i] - nodes[i] * c[0];
    }
    return c;
  }

  /** Value of a polynomial. */
  static double value(double[] c, double x) {
    double value = 0;
    for (int k = c.length - 1; k >= 0; k--) {
      value = value * x + c[k];
    }
    return value;
  }

  /** The largest distance from f on [from, to], by samples. */
  static double distance(DoubleUnaryOperator f, double[] c, double from, double to) {
    double middle = (from + to) / 2;
    double distance = 0;
    for (int i = 0; i <= SAMPLES; i++) {
      double x = from + (to - from) * i / SAMPLES;
      distance = Math.max(distance, Math.abs(value(c, x - middle) - f.applyAsDouble(x)));
    }
    return distance;
  }
}
