package org.djlmpc.layers.split.data;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * How a numeric column becomes a feature: (x - mean) / deviation, cut off at {@link #LIMIT}
 * deviations. A missing value counts as the mean. A constant column becomes 0.
 *
 * @param name of the column
 * @param mean of the training rows that have a value
 * @param deviation standard deviation of the same rows; 0 if all are equal
 * @param indicator whether another feature says that the value is missing
 */
record NumericColumn(String name, double mean, double deviation, boolean indicator) {
  /** One mistyped income must not outweigh all others, nor leave the range of fixed point. */
  static final double LIMIT = 10;

  NumericColumn {
    if (!Double.isFinite(mean) || !(deviation >= 0 && Double.isFinite(deviation))) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Column " + name + " has impossible statistics.",
          "Fit the encoder again.");
    }
  }

  /** Sums up a column's values, by Welford's recurrence (Technometrics 4, 1962). */
  static final class Statistics {
    private long rows;
    private long present;
    private double mean;
    private double squares;

    void add(double value) {
      rows++;
      if (!Double.isNaN(value)) {
        present++;
        double distance = value - mean;
        mean += distance / present;
        squares += distance * (value - mean);
      }
    }

    NumericColumn column(String name, boolean indicator) {
      double deviation = present == 0 ? 0 : Math.sqrt(squares / present);
      return new NumericColumn(name, mean, deviation, indicator && present < rows);
    }
  }

  float encode(float value) {
    if (Float.isNaN(value) || deviation == 0) {
      return 0;
    }
    double standardized = (value - mean) / deviation;
    return (float) Math.max(-LIMIT, Math.min(LIMIT, standardized));
  }
}
