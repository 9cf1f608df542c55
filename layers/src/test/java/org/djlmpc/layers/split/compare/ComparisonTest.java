package org.djlmpc.layers.split.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.FirstActivation;
import org.djlmpc.layers.split.HiddenLayers;
import org.djlmpc.layers.split.Metrics;
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

  /** Their rows are few, so that they soon learn them by heart and the test rows stop them. */
  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "SPLITNN", "SS"})
  void allMethodsGoBackToTheBestEpoch(Method method) {
    int patience = 3;
    HiddenLayers normalized =
        new HiddenLayers(
            "normalized",
            5,
            () ->
                new SequentialBlock()
                    .add(Linear.builder().setUnits(5).build())
                    .add(BatchNorm.builder().build()));
    Experiment experiment = experiment(UpdateRule.adam(0.1f), 60);
    SplitNetwork network = experiment.network();
    SplitNetwork other =
        new SplitNetwork(
            network.width(), network.activation(), normalized, network.outputs(), network.loss());
    Experiment stopping =
        new Experiment(
            experiment.data(),
            200,
            0.5,
            2,
            other,
            experiment.training().withPatience(patience),
            4,
            LinkShape.NONE,
            true);
    List<Integer> kept = new ArrayList<>();
    SplitProgress progress =
        new SplitProgress() {
          @Override
          public void kept(int epoch) {
            kept.add(epoch);
          }
        };
    try (Comparison comparison = new Comparison(stopping)) {
      Outcome outcome = comparison.run(method, progress);
      Metrics best =
          outcome.curve().stream().min(Comparator.comparingDouble(Metrics::loss)).orElseThrow();
      assertThat(outcome.epochs()).hasSize(best.epoch() + patience).hasSizeLessThan(60);
      assertThat(kept).containsExactly(best.epoch());
      assertThat(outcome.test().epoch()).isEqualTo(best.epoch());
      assertThat(outcome.test().loss()).isEqualTo(best.loss());
      assertThat(outcome.curve().get(outcome.epochs().size() - 1).loss())
          .isGreaterThan(best.loss());
    }
  }

  @Test
  void patienceNeedsRowsToLookAt() {
    Experiment experiment = experiment(UpdateRule.sgd(0.1f), 3).withCurves(false);
    Experiment patient = experiment.withTraining(experiment.training().withPatience(1));
    assertThatThrownBy(() -> new Comparison(patient))
        .isInstanceOf(MpcException.class)
        .hasMessageContaining("MPC-106")
        .hasMessageContaining("withCurves");
  }
}
