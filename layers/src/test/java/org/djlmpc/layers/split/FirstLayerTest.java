package org.djlmpc.layers.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.Test;

class FirstLayerTest {
  private static final int WIDTH = 5;
  private static final int ROWS = 40;

  private static SplitPlan plan(int holders, FirstLayer layer) {
    SplitNetwork network = SplitNetwork.binary(FirstActivation.RELU, WIDTH, 3);
    return SplitPlan.of(network, holders, Training.of(1, ROWS, UpdateRule.sgd(0.1f)))
        .withFirstLayer(layer);
  }

  /** Dense and categorical columns, another number of them at each holder. */
  private static List<RowBatch> rows(int holders, double scale) {
    SplittableRandom random = new SplittableRandom(3);
    List<RowBatch> batches = new ArrayList<>();
    for (int h = 0; h < holders; h++) {
      FeatureSchema schema = new FeatureSchema(2 + h, List.of(4, 3));
      float[] dense = new float[ROWS * schema.dense()];
      for (int i = 0; i < dense.length; i++) {
        dense[i] = (float) (scale * (2 * random.nextDouble() - 1));
      }
      int[][] categories = new int[2][ROWS];
      for (int row = 0; row < ROWS; row++) {
        categories[0][row] = random.nextInt(4);
        categories[1][row] = random.nextInt(4) - 1;
      }
      batches.add(new RowBatch(schema, ROWS, dense, categories, null));
    }
    return batches;
  }

  /** One-hot columns made and multiplied in double. */
  private static double[] product(RowBatch x, FirstWeights weights) {
    double[] h = new double[ROWS * WIDTH];
    for (int row = 0; row < ROWS; row++) {
      for (int j = 0; j < WIDTH; j++) {
        for (int c = 0; c < x.schema().dense(); c++) {
          h[row * WIDTH + j] +=
              (double) x.dense()[row * x.schema().dense() + c] * weights.theta()[c * WIDTH + j];
        }
        for (int k = 0; k < 2; k++) {
          int index = x.categories(k)[row];
          h[row * WIDTH + j] +=
              index < 0 ? 0 : weights.theta()[(x.schema().offset(k) + index) * WIDTH + j];
        }
      }
    }
    return h;
  }

  @Test
  void theMaskedSumIsTheSumOfTheRoundedProducts() throws Exception {
    try (FirstLayerRig rig = new FirstLayerRig(plan(4, new MaskedSum()))) {
      List<RowBatch> x = rows(4, 3);
      List<FirstWeights> weights = rig.weights(x);
      long[] sum = new long[ROWS * WIDTH];
      double[] exact = new double[ROWS * WIDTH];
      for (int h = 0; h < 4; h++) {
        float[] product = weights.get(h).product(x.get(h));
        double[] own = product(x.get(h), weights.get(h));
        for (int i = 0; i < sum.length; i++) {
          sum[i] += (long) Math.rint(product[i] * 65536.0);
          exact[i] += own[i];
        }
      }
      for (float[] h1 : rig.run(x, weights, 3)) {
        for (int i = 0; i < h1.length; i++) {
          assertThat(h1[i]).isEqualTo((float) (sum[i] / 65536.0));
          assertThat(h1[i]).isCloseTo((float) exact[i], within(4e-5f));
        }
      }
    }
  }

  @Test
  void masksAreUniformAndNeverComeBack() throws Exception {
    SplitPlan plan = plan(3, new MaskedSum());
    try (FirstLayerRig rig = new FirstLayerRig(plan)) {
      List<RowBatch> x = rows(3, 3);
      List<FirstWeights> weights = rig.weights(x);
      int steps = 40;
      // the same rows and weights in every step of two jobs: what differs is masks alone
      rig.run(x, weights, steps);
      rig.run(x, weights, steps);
      for (int h = 0; h < 3; h++) {
        PartyId holder = plan.roles().holder(h);
        List<Long> words = new ArrayList<>();
        for (long job = 1; job <= 2; job++) {
          for (byte[] frame : rig.sentToServer(holder, job)) {
            ByteBuffer buffer = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
            assertThat(frame).hasSize(ROWS * WIDTH * Long.BYTES);
            while (buffer.hasRemaining()) {
              words.add(buffer.getLong());
            }
          }
        }
        assertThat(words).hasSize(2 * steps * ROWS * WIDTH).doesNotHaveDuplicates();
        for (int bit = 0; bit < Long.SIZE; bit++) {
          int at = bit;
          long ones = words.stream().filter(word -> (word >>> at & 1) == 1).count();
          // seven standard deviations of a fair coin
          assertThat((double) ones)
              .isCloseTo(words.size() / 2.0, within(3.5 * Math.sqrt(words.size())));
        }
      }
    }
  }

