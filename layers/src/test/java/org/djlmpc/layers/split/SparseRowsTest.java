package org.djlmpc.layers.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sparse and categorical columns against dense ones, at the cost of their entries. */
class SparseRowsTest {
  private static final int WIDTH = 3;
  private static final int SPARSE = 150;

  /** Rows with columns of each kind, of which low numbers are frequent and high ones rare. */
  static RowBatch mixed(int rows, SplittableRandom random, float[] labels) {
    FeatureSchema schema = new FeatureSchema(2, List.of(60, 3));
    float[] dense = new float[2 * rows];
    int[][] categories = new int[2][rows];
    int[] starts = new int[rows + 1];
    List<Integer> indices = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      dense[2 * row] = (float) random.nextDouble() - 0.5f;
      dense[2 * row + 1] = (float) random.nextDouble();
      categories[0][row] = (int) (60 * Math.pow(random.nextDouble(), 4));
      categories[1][row] = random.nextInt(4) - 1;
      BitSet columns = new BitSet();
      for (int i = random.nextInt(4); i > 0; i--) {
        columns.set((int) (SPARSE * Math.pow(random.nextDouble(), 6)));
      }
      columns.stream().forEach(indices::add);
      starts[row + 1] = indices.size();
    }
    float[] values = new float[indices.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble() * 2 - 1;
    }
    int[] columns = indices.stream().mapToInt(Integer::intValue).toArray();
    return new RowBatch(schema, rows, dense, categories, labels)
        .withSparse(new SparseRows(SPARSE, starts, columns, values));
  }

  /** The same rows with all zeros written out. */
  static RowBatch writtenOut(RowBatch x) {
    int columns = x.schema().columns();
    float[] all = new float[x.rows() * columns];
    for (int row = 0; row < x.rows(); row++) {
      int at = row * columns;
      all[at++] = x.dense()[2 * row];
      all[at++] = x.dense()[2 * row + 1];
      for (int c = 0; c < 2; c++) {
        if (x.categories(c)[row] >= 0) {
          all[at + x.categories(c)[row]] = 1;
        }
        at += x.schema().cardinalities().get(c);
      }
      for (int i = x.sparse().starts()[row]; i < x.sparse().starts()[row + 1]; i++) {
        all[at + x.sparse().indices()[i]] = x.sparse().values()[i];
      }
    }
    return new RowBatch(FeatureSchema.dense(columns), x.rows(), all, new int[0][], x.labels());
  }

  private static FirstWeights weights(FeatureSchema schema, UpdateRule rule) {
    SplitNetwork network = SplitNetwork.binary(FirstActivation.RELU, WIDTH, 3);
    return new FirstWeights(schema, SplitPlan.of(network, 2, Training.of(1, 10, rule)), 0, 1L);
  }

  static List<UpdateRule> rules() {
    return List.of(
        UpdateRule.sgd(0.5f),
        UpdateRule.momentum(0.05f, 0.9f),
        UpdateRule.adam(0.01f),
        // whose steps do not shrink
        new UpdateRule(UpdateRule.Kind.ADAM, 0.001f, 0.9998f),
        UpdateRule.sgld(0.2f, 0));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void productsAndUpdatesAreThoseOfDenseRows(UpdateRule rule) {
    SplittableRandom random = new SplittableRandom(4);
    FeatureSchema schema = mixed(1, random, null).schema();
    FirstWeights lazy = weights(schema, rule);
    FirstWeights dense = weights(FeatureSchema.dense(schema.columns()), rule);
    int[] last = new int[schema.columns()];
    int longest = 0;
    for (int step = 1; step <= 1200; step++) {
      RowBatch x = mixed(3, random, null);
      RowBatch written = writtenOut(x);
      if (step % 3 > 0) {
        assertThat(lazy.product(x)).containsExactly(dense.product(written), within(1e-5f));
      }
      assertThat(lazy.denseRows(x)).isEqualTo(written.dense());
      float[] g = new float[3 * WIDTH];
      for (int i = 0; i < g.length; i++) {
        g[i] = 0.2f * ((float) random.nextDouble() - 0.45f);
      }
      lazy.update(x, g);
      dense.update(written, g);
      for (int i = 0; i < written.dense().length; i++) {
        if (written.dense()[i] != 0) {
          int column = i % last.length;
          longest = last[column] > 0 ? Math.max(longest, step - last[column]) : longest;
          last[column] = step;
        }
      }
      if (step == 700) {
        FirstWeights loaded = weights(schema, rule);
        Checkpoints.load(Checkpoints.bytes(lazy), loaded);
        assertThat(loaded.transposed()).isEqualTo(lazy.transposed());
        lazy = loaded;
      }
    }
    // longer than Adam's steps go on
    assertThat(longest).isGreaterThan(300);
    assertThat(lazy.theta()).containsExactly(dense.theta(), within(1e-5f));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aBatchTouchesTheRowsThatItUses(UpdateRule rule) {
    int columns = 100_000;
    SplittableRandom random = new SplittableRandom(4);
    FeatureSchema schema = new FeatureSchema(1, List.of(columns)).withSparse(columns);
    FirstWeights weights = weights(schema, rule);
    // the array itself, without what its rows have to catch up with
    float[] theta = weights.theta();
    GradientRows gradient = new GradientRows(schema, WIDTH);
    for (int batch = 0; batch < 5; batch++) {
      int category = random.nextInt(columns);
      int column = random.nextInt(columns);
      RowBatch x =
          new RowBatch(
                  new FeatureSchema(1, List.of(columns)),
                  2,
                  new float[] {1, 2},
                  new int[][] {{category, category}},
                  null)
              .withSparse(
                  new SparseRows(
                      columns,
                      new int[] {0, 1, 2},
                      new int[] {column, column},
                      new float[] {1, 1}));
      float[] before = theta.clone();
      weights.product(x);
      weights.update(x, new float[] {1, 2, 3, 1, 2, 3});
      List<Integer> changed = new ArrayList<>();
      for (int i = 0; i < theta.length; i += WIDTH) {
        if (!Arrays.equals(theta, i, i + WIDTH, before, i, i + WIDTH)) {
          changed.add(i / WIDTH);
        }
      }
      assertThat(changed).containsExactly(0, 1 + category, 1 + columns + column);
      gradient.clear();
      x.forEachEntry(0, 2, (row, touched, value) -> gradient.at(touched));
      assertThat(gradient.count()).isEqualTo(3);
      assertThat(gradient.values()).hasSizeLessThan(100);
    }
  }

  @Test
  void noiseThatIsCaughtUpWithHasTheVarianceOfItsSteps() {
    int columns = 100_000;
    double each = 0.04;
    float[] theta = new float[columns];
    GradientRows none = new GradientRows(new FeatureSchema(0, List.of(columns)), 1);
    try (RowUpdater updater = new RowUpdater(UpdateRule.sgld((float) each), theta, 1)) {
      updater.update(none);
      updater.update(none);
      assertThat(theta).containsOnly(0f);
      updater.catchUp();
      float[] two = theta.clone();
      updater.catchUp();
      assertThat(theta).isEqualTo(two);
      for (int step = 0; step < 3; step++) {
        updater.update(none);
      }
      updater.catchUp();
      float[] three = new float[columns];
      double product = 0;
      for (int i = 0; i < columns; i++) {
        three[i] = theta[i] - two[i];
        product += two[i] * three[i] / columns;
      }
      // seven standard deviations of each estimate
      assertThat(meanSquare(two))
          .isCloseTo(2 * each, within(7 * 2 * each * Math.sqrt(2.0 / columns)));
      assertThat(meanSquare(three))
          .isCloseTo(3 * each, within(7 * 3 * each * Math.sqrt(2.0 / columns)));
      assertThat(product).isCloseTo(0, within(7 * each * Math.sqrt(6.0 / columns)));
    }
  }

  private static double meanSquare(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return sum / values.length;
  }

  @Test
  void rowsArePickedWithTheirEntries() {
    RowBatch all = mixed(20, new SplittableRandom(4), new float[20]);
    RowBatch some = RowSource.of(all).read(new long[] {7, 0, 7, 19});
    float[] written = writtenOut(all).dense();
    int columns = all.schema().columns();
    float[] expected = new float[4 * columns];
    int[] rows = {7, 0, 7, 19};
    for (int i = 0; i < 4; i++) {
      System.arraycopy(written, rows[i] * columns, expected, i * columns, columns);
    }
    assertThat(writtenOut(some).dense()).isEqualTo(expected);
    assertThat(some.schema()).isEqualTo(all.schema());
    RowBatch alone = RowBatch.of(all.sparse(), null);
    assertThat(alone.schema()).isEqualTo(FeatureSchema.dense(0).withSparse(SPARSE));
    assertThat(alone.rows()).isEqualTo(20);
  }

  @Test
  void rowsThatDoNotFitAreRefused() {
    int[] starts = {0, 2};
    assertRefused(ErrorCode.SHAPE, () -> new SparseRows(5, new int[0], new int[0], new float[0]));
    assertRefused(
        ErrorCode.SHAPE, () -> new SparseRows(5, new int[] {0, 1}, new int[2], new float[2]));
    assertRefused(
        ErrorCode.SHAPE, () -> new SparseRows(5, new int[] {0, 3, 2}, new int[2], new float[2]));
    assertRefused(ErrorCode.SHAPE, () -> new SparseRows(5, starts, new int[2], new float[1]));
    assertRefused(
        ErrorCode.OUT_OF_RANGE, () -> new SparseRows(5, starts, new int[] {3, 5}, new float[2]));
    assertRefused(
        ErrorCode.OUT_OF_RANGE, () -> new SparseRows(5, starts, new int[] {-1, 3}, new float[2]));
    assertRefused(
        ErrorCode.OUT_OF_RANGE, () -> new SparseRows(5, starts, new int[] {3, 3}, new float[2]));
    assertRefused(
        ErrorCode.NOT_FINITE,
        () -> new SparseRows(5, starts, new int[] {3, 4}, new float[] {1, Float.NaN}));
    SparseRows sparse = new SparseRows(5, starts, new int[] {3, 4}, new float[2]);
    assertRefused(
        ErrorCode.SHAPE,
        () ->
            new RowBatch(FeatureSchema.dense(1), 2, new float[2], new int[0][], null)
                .withSparse(sparse));
    assertRefused(
        ErrorCode.SHAPE,
        () ->
            new RowBatch(
                FeatureSchema.dense(1).withSparse(5), 1, new float[1], new int[0][], null));
    assertRefused(
        ErrorCode.ARGUMENT, () -> new FeatureSchema(2, List.of()).withSparse(Integer.MAX_VALUE));
    assertRefused(
        ErrorCode.SHAPE,
        () -> weights(FeatureSchema.dense(0).withSparse(Integer.MAX_VALUE), UpdateRule.sgd(0.1f)));
  }

  private static void assertRefused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(MpcException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
