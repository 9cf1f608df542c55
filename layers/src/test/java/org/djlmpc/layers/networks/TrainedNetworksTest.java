package org.djlmpc.layers.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.ParameterStore;
import java.util.List;
import org.djlmpc.error.MpcException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrainedNetworksTest {

  static List<Network> networks() {
    return TrainedNetworks.networks();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void classifiesTheSample(Network network) {
    FashionMnist sample = FashionMnist.testSample();
    try (Model model = TrainedNetworks.load(network, "PyTorch")) {
      NDArray images = sample.images(model.getNDManager(), 0, sample.size());
      NDArray logits =
          model
              .getBlock()
              .forward(new ParameterStore(model.getNDManager(), false), new NDList(images), false)
              .singletonOrThrow();
      long[] answers = logits.argMax(1).toLongArray();
      int right = 0;
      for (int i = 0; i < answers.length; i++) {
        right += answers[i] == sample.label(i) ? 1 : 0;
      }
      // 86 %; the stored weights have at least 89 % of the whole test set right.
      assertThat(right).isGreaterThanOrEqualTo(172);
    }
  }

  @Test
  void saysWhichNetworksThereAre() {
    assertThatThrownBy(() -> TrainedNetworks.load(Network.RESNET18_224, "PyTorch"))
        .isInstanceOf(MpcException.class)
        .hasMessageContaining("resnet18-224")
        .hasMessageContaining("lenet");
  }
}
