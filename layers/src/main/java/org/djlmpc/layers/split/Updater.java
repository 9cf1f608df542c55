package org.djlmpc.layers.split;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * An {@link UpdateRule} at work on one array of parameters, with what it remembers of them. A step
 * may leave parameters out whose gradient is zero; {@link #idle} makes up for several such steps at
 * once.
 */
final class Updater implements AutoCloseable {
  private final UpdateRule rule;
  private final float[] first;
  private final float[] second;
  private final Adam adam;
  private final GaussianNoise noise;
  private long steps;

  Updater(UpdateRule rule, int parameters) {
    this.rule = rule;
    boolean moving = rule.kind() == UpdateRule.Kind.MOMENTUM || rule.kind() == UpdateRule.Kind.ADAM;
    first = new float[moving ? parameters : 0];
    second = new float[rule.kind() == UpdateRule.Kind.ADAM ? parameters : 0];
    adam = new Adam(rule, first, second);
    noise = new GaussianNoise();
  }

  /** Changes all parameters by one step against the gradient, which has the same length. */
  void update(float[] theta, float[] g) {
    begin();
    step(theta, 0, g, 0, theta.length);
  }

  /** Begins another step. */
  void begin() {
    steps++;
  }

  /** How many steps have begun. */
  long steps() {
    return steps;
  }

  /**
   * Changes some parameters by the step that has begun.
   *
   * @param at first parameter
   * @param g gradient
   * @param from place of the first parameter's gradient
   */
  void step(float[] theta, int at, float[] g, int from, int count) {
    float alpha = rule.learningRate();
    switch (rule.kind()) {
      case SGD -> add(theta, at, -alpha, g, from, count);
      case MOMENTUM -> {
        for (int i = 0; i < count; i++) {
          first[at + i] = rule.momentum() * first[at + i] + g[from + i];
        }
        add(theta, at, -alpha, first, at, count);
      }
      case ADAM -> adam.step(steps, theta, at, g, from, count);
      case SGLD -> {
        add(theta, at, -alpha / 2, g, from, count);
        noise.add(theta, at, count, deviation(1));
      }
    }
  }

  /**
   * Changes some parameters as steps do whose gradient is zero, up to the last one that has begun.
   *
   * @param since the last step that they had
   * @param at first parameter
   */
  void idle(long since, float[] theta, int at, int count) {
    switch (rule.kind()) {
      case SGD -> {}
      case MOMENTUM -> coast(steps - since, theta, at, count);
      case ADAM -> adam.idle(since, steps, theta, at, count);
      // independent normal numbers add up to one of the summed variance
      case SGLD -> noise.add(theta, at, count, deviation(steps - since));
    }
  }

  /** Whether a gradient of zero changes nothing. */
  boolean isIdleStill() {
    return rule.kind() == UpdateRule.Kind.SGD;
  }

  /** v, mu v, mu^2 v and so on are a geometric series. */
  private void coast(long idle, float[] theta, int at, int count) {
    double mu = rule.momentum();
    double decay = Math.pow(mu, (double) idle);
    double way = rule.learningRate() * mu * (1 - decay) / (1 - mu);
    for (int i = at; i < at + count; i++) {
      theta[i] -= (float) (way * first[i]);
      first[i] = (float) (decay * first[i]);
    }
  }

  private double deviation(long noisySteps) {
    return Math.sqrt((double) rule.learningRate() * rule.temperature() * noisySteps);
  }

  private static void add(float[] theta, int at, float factor, float[] g, int from, int count) {
    for (int i = 0; i < count; i++) {
      theta[at + i] += factor * g[from + i];
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
