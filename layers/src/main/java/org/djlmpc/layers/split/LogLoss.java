package org.djlmpc.layers.split;

/**
 * The mean binary cross-entropy, in nats a row: the loss that the label holder trains on.
 *
 * <p>Computed from logits z as max(z, 0) - z y + log(1 + exp(-|z|)), which neither overflows nor
 * takes the logarithm of a probability that was rounded to 0.
 */
public final class LogLoss {

  private LogLoss() {}

  /**
   * The mean loss.
   *
   * @param logits one a row, before the sigmoid
   * @param labels 0 or 1 for each row
   * @return at least 0; NaN if there are no rows
   * @throws org.djlmpc.error.MpcException ARGUMENT if the arrays do not fit or a label is neither 0
   *     nor 1, NOT_FINITE if a logit is NaN
   */
  public static double ofLogits(float[] logits, float[] labels) {
    Labels.check(logits, labels);
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      sum += of(logits[i], labels[i]);
    }
    return sum / logits.length;
  }

  /** The loss of a row with label 0 or 1. */
  static double of(double z, float label) {
    // For z = -Infinity the product with a label 0 would be NaN.
    return (label == 1 ? Math.max(-z, 0) : Math.max(z, 0)) + Math.log1p(Math.exp(-Math.abs(z)));
  }
}
