package org.djlmpc.layers.split;

import java.util.List;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;

/**
 * The gradient for hL on its way from the label holder to the server.
 *
 * <p>With one output it is an outer product: a number for each row times one direction for all. So
 * these are sent, the direction with norm 1 and its first value that is not 0 positive: the server
 * could compute them from the whole gradient, so they tell it nothing more, and cost a fraction of
 * the bytes. With the sign that the weights have they would: who is label 1, and not only who is
 * alike. A defence breaks the product up; then the whole gradient is sent.
 */
final class LabelGradient {
  private LabelGradient() {}

  private static boolean isProduct(SplitPlan plan) {
    return plan.network().outputs() == 1 && plan.defence().changesNothing();
  }

  /** Sends the gradient of a batch. */
  static void send(
      SplitPlan plan,
      Channel server,
      Step step,
      LabelLayer layer,
      float[] dz,
      GaussianNoise noise) {
    float[] message;
    if (isProduct(plan)) {
      message = product(layer, dz);
    } else {
      message = layer.backward(dz);
      plan.defence().apply(message, layer.inputs(), noise);
    }
    FloatFrames.send(List.of(server), FrameType.OPEN, step.number(), message);
  }

  private static float[] product(LabelLayer layer, float[] dz) {
    int inputs = layer.inputs();
    double square = 0;
    double sign = 0;
    for (int i = 0; i < inputs; i++) {
      float weight = layer.weights()[i];
      square += (double) weight * weight;
      if (sign == 0) {
        sign = Math.signum(weight);
      }
    }
    double norm = sign * Math.sqrt(square);
    float[] message = new float[dz.length + inputs];
    for (int row = 0; row < dz.length; row++) {
      message[row] = unsigned((float) (dz[row] * norm));
    }
    for (int i = 0; i < inputs; i++) {
      message[dz.length + i] = norm == 0 ? 0 : unsigned((float) (layer.weights()[i] / norm));
    }
    return message;
  }

  /** A zero has a sign, too, which would tell that of the weights. */
  private static float unsigned(float value) {
    return value + 0f;
  }

  /** Receives the gradient of a batch, (rows, hidden width). */
  static float[] receive(SplitPlan plan, Channel labelHolder, Step step) {
    int inputs = plan.network().hidden().outputWidth();
    int rows = step.rows();
    boolean product = isProduct(plan);
    float[] message =
        FloatFrames.receive(
            labelHolder,
            FrameType.OPEN,
            step.number(),
            product ? rows + inputs : Math.multiplyExact(rows, inputs),
            "gradients");
    if (!product) {
      return message;
    }
    float[] g = new float[Math.multiplyExact(rows, inputs)];
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < inputs; i++) {
        g[row * inputs + i] = message[row] * message[rows + i];
      }
    }
    return g;
  }
}
