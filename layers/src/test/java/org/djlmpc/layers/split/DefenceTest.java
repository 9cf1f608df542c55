package org.djlmpc.layers.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DefenceTest {
  @Test
  void langevinNoiseHasVarianceAlpha() {
    int parameters = 100_000;
    float alpha = 0.04f;
    float[] theta = new float[parameters];
    float[] g = new float[parameters];
    Arrays.fill(g, 5);
    try (Updater updater = new Updater(UpdateRule.sgld(alpha), parameters)) {
      updater.update(theta, g);
    }
    double mean = 0;
    double square = 0;
    double fourth = 0;
    for (float value : theta) {
      double noise = value + alpha / 2 * 5;
      mean += noise / parameters;
      square += noise * noise / parameters;
      fourth += Math.pow(noise, 4) / parameters;
    }
    // seven standard deviations of each estimate
    assertThat(mean).isCloseTo(0, within(7 * Math.sqrt(alpha / parameters)));
    assertThat(square).isCloseTo(alpha, within(7 * alpha * Math.sqrt(2.0 / parameters)));
    assertThat(fourth)
        .isCloseTo(3 * alpha * alpha, within(7 * alpha * alpha * Math.sqrt(96.0 / parameters)));
  }

  @Test
  void equalNormsAreEqualAndKeepTheDirection() {
    float[] g = {3, 4, 0, 0, 0, 10};
    GradientDefence.equalizeNorms().apply(g, 2, new GaussianNoise());
    assertThat(g).containsExactly(new float[] {3, 4, 0, 0, 0, 5}, within(1e-6f));
  }

  /** Rows that are certain have gradients of almost nothing. */
  @Test
  void equalNormsOfTinyRowsAreFinite() {
    float[] g = {Float.MIN_VALUE, 0, 1, 1e-42f};
    GradientDefence.equalizeNorms().apply(g, 1, new GaussianNoise());
    assertThat(g).containsExactly(new float[] {0.25f, 0, 0.25f, 0.25f}, within(1e-3f));
  }

  @Test
  void noiseIsAsLargeAsTheLargestRow() {
    float[] g = new float[40_000];
    g[0] = 6;
    g[1] = 8;
    GradientDefence.noise(0.5f).apply(g, 4, new GaussianNoise());
    double square = 0;
    for (int i = 4; i < g.length; i++) {
      square += (double) g[i] * g[i] / g.length;
    }
    // 0.5 x 10 / sqrt(4)
    assertThat(square).isCloseTo(6.25, within(7 * 6.25 * Math.sqrt(2.0 / g.length)));
  }

  @Test
  void lossesHaveTheirGradients() {
    for (LabelLoss loss : LabelLoss.values()) {
      int outputs = loss == LabelLoss.SOFTMAX ? 3 : 1;
      float[] z = new float[4 * outputs];
      for (int i = 0; i < z.length; i++) {
        z[i] = (float) Math.sin(i * 7 + 1);
      }
      float[] labels = {0, 1, 1, 0};
      float[] gradient = new float[z.length];
      loss.evaluate(z, labels, outputs, gradient);
      for (int i = 0; i < z.length; i++) {
        float kept = z[i];
        float step = 1e-2f;
        z[i] = kept + step;
        double above = loss.evaluate(z, labels, outputs, new float[z.length]);
        z[i] = kept - step;
        double below = loss.evaluate(z, labels, outputs, new float[z.length]);
        z[i] = kept;
        assertThat((above - below) / (2 * step)).isCloseTo(gradient[i], within(1e-4));
      }
    }
  }
}
