package org.djlmpc.layers.split;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** The loss of plaintext training, from operators that DJL differentiates. */
final class PlainLoss {
  private PlainLoss() {}

  /**
   * The mean over the rows of what {@link LabelLoss#evaluate} computes.
   *
   * @param z (rows, outputs)
   * @param labels that the loss takes, one a row
   */
  static NDArray mean(LabelLoss loss, NDArray z, float[] labels, NDManager scope) {
    NDArray y = scope.create(labels, new Shape(labels.length, 1));
    return switch (loss) {
      // max(z, 0) - z y + log(1 + exp(-|z|))
      case BINARY -> z.maximum(0).sub(z.mul(y)).add(z.abs().neg().exp().add(1).log()).mean();
      case SOFTMAX -> {
        NDArray classes = scope.arange((float) z.getShape().get(1)).reshape(1, -1);
        NDArray isLabel = y.eq(classes).toType(z.getDataType(), false);
        yield z.logSoftmax(1).mul(isLabel).sum().neg().div(labels.length);
      }
      case SQUARED -> z.sub(y).square().mean().div(2);
    };
  }
}
