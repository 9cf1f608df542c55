package org.djlmpc.layers.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.djlmpc.layers.split.data.CsvHolder;
import org.djlmpc.transport.LinkShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels of every kind from files: split learning learns what plaintext training learns. */
class CsvLossesTest {
  private static final long ORDER = 5;

  @TempDir private Path folder;

  /** Two holders' files, whose columns together tell the label. */
  private void write(String name, int rows, long seed, LabelLoss loss) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder bank = new StringBuilder("a,b,y\n");
    StringBuilder shop = new StringBuilder("c\n");
    for (int row = 0; row < rows; row++) {
      double a = 2 * random.nextDouble() - 1;
      double b = 2 * random.nextDouble() - 1;
      double c = 2 * random.nextDouble() - 1;
      double sum = a - b + c;
      String kind = sum < -0.5 ? "low" : sum > 0.5 ? "high" : "middle";
      String label = loss == LabelLoss.SOFTMAX ? kind : String.format(Locale.ROOT, "%.4f", sum / 2);
      bank.append(String.format(Locale.ROOT, "%.4f,%.4f,%s\n", a, b, label));
      shop.append(String.format(Locale.ROOT, "%.4f\n", c));
    }
    Files.writeString(folder.resolve("bank-" + name), bank);
    Files.writeString(folder.resolve("shop-" + name), shop);
  }

  /** Trains both ways, which must agree after each epoch; the metrics of the last one. */
  private Metrics train(LabelLoss loss, int outputs) throws IOException {
    write("train", 600, 1, loss);
    write("validation", 150, 2, loss);
    HiddenLayers hidden = HiddenLayers.of(FirstActivation.TANH, 6);
    SplitNetwork network = new SplitNetwork(8, FirstActivation.TANH, hidden, outputs, loss);
    SplitPlan plan = SplitPlan.of(network, 2, Training.of(10, 50, UpdateRule.adam(0.02f)));
    SplitTrainingTest.Learnt split = new SplitTrainingTest.Learnt();
    SplitTrainingTest.Learnt plain = new SplitTrainingTest.Learnt();
    ServerSetup server = ServerSetup.CPU.withSeed(1);
    try (CsvHolder bank = CsvHolder.of(folder.resolve("bank-train"), "y", loss);
        CsvHolder shop = CsvHolder.of(folder.resolve("shop-train"))) {
      bank.with(HolderSetup.VALIDATION, folder.resolve("bank-validation"));
      shop.with(HolderSetup.VALIDATION, folder.resolve("shop-validation"));
      HolderSetup labels = bank.setup().withSeed(2);
      HolderSetup other = shop.setup().withSeed(3);
      try (SplitThreads parties =
          SplitThreads.start(
              plan,
              server,
              List.of(labels.withResults(split), other),
              new SplitThreads.Options(LinkShape.NONE, ORDER))) {
        parties.train(SplitProgress.SILENT);
      }
      try (PlainTraining together =
          new PlainTraining(plan, server, List.of(labels.withResults(plain), other), ORDER)) {
        together.train(SplitProgress.SILENT);
      }
    }
    assertThat(plain.metrics).hasSize(10);
    for (int i = 0; i < 10; i++) {
      Metrics of = plain.metrics.get(i);
      assertThat(split.metrics.get(i).trainLoss()).isCloseTo(of.trainLoss(), within(2e-3));
      assertThat(split.metrics.get(i).loss()).isCloseTo(of.loss(), within(2e-3));
    }
    return split.metrics.get(9);
  }

  @Test
  void classes() throws IOException {
    Metrics last = train(LabelLoss.SOFTMAX, 3);
    assertThat(last.accuracy()).isGreaterThan(0.9);
    assertThat(last.auc()).isNaN();
  }

  @Test
  void numbers() throws IOException {
    Metrics last = train(LabelLoss.SQUARED, 1);
    assertThat(last.loss()).isLessThan(0.005);
    assertThat(last.auc()).isNaN();
    assertThat(last.accuracy()).isNaN();
  }
}
