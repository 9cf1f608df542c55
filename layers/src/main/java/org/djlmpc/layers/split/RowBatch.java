package org.djlmpc.layers.split;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of one holder: dense columns, categorical columns as positions of their ones, and at
 * the label holder the labels. The arrays are not copied; nobody changes them while the batch is in
 * use.
 */
public final class RowBatch {
  /** The index that stands for no category: the row gets nothing from this column. */
  public static final int NO_CATEGORY = -1;

  private final FeatureSchema schema;
  private final int rows;
  private final float[] dense;
  private final int[][] categories;
  private final float @Nullable [] labels;

  /**
   * Some rows.
   *
   * @param schema the columns
   * @param rows how many rows
   * @param dense rows x dense columns, row by row; finite
   * @param categories for each categorical column one index per row, from 0 to its cardinality - 1,
   *     or {@link #NO_CATEGORY}
   * @param labels one per row, or null where there are none: 0 or 1, a class from 0, or a number
   * @throws MpcException SHAPE for arrays of other lengths, NOT_FINITE, or OUT_OF_RANGE for a
   *     category that the schema does not have
   */
  public RowBatch(
      FeatureSchema schema,
      int rows,
      float[] dense,
      int[][] categories,
      float @Nullable [] labels) {
    this.schema = schema;
    this.rows = rows;
    this.dense = dense;
    this.categories = categories;
    this.labels = labels;
    checkLengths();
    Finite.require(dense, "features");
    if (labels != null) {
      Finite.require(labels, "labels");
    }
    checkCategories();
  }

  private void checkLengths() {
    boolean fits =
        dense.length == (long) rows * schema.dense()
            && categories.length == schema.cardinalities().size()
            && (labels == null || labels.length == rows);
    for (int[] column : categories) {
      fits &= column.length == rows;
    }
    if (!fits) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "The arrays of a batch do not have " + rows + " rows of " + schema + ".",
          "Give rows x dense columns, and one index per row for each categorical column.");
    }
  }

  private void checkCategories() {
    for (int c = 0; c < categories.length; c++) {
      int cardinality = schema.cardinalities().get(c);
      for (int index : categories[c]) {
        if (index < NO_CATEGORY || index >= cardinality) {
          throw new MpcException(
              ErrorCode.OUT_OF_RANGE,
              "Categorical column " + c + " has a category outside of its " + cardinality + ".",
              "Map unknown categories to NO_CATEGORY, or give the schema more categories.");
        }
      }
    }
  }

  /** The columns. */
  public FeatureSchema schema() {
    return schema;
  }

  /** Number of rows. */
  public int rows() {
    return rows;
  }

  /** Rows x dense columns, row by row; the array itself. */
  public float[] dense() {
    return dense;
  }

  /** One index per row of a categorical column; the array itself. */
  public int[] categories(int column) {
    return categories[column];
  }

  /** One label per row, or null; the array itself. */
  public float @Nullable [] labels() {
    return labels;
  }

  /**
   * Writes the rows with one-hot columns made.
   *
   * @param all receives them, row by row; zeros where these rows come
   * @param stride values from a row of {@code all} to the next
   * @param offset of this batch's first column in a row
   */
  void copyWithOneHot(float[] all, int stride, int offset) {
    for (int row = 0; row < rows; row++) {
      int at = row * stride + offset;
      System.arraycopy(dense, row * schema.dense(), all, at, schema.dense());
      for (int c = 0; c < categories.length; c++) {
        int index = categories[c][row];
        if (index != NO_CATEGORY) {
          all[at + schema.offset(c) + index] = 1;
        }
      }
    }
  }

  /** The columns and the number of rows. */
  @Override
  public String toString() {
    return "RowBatch(" + rows + " rows of " + schema + ")";
  }
}
