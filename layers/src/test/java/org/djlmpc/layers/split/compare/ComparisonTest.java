package org.djlmpc.layers.split.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.djlmpc.layers.split.FirstActivation;
import org.djlmpc.layers.split.SplitNetwork;
import org.djlmpc.layers.split.SplitProgress;
import org.djlmpc.layers.split.Training;
import org.djlmpc.layers.split.UpdateRule;
import org.djlmpc.layers.split.data.DataSet;
import org.djlmpc.transport.LinkShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Methods on real data, against each other. */
final class ComparisonTest {
  private static Experiment experiment(UpdateRule rule, int epochs) {
    return new Experiment(
        DataSet.CREDIT_DATA,
        1_000,
        0.25,
        3,
        SplitNetwork.binary(FirstActivation.TANH, 7, 6, 5),
        Training.of(epochs, 200, rule),
        4,
        LinkShape.NONE,
        true);
  }

  /**
   * The parties compute their gradients by hand, the plaintext network by PyTorch's automatic
   * differentiation: from equal weights they must come to the same losses, up to rounding h1 to 16
   * bits.
   */
  @ParameterizedTest
  @EnumSource(
      value = UpdateRule.Kind.class,
      names = {"SGD", "MOMENTUM", "ADAM"})
  void maskedSumsTrainAsPlaintextDoes(UpdateRule.Kind kind) {
    UpdateRule rule = new UpdateRule(kind, kind == UpdateRule.Kind.ADAM ? 0.01f : 0.2f, 0.5f);
    try (Comparison comparison = new Comparison(experiment(rule, 3))) {
      Outcome plain = comparison.run(Method.PLAIN, SplitProgress.SILENT);
      Outcome ss = comparison.run(Method.SS, SplitProgress.SILENT);
      assertThat(plain.curve()).hasSize(3);
      for (int epoch = 0; epoch < 3; epoch++) {
        assertThat(ss.curve().get(epoch).trainLoss())
            .isCloseTo(plain.curve().get(epoch).trainLoss(), within(2e-4));
        assertThat(ss.curve().get(epoch).loss())
            .isCloseTo(plain.curve().get(epoch).loss(), within(2e-4));
      }
      assertThat(plain.curve().get(2).trainLoss())
          .isLessThan(plain.curve().get(0).trainLoss() - 0.01);
      assertThat(ss.test().auc()).isCloseTo(plain.test().auc(), within(2e-3));
      assertThat(plain.bytesPerEpoch()).isZero();
    }
  }

  @Test
  void splitNnLearnsAndSendsEachValueOnce() {
    Experiment experiment = experiment(UpdateRule.adam(0.01f), 10);
    try (Comparison comparison = new Comparison(experiment)) {
      Outcome splitNn = comparison.run(Method.SPLITNN, SplitProgress.SILENT);
      assertThat(splitNn.test().auc()).isBetween(0.6, 1.0);
      assertThat(splitNn.curve().get(9).trainLoss())
          .isLessThan(splitNn.curve().get(0).trainLoss() - 0.02);
      // h1 up, hL down, a number a row up, gradients of h1 down; test rows without gradients
      int training = 750 * (7 + 5 + 1 + 7) * 4;
      int test = 250 * (7 + 5) * 4;
      assertThat(splitNn.bytesPerEpoch())
          .isBetween(1.0 * (training + test), 1.05 * (training + test));
    }
  }
}
