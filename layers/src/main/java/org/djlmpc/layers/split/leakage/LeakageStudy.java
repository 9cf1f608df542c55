package org.djlmpc.layers.split.leakage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.Auc;
import org.djlmpc.layers.split.HolderSetup;
import org.djlmpc.layers.split.LabelResults;
import org.djlmpc.layers.split.Metrics;
import org.djlmpc.layers.split.RowBatch;
import org.djlmpc.layers.split.RowSource;
import org.djlmpc.layers.split.ServerSetup;
import org.djlmpc.layers.split.SplitPlan;
import org.djlmpc.layers.split.SplitProgress;
import org.djlmpc.layers.split.SplitThreads;
import org.djlmpc.layers.split.UpdateRule;
import org.djlmpc.layers.split.data.Encoder;
import org.djlmpc.layers.split.data.RowSplit;
import org.djlmpc.layers.split.data.Table;
import org.djlmpc.transport.LinkShape;

/**
 * Trains on somebody's own rows with all parties as threads, watches what each of them sees, and
 * attacks it.
 *
 * <p>Half of the rows are the attacker's: with them it trains a shadow of the network, whose h1 and
 * properties it knows, and learns to tell the one from the other. The other half is attacked; a
 * quarter of it is kept to test the network. The property is a column, cut at its median, or its
 * most frequent category against all others. This is the attack of SPNN's section 6.3.
 *
 * <p>The shadow begins with the weights of the network under attack, as if the attacker knew the
 * holders' seeds: otherwise its h1 would have other axes and the attack would fail for this reason
 * alone.
 */
public final class LeakageStudy {
  private static final String TEST = "test";

  /** Rows for distance correlations, whose time is quadratic. */
  private static final int SAMPLE = 1000;

  private final Table table;
  private final String property;
  private final long seed;
  private final int[] shadowRows;
  private final int[] rows;
  private final int[] testRows;

