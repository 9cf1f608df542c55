package org.djlmpc.layers.networks;

import ai.djl.nn.Block;

/**
 * The four networks for 28 x 28 grey images that SecureNN calls A to D (Wagh, Gupta, Chandran,
 * PoPETs 2019, Appendix C).
 *
 * <p>Two differences from that paper, for all four. Its tables apply ReLU to the ten outputs as
 * well; here the outputs are logits, so that they can be trained with cross-entropy and compared
 * with plaintext. And max-pooling comes before ReLU, as in AriaNN's code: the result is the same
 * and there are four times fewer ReLUs.
 */
final class MnistNetworks {

  private MnistNetworks() {}

  /** SecureML's network, 784-128-128-10. */
  static Block networkA() {
    return new LayerStack().classifier(128, 128, 10).block();
  }

  /** MiniONN's network (its Figure 12). */
  static Block networkB() {
    return new LayerStack()
        .convolution(16, 5, 1, 0)
        .maxPool(2, 2)
        .relu()
        .convolution(16, 5, 1, 0)
        .maxPool(2, 2)
        .relu()
        .classifier(100, 10)
        .block();
  }

  /** LeNet with 20 and 50 channels. */
  static Block networkC() {
    return new LayerStack()
        .convolution(20, 5, 1, 0)
        .maxPool(2, 2)
        .relu()
        .convolution(50, 5, 1, 0)
        .maxPool(2, 2)
        .relu()
        .classifier(500, 10)
        .block();
  }

  /** Chameleon's network (its Figure 3). */
  static Block networkD() {
    return new LayerStack().convolution(5, 5, 2, 2).relu().classifier(100, 10).block();
  }
}