  @Test
  void oneHoldersFramesDoNotFollowItsData() throws Exception {
    // over large and over no data, the high bits of a frame are the same coin
    for (double scale : new double[] {0, 1e4}) {
      SplitPlan plan = plan(2, new MaskedSum());
      try (FirstLayerRig rig = new FirstLayerRig(plan)) {
        List<RowBatch> x = rows(2, scale);
        rig.run(x, rig.weights(x), 50);
        long high = 0;
        long count = 0;
        for (byte[] frame : rig.sentToServer(plan.roles().holder(0), 1)) {
          ByteBuffer buffer = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
          while (buffer.hasRemaining()) {
            high += buffer.getLong() < 0 ? 1 : 0;
            count++;
          }
        }
        assertThat((double) high).isCloseTo(count / 2.0, within(3.5 * Math.sqrt(count)));
      }
    }
  }

  @Test
  void beaversProductsGiveTheSameToTheLastBit() throws Exception {
    List<RowBatch> x = rows(2, 3);
    float[] expected;
    try (FirstLayerRig rig = new FirstLayerRig(plan(2, new MaskedSum()))) {
      expected = rig.run(x, rig.weights(x), 1).get(0);
    }
    try (FirstLayerRig rig = new FirstLayerRig(plan(2, new BeaverSum()))) {
      for (int job = 0; job < 2; job++) {
        for (float[] h1 : rig.run(x, rig.weights(x), 3)) {
          for (int i = 0; i < h1.length; i++) {
            // X and theta are rounded to 2^-17 at most, and 9 columns of at most 3 are added
            assertThat(h1[i]).isCloseTo(expected[i], within(30 * 0x1p-16f));
          }
        }
      }
    }
  }

  /** In a sub-network of the job, whose channels are other ones. */
  @Test
  void beaversFramesAreAllCountedForTheJob() throws Exception {
    SplitPlan plan = plan(2, new BeaverSum());
    List<RowBatch> x = rows(2, 3);
    try (FirstLayerRig rig = new FirstLayerRig(plan)) {
      rig.run(x, rig.weights(x), 3);
      for (PartyId from : List.of(Roles.COORDINATOR, plan.roles().holder(0))) {
        Map<PartyId, Long> counted = rig.counted(from);
        assertThat(counted.get(plan.roles().holder(1))).isPositive();
        counted.forEach(
            (to, bytes) ->
                assertThat(bytes)
                    .as("from %s to %s", from, to)
                    .isEqualTo(rig.sentInJobs(from, to)));
      }
    }
  }

  @Test
  void aProductThatCannotBeEncodedIsRefused() throws Exception {
    try (FirstLayerRig rig = new FirstLayerRig(plan(2, new MaskedSum()))) {
      List<RowBatch> x = rows(2, 1e30);
      assertThatThrownBy(() -> rig.run(x, rig.weights(x), 1))
          .isInstanceOfSatisfying(
              MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_RANGE));
    }
  }

  @Test
  void badRowsAreRefused() {
    FeatureSchema schema = new FeatureSchema(1, List.of(2));
    int[][] none = {{RowBatch.NO_CATEGORY}};
    assertThatThrownBy(() -> new RowBatch(schema, 1, new float[] {Float.NaN}, none, null))
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> new RowBatch(schema, 1, new float[2], none, null))
        .hasMessageContaining("1 rows");
    assertThatThrownBy(() -> new RowBatch(schema, 1, new float[1], new int[][] {{2}}, null))
        .hasMessageContaining("category");
    assertThatThrownBy(() -> plan(3, new BeaverSum())).hasMessageContaining("two holders");
  }
}
