package org.djlmpc.benchmarks.split;

import java.util.List;
import org.djlmpc.layers.split.Training;
import org.djlmpc.layers.split.compare.Experiment;
import org.djlmpc.layers.split.data.DataSet;
import org.djlmpc.transport.LinkShape;

/**
 * One training: what tells it from all others.
 *
 * @param data name of the data set
 * @param rows that train; a real data set has the rows that it has
 * @param method name of the method
 * @param holders number of holders
 * @param batch rows of a batch
 * @param epochs how many
 * @param mbps of each link, 0 for unlimited
 * @param seed of rows, weights and order
 * @param curve whether the test rows are evaluated after each epoch
 */
record SplitCell(
    String data,
    int rows,
    String method,
    int holders,
    int batch,
    int epochs,
    double mbps,
    long seed,
    boolean curve) {
  /** Names of {@link #key}. */
  static final List<String> HEAD =
      List.of(
          "data",
          "training rows",
          "method",
          "holders",
          "batch",
          "epochs",
          "Mbit/s",
          "seed",
          "curve");

  /** A training as it suits a data set, between two holders, over links as they are. */
  static SplitCell of(DataSet data, String method) {
    Experiment experiment = Experiment.of(data);
    return new SplitCell(
        data.id(),
        data.isSynthetic() ? data.rows() : 0,
        method,
        2,
        experiment.training().batch(),
        experiment.training().epochs(),
        0,
        1,
        false);
  }

  SplitCell withRows(int other) {
    return new SplitCell(data, other, method, holders, batch, epochs, mbps, seed, curve);
  }

  SplitCell withHolders(int other) {
    return new SplitCell(data, rows, method, other, batch, epochs, mbps, seed, curve);
  }

  SplitCell withBatch(int other) {
    return new SplitCell(data, rows, method, holders, other, epochs, mbps, seed, curve);
  }

  SplitCell withEpochs(int other) {
    return new SplitCell(data, rows, method, holders, batch, other, mbps, seed, curve);
  }

  SplitCell withMbps(double other) {
    return new SplitCell(data, rows, method, holders, batch, epochs, other, seed, curve);
  }

  SplitCell withSeed(long other) {
    return new SplitCell(data, rows, method, holders, batch, epochs, mbps, other, curve);
  }

  SplitCell withCurve() {
    return new SplitCell(data, rows, method, holders, batch, epochs, mbps, seed, true);
  }

  /** What it is, as columns of a file. */
  List<String> key() {
    return List.of(
        data,
        Integer.toString(rows),
        method,
        Integer.toString(holders),
        Integer.toString(batch),
        Integer.toString(epochs),
        Double.toString(mbps),
        Long.toString(seed),
        Boolean.toString(curve));
  }

  /** The reverse of {@link #key}. */
  static SplitCell ofKey(List<String> key) {
    return new SplitCell(
        key.get(0),
        Integer.parseInt(key.get(1)),
        key.get(2),
        Integer.parseInt(key.get(3)),
        Integer.parseInt(key.get(4)),
        Integer.parseInt(key.get(5)),
        Double.parseDouble(key.get(6)),
        Long.parseLong(key.get(7)),
        Boolean.parseBoolean(key.get(8)));
  }

  /** The experiment that measures it. */
  Experiment experiment() {
    Experiment experiment = Experiment.of(DataSet.byName(data));
    Training training = experiment.training();
    // so many rows that those which are left to train are as many as wanted
    int all = (int) Math.round(rows / (1 - experiment.testShare()));
    return experiment
        .withRows(rows == 0 ? experiment.rows() : all)
        .withHolders(holders)
        .withTraining(Training.of(epochs, batch, training.rule()))
        .withLink(new LinkShape(0, mbps == 0 ? Double.POSITIVE_INFINITY : mbps))
        .withSeed(seed)
        .withCurves(curve);
  }

  @Override
  public String toString() {
    return String.join(" ", key());
  }
}
