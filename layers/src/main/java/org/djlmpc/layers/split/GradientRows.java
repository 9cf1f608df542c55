package org.djlmpc.layers.split;

import java.util.Arrays;

/**
 * The rows of a gradient, (columns, width), that a batch reaches; the others are zero and not kept.
 * The rows of dense columns are always there, at the places of their numbers.
 */
final class GradientRows {
  private static final int NONE = -1;

  private final int dense;
  private final int width;

  /** Of each column its place among {@link #rows}, or NONE. */
  private final int[] places;

  private int[] rows;
  private float[] values;
  private int count;

  GradientRows(FeatureSchema schema, int width) {
    dense = schema.dense();
    this.width = width;
    places = new int[schema.columns()];
    Arrays.fill(places, NONE);
    rows = new int[dense];
    values = new float[dense * width];
    for (int column = 0; column < dense; column++) {
      places[column] = column;
      rows[column] = column;
    }
    count = dense;
  }

  /** Back to zero. */
  void clear() {
    Arrays.fill(values, 0, count * width, 0);
    for (int i = dense; i < count; i++) {
      places[rows[i]] = NONE;
    }
    count = dense;
  }

  /**
   * Where the values of a column begin in {@link #values}; they are zero at first. May replace that
   * array.
   */
  int at(int column) {
    if (places[column] == NONE) {
      if (count == rows.length) {
        grow();
      }
      rows[count] = column;
      places[column] = count++;
    }
    return places[column] * width;
  }

  private void grow() {
    int room = Math.min(places.length, Math.max(16, 2 * count));
    float[] before = values;
    rows = Arrays.copyOf(rows, room);
    values = Arrays.copyOf(before, room * width);
    Arrays.fill(before, 0);
  }

  /** How many rows there are. */
  int count() {
    return count;
  }

  /** The number of the row at a place. */
  int row(int place) {
    return rows[place];
  }

  /** (count, width), and zeros after them; the array itself. */
  float[] values() {
    return values;
  }
}
