package org.djlmpc.layers.split;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * Consecutive columns of a matrix.
 *
 * @param from the first one
 * @param to the one after the last
 */
public record ColumnRange(int from, int to) {
  /** Checks the numbers. */
  public ColumnRange {
    if (from < 0 || to <= from) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Columns from " + from + " to " + to + ".",
          "Give every holder at least one column.");
    }
  }

  /** All columns of a matrix. */
  public static ColumnRange all(int columns) {
    return new ColumnRange(0, columns);
  }

  /** How many they are. */
  public int width() {
    return to - from;
  }

  /**
   * Takes these columns out of a matrix.
   *
   * @param matrix row by row
   * @param columns of the matrix
   * @return the matrix itself if these are all
   */
  float[] of(float[] matrix, int columns) {
    if (width() == columns) {
      return matrix;
    }
    float[] part = new float[matrix.length / columns * width()];
    for (int row = 0; row < matrix.length / columns; row++) {
      System.arraycopy(matrix, row * columns + from, part, row * width(), width());
    }
    return part;
  }
}
