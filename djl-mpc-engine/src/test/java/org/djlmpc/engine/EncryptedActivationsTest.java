package org.djlmpc.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.basicmodelzoo.cv.classification.LeNet;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.ParameterStore;
import ai.djl.translate.NoopTranslator;
import java.util.List;
import org.djlmpc.protocol.ariann.Ariann;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** DJL's own activation Blocks and a network of its zoo that needs them, encrypted. */
@Timeout(300)
final class EncryptedActivationsTest {
  private static LocalParties parties;
  private static NDManager torch;

  @BeforeAll
  static void open() {
    parties = LocalParties.start(Ariann.ARIANN);
    torch = NDManager.newBaseManager("PyTorch");
  }

  @AfterAll
  static void close() {
    parties.close();
    torch.close();
  }

  @BeforeEach
  void seed() {
    Engine.getEngine("PyTorch").setRandomSeed(1);
  }

  private static void assertAgrees(Block block, NDArray input, float tolerance) throws Exception {
    try (Model model = Model.newInstance("model", "PyTorch")) {
      block.initialize(model.getNDManager(), DataType.FLOAT32, input.getShape());
      model.setBlock(block);
      NDList inputs = new NDList(input);
      float[] plain =
          block
              .forward(new ParameterStore(model.getNDManager(), false), inputs, false)
              .head()
              .toFloatArray();
      try (MpcPredictor<NDList, NDList> predictor = parties.encrypt(model, new NoopTranslator())) {
        assertThat(predictor.predict(inputs).head().toFloatArray())
            .usingComparatorWithPrecision(tolerance)
            .containsExactly(plain);
      }
    }
  }

  @Test
  void activationBlocks() throws Exception {
    ParallelBlock all = new ParallelBlock(outputs -> new NDList(join(outputs)));
    for (Block activation :
        List.of(
            Activation.reluBlock(),
            Activation.relu6Block(),
            Activation.leakyReluBlock(0.1f),
            Activation.sigmoidBlock(),
            Activation.tanhBlock(),
            Activation.softPlusBlock(),
            Activation.geluBlock(),
            Activation.swishBlock(1.5f),
            Activation.mishBlock())) {
      all.add(new SequentialBlock().add(Linear.builder().setUnits(20).build()).add(activation));
    }
    // so small that no activation gets more than 10, from where on mish errs by more than 5e-3
    assertAgrees(all, torch.randomUniform(-2, 2, new Shape(6, 5)), 5e-3f);
  }

  private static NDArray join(List<NDList> outputs) {
    NDList arrays = new NDList();
    outputs.forEach(output -> arrays.add(output.head()));
    return arrays.get(0).getNDArrayInternal().concat(arrays.subNDList(1), 1);
  }

  @Test
  void aNetworkMayEndWithSoftmax() throws Exception {
    Block block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(7).build())
            .add(Activation.tanhBlock())
            .addSingleton(x -> x.softmax(-1));
    assertAgrees(block, torch.randomNormal(0, 3, new Shape(4, 5), DataType.FLOAT32), 2e-3f);
  }

  @Test
  void blocksThatNormalize() throws Exception {
    Block block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(12).build())
            .add(LayerNorm.builder().build())
            .addSingleton(x -> Activation.elu(x, 1))
            .addSingleton(Activation::selu)
            .addSingleton(Activation::softSign)
            .addSingleton(x -> x.div(x.abs().sum(new int[] {1}, true)))
            .addSingleton(x -> x.logSoftmax(1));
    assertAgrees(block, torch.randomNormal(0, 3, new Shape(4, 5), DataType.FLOAT32), 5e-3f);
  }

  @Test
  void leNetOfTheZoo() throws Exception {
    Block leNet = LeNet.builder().build();
    assertAgrees(leNet, torch.randomUniform(0, 1, new Shape(2, 1, 28, 28)), 5e-3f);
  }
}
