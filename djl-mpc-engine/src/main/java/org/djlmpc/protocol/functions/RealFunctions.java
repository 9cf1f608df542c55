package org.djlmpc.protocol.functions;

/** Real functions that Java lacks, equal bit for bit on every platform. */
public final class RealFunctions {
  private static final double TWO_OVER_SQRT_PI = 2 / StrictMath.sqrt(StrictMath.PI);

  /** Beyond, 1 - erf(x) is below half a unit in the last place of 1. */
  private static final double ERF_SATURATES = 6;

  private RealFunctions() {}

  /**
   * The error function: {@code 2 / sqrt(pi) exp(-x^2) sum 2^n x^(2n+1) / (2n+1)!!} (Abramowitz and
   * Stegun, Handbook of Mathematical Functions, 7.1.6). All terms have one sign, so nothing
   * cancels.
   */
  public static double erf(double x) {
    if (!(Math.abs(x) < ERF_SATURATES)) {
      return x > 0 ? 1 : x < 0 ? -1 : x;
    }
    double square = x * x;
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= 2 * square / (2 * n + 1);
      sum += term;
    }
    return TWO_OVER_SQRT_PI * StrictMath.exp(-square) * sum;
  }

  /** {@code 1 / (1 + exp(-x))}. */
  public static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }

  /** {@code log(1 + exp(x))} without overflow. */
  public static double softplus(double x) {
    return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
  }

  /** {@code x Phi(x)}, Phi being the normal distribution function. */
  public static double gelu(double x) {
    return 0.5 * x * (1 + erf(x / StrictMath.sqrt(2)));
  }

  /** {@code min(max(x + 3, 0), 6) / 6}. */
  public static double hardSigmoid(double x) {
    return Math.min(Math.max(x + 3, 0), 6) / 6;
  }
}
