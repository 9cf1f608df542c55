package org.djlmpc.benchmarks.kernels;

import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.djlmpc.layers.split.EpochReport;
import org.djlmpc.layers.split.FeatureSchema;
import org.djlmpc.layers.split.FirstActivation;
import org.djlmpc.layers.split.HolderSetup;
import org.djlmpc.layers.split.RowBatch;
import org.djlmpc.layers.split.RowSource;
import org.djlmpc.layers.split.ServerSetup;
import org.djlmpc.layers.split.SplitNetwork;
import org.djlmpc.layers.split.SplitPlan;
import org.djlmpc.layers.split.SplitProgress;
import org.djlmpc.layers.split.SplitThreads;
import org.djlmpc.layers.split.Training;
import org.djlmpc.layers.split.UpdateRule;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A batch of split learning (1,000 rows, two holders, h1 of 8, all parties as threads) when one
 * holder's column has few or many categories, each equally frequent.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class CategoriesBenchmark {
  private static final int BATCHES = 20;
  private static final int BATCH = 1_000;
  private static final int ROWS = BATCHES * BATCH;
  private static final int WIDTH = 8;

  /** Rules to update with. */
  @Param({"SGD", "MOMENTUM", "ADAM", "SGLD"})
  public UpdateRule.Kind rule = UpdateRule.Kind.SGD;

  /** Categories of the column. */
  @Param({"100", "1000000"})
  public int cardinality = 100;

  private @Nullable SplitThreads parties;

  /** Starts the parties with random rows. */
  @Setup
  public void prepare() {
    SplittableRandom random = new SplittableRandom(1);
    int[] categories = random.ints(ROWS, 0, cardinality).toArray();
    float[] labels = new float[ROWS];
    float[] numbers = new float[ROWS];
    for (int row = 0; row < ROWS; row++) {
      labels[row] = random.nextInt(2);
      numbers[row] = (float) random.nextDouble();
    }
    RowBatch first =
        new RowBatch(
            new FeatureSchema(0, List.of(cardinality)),
            ROWS,
            new float[0],
            new int[][] {categories},
            labels);
    RowBatch second = new RowBatch(FeatureSchema.dense(1), ROWS, numbers, new int[0][], null);
    SplitPlan plan =
        SplitPlan.of(
            SplitNetwork.binary(FirstActivation.TANH, WIDTH, WIDTH),
            2,
            Training.of(1, BATCH, UpdateRule.of(rule)));
    parties =
        SplitThreads.start(
            plan,
            ServerSetup.CPU,
            List.of(HolderSetup.of(RowSource.of(first)), HolderSetup.of(RowSource.of(second))));
  }

  /** Stops the parties. */
  @TearDown
  public void close() {
    Objects.requireNonNull(parties).close();
  }

  /** An epoch. */
  @Benchmark
  @OperationsPerInvocation(BATCHES)
  public List<EpochReport> train() {
    return Objects.requireNonNull(parties).train(SplitProgress.SILENT);
  }
}
