package org.djlmpc.layers.split;

import java.util.stream.IntStream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of one holder: dense columns, categorical columns as positions of their ones, sparse
 * columns as their entries, and at the label holder the labels. The arrays are not copied; nobody
 * changes them while the batch is in use.
 */
public final class RowBatch {
  /** The index that stands for no category: the row gets nothing from this column. */
  public static final int NO_CATEGORY = -1;

  private final FeatureSchema schema;
  private final int rows;
  private final float[] dense;
  private final int[][] categories;
  private final SparseRows sparse;
  private final float @Nullable [] labels;

  /** The first one-hot column of each categorical column, and then the first sparse one. */
  private final int[] offsets;

  /** What a row has beyond its dense columns. */
  @FunctionalInterface
  interface EntryVisitor {
    /**
     * A value that is not zero.
     *
     * @param row of the batch
     * @param column among all columns: a row of theta
     */
    void entry(int row, int column, float value);
  }

  /**
   * Some rows without sparse columns; {@link #withSparse} adds those.
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
    this(schema, rows, dense, categories, SparseRows.none(rows), labels);
    checkLengths();
    Finite.require(dense, "features");
    if (labels != null) {
      Finite.require(labels, "labels");
    }
    checkCategories();
  }

  private RowBatch(
      FeatureSchema schema,
      int rows,
      float[] dense,
      int[][] categories,
      SparseRows sparse,
      float @Nullable [] labels) {
    this.schema = schema;
    this.rows = rows;
    this.dense = dense;
    this.categories = categories;
    this.sparse = sparse;
    this.labels = labels;
    int categorical = schema.cardinalities().size();
    offsets = IntStream.rangeClosed(0, categorical).map(schema::offset).toArray();
  }

  /** Rows of sparse columns alone, with one label for each row or null. */
  public static RowBatch of(SparseRows sparse, float @Nullable [] labels) {
    return new RowBatch(FeatureSchema.dense(0), sparse.rows(), new float[0], new int[0][], labels)
        .withSparse(sparse);
  }

  /**
   * The same rows with sparse columns.
   *
   * @throws MpcException SHAPE for another number of rows
   */
  public RowBatch withSparse(SparseRows columns) {
    if (columns.rows() != rows) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "There are " + columns.rows() + " sparse rows for a batch of " + rows + ".",
          "Give as many rows of each kind.");
    }
    return new RowBatch(
        schema.withSparse(columns.columns()), rows, dense, categories, columns, labels);
  }

  private void checkLengths() {
    boolean fits =
        rows >= 0
            && schema.sparse() == 0
            && dense.length == (long) rows * schema.dense()
            && categories.length == schema.cardinalities().size()
            && (labels == null || labels.length == rows);
    for (int[] column : categories) {
      fits &= column.length == rows;
    }
    if (!fits) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "The arrays of a batch do not have " + rows + " rows of " + schema + ".",
          "Give rows x dense columns, one index per row for each categorical column, and sparse"
              + " columns by withSparse.");
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

  /** The sparse columns. */
  public SparseRows sparse() {
    return sparse;
  }

  /** One label per row, or null; the array itself. */
  public float @Nullable [] labels() {
    return labels;
  }

  /**
   * Visits the ones of categorical columns and the entries of sparse ones, row by row.
   *
   * @param from first row
   * @param to row after the last
   */
  void forEachEntry(int from, int to, EntryVisitor visitor) {
    int[] starts = sparse.starts();
    for (int row = from; row < to; row++) {
      for (int c = 0; c < categories.length; c++) {
        int index = categories[c][row];
        if (index != NO_CATEGORY) {
          visitor.entry(row, offsets[c] + index, 1);
        }
      }
      for (int i = starts[row]; i < starts[row + 1]; i++) {
        visitor.entry(row, offsets[categories.length] + sparse.indices()[i], sparse.values()[i]);
      }
    }
  }

  /** Copies some of the rows, in the order wanted. */
  RowBatch select(int[] wanted) {
    int columns = schema.dense();
    float[] some = new float[wanted.length * columns];
    int[][] indices = new int[categories.length][wanted.length];
    float[] someLabels = labels == null ? null : new float[wanted.length];
    for (int i = 0; i < wanted.length; i++) {
      System.arraycopy(dense, wanted[i] * columns, some, i * columns, columns);
      for (int c = 0; c < categories.length; c++) {
        indices[c][i] = categories[c][wanted[i]];
      }
      if (labels != null && someLabels != null) {
        someLabels[i] = labels[wanted[i]];
      }
    }
    return new RowBatch(schema, wanted.length, some, indices, sparse.select(wanted), someLabels);
  }

  /**
   * Writes the rows with one-hot columns made and zeros of sparse columns written out.
   *
   * @param all receives them, row by row; zeros where these rows come
   * @param stride values from a row of {@code all} to the next
   * @param offset of this batch's first column in a row
   */
  public void copyWithOneHot(float[] all, int stride, int offset) {
    for (int row = 0; row < rows; row++) {
      System.arraycopy(dense, row * schema.dense(), all, row * stride + offset, schema.dense());
    }
    forEachEntry(0, rows, (row, column, value) -> all[row * stride + offset + column] = value);
  }

  /** The columns and the number of rows. */
  @Override
  public String toString() {
    return "RowBatch(" + rows + " rows of " + schema + ")";
  }
}
