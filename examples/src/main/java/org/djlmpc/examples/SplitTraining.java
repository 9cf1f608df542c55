package org.djlmpc.examples;

import java.nio.file.Path;
import java.util.List;
import org.djlmpc.layers.split.FirstActivation;
import org.djlmpc.layers.split.HolderSetup;
import org.djlmpc.layers.split.LabelResults;
import org.djlmpc.layers.split.ServerSetup;
import org.djlmpc.layers.split.SplitNetwork;
import org.djlmpc.layers.split.SplitPlan;
import org.djlmpc.layers.split.SplitProgress;
import org.djlmpc.layers.split.SplitThreads;
import org.djlmpc.layers.split.Training;
import org.djlmpc.layers.split.UpdateRule;
import org.djlmpc.layers.split.data.CsvHolder;

/** A bank with labels and a shop train one network on their columns of the same customers. */
public final class SplitTraining {
  private SplitTraining() {}

  /** Trains on the files of a folder; without an argument, of {@code examples/split}. */
  public static void main(String[] args) {
    Path folder = Path.of(args.length == 0 ? "examples/split" : args[0]);
    SplitNetwork network = SplitNetwork.binary(FirstActivation.TANH, 8, 8);
    SplitPlan plan = SplitPlan.of(network, 2, Training.of(10, 100, UpdateRule.adam(0.01f)));
    try (CsvHolder bank = CsvHolder.of(folder.resolve("bank-train.csv"), "default");
        CsvHolder shop = CsvHolder.of(folder.resolve("shop-train.csv"))) {
      bank.with("test", folder.resolve("bank-validation.csv"));
      shop.with("test", folder.resolve("shop-validation.csv"));
      HolderSetup labels = bank.setup().withResults(LabelResults.ofMetrics(System.out::println));
      List<HolderSetup> holders = List.of(labels, shop.setup());
      try (SplitThreads parties = SplitThreads.start(plan, ServerSetup.CPU, holders)) {
        parties.train(SplitProgress.SILENT);
        parties.infer("test");
      }
    }
  }
}
