package org.djlmpc.layers.networks;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import java.util.List;

/**
 * ResNet-18 (He, Zhang, Ren, Sun, CVPR 2016, Table 1) as torchvision builds it: basic blocks, and a
 * 1 x 1 convolution in the shortcut where the shape changes.
 *
 * <p>DJL's own {@code ResNetV1} with 18 layers is another network: it has bottlenecks and a
 * thirteenth of the parameters. AriaNN pools before the first ReLU; the result is the same.
 */
final class ResNet18 {

  private static final int[] CHANNELS = {64, 128, 256, 512};

  private ResNet18() {}

  static Block imageNet() {
    LayerStack stack =
        new LayerStack().convolutionNoBias(64, 7, 2, 3).batchNorm().relu().maxPool(3, 2, 1);
    for (int stage = 0; stage < CHANNELS.length; stage++) {
      boolean firstStage = stage == 0;
      stack.add(basicBlock(CHANNELS[stage], firstStage ? 1 : 2, !firstStage));
      stack.add(basicBlock(CHANNELS[stage], 1, false));
    }
    return stack.globalAvgPool().classifier(1000).block();
  }

  private static Block basicBlock(int channels, int stride, boolean project) {
    Block residual =
        new LayerStack()
            .convolutionNoBias(channels, 3, stride, 1)
            .batchNorm()
            .relu()
            .convolutionNoBias(channels, 3, 1, 1)
            .batchNorm()
            .block();
    Block shortcut =
        project
            ? new LayerStack().convolutionNoBias(channels, 1, stride, 0).batchNorm().block()
            : Blocks.identityBlock();
    Block sum = new ParallelBlock(ResNet18::add, List.of(residual, shortcut));
    return new LayerStack().add(sum).add(Activation.reluBlock()).block();
  }

  private static NDList add(List<NDList> branches) {
    return new NDList(branches.get(0).singletonOrThrow().add(branches.get(1).singletonOrThrow()));
  }
}
