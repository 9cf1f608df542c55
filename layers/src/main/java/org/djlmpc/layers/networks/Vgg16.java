package org.djlmpc.layers.networks;

import ai.djl.nn.Block;

/**
 * VGG-16 (Simonyan, Zisserman, ICLR 2015, configuration D) with the classifiers that papers on
 * private inference give it. Without dropout, which is the identity in inference.
 */
final class Vgg16 {

  private static final int[][] CHANNELS = {
    {64, 64}, {128, 128}, {256, 256, 256}, {512, 512, 512}, {512, 512, 512}
  };

  private Vgg16() {}

  /**
   * For 32 x 32 images, classifier 512-256-256-10.
   *
   * <p>This is the classifier that CryptGPU uses in its comparison with Falcon; it pools by average
   * there and by maximum here. The published code of AriaNN and of Falcon has 4096 units instead:
   * see {@link #cifar10Wide()}.
   */
  static Block cifar10() {
    return features(true).classifier(256, 256, 10).block();
  }

  /** For 32 x 32 images, classifier 512-4096-4096-10, as in AriaNN's published code. */
  static Block cifar10Wide() {
    return features(true).classifier(4096, 4096, 10).block();
  }

  /**
   * For 64 x 64 images, classifier 2048-4096-4096-200, as in AriaNN's published code. Falcon's has
   * 2048 units a layer.
   */
  static Block tinyImageNet() {
    return features(true).classifier(4096, 4096, 200).block();
  }

  /** torchvision's {@code vgg16} for 224 x 224 images, where its adaptive pooling does nothing. */
  static Block imageNet() {
    return features(false).classifier(4096, 4096, 1000).block();
  }

  /** AriaNN and Falcon pool before the last ReLU of a group; torchvision after it. */
  private static LayerStack features(boolean poolBeforeRelu) {
    LayerStack stack = new LayerStack();
    for (int[] group : CHANNELS) {
      for (int i = 0; i < group.length; i++) {
        stack.convolution(group[i], 3, 1, 1);
        if (i < group.length - 1) {
          stack.relu();
        }
      }
      if (poolBeforeRelu) {
        stack.maxPool(2, 2).relu();
      } else {
        stack.relu().maxPool(2, 2);
      }
    }
    return stack;
  }
}
