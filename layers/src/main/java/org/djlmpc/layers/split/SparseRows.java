package org.djlmpc.layers.split;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * Rows of many columns of which each row has few that are not zero, as compressed sparse rows: the
 * entries of row r are those from {@code starts[r]} to {@code starts[r + 1] - 1}. Products and
 * gradients cost the entries alone. The arrays are not copied; nobody changes them while the rows
 * are in use.
 *
 * @param columns how many columns there are
 * @param starts rows + 1 rising numbers, from 0 to the number of entries
 * @param indices column of each entry, from 0; rising within a row
 * @param values of each entry; finite
 */
public record SparseRows(int columns, int[] starts, int[] indices, float[] values) {
  /**
   * Checks the arrays.
   *
   * @throws MpcException SHAPE for arrays that do not fit each other, OUT_OF_RANGE for columns that
   *     do not rise within a row or that there are not, NOT_FINITE
   */
  public SparseRows {
    if (!startsFit(starts, indices.length) || values.length != indices.length || columns < 0) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "Sparse rows have "
              + starts.length
              + " starts, "
              + indices.length
              + " indices and "
              + values.length
              + " values.",
          "Give rows + 1 starts that rise from 0 to the number of entries, one index and one value"
              + " for each entry.");
    }
    for (int row = 0; row + 1 < starts.length; row++) {
      int before = -1;
      for (int i = starts[row]; i < starts[row + 1]; i++) {
        if (indices[i] <= before || indices[i] >= columns) {
          throw new MpcException(
              ErrorCode.OUT_OF_RANGE,
              "A row has entries that do not rise, or outside of " + columns + " sparse columns.",
              "Sort each row's entries by column, add up those of one column, and number columns"
                  + " from 0.");
        }
        before = indices[i];
      }
    }
    Finite.require(values, "sparse features");
  }

  private static boolean startsFit(int[] starts, int entries) {
    boolean fit = starts.length > 0 && starts[0] == 0 && starts[starts.length - 1] == entries;
    for (int i = 1; i < starts.length; i++) {
      fit &= starts[i - 1] <= starts[i];
    }
    return fit;
  }

  /** Rows of no columns; none for a negative number, which {@link RowBatch} refuses. */
  static SparseRows none(int rows) {
    return new SparseRows(0, new int[Math.max(0, rows) + 1], new int[0], new float[0]);
  }

  /** Number of rows. */
  public int rows() {
    return starts.length - 1;
  }

  /**
   * Copies some of the rows.
   *
   * @param rows their numbers, in the order wanted
   */
  SparseRows select(int[] rows) {
    int[] from = new int[rows.length + 1];
    for (int i = 0; i < rows.length; i++) {
      from[i + 1] = Math.addExact(from[i], starts[rows[i] + 1] - starts[rows[i]]);
    }
    int[] selected = new int[from[rows.length]];
    float[] selectedValues = new float[selected.length];
    for (int i = 0; i < rows.length; i++) {
      int count = from[i + 1] - from[i];
      System.arraycopy(indices, starts[rows[i]], selected, from[i], count);
      System.arraycopy(values, starts[rows[i]], selectedValues, from[i], count);
    }
    return new SparseRows(columns, from, selected, selectedValues);
  }

  /** The sizes only. */
  @Override
  public String toString() {
    return "SparseRows(" + rows() + " x " + columns + ", " + indices.length + " entries)";
  }
}