  /**
   * Divides the rows.
   *
   * @param table all columns of all holders, with labels
   * @param property the feature that the server wants to know
   * @param seed of the division, the weights and the order of rows
   * @throws MpcException ARGUMENT if there is no such feature or there are no labels
   */
  public LeakageStudy(Table table, String property, long seed) {
    if (!table.features().contains(property)) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "There is no feature " + property + ".",
          "Choose among " + table.features() + ".");
    }
    this.table = table;
    this.property = property;
    this.seed = seed;
    float[] labels = table.labels();
    RowSplit halves = RowSplit.stratified(labels, 0.5, seed);
    shadowRows = halves.train();
    RowSplit attacked = RowSplit.stratified(select(labels, halves.test()), 0.25, seed);
    rows = select(halves.test(), attacked.train());
    testRows = select(halves.test(), attacked.test());
  }

  /** How many rows train the network that is attacked. */
  public int trainingRows() {
    return rows.length;
  }

  private static int[] select(int[] values, int[] places) {
    return Arrays.stream(places).map(place -> values[place]).toArray();
  }

  private static float[] select(float[] values, int[] places) {
    float[] selected = new float[places.length];
    for (int i = 0; i < places.length; i++) {
      selected[i] = values[places[i]];
    }
    return selected;
  }

  /**
   * Trains the network and its shadow, and attacks.
   *
   * @param plan network, holders, training; the columns are divided among the holders
   * @param defence what is changed in the plan
   * @param langevin the rule of the defence {@link Defence#SGLD}
   * @throws MpcException what the parties throw
   */
  public Leakage run(SplitPlan plan, Defence defence, UpdateRule langevin) {
    SplitPlan defended = defence.apply(plan, langevin);
    Training real = new Training(defended, rows, testRows);
    Training shadow = new Training(defended, shadowRows, testRows);
    float[] labels = select(table.labels(), rows);
    float[] properties = properties(rows);
    Rows h1 = real.view.h1();
    int[] sample = Samples.of(rows.length, SAMPLE, seed);
    Rows inputs = real.inputs(sample);
    Rows seen = h1.select(sample);
    return new Leakage(
        real.auc,
        auc(LogisticRegression.fit(shadow.view.h1(), properties(shadowRows)), h1, properties),
        knownRows(h1, properties),
        DistanceCorrelation.of(inputs, seen),
        DistanceCorrelation.of(
            new Rows(1, select(labels, sample)), real.view.hiddenGradient().select(sample)),
        DistanceCorrelation.independent(inputs, seen, seed),
        normAuc(real.view.hiddenGradient(), labels),
        normAuc(real.view.firstGradient(), labels));
  }

  private static double auc(LogisticRegression attack, Rows h1, float[] properties) {
    return Auc.of(attack.logits(h1), properties);
  }

  private double knownRows(Rows h1, float[] properties) {
    int[] order = Samples.order(h1.count(), seed);
    int[] known = Arrays.copyOf(order, order.length / 2);
    int[] others = Arrays.copyOfRange(order, order.length / 2, order.length);
    return auc(
        LogisticRegression.fit(h1.select(known), select(properties, known)),
        h1.select(others),
        select(properties, others));
  }

  /** Longer may mean either label; the attacker knows which is rare. */
  private static double normAuc(Rows gradients, float[] labels) {
    double auc = Auc.of(gradients.norms(), labels);
    return Math.max(auc, 1 - auc);
  }

  /** Whether each row has the property: for numbers, at least the median of the attacked rows. */
  private float[] properties(int[] which) {
    Table column = table.only(List.of(property), false);
    Encoder encoder = Encoder.fit(column, rows, false);
    RowBatch attacked = all(encoder.rows(column, rows));
    RowBatch batch = all(encoder.rows(column, which));
    float[] properties = new float[which.length];
    if (batch.schema().dense() == 1) {
      float[] sorted = attacked.dense().clone();
      Arrays.sort(sorted);
      float median = sorted[sorted.length / 2];
      for (int i = 0; i < properties.length; i++) {
        properties[i] = batch.dense()[i] >= median ? 1 : 0;
      }
    } else {
      int frequent = mostFrequent(attacked.categories(0));
      for (int i = 0; i < properties.length; i++) {
        properties[i] = batch.categories(0)[i] == frequent ? 1 : 0;
      }
    }
    return properties;
  }

  private static RowBatch all(RowSource source) {
    return source.read(LongStream.range(0, source.rows()).toArray());
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

  /** A training that was watched. */
  private final class Training {
    private final ServerView view;
    private final List<RowSource> sources = new ArrayList<>();
    private volatile double auc = Double.NaN;

    Training(SplitPlan plan, int[] trained, int[] tested) {
      view = new ServerView(trained.length);
      List<HolderSetup> holders = new ArrayList<>();
      for (Table columns : table.divide(plan.roles().holders())) {
        Encoder encoder = Encoder.fit(columns, trained);
        sources.add(encoder.rows(columns, trained));
        holders.add(
            HolderSetup.of(encoder.rows(columns, trained))
                .with(TEST, encoder.rows(columns, tested))
                .withSeed(seed + 1 + holders.size())
                .withResults(
                    new LabelResults() {
                      @Override
                      public void metrics(Metrics metrics) {
                        auc = metrics.auc();
                      }
                    }));
      }
      try (SplitThreads parties =
          SplitThreads.start(
              plan,
              ServerSetup.CPU.withSeed(seed).withObserver(view),
              holders,
              new SplitThreads.Options(LinkShape.NONE, seed))) {
        parties.train(SplitProgress.SILENT);
        parties.infer(TEST);
      }
    }

    /** The features of all holders, categories as ones and zeros. */
    Rows inputs(int[] sample) {
      int width = sources.stream().mapToInt(source -> source.schema().columns()).sum();
      float[] inputs = new float[sample.length * width];
      int first = 0;
      for (RowSource source : sources) {
        RowBatch batch = source.read(Arrays.stream(sample).asLongStream().toArray());
        spread(batch, inputs, width, first);
        first += source.schema().columns();
      }
      return new Rows(width, inputs);
    }

    private void spread(RowBatch batch, float[] inputs, int width, int first) {
      int dense = batch.schema().dense();
      List<Integer> cardinalities = batch.schema().cardinalities();
      for (int row = 0; row < batch.rows(); row++) {
        int at = row * width + first;
        System.arraycopy(batch.dense(), row * dense, inputs, at, dense);
        at += dense;
        for (int c = 0; c < cardinalities.size(); c++) {
          int category = batch.categories(c)[row];
          if (category != RowBatch.NO_CATEGORY) {
            inputs[at + category] = 1;
          }
          at += cardinalities.get(c);
        }
      }
    }
  }
}
