package org.djlmpc.layers.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.djlmpc.error.MpcException;
import org.junit.jupiter.api.Test;

/** Area under the curve and log loss, against their definitions. */
final class MetricsTest {

  /** Scores with many ties, both zeros, both infinities and all signs. */
  private static float[] scores(Random random, int rows) {
    float[] special = {-0f, 0f, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, Float.MIN_VALUE};
    float[] scores = new float[rows];
    for (int i = 0; i < rows; i++) {
      int kind = random.nextInt(3);
      scores[i] =
          kind == 0
              ? special[random.nextInt(special.length)]
              : kind == 1 ? random.nextInt(9) - 4 : (float) random.nextGaussian();
    }
    return scores;
  }

  private static float[] labels(Random random, int rows) {
    float[] labels = new float[rows];
    for (int i = 0; i < rows; i++) {
      labels[i] = random.nextInt(3) == 0 ? 1 : 0;
    }
    labels[0] = 0;
    labels[1] = 1;
    return labels;
  }

  @Test
  void theAreaIsTheShareOfPairsInTheRightOrder() {
    Random random = new Random(7);
    for (int run = 0; run < 300; run++) {
      int rows = 2 + random.nextInt(60);
      float[] scores = scores(random, rows);
      float[] labels = labels(random, rows);
      double wins = 0;
      int pairs = 0;
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < rows; j++) {
          if (labels[i] == 1 && labels[j] == 0) {
            pairs++;
            wins += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
          }
        }
      }
      assertThat(Auc.of(scores, labels)).isEqualTo(wins / pairs);
    }
  }

  @Test
  void withOneClassThereIsNoArea() {
    assertThat(Auc.of(new float[] {1, 2}, new float[] {1, 1})).isNaN();
    assertThat(Auc.of(new float[] {}, new float[] {})).isNaN();
  }

  @Test
  void logLossIsTheMeanNegativeLogarithmOfTheProbabilities() {
    float[] logits = {0.3f, -2, 5, -0.1f};
    float[] labels = {1, 1, 0, 0};
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      double p = 1 / (1 + Math.exp(-logits[i]));
      sum -= Math.log(labels[i] == 1 ? p : 1 - p);
    }
    assertThat(LogLoss.ofLogits(logits, labels)).isCloseTo(sum / 4, within(1e-12));
  }

  @Test
  void logLossOfExtremeLogitsIsTheirSize() {
    assertThat(LogLoss.ofLogits(new float[] {-1e30f}, new float[] {0})).isZero();
    assertThat(LogLoss.ofLogits(new float[] {-1e30f}, new float[] {1})).isEqualTo((double) 1e30f);
    assertThat(LogLoss.ofLogits(new float[] {Float.NEGATIVE_INFINITY}, new float[] {0})).isZero();
  }

  @Test
  void whatHasNoMetricIsRefused() {
    assertThatThrownBy(() -> Auc.of(new float[1], new float[2]))
        .isInstanceOf(MpcException.class)
        .hasMessageContaining("1 scores do not fit 2 labels");
    assertThatThrownBy(() -> LogLoss.ofLogits(new float[] {0, 0}, new float[] {0, 0.5f}))
        .hasMessageContaining("row 1")
        .hasMessageNotContaining("0.5");
    assertThatThrownBy(() -> Auc.of(new float[] {0, Float.NaN}, new float[] {0, 1}))
        .hasMessageContaining("MPC-103");
  }
}
