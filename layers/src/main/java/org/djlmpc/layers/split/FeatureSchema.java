package org.djlmpc.layers.split;

import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * The columns of one holder.
 *
 * @param dense number of numeric columns
 * @param cardinalities for each categorical column the number of its categories; it counts as so
 *     many one-hot columns, which are never made
 */
public record FeatureSchema(int dense, List<Integer> cardinalities) {
  /** Checks the numbers. */
  public FeatureSchema {
    cardinalities = List.copyOf(cardinalities);
    long columns = dense + cardinalities.stream().mapToLong(Integer::longValue).sum();
    if (dense < 0
        || cardinalities.stream().anyMatch(cardinality -> cardinality < 1)
        || columns > Integer.MAX_VALUE) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Columns: " + dense + " dense, categories " + cardinalities + ".",
          "Give no negative numbers, and at least one category to each categorical column.");
    }
  }

  /** Numeric columns only. */
  public static FeatureSchema dense(int columns) {
    return new FeatureSchema(columns, List.of());
  }

  /** All columns, with the one-hot columns of the categorical ones: rows of theta. */
  public int columns() {
    return dense + cardinalities.stream().mapToInt(Integer::intValue).sum();
  }

  /** The first one-hot column of a categorical column. */
  public int offset(int category) {
    int offset = dense;
    for (int i = 0; i < category; i++) {
      offset += cardinalities.get(i);
    }
    return offset;
  }

  @Override
  public String toString() {
    return dense + " dense columns and categories " + cardinalities;
  }
}
