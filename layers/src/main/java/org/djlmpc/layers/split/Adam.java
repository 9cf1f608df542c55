package org.djlmpc.layers.split;

/**
 * Adam (Kingma and Ba, ICLR 2015), with its moments of each parameter.
 *
 * <pre>
 * m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2
 * theta -= alpha m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
 * </pre>
 *
 * <p>A parameter goes on moving when its gradient is zero, because m decays slowly. These steps
 * have no sum in closed form, so they are made one after the other when the parameter is next
 * needed. They shrink by beta1 / sqrt(beta2) each, and what is below {@link #NEGLIGIBLE} of the
 * first one is left out; then only the moments decay.
 */
final class Adam {
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  /** Of a step; all that is left out together is below the rounding of a float. */
  private static final double NEGLIGIBLE = 0x1p-40;

  private final UpdateRule rule;
  private final float beta1;
  private final float beta2 = (float) BETA2;
  private final float[] first;
  private final float[] second;

  /** Steps without a gradient after which a parameter stands still. */
  private final long fading;

  /** The moments are the caller's, who saves them. */
  Adam(UpdateRule rule, float[] first, float[] second) {
    this.rule = rule;
    this.first = first;
    this.second = second;
    beta1 = rule.momentum();
    double shrinking = beta1 / Math.sqrt(BETA2);
    fading =
        shrinking < 1
            ? (long) Math.ceil(Math.log(NEGLIGIBLE) / Math.log(shrinking))
            : Long.MAX_VALUE;
  }

  /**
   * Step t.
   *
   * @param at first parameter
   * @param from place of its gradient
   */
  void step(long t, float[] theta, int at, float[] g, int from, int count) {
    double rate = rate(Math.pow(beta1, (double) t));
    double correction = correction(Math.pow(BETA2, (double) t));
    for (int i = 0; i < count; i++) {
      float gradient = g[from + i];
      first[at + i] = beta1 * first[at + i] + (1 - beta1) * gradient;
      second[at + i] = beta2 * second[at + i] + (1 - beta2) * gradient * gradient;
      move(theta, at + i, rate, correction);
    }
  }

  /** Steps {@code since + 1} to {@code until}, all with gradients of zero. */
  void idle(long since, long until, float[] theta, int at, int count) {
    if (isStill(at, count)) {
      return;
    }
    long moving = since + Math.min(until - since, fading);
    double power1 = Math.pow(beta1, (double) since);
    double power2 = Math.pow(BETA2, (double) since);
    for (long t = since + 1; t <= moving; t++) {
      power1 *= beta1;
      power2 *= BETA2;
      double rate = rate(power1);
      double correction = correction(power2);
      for (int i = at; i < at + count; i++) {
        first[i] *= beta1;
        second[i] *= beta2;
        move(theta, i, rate, correction);
      }
    }
    double decay1 = Math.pow(beta1, (double) (until - moving));
    double decay2 = Math.pow(beta2, (double) (until - moving));
    for (int i = at; i < at + count; i++) {
      first[i] = (float) (decay1 * first[i]);
      second[i] = (float) (decay2 * second[i]);
    }
  }

  /** No gradient has ever come, so nothing moves. */
  private boolean isStill(int at, int count) {
    for (int i = at; i < at + count; i++) {
      if (second[i] != 0 || first[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** From beta1^t. */
  private double rate(double power) {
    return rule.learningRate() / (1 - power);
  }

  /** From beta2^t. */
  private static double correction(double power) {
    return 1 / Math.sqrt(1 - power);
  }

  private void move(float[] theta, int i, double rate, double correction) {
    theta[i] -= (float) (rate * first[i] / (Math.sqrt(second[i]) * correction + EPSILON));
  }
}
