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

  /**
   * A holder's columns, if all are divided among the holders: their numbers differ by one at most.
   *
   * @param columns how many there are
   * @param holder from 0
   * @param holders from 1 to the number of columns
   * @throws MpcException ARGUMENT for another number
   */
  public static ColumnRange part(int columns, int holder, int holders) {
    if (holders < 1 || holders > columns) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          columns + " columns cannot be divided among " + holders + " holders.",
          "Choose 1 to " + columns + " holders.");
    }
    return new ColumnRange(holder * columns / holders, (holder + 1) * columns / holders);
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
  public float[] of(float[] matrix, int columns) {
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
