package org.djlmpc.layers.split.compare;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.EpochReport;
import org.djlmpc.layers.split.FirstLayer;
import org.djlmpc.layers.split.HolderSetup;
import org.djlmpc.layers.split.LabelResults;
import org.djlmpc.layers.split.Metrics;
import org.djlmpc.layers.split.PlainTraining;
import org.djlmpc.layers.split.RowSource;
import org.djlmpc.layers.split.ServerSetup;
import org.djlmpc.layers.split.SplitPlan;
import org.djlmpc.layers.split.SplitProgress;
import org.djlmpc.layers.split.SplitThreads;
import org.djlmpc.layers.split.data.Encoder;
import org.djlmpc.layers.split.data.RowSplit;
import org.djlmpc.layers.split.data.Table;

/**
 * Trains the network of an {@link Experiment} by different methods, on the same rows and, up to
 * what a method changes, from the same weights. The parties are threads of this process; they
 * exchange data through channels only, which may imitate slower links.
 */
public final class Comparison implements AutoCloseable {
  private static final String TEST = "test";
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private final Experiment experiment;
  private final Table table;
  private final List<HolderSetup> data = new ArrayList<>();

  /**
   * Loads, divides and encodes the data: each holder by statistics of its own training rows.
   *
   * @throws MpcException ARGUMENT for patience without validation, by which no method would stop
   */
  public Comparison(Experiment experiment) {
    this.experiment = experiment;
    if (experiment.training().patience() > 0 && !experiment.validated()) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Early stopping looks at rows that do not train, and this experiment has none for it.",
          "Use withCurves(true): then the test rows choose the epoch, of every method alike.");
    }
    table = experiment.data().table(experiment.rows(), experiment.seed());
    // One process plays all parties, so that the label holder's secret seed is the public one.
    RowSplit split = RowSplit.stratified(table.labels(), experiment.testShare(), experiment.seed());
    for (Table columns : table.divide(experiment.holders())) {
      Encoder encoder = Encoder.fit(columns, split.train());
      HolderSetup setup =
          HolderSetup.of(encoder.rows(columns, split.train()))
              .with(TEST, encoder.rows(columns, split.test()))
              .withSeed(seed(data.size()));
      data.add(
          experiment.validated()
              ? setup.with(HolderSetup.VALIDATION, encoder.rows(columns, split.test()))
              : setup);
    }
  }

  private long seed(int party) {
    return experiment.seed() * 1_000 + party;
  }

  /** How many features there are, one-hot ones included. */
  public int features() {
    return data.stream().mapToInt(setup -> training(setup).schema().columns()).sum();
  }

  private static RowSource training(HolderSetup setup) {
    return Objects.requireNonNull(setup.data().get(HolderSetup.TRAIN));
  }

  /** How many rows train. */
  public long trainingRows() {
    return training(data.get(0)).rows();
  }

  /**
   * Trains by a method and measures.
   *
   * @throws MpcException what the parties throw
   */
  public Outcome run(Method method, SplitProgress progress) {
    List<Metrics> metrics = new ArrayList<>();
    LabelResults results =
        new LabelResults() {
          @Override
          public void metrics(Metrics more) {
            synchronized (metrics) {
              metrics.add(more);
            }
          }
        };
    List<HolderSetup> holders = new ArrayList<>(data);
    holders.set(0, data.get(0).withResults(results));
    List<EpochReport> epochs = train(method, holders, progress);
    synchronized (metrics) {
      int last = metrics.size() - 1;
      if (last < 0 || !metrics.get(last).dataset().equals(TEST)) {
        throw new MpcException(
            ErrorCode.INTERNAL, "The label holder has no metrics.", "Report this.");
      }
      return new Outcome(metrics.get(last), metrics.subList(0, last), epochs);
    }
  }

  private List<EpochReport> train(
      Method method, List<HolderSetup> holders, SplitProgress progress) {
    ServerSetup server = ServerSetup.CPU.withSeed(seed(-1));
    SplitPlan plan =
        SplitPlan.of(experiment.network(), experiment.holders(), experiment.training());
    if (method.firstLayer().isEmpty()) {
      try (PlainTraining plain = new PlainTraining(plan, server, holders, experiment.seed())) {
        List<EpochReport> epochs = plain.train(progress);
        plain.infer(TEST);
        return epochs;
      }
    }
    FirstLayer firstLayer = method.firstLayer().get();
    try (SplitThreads parties =
        SplitThreads.start(
            plan.withFirstLayer(firstLayer).withTimeout(TIMEOUT),
            server,
            holders,
            new SplitThreads.Options(experiment.link(), experiment.seed()))) {
      List<EpochReport> epochs = parties.train(progress);
      parties.infer(TEST);
      return epochs;
    }
  }

  /** Frees the rows. */
  @Override
  public void close() {
    table.close();
  }
}
