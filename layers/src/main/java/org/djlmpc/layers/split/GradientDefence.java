package org.djlmpc.layers.split;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * What the label holder does to the gradients of hL before the server gets them. The norm of a
 * row's gradient tells a lot about its label where classes are unbalanced (O. Li et al., Label
 * leakage and protection in two-party split learning, ICLR 2022, arXiv 2102.08504).
 *
 * @param noise standard deviation of Gaussian noise on every element, as a multiple of the batch's
 *     largest row norm divided by the square root of the width; 0 adds none
 * @param equalNorms whether every row's gradient is scaled to the batch's mean norm
 */
public record GradientDefence(float noise, boolean equalNorms) {
  /** Gradients as they are. */
  public static final GradientDefence NONE = new GradientDefence(0, false);

  /** Checks the noise. */
  public GradientDefence {
    if (!(noise >= 0 && noise < Float.POSITIVE_INFINITY)) {
      throw new MpcException(
          ErrorCode.ARGUMENT, "Gradient noise of " + noise + ".", "Give 0 or more.");
    }
  }

  /** Noise whose norm is about this multiple of the largest row's. */
  public static GradientDefence noise(float multiple) {
    return new GradientDefence(multiple, false);
  }

  /** Every row as long as the mean. */
  public static GradientDefence equalizeNorms() {
    return new GradientDefence(0, true);
  }

  boolean changesNothing() {
    return noise == 0 && !equalNorms;
  }

  /**
   * Changes gradients of shape (rows, width).
   *
   * @param noiseSource used when there is noise
   */
  void apply(float[] gradients, int width, GaussianNoise noiseSource) {
    int rows = gradients.length / width;
    double largest = 0;
    double sum = 0;
    double[] norms = new double[rows];
    for (int row = 0; row < rows; row++) {
      double square = 0;
      for (int i = row * width; i < (row + 1) * width; i++) {
        square += (double) gradients[i] * gradients[i];
      }
      norms[row] = Math.sqrt(square);
      largest = Math.max(largest, norms[row]);
      sum += norms[row];
    }
    if (equalNorms) {
      for (int row = 0; row < rows; row++) {
        double factor = norms[row] > 0 ? sum / rows / norms[row] : 0;
        for (int i = row * width; i < (row + 1) * width; i++) {
          // as a float the factor of a tiny row would be infinite
          gradients[i] = (float) (gradients[i] * factor);
        }
      }
    }
    if (noise > 0) {
      noiseSource.add(gradients, 0, gradients.length, noise * largest / Math.sqrt(width));
    }
  }
}
