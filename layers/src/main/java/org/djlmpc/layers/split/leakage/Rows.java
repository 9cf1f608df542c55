package org.djlmpc.layers.split.leakage;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.ColumnRange;

/**
 * A matrix of observations, row by row; the array is not copied.
 *
 * @param width columns
 * @param values rows x width
 */
public record Rows(int width, float[] values) {
  /** Checks that there are whole rows. */
  public Rows {
    if (width < 1 || values.length % width != 0) {
      throw new MpcException(
          ErrorCode.SHAPE,
          values.length + " values are no rows of width " + width + ".",
          "Give rows x width values.");
    }
  }

  /** How many rows there are. */
  public int count() {
    return values.length / width;
  }

  /** The Euclidean norm of each row. */
  public float[] norms() {
    float[] norms = new float[count()];
    for (int row = 0; row < norms.length; row++) {
      double square = 0;
      for (int i = row * width; i < (row + 1) * width; i++) {
        square += (double) values[i] * values[i];
      }
      norms[row] = (float) Math.sqrt(square);
    }
    return norms;
  }

  /** Some of the rows. */
  public Rows select(int[] rows) {
    float[] selected = new float[rows.length * width];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(values, rows[i] * width, selected, i * width, width);
    }
    return new Rows(width, selected);
  }

  /** Some of the columns. */
  public Rows columns(ColumnRange range) {
    return new Rows(range.width(), range.of(values, width));
  }

  /** The size only. */
  @Override
  public String toString() {
    return "Rows(" + count() + " x " + width + ")";
  }
}
