package org.djlmpc.layers.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.paillier.HomomorphicSum;
import org.djlmpc.transport.LinkShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training with encrypted sums. */
class HomomorphicTrainingTest {
  /** Both round before they add, and adding is exact: every float is the same. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void trainsAsMaskedSumsDo(int holders) {
    SplitPlan plan = SplitTrainingTest.plan(holders, 2, UpdateRule.adam(0.01f));
    List<Float> masked = scores(plan, holders);
    assertThat(masked).hasSize(60);
    assertThat(scores(plan.withFirstLayer(HomomorphicSum.DEFAULT), holders)).isEqualTo(masked);
  }

  private static List<Float> scores(SplitPlan plan, int holders) {
    List<Float> scores = new ArrayList<>();
    LabelResults results =
        new LabelResults() {
          @Override
          public void scores(String dataset, long firstRow, float[] more) {
            for (float score : more) {
              scores.add(score);
            }
          }
        };
    try (SplitThreads parties =
        SplitThreads.start(
            plan,
            ServerSetup.CPU.withSeed(1),
            SyntheticRows.setups(300, 4, holders, results),
            new SplitThreads.Options(LinkShape.NONE, 5L))) {
      parties.train(SplitProgress.SILENT);
      parties.infer("test");
    }
    return scores;
  }

  @Test
  void refusesPlansThatCannotWork() {
    SplitPlan plan = SplitTrainingTest.plan(14, 1, UpdateRule.adam(0.01f));
    assertThat(plan.withFirstLayer(HomomorphicSum.DEFAULT).firstLayer().name()).isEqualTo("he");
    // 14 holders take 5 bits of a slot, so values have 17 of 22: one sign and 16 fraction bits
    HomomorphicSum narrow = HomomorphicSum.DEFAULT.withSlotBits(22);
    assertRefused(() -> plan.withFirstLayer(narrow));
    assertThat(plan.withFractionBits(15).withFirstLayer(narrow).fractionBits()).isEqualTo(15);
    assertRefused(() -> plan.withFirstLayer(HomomorphicSum.DEFAULT.withSlotBits(64)));
    assertRefused(() -> HomomorphicSum.ofKey(1024));
    assertRefused(() -> new HomomorphicSum(2048, 440, 44));
  }

  private static void assertRefused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ARGUMENT));
  }
}
