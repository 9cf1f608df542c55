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
 * @param sparse number of numeric columns of which a row has few that are not zero ({@link
 *     SparseRows})
 */
public record FeatureSchema(int dense, List<Integer> cardinalities, int sparse) {
  /** Checks the numbers. */
  public FeatureSchema {
    cardinalities = List.copyOf(cardinalities);
    long columns =
        (long) dense + sparse + cardinalities.stream().mapToLong(Integer::longValue).sum();
    if (dense < 0
        || sparse < 0
        || cardinalities.stream().anyMatch(cardinality -> cardinality < 1)
        || columns > Integer.MAX_VALUE) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Columns: " + dense + " dense, categories " + cardinalities + ", " + sparse + " sparse.",
          "Give no negative numbers, at least one category to each categorical column, and less"
              + " than 2^31 columns in all.");
    }
  }

  /** Numeric and categorical columns. */
  public FeatureSchema(int dense, List<Integer> cardinalities) {
    this(dense, cardinalities, 0);
  }

  /** Numeric columns only. */
  public static FeatureSchema dense(int columns) {
    return new FeatureSchema(columns, List.of());
  }

  /** The same with other sparse columns. */
  public FeatureSchema withSparse(int columns) {
    return new FeatureSchema(dense, cardinalities, columns);
  }

  /**
   * All columns, with the one-hot columns of the categorical ones: rows of theta. Dense columns
   * come first, sparse ones last.
   */
  public int columns() {
    return offset(cardinalities.size()) + sparse;
  }

  /**
   * The length of an array with so many values for each column.
   *
   * @param what they are, for the message
   * @throws MpcException SHAPE if an array has no room for them
   */
  int values(int perColumn, String what) {
    long values = (long) columns() * perColumn;
    if (values > Integer.MAX_VALUE) {
      throw new MpcException(
          ErrorCode.SHAPE,
          columns() + " columns and " + perColumn + " " + what + " are too many values.",
          "Use fewer columns or smaller batches; ss and he make no dense rows.");
    }
    return (int) values;
  }

  /**
   * The first one-hot column of a categorical column.
   *
   * @param category its number; that of categorical columns for the first sparse column
   */
  public int offset(int category) {
    int offset = dense;
    for (int i = 0; i < category; i++) {
      offset += cardinalities.get(i);
    }
    return offset;
  }

  @Override
  public String toString() {
    return dense
        + " dense columns and categories "
        + cardinalities
        + (sparse > 0 ? " and " + sparse + " sparse columns" : "");
  }
}
