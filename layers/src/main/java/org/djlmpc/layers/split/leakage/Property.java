package org.djlmpc.layers.split.leakage;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.djlmpc.layers.split.RowBatch;
import org.djlmpc.layers.split.data.Encoder;
import org.djlmpc.layers.split.data.Table;

/**
 * What an attacker wants to know of a row: whether a number is at least its median, or a category
 * the most frequent one. Median and frequency are those of the attacked rows.
 */
final class Property {
  private final Table column;
  private final Encoder encoder;
  private final boolean numeric;
  private final float median;
  private final int frequent;

  /**
   * A property.
   *
   * @param holder who has the column
   * @param name of the column
   * @param attacked the rows that are attacked
   */
  Property(Table holder, String name, int[] attacked) {
    column = holder.only(List.of(name), false);
    encoder = Encoder.fit(column, attacked, false);
    RowBatch batch = read(attacked);
    numeric = batch.schema().dense() == 1;
    median = numeric ? median(batch.dense()) : Float.NaN;
    frequent = numeric ? RowBatch.NO_CATEGORY : mostFrequent(batch.categories(0));
  }

  private RowBatch read(int[] rows) {
    return encoder.rows(column, rows).read(LongStream.range(0, rows.length).toArray());
  }

  private static float median(float[] values) {
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static int mostFrequent(int[] categories) {
    int[] counts = new int[Arrays.stream(categories).max().orElse(0) + 1];
    for (int category : categories) {
      if (category >= 0) {
        counts[category]++;
      }
    }
    return IntStream.range(0, counts.length)
        .reduce((a, b) -> counts[b] > counts[a] ? b : a)
        .orElse(0);
  }

  /** 1 for the rows that have the property, 0 for the others. */
  float[] of(int[] rows) {
    RowBatch batch = read(rows);
    float[] properties = new float[rows.length];
    for (int i = 0; i < properties.length; i++) {
      boolean has = numeric ? batch.dense()[i] >= median : batch.categories(0)[i] == frequent;
      properties[i] = has ? 1 : 0;
    }
    return properties;
  }
}
