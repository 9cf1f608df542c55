package org.djlmpc.examples;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.djlmpc.layers.split.FirstActivation;
import org.djlmpc.layers.split.HolderSetup;
import org.djlmpc.layers.split.LabelResults;
import org.djlmpc.layers.split.Metrics;
import org.djlmpc.layers.split.RowSource;
import org.djlmpc.layers.split.ServerSetup;
import org.djlmpc.layers.split.SplitNetwork;
import org.djlmpc.layers.split.SplitPlan;
import org.djlmpc.layers.split.SplitProgress;
import org.djlmpc.layers.split.SplitThreads;
import org.djlmpc.layers.split.Training;
import org.djlmpc.layers.split.UpdateRule;

/** A bank with labels and a shop train one network on their columns of the same customers. */
public final class SplitTraining {
  private SplitTraining() {}

  /** Runs the program; it takes no arguments. */
  public static void main(String[] args) {
    SplitNetwork network = SplitNetwork.binary(FirstActivation.TANH, 8, 8);
    SplitPlan plan = SplitPlan.of(network, 2, Training.of(10, 100, UpdateRule.adam(0.01f)));
    LabelResults atTheBank =
        new LabelResults() {
          @Override
          public void metrics(Metrics m) {
            System.out.printf(
                Locale.ROOT, "%s, epoch %d: AUC %.3f%n", m.dataset(), m.epoch(), m.auc());
          }
        };
    HolderSetup bank = customers(true).withResults(atTheBank);
    HolderSetup shop = customers(false);
    try (SplitThreads parties = SplitThreads.start(plan, ServerSetup.CPU, List.of(bank, shop))) {
      parties.train(SplitProgress.SILENT);
      parties.infer("test");
    }
  }

  /** One company's columns of made-up customers; who has no labels gives none. */
  private static HolderSetup customers(boolean bank) {
    Random random = new Random(1);
    float[][] columns = new float[1200][3];
    float[] labels = new float[columns.length];
    for (int row = 0; row < columns.length; row++) {
      for (int column = 0; column < 6; column++) {
        float value = (float) random.nextGaussian();
        labels[row] += column % 2 == 0 ? value : -value;
        if (column < 3 == bank) {
          columns[row][column % 3] = value;
        }
      }
      labels[row] = labels[row] > 0 ? 1 : 0;
    }
    RowSource all = RowSource.of(columns, bank ? labels : null);
    return HolderSetup.of(RowSource.range(all, 0, 1000))
        .with(HolderSetup.VALIDATION, RowSource.range(all, 1000, 1100))
        .with("test", RowSource.range(all, 1100, 1200));
  }
}
