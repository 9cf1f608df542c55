package org.djlmpc.layers.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.djlmpc.layers.split.data.CsvHolder;
import org.djlmpc.transport.LinkShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New customers are predicted before anybody knows their labels, also in a later session. */
class UnlabelledRowsTest {
  private static final Path EXAMPLE = Path.of("../examples/split");
  private static final SplitThreads.Options SEEDED = new SplitThreads.Options(LinkShape.NONE, 5L);
  private static final SplitPlan PLAN = SplitTrainingTest.plan(2, 3, UpdateRule.adam(0.01f));

  @TempDir private Path folder;

  private static final class Learnt implements LabelResults {
    private final Map<String, List<Float>> scores = new HashMap<>();
    private final List<String> measured = new ArrayList<>();
    private final List<String> unmeasured = new ArrayList<>();

    @Override
    public void metrics(Metrics metrics) {
      measured.add(metrics.dataset());
    }

    @Override
    public void withoutLabels(String dataset, int epoch) {
      assertThat(epoch).isEqualTo(3);
      unmeasured.add(dataset);
    }

    @Override
    public void scores(String dataset, long firstRow, float[] more) {
      List<Float> all = scores.computeIfAbsent(dataset, name -> new ArrayList<>());
      for (float score : more) {
        all.add(score);
      }
    }
  }

  /** The example's validation rows with their labels, without the column, and with it empty. */
  private CsvHolder withRows(CsvHolder bank) throws IOException {
    List<String> lines = Files.readAllLines(EXAMPLE.resolve("bank-validation.csv"));
    List<String> without =
        lines.stream().map(line -> line.substring(0, line.lastIndexOf(','))).toList();
    List<String> empty = new ArrayList<>(List.of(lines.get(0)));
    without.stream().skip(1).forEach(line -> empty.add(line + ","));
    return bank.with("known", EXAMPLE.resolve("bank-validation.csv"))
        .with("new", Files.write(folder.resolve("without.csv"), without))
        .with("empty", Files.write(folder.resolve("empty.csv"), empty));
  }

  private static CsvHolder withAll(CsvHolder shop) {
    List.of("known", "new", "empty")
        .forEach(name -> shop.with(name, EXAMPLE.resolve("shop-validation.csv")));
    return shop;
  }

  private Learnt run(CsvHolder bank, CsvHolder shop, boolean train) {
    Learnt learnt = new Learnt();
    Path banks = folder.resolve("bank");
    Path shops = folder.resolve("shop");
    HolderSetup labels =
        bank.setup(bank.encoder(banks.resolve("encoder.json")))
            .withFolder(banks)
            .withResults(learnt);
    HolderSetup other = shop.setup(shop.encoder(shops.resolve("encoder.json"))).withFolder(shops);
    ServerSetup server = ServerSetup.CPU.withFolder(folder.resolve("server"));
    try (SplitThreads parties = SplitThreads.start(PLAN, server, List.of(labels, other), SEEDED)) {
      if (train) {
        parties.train(SplitProgress.SILENT);
        learnt.measured.clear();
      }
      List.of("known", "new", "empty").forEach(parties::infer);
    }
    assertThat(learnt.measured).containsExactly("known");
    assertThat(learnt.unmeasured).containsExactly("new", "empty");
    assertThat(learnt.scores.get("known")).hasSize(200).doesNotHaveDuplicates();
    assertThat(learnt.scores.get("new")).isEqualTo(learnt.scores.get("known"));
    assertThat(learnt.scores.get("empty")).isEqualTo(learnt.scores.get("known"));
    return learnt;
  }

  @Test
  void rowsWithoutLabelsHaveTheSameScoresNowAndLater() throws IOException {
    Learnt now;
    try (CsvHolder bank = CsvHolder.of(EXAMPLE.resolve("bank-train.csv"), "default");
        CsvHolder shop = CsvHolder.of(EXAMPLE.resolve("shop-train.csv"))) {
      now = run(withRows(bank), withAll(shop), true);
    }
    try (CsvHolder bank = CsvHolder.toPredict(folder.resolve("bank/encoder.json"));
        CsvHolder shop = CsvHolder.toPredict(folder.resolve("shop/encoder.json"))) {
      assertThat(run(withRows(bank), withAll(shop), false).scores).isEqualTo(now.scores);
    }
  }

  @Test
  void rowsToTrainOnAndToValidateNeedLabels() {
    RowSource bare = SyntheticRows.of(50, 2, 2, 1).get(1);
    RowSource labelled = SyntheticRows.of(50, 2, 2, 1).get(0);
    for (RowSource train : List.of(bare, labelled)) {
      List<HolderSetup> holders =
          List.of(
              HolderSetup.of(train).with(HolderSetup.VALIDATION, bare),
              HolderSetup.of(bare).with(HolderSetup.VALIDATION, bare));
      try (SplitThreads parties = SplitThreads.start(PLAN, ServerSetup.CPU, holders)) {
        assertThatThrownBy(() -> parties.train(SplitProgress.SILENT))
            .hasMessageContaining(
                (train == bare ? "training" : "validation") + " data has no labels");
      }
    }
  }
}
