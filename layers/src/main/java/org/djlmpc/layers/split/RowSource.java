package org.djlmpc.layers.split;

import java.util.Arrays;
import java.util.function.LongUnaryOperator;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one holder, in the order that all holders have agreed on (see row alignment). Memory
 * ({@link #of}) or a file stands behind it; rows are asked for a batch at a time.
 *
 * <p>Batches come in the order of {@link RowOrder}: within an epoch each row once, and one window
 * of {@link Training#shuffleWindow} consecutive rows after the other, so that a source on disk
 * needs to keep one or two windows in memory.
 *
 * <p>Used by one thread at a time.
 */
public interface RowSource extends AutoCloseable {
  /** The columns; the same all the time. */
  FeatureSchema schema();

  /** Number of rows; the same at all holders. */
  long rows();

  /**
   * Reads rows.
   *
   * @param rows numbers of rows from 0, in the order wanted
   * @return the rows, with labels if this source has them
   * @throws MpcException DATA_FILE, or what {@link RowBatch} refuses
   */
  RowBatch read(long[] rows);

  @Override
  default void close() {}

  /**
   * Rows in memory.
   *
   * @param all all rows, with labels at the label holder
   */
  static RowSource of(RowBatch all) {
    return new RowSource() {
      @Override
      public FeatureSchema schema() {
        return all.schema();
      }

      @Override
      public long rows() {
        return all.rows();
      }

      @Override
      public RowBatch read(long[] rows) {
        return all.select(Arrays.stream(rows).mapToInt(Math::toIntExact).toArray());
      }
    };
  }

  /**
   * Numeric rows in memory.
   *
   * @param features one array per row, all of the same length
   * @param labels one per row, or null at a holder without labels
   */
  static RowSource of(float[][] features, float @Nullable [] labels) {
    int columns = features.length == 0 ? 0 : features[0].length;
    float[] dense = new float[Math.multiplyExact(features.length, columns)];
    for (int row = 0; row < features.length; row++) {
      if (features[row].length != columns) {
        throw new MpcException(
            ErrorCode.SHAPE,
            "Row " + row + " has " + features[row].length + " columns, row 0 has " + columns + ".",
            "Give rows of the same length.");
      }
      System.arraycopy(features[row], 0, dense, row * columns, columns);
    }
    return of(
        new RowBatch(FeatureSchema.dense(columns), features.length, dense, new int[0][], labels));
  }

  /** Consecutive rows of a source. */
  static RowSource range(RowSource source, long from, long to) {
    if (from < 0 || to < from || to > source.rows()) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Rows " + from + " to " + to + " of " + source.rows() + ".",
          "Name rows that there are.");
    }
    return renumbered(source, to - from, row -> row + from);
  }

  /**
   * Some rows of a source.
   *
   * @param chosen their numbers, in the order wanted; not copied
   */
  static RowSource only(RowSource source, int[] chosen) {
    return renumbered(source, chosen.length, row -> chosen[Math.toIntExact(row)]);
  }

  private static RowSource renumbered(RowSource source, long count, LongUnaryOperator number) {
    return new RowSource() {
      @Override
      public FeatureSchema schema() {
        return source.schema();
      }

      @Override
      public long rows() {
        return count;
      }

      @Override
      public RowBatch read(long[] rows) {
        return source.read(Arrays.stream(rows).map(number).toArray());
      }
    };
  }
}
