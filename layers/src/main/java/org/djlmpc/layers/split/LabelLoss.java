package org.djlmpc.layers.split;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/** The loss at the label holder, on the outputs z of its linear layer; the mean over the rows. */
public enum LabelLoss {
  /** Cross-entropy of sigmoid(z), labels 0 or 1, one output. */
  BINARY,
  /** Cross-entropy of softmax(z), labels are classes from 0, one output each. */
  SOFTMAX,
  /** (z - y)^2 / 2, labels are numbers, one output. */
  SQUARED;

  void requireOutputs(int outputs) {
    boolean fits = this == SOFTMAX ? outputs >= 2 : outputs == 1;
    if (!fits) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "The loss " + this + " with " + outputs + " outputs.",
          "Use one output for BINARY and SQUARED, and one for each class for SOFTMAX.");
    }
  }

  /** Refuses labels that this loss does not take. */
  void requireLabels(float[] labels, int outputs) {
    for (float label : labels) {
      boolean fits =
          switch (this) {
            case BINARY -> label == 0 || label == 1;
            case SOFTMAX -> label >= 0 && label < outputs && label == Math.rint(label);
            case SQUARED -> true;
          };
      if (!fits) {
        throw new MpcException(
            ErrorCode.OUT_OF_RANGE,
            "A label does not fit the loss " + this + " with " + outputs + " outputs.",
            "BINARY takes 0 and 1, SOFTMAX whole numbers from 0 to outputs - 1.");
      }
    }
  }

  /**
   * The mean loss, and its gradient.
   *
   * @param z (rows, outputs)
   * @param gradient receives the gradient for z, same shape
   */
  double evaluate(float[] z, float[] labels, int outputs, float[] gradient) {
    int rows = labels.length;
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      float y = labels[row];
      switch (this) {
        case BINARY -> {
          double x = z[row];
          sum += LogLoss.of(x, y);
          gradient[row] = (float) ((sigmoid(x) - y) / rows);
        }
        case SQUARED -> {
          double d = z[row] - y;
          sum += d * d / 2;
          gradient[row] = (float) (d / rows);
        }
        case SOFTMAX -> sum += softmax(z, row * outputs, (int) y, outputs, gradient, rows);
      }
    }
    return sum / rows;
  }

  private static double softmax(
      float[] z, int at, int label, int outputs, float[] gradient, int rows) {
    double log = logSum(z, at, outputs);
    for (int k = 0; k < outputs; k++) {
      double p = Math.exp(z[at + k] - log);
      gradient[at + k] = (float) ((p - (k == label ? 1 : 0)) / rows);
    }
    return log - z[at + label];
  }

  private static double logSum(float[] z, int at, int outputs) {
    double max = z[at];
    for (int k = 1; k < outputs; k++) {
      max = Math.max(max, z[at + k]);
    }
    double sum = 0;
    for (int k = 0; k < outputs; k++) {
      sum += Math.exp(z[at + k] - max);
    }
    return max + Math.log(sum);
  }

  /**
   * The class with the largest output or probability, the first of them if there are several.
   *
   * @param scores (rows, outputs)
   * @param from where a row begins
   */
  public static int mostProbable(float[] scores, int from, int outputs) {
    int best = 0;
    for (int k = 1; k < outputs; k++) {
      if (scores[from + k] > scores[from + best]) {
        best = k;
      }
    }
    return best;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** What a prediction says, in place: probabilities, or for SQUARED the number itself. */
  void toScores(float[] z, int outputs) {
    switch (this) {
      case BINARY -> {
        for (int i = 0; i < z.length; i++) {
          z[i] = (float) sigmoid(z[i]);
        }
      }
      case SOFTMAX -> {
        for (int at = 0; at < z.length; at += outputs) {
          double log = logSum(z, at, outputs);
          for (int k = 0; k < outputs; k++) {
            z[at + k] = (float) Math.exp(z[at + k] - log);
          }
        }
      }
      case SQUARED -> {}
    }
  }
}
