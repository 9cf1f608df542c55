package org.djlmpc.layers.split;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/** What a metric asks of scores and binary labels. */
final class Labels {

  private Labels() {}

  /** Refuses what has no metric. Names the row, never the value: labels are secret. */
  static void check(float[] scores, float[] labels) {
    if (scores.length != labels.length) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          scores.length + " scores do not fit " + labels.length + " labels.",
          "Give one score a row.");
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] != 0 && labels[i] != 1) {
        throw new MpcException(
            ErrorCode.ARGUMENT,
            "The label of row " + i + " is neither 0 nor 1.",
            "Encode the two classes as 0 and 1.");
      }
      if (Float.isNaN(scores[i])) {
        throw new MpcException(
            ErrorCode.NOT_FINITE,
            "The score of row " + i + " is NaN.",
            "Train with a smaller learning rate, and look for extreme values in the data.");
      }
    }
  }
}
