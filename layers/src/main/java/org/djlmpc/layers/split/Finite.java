package org.djlmpc.layers.split;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/** Refuses NaN and infinity, without saying where: positions would speak of rows. */
final class Finite {
  private Finite() {}

  /**
   * Checks all values.
   *
   * @param what the values are, for the message
   * @throws MpcException NOT_FINITE
   */
  static void require(float[] values, String what) {
    int strange = 0;
    for (float value : values) {
      // false for NaN too
      strange += Math.abs(value) <= Float.MAX_VALUE ? 0 : 1;
    }
    if (strange > 0) {
      throw new MpcException(
          ErrorCode.NOT_FINITE,
          strange + " of " + values.length + " " + what + " are NaN or infinite.",
          "Clean and standardize the data, or lower the learning rate if this came in training.");
    }
  }
}
