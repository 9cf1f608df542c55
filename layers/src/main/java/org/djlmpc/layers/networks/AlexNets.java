package org.djlmpc.layers.networks;

import ai.djl.nn.Block;

/**
 * The forms of AlexNet (Krizhevsky, Sutskever, Hinton, 2012) that papers on private inference
 * measure.
 *
 * <p>They have no dropout, which is the identity in inference.
 */
final class AlexNets {

  private AlexNets() {}

  /**
   * For 32 x 32 images, as in AriaNN's published code.
   *
   * <p>Falcon pads the first convolution by 9 and feeds it 33 x 33 images, CryptGPU pools by
   * average and has no normalization; the other layers are the same.
   */
  static Block cifar10() {
    return new LayerStack()
        .convolution(96, 11, 4, 10)
        .maxPool(3, 2)
        .relu()
        .batchNorm()
        .convolution(256, 5, 1, 1)
        .maxPool(3, 2)
        .relu()
        .batchNorm()
        .convolution(384, 3, 1, 1)
        .relu()
        .convolution(384, 3, 1, 1)
        .relu()
        .convolution(256, 3, 1, 1)
        .relu()
        .classifier(256, 256, 10)
        .block();
  }

  /**
   * For 64 x 64 images, as in AriaNN's published code: torchvision's features, smaller classifier.
   */
  static Block tinyImageNet() {
    return torchvisionFeatures(true).classifier(1024, 1024, 200).block();
  }

  /**
   * For 64 x 64 images, as in Falcon's published code.
   *
   * <p>Falcon cuts the images to 56 x 56; here they keep their 64 x 64 pixels, as in AriaNN's copy
   * of this network, so that 16384 values reach the classifier.
   */
  static Block tinyImageNetFalcon() {
    return new LayerStack()
        .convolution(64, 7, 1, 3)
        .convolution(64, 5, 1, 2)
        .maxPool(2, 2)
        .relu()
        .batchNorm()
        .convolution(128, 5, 1, 2)
        .maxPool(2, 2)
        .relu()
        .batchNorm()
        .convolution(256, 3, 1, 1)
        .convolution(256, 3, 1, 1)
        .maxPool(2, 2)
        .relu()
        .classifier(1024, 1024, 200)
        .block();
  }

  /**
   * torchvision's {@code alexnet} for 224 x 224 images, where its adaptive pooling does nothing.
   */
  static Block imageNet() {
    return torchvisionFeatures(false).classifier(4096, 4096, 1000).block();
  }

  private static LayerStack torchvisionFeatures(boolean poolBeforeRelu) {
    LayerStack stack = new LayerStack().convolution(64, 11, 4, 2);
    reluAndPool(stack, poolBeforeRelu).convolution(192, 5, 1, 2);
    reluAndPool(stack, poolBeforeRelu)
        .convolution(384, 3, 1, 1)
        .relu()
        .convolution(256, 3, 1, 1)
        .relu()
        .convolution(256, 3, 1, 1);
    return reluAndPool(stack, poolBeforeRelu);
  }

  private static LayerStack reluAndPool(LayerStack stack, boolean poolBeforeRelu) {
    return poolBeforeRelu ? stack.maxPool(3, 2).relu() : stack.relu().maxPool(3, 2);
  }
}
