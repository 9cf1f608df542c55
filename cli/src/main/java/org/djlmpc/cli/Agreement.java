package org.djlmpc.cli;

/**
 * How private outputs compare with plaintext ones.
 *
 * @param sameTop1 fraction of images with the same answer
 * @param largestDifference largest difference of an output
 * @param largestGap of the images with another answer: largest distance, in plaintext, between the
 *     two answers
 */
record Agreement(double sameTop1, double largestDifference, double largestGap) {

  static Agreement of(float[] plain, float[] secret, int classes) {
    if (plain.length != secret.length) {
      throw new IllegalArgumentException("Outputs of different lengths cannot be compared.");
    }
    int same = 0;
    double gap = 0;
    int count = plain.length / classes;
    for (int i = 0; i < count; i++) {
      int expected = top1(plain, i, classes);
      int actual = top1(secret, i, classes);
      same += expected == actual ? 1 : 0;
      gap = Math.max(gap, plain[i * classes + expected] - plain[i * classes + actual]);
    }
    double largest = 0;
    for (int i = 0; i < plain.length; i++) {
      largest = Math.max(largest, Math.abs(plain[i] - secret[i]));
    }
    return new Agreement(same / (double) count, largest, gap);
  }

  /** Whether other answers differ by no more than errors of this size on both outputs can cause. */
  boolean explainedBy(double bound) {
    return largestGap <= 2 * bound && largestDifference <= bound;
  }

  static int top1(float[] outputs, int image, int classes) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      best = outputs[image * classes + c] > outputs[image * classes + best] ? c : best;
    }
    return best;
  }
}
