package org.djlmpc.layers.split.leakage;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.Auc;
import org.djlmpc.layers.split.SplitPlan;
import org.djlmpc.layers.split.data.RowSplit;
import org.djlmpc.layers.split.data.Table;

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
  /** Rows for distance correlations, whose time is quadratic. */
  private static final int SAMPLE = 1000;

  private final List<Table> holders;
  private final int labelHolder;
  private final long seed;
  private final int[] shadowRows;
  private final int[] rows;
  private final int[] testRows;
  private final Property property;

  /**
   * Divides the rows.
   *
   * @param holders the columns of each holder, row by row the same; one of them has the labels
   * @param property the feature that the server wants to know
   * @param seed of the division, the weights and the order of rows
   * @throws MpcException ARGUMENT if there is no such feature, or not one holder with labels; SHAPE
   *     if the holders have different numbers of rows
   */
  public LeakageStudy(List<Table> holders, String property, long seed) {
    this.holders = List.copyOf(holders);
    this.seed = seed;
    requireSameRows();
    labelHolder = labelHolder();
    float[] labels = holders.get(labelHolder).labels();
    RowSplit halves = RowSplit.stratified(labels, 0.5, seed);
    shadowRows = halves.train();
    RowSplit attacked = RowSplit.stratified(select(labels, halves.test()), 0.25, seed);
    rows = select(halves.test(), attacked.train());
    testRows = select(halves.test(), attacked.test());
    this.property = new Property(holderOf(property), property, rows);
  }

  private void requireSameRows() {
    int[] counts = holders.stream().mapToInt(Table::rows).distinct().toArray();
    if (counts.length != 1) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "The holders have " + Arrays.toString(counts) + " rows.",
          "Align the rows of all holders first.");
    }
  }

  private int labelHolder() {
    int[] found =
        IntStream.range(0, holders.size()).filter(i -> holders.get(i).hasLabels()).toArray();
    if (found.length != 1) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          found.length + " holders have labels.",
          "Give the labels to one holder.");
    }
    return found[0];
  }

  private Table holderOf(String feature) {
    return holders.stream()
        .filter(holder -> holder.features().contains(feature))
        .findFirst()
        .orElseThrow(
            () ->
                new MpcException(
                    ErrorCode.ARGUMENT,
                    "There is no feature " + feature + ".",
                    "Choose among "
                        + holders.stream().flatMap(h -> h.features().stream()).toList()
                        + "."));
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
   * @param plan network and training, with as many holders; who has the labels is known here
   * @param variant what is changed in the plan
   * @param strengths how much
   * @throws MpcException what the parties throw
   */
  public Leakage run(SplitPlan plan, Variant variant, Strengths strengths) {
    SplitPlan measured = variant.apply(plan.withLabelHolder(labelHolder), strengths);
    WatchedTraining real = new WatchedTraining(measured, holders, rows, testRows, seed);
    WatchedTraining shadow = new WatchedTraining(measured, holders, shadowRows, testRows, seed);
    float[] labels = select(holders.get(labelHolder).labels(), rows);
    float[] properties = property.of(rows);
    Rows h1 = real.view().h1();
    int[] sample = Samples.of(rows.length, SAMPLE, seed);
    Rows sampledLabels = new Rows(1, select(labels, sample));
    return new Leakage(
        real.auc(),
        auc(LogisticRegression.fit(shadow.view().h1(), property.of(shadowRows)), h1, properties),
        knownRows(h1, properties),
        normAuc(real.view().hiddenGradient(), labels),
        worst(holder -> normAuc(real.firstGradient(holder), labels)),
        correlation(real.inputs(sample), h1.select(sample)),
        correlation(sampledLabels, real.view().hiddenGradient().select(sample)),
        worstOf(
            holder ->
                correlation(
                    real.inputsOfOthers(holder, sample),
                    real.firstGradient(holder).select(sample))),
        worstOf(holder -> correlation(sampledLabels, real.firstGradient(holder).select(sample))),
        correlation(real.inputsOfOthers(labelHolder, sample), real.view().hidden().select(sample)));
  }

  private Correlation correlation(Rows hidden, Rows seen) {
    return Correlation.of(hidden, seen, seed);
  }

  /** Of the holders without labels, what the one has who learns most. */
  private Correlation worstOf(IntFunction<Correlation> figure) {
    return withoutLabels()
        .mapToObj(figure)
        .max(Comparator.comparingDouble(Correlation::found))
        .orElseThrow();
  }

  private double worst(IntToDoubleFunction figure) {
    return withoutLabels().mapToDouble(figure).max().orElseThrow();
  }

  private IntStream withoutLabels() {
    return IntStream.range(0, holders.size()).filter(holder -> holder != labelHolder);
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
}
