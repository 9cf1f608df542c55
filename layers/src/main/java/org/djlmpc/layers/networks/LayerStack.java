package org.djlmpc.layers.networks;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;

/** Writes a network down as the papers' tables do: one call a row, every window square. */
final class LayerStack {

  private final SequentialBlock block = new SequentialBlock();

  LayerStack add(Block child) {
    block.add(child);
    return this;
  }

  LayerStack convolution(int filters, int kernel, int stride, int padding) {
    return add(convolution(filters, kernel, stride, padding, true));
  }

  /** A convolution without bias: a normalization that adds one follows. */
  LayerStack convolutionNoBias(int filters, int kernel, int stride, int padding) {
    return add(convolution(filters, kernel, stride, padding, false));
  }

  LayerStack batchNorm() {
    return add(BatchNorm.builder().build());
  }

  LayerStack relu() {
    return add(Activation.reluBlock());
  }

  LayerStack maxPool(int kernel, int stride) {
    return maxPool(kernel, stride, 0);
  }

  LayerStack maxPool(int kernel, int stride, int padding) {
    return add(Pool.maxPool2dBlock(square(kernel), square(stride), square(padding)));
  }

  LayerStack globalAvgPool() {
    return add(Pool.globalAvgPool2dBlock());
  }

  LayerStack flatten() {
    return add(Blocks.batchFlattenBlock());
  }

  LayerStack linear(int units) {
    return add(Linear.builder().setUnits(units).build());
  }

  /** Fully connected layers with ReLU between them and none after the last. */
  LayerStack classifier(int... units) {
    flatten();
    for (int i = 0; i < units.length; i++) {
      linear(units[i]);
      if (i < units.length - 1) {
        relu();
      }
    }
    return this;
  }

  SequentialBlock block() {
    return block;
  }

  private static Block convolution(int filters, int kernel, int stride, int padding, boolean bias) {
    return Conv2d.builder()
        .setFilters(filters)
        .setKernelShape(square(kernel))
        .optStride(square(stride))
        .optPadding(square(padding))
        .optBias(bias)
        .build();
  }

  private static Shape square(int side) {
    return new Shape(side, side);
  }
}
