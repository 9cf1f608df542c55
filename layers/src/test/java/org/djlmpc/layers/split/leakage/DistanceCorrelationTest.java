package org.djlmpc.layers.split.leakage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.djlmpc.error.MpcException;
import org.junit.jupiter.api.Test;

class DistanceCorrelationTest {
  @Test
  void isWhatThePaperDefines() {
    Rows x = new Rows(1, new float[] {0, 1, 3});
    Rows y = new Rows(1, new float[] {0, 2, 1});
    assertThat(DistanceCorrelation.of(x, y)).isCloseTo(byDefinition(x, y), within(1e-12));
    assertThat(byDefinition(x, y)).isBetween(0.1, 0.9);
  }

  /** With whole matrices, as in definition 4 of the paper. */
  private static double byDefinition(Rows x, Rows y) {
    double[][] a = centred(x.values());
    double[][] b = centred(y.values());
    return Math.sqrt(mean(a, b) / Math.sqrt(mean(a, a) * mean(b, b)));
  }

  private static double[][] centred(float[] v) {
    int n = v.length;
    double[][] d = new double[n][n];
    for (int j = 0; j < n; j++) {
      for (int k = 0; k < n; k++) {
        double rowMean = 0;
        double columnMean = 0;
        double all = 0;
        for (int i = 0; i < n; i++) {
          rowMean += Math.abs(v[j] - v[i]) / n;
          columnMean += Math.abs(v[i] - v[k]) / n;
          for (int l = 0; l < n; l++) {
            all += Math.abs(v[i] - v[l]) / (n * n);
          }
        }
        d[j][k] = Math.abs(v[j] - v[k]) - rowMean - columnMean + all;
      }
    }
    return d;
  }

  private static double mean(double[][] a, double[][] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      for (int k = 0; k < a.length; k++) {
        sum += a[j][k] * b[j][k];
      }
    }
    return sum / (a.length * a.length);
  }

  @Test
  void isOneForTheSameThingTurnedScaledAndMoved() {
    Random random = new Random(1);
    float[] x = new float[200];
    float[] y = new float[200];
    for (int i = 0; i < 200; i += 2) {
      x[i] = (float) random.nextGaussian();
      x[i + 1] = (float) random.nextGaussian();
      y[i] = 3 * (0.6f * x[i] - 0.8f * x[i + 1]) + 7;
      y[i + 1] = 3 * (0.8f * x[i] + 0.6f * x[i + 1]) - 2;
    }
    assertThat(DistanceCorrelation.of(new Rows(2, x), new Rows(2, y))).isCloseTo(1, within(1e-5));
  }

  @Test
  void seesWhatLinearCorrelationDoesNotAndIsSmallForIndependentRows() {
    Random random = new Random(2);
    float[] x = new float[2000];
    float[] y = new float[2000];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
      y[i] = x[i] * x[i];
    }
    Rows rows = new Rows(1, x);
    assertThat(DistanceCorrelation.of(rows, new Rows(1, y))).isBetween(0.45, 0.65);
    assertThat(DistanceCorrelation.independent(rows, new Rows(1, y), 3)).isLessThan(0.1);
  }

  @Test
  void isZeroForAConstantAndRefusesOtherRows() {
    Rows x = new Rows(1, new float[] {1, 2, 3});
    assertThat(DistanceCorrelation.of(x, new Rows(1, new float[3]))).isZero();
    assertThatThrownBy(() -> DistanceCorrelation.of(x, new Rows(1, new float[2])))
        .isInstanceOf(MpcException.class);
  }
}
