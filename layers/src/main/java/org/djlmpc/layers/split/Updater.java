package org.djlmpc.layers.split;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** An {@link UpdateRule} at work on one array of parameters, with what it remembers of them. */
final class Updater implements AutoCloseable {
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final UpdateRule rule;
  private final float[] first;
  private final float[] second;
  private final GaussianNoise noise;
  private long steps;

  Updater(UpdateRule rule, int parameters) {
    this.rule = rule;
    boolean moving = rule.kind() == UpdateRule.Kind.MOMENTUM || rule.kind() == UpdateRule.Kind.ADAM;
    first = new float[moving ? parameters : 0];
    second = new float[rule.kind() == UpdateRule.Kind.ADAM ? parameters : 0];
    noise = new GaussianNoise();
  }

  /** Changes the parameters by one step against the gradient, which has the same length. */
  void update(float[] theta, float[] g) {
    steps++;
    float alpha = rule.learningRate();
    switch (rule.kind()) {
      case SGD -> add(theta, -alpha, g);
      case MOMENTUM -> {
        for (int i = 0; i < theta.length; i++) {
          first[i] = rule.momentum() * first[i] + g[i];
        }
        add(theta, -alpha, first);
      }
      case ADAM -> adam(theta, g);
      case SGLD -> {
        add(theta, -alpha / 2, g);
        noise.add(theta, Math.sqrt((double) alpha * rule.temperature()));
      }
    }
  }

  private static void add(float[] theta, float factor, float[] g) {
    for (int i = 0; i < theta.length; i++) {
      theta[i] += factor * g[i];
    }
  }

  private void adam(float[] theta, float[] g) {
    float beta1 = rule.momentum();
    float beta2 = (float) BETA2;
    double rate = rule.learningRate() / (1 - Math.pow(beta1, (double) steps));
    double correction = 1 / Math.sqrt(1 - Math.pow(BETA2, (double) steps));
    for (int i = 0; i < theta.length; i++) {
      first[i] = beta1 * first[i] + (1 - beta1) * g[i];
      second[i] = beta2 * second[i] + (1 - beta2) * g[i] * g[i];
      theta[i] -= (float) (rate * first[i] / (Math.sqrt(second[i]) * correction + EPSILON));
    }
  }

  void save(DataOutput out) throws IOException {
    out.writeLong(steps);
    FloatData.write(out, first);
    FloatData.write(out, second);
  }

  void load(DataInput in) throws IOException {
    steps = in.readLong();
    FloatData.read(in, first);
    FloatData.read(in, second);
  }

  /** Erases what it remembers. */
  @Override
  public void close() {
    Arrays.fill(first, 0);
    Arrays.fill(second, 0);
    noise.close();
  }
}
