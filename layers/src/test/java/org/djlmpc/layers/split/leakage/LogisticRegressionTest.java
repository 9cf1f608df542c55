package org.djlmpc.layers.split.leakage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.djlmpc.layers.split.Auc;
import org.junit.jupiter.api.Test;

class LogisticRegressionTest {
  @Test
  void findsTheLogOddsOfATable() {
    // of 40 rows with x = 0, 10 are positive; of 60 with x = 1, 45 are
    float[] x = new float[100];
    float[] y = new float[100];
    for (int i = 0; i < 100; i++) {
      x[i] = i < 40 ? 0 : 1;
      y[i] = i < 10 || i >= 55 ? 1 : 0;
    }
    double[] found = LogisticRegression.fit(new Rows(1, x), y).coefficients();
    // but for the ridge: the odds are 1/3 and 3
    assertThat(found[1]).isCloseTo(-Math.log(3), within(0.01));
    assertThat(found[0]).isCloseTo(2 * Math.log(3), within(0.01));
  }

  @Test
  void findsTheCoefficientsThatMadeTheLabels() {
    Random random = new Random(1);
    int n = 20_000;
    float[] x = new float[3 * n];
    float[] y = new float[n];
    for (int row = 0; row < n; row++) {
      for (int i = 0; i < 3; i++) {
        x[3 * row + i] = (float) (5 * random.nextGaussian() + 20 * i);
      }
      double logit = 0.3 * x[3 * row] - 0.2 * (x[3 * row + 1] - 20) + 0.5;
      y[row] = random.nextDouble() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
    }
    double[] found = LogisticRegression.fit(new Rows(3, x), y).coefficients();
    assertThat(found[0]).isCloseTo(0.3, within(0.03));
    assertThat(found[1]).isCloseTo(-0.2, within(0.03));
    assertThat(found[2]).isCloseTo(0, within(0.03));
  }

  @Test
  void survivesLabelsThatAPlaneDividesAndColumnsThatAreTheSame() {
    Random random = new Random(2);
    float[] x = new float[600];
    float[] y = new float[200];
    for (int row = 0; row < 200; row++) {
      x[3 * row] = random.nextFloat() - 0.5f;
      x[3 * row + 1] = x[3 * row];
      x[3 * row + 2] = 4;
      y[row] = x[3 * row] > 0 ? 1 : 0;
    }
    Rows rows = new Rows(3, x);
    float[] scores = LogisticRegression.fit(rows, y).logits(rows);
    assertThat(Auc.of(scores, y)).isEqualTo(1);
  }
}
