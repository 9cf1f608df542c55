package org.djlmpc.layers.networks;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.ParameterStore;
import org.junit.jupiter.api.Test;

class TrainedNetworksTest {

  @Test
  void lenetClassifiesTheSample() {
    FashionMnist sample = FashionMnist.testSample();
    try (Model model = TrainedNetworks.lenet("PyTorch")) {
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
      // 88 %; the stored weights have 186 right, and 91.53 % of the whole test set.
      assertThat(right).isGreaterThanOrEqualTo(176);
    }
  }
}
