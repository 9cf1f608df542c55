package org.djlmpc.benchmarks.leakage;

import java.util.List;
import org.djlmpc.layers.split.FirstActivation;
import org.djlmpc.layers.split.SplitNetwork;
import org.djlmpc.layers.split.SplitPlan;
import org.djlmpc.layers.split.Training;
import org.djlmpc.layers.split.UpdateRule;
import org.djlmpc.layers.split.data.DataSet;
import org.djlmpc.layers.split.leakage.LeakageStudy;
import org.djlmpc.layers.split.leakage.Strengths;

/**
 * What is attacked: rows, a property of them, and a network, divided between two holders.
 *
 * @param data the rows
 * @param rows how many of them
 * @param property the feature that the server wants to know
 * @param width of the first layer
 * @param batch rows of a batch
 * @param learningRate of gradient descent; that of Langevin dynamics, which halve it, is twice this
 * @param variants names of what is measured
 */
record Subject(
    DataSet data,
    int rows,
    String property,
    int width,
    int batch,
    float learningRate,
    List<String> variants) {
  private static final int HOLDERS = 2;
  private static final int HIDDEN = 8;
  private static final int EPOCHS = 20;

  /** All defences and the baseline on real rows; SPNN's own defence on rows of its number. */
  static final List<Subject> ALL =
      List.of(
          new Subject(
              DataSet.CREDIT_DATA,
              DataSet.CREDIT_DATA.rows(),
              "Income",
              16,
              64,
              0.5f,
              List.of("none", "sgld", "noise", "norms", "bits", "splitnn")),
          new Subject(
              DataSet.SYNTHETIC_FRAUD,
              DataSet.SYNTHETIC_FRAUD.rows(),
              "V1",
              8,
              1_000,
              2,
              List.of("none", "sgld")));

  /** The same with fewer rows, or as many as there are. */
  Subject withRows(int most) {
    return new Subject(data, Math.min(rows, most), property, width, batch, learningRate, variants);
  }

  /** Network and training, without defence. */
  SplitPlan plan() {
    return SplitPlan.of(
        SplitNetwork.binary(FirstActivation.SIGMOID, width, HIDDEN),
        HOLDERS,
        Training.of(EPOCHS, batch, UpdateRule.sgd(learningRate)));
  }

  /** Standard strengths: the temperature is 1 divided by the rows that train. */
  static Strengths strengths(LeakageStudy study, SplitPlan plan) {
    return Strengths.of(
        UpdateRule.sgld(
            2 * plan.training().rule().learningRate(),
            UpdateRule.temperature(study.trainingRows())));
  }

  /** What tells a line of it from others. */
  List<String> key(String variant, long seed) {
    return List.of(data.id(), property, Integer.toString(rows), variant, Long.toString(seed));
  }

  /** Names of {@link #key}. */
  static List<String> keys() {
    return List.of("data", "property", "rows", "defence", "seed");
  }
}
