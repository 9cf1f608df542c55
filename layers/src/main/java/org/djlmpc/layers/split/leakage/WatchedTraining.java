package org.djlmpc.layers.split.leakage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.djlmpc.layers.split.HolderSetup;
import org.djlmpc.layers.split.LabelResults;
import org.djlmpc.layers.split.Metrics;
import org.djlmpc.layers.split.RowBatch;
import org.djlmpc.layers.split.RowSource;
import org.djlmpc.layers.split.ServerSetup;
import org.djlmpc.layers.split.SplitPlan;
import org.djlmpc.layers.split.SplitProgress;
import org.djlmpc.layers.split.SplitThreads;
import org.djlmpc.layers.split.data.Encoder;
import org.djlmpc.layers.split.data.Table;
import org.djlmpc.transport.LinkShape;

/** A training with all parties as threads, and what each of them saw in it. */
final class WatchedTraining {
  private static final String TEST = "test";

  private final SplitPlan plan;
  private final ServerView view;
  private final List<RowSource> sources = new ArrayList<>();
  private volatile double auc = Double.NaN;

  /**
   * Trains.
   *
   * @param holders the columns of each
   * @param trained rows that train
   * @param tested rows on which the network is measured
   * @param seed of the weights and the order of rows
   */
  WatchedTraining(SplitPlan plan, List<Table> holders, int[] trained, int[] tested, long seed) {
    this.plan = plan;
    view = new ServerView(trained.length);
    LabelResults results =
        new LabelResults() {
          @Override
          public void metrics(Metrics metrics) {
            auc = metrics.auc();
          }
        };
    List<HolderSetup> setups = new ArrayList<>();
    for (Table columns : holders) {
      Encoder encoder = Encoder.fit(columns, trained);
      sources.add(encoder.rows(columns, trained));
      setups.add(
          HolderSetup.of(encoder.rows(columns, trained))
              .with(TEST, encoder.rows(columns, tested))
              .withSeed(seed + 1 + setups.size())
              .withResults(results));
    }
    try (SplitThreads parties =
        SplitThreads.start(
            plan,
            ServerSetup.CPU.withSeed(seed).withObserver(view),
            setups,
            new SplitThreads.Options(LinkShape.NONE, seed))) {
      parties.train(SplitProgress.SILENT);
      parties.infer(TEST);
    }
  }

  /** Area under the curve of the rows to test on. */
  double auc() {
    return auc;
  }

  /** What the server saw: h1, and the gradient for hL; and what the label holder saw: hL. */
  ServerView view() {
    return view;
  }

  /** The gradient for h1 as a holder sees it: SplitNN sends each holder its own units' only. */
  Rows firstGradient(int holder) {
    return view.firstGradient().columns(plan.firstLayer().columns(plan, holder));
  }

  /** The features of all holders, categories as ones and zeros. */
  Rows inputs(int[] sample) {
    return inputs(sources, sample);
  }

  /** The features of all holders but one. */
  Rows inputsOfOthers(int holder, int[] sample) {
    List<RowSource> others = new ArrayList<>(sources);
    others.remove(holder);
    return inputs(others, sample);
  }

  private static Rows inputs(List<RowSource> sources, int[] sample) {
    int width = sources.stream().mapToInt(source -> source.schema().columns()).sum();
    float[] inputs = new float[sample.length * width];
    int first = 0;
    for (RowSource source : sources) {
      RowBatch batch = source.read(Arrays.stream(sample).asLongStream().toArray());
      batch.copyWithOneHot(inputs, width, first);
      first += source.schema().columns();
    }
    return new Rows(width, inputs);
  }
}
