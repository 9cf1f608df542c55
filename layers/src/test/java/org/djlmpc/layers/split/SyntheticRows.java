package org.djlmpc.layers.split;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Rows with a label that depends on the columns of all holders. */
final class SyntheticRows {
  private SyntheticRows() {}

  /** One source for each holder; the first has the labels. */
  static List<RowSource> of(int rows, int columns, int holders, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][][] x = new float[holders][rows][columns];
    float[] y = new float[rows];
    for (int row = 0; row < rows; row++) {
      double sum = 0;
      for (int h = 0; h < holders; h++) {
        for (int c = 0; c < columns; c++) {
          x[h][row][c] = (float) (2 * random.nextDouble() - 1);
          sum += (c % 2 == 0 ? 1 : -0.5) * x[h][row][c];
        }
      }
      y[row] = sum + 0.2 * random.nextDouble() > 0 ? 1 : 0;
    }
    List<RowSource> sources = new ArrayList<>();
    for (int h = 0; h < holders; h++) {
      float @Nullable [] labels = h == 0 ? y : null;
      sources.add(RowSource.of(x[h], labels));
    }
    return sources;
  }

  /** Setups with validation rows cut off the end, and seeds of their own. */
  static List<HolderSetup> setups(int rows, int columns, int holders, LabelResults results) {
    List<RowSource> sources = of(rows, columns, holders, 7);
    HolderSetup[] setups = new HolderSetup[holders];
    int cut = rows * 4 / 5;
    for (int h = 0; h < holders; h++) {
      setups[h] =
          HolderSetup.of(RowSource.range(sources.get(h), 0, cut))
              .with(HolderSetup.VALIDATION, RowSource.range(sources.get(h), cut, rows))
              .with("test", RowSource.range(sources.get(h), cut, rows))
              .withSeed(100 + h)
              .withResults(results);
    }
    return Arrays.asList(setups);
  }
}
