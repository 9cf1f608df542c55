package org.djlmpc.layers.split;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.djlmpc.transport.LinkShape;
import org.junit.jupiter.api.Test;

class SplitTrainingTest {
  static SplitPlan plan(int holders, int epochs) {
    SplitNetwork network = SplitNetwork.binary(FirstActivation.TANH, 8, 6);
    return SplitPlan.of(network, holders, Training.of(epochs, 64, UpdateRule.adam(0.01f)));
  }

  @Test
  void threeHoldersLearnTogether() {
    List<Metrics> metrics = new ArrayList<>();
    List<Float> scores = new ArrayList<>();
    LabelResults results =
        new LabelResults() {
          @Override
          public void metrics(Metrics more) {
            metrics.add(more);
          }

          @Override
          public void scores(String dataset, long firstRow, float[] more) {
            for (float score : more) {
              scores.add(score);
            }
          }
        };
    try (SplitThreads parties =
        SplitThreads.start(
            plan(3, 5),
            ServerSetup.CPU.withSeed(1),
            SyntheticRows.setups(1000, 4, 3, results),
            new SplitThreads.Options(LinkShape.NONE, 5L))) {
      List<EpochReport> epochs = parties.train(SplitProgress.SILENT);
      parties.infer("test");
      assertThat(epochs).hasSize(5);
    }
    assertThat(metrics.get(4).auc()).isGreaterThan(0.95);
    assertThat(metrics.get(5).auc()).isEqualTo(metrics.get(4).auc());
    assertThat(scores).hasSize(200).allMatch(score -> score >= 0 && score <= 1);
  }
}
