package org.djlmpc.layers.split;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The label holder's layer z = hL W + b, with its loss. Stays at the label holder. */
final class LabelLayer implements Part {
  private final int inputs;
  private final int outputs;
  private final LabelLoss loss;

  /** (inputs + 1, outputs), the bias as the last row. */
  private final float[] weights;

  private final Updater updater;

  LabelLayer(SplitPlan plan, @Nullable Long seed) {
    SplitNetwork network = plan.network();
    inputs = network.hidden().outputWidth();
    outputs = network.outputs();
    loss = network.loss();
    weights = new float[(inputs + 1) * outputs];
    updater = new Updater(plan.training().rule(), weights.length);
    InitialWeights.fill(weights, Math.sqrt(6.0 / (inputs + outputs)), seed);
    Arrays.fill(weights, inputs * outputs, weights.length, 0);
  }

  int inputs() {
    return inputs;
  }

  int outputs() {
    return outputs;
  }

  /** The weights, (inputs + 1, outputs); the array itself. */
  float[] weights() {
    return weights;
  }

  /** z, (rows, outputs). */
  float[] forward(float[] hL) {
    int rows = hL.length / inputs;
    float[] z = new float[rows * outputs];
    for (int row = 0; row < rows; row++) {
      for (int k = 0; k < outputs; k++) {
        float sum = weights[inputs * outputs + k];
        for (int i = 0; i < inputs; i++) {
          sum += hL[row * inputs + i] * weights[i * outputs + k];
        }
        z[row * outputs + k] = sum;
      }
    }
    return z;
  }

  /**
   * The mean loss of a batch.
   *
   * @param z from {@link #forward}
   * @param dz receives the gradient for z
   */
  double loss(float[] z, float[] labels, float[] dz) {
    loss.requireLabels(labels, outputs);
    return loss.evaluate(z, labels, outputs, dz);
  }

  /** The gradient for hL, (rows, inputs), with the weights before their update. */
  float[] backward(float[] dz) {
    int rows = dz.length / outputs;
    float[] g = new float[rows * inputs];
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < inputs; i++) {
        float sum = 0;
        for (int k = 0; k < outputs; k++) {
          sum += dz[row * outputs + k] * weights[i * outputs + k];
        }
        g[row * inputs + i] = sum;
      }
    }
    return g;
  }

  void update(float[] hL, float[] dz) {
    int rows = dz.length / outputs;
    float[] g = new float[weights.length];
    for (int row = 0; row < rows; row++) {
      for (int k = 0; k < outputs; k++) {
        float d = dz[row * outputs + k];
        for (int i = 0; i < inputs; i++) {
          g[i * outputs + k] += hL[row * inputs + i] * d;
        }
        g[inputs * outputs + k] += d;
      }
    }
    updater.update(weights, g);
  }

  @Override
  public void save(DataOutput out) throws IOException {
    FloatData.write(out, weights);
    updater.save(out);
  }

  @Override
  public void load(DataInput in) throws IOException {
    FloatData.read(in, weights);
    updater.load(in);
  }

  @Override
  public void close() {
    Arrays.fill(weights, 0);
    updater.close();
  }
}
