package org.djlmpc.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ai.djl.basicmodelzoo.basic.Mlp;
import ai.djl.basicmodelzoo.cv.classification.AlexNet;
import ai.djl.basicmodelzoo.cv.classification.GoogLeNet;
import ai.djl.basicmodelzoo.cv.classification.LeNet;
import ai.djl.basicmodelzoo.cv.classification.MobileNetV1;
import ai.djl.basicmodelzoo.cv.classification.MobileNetV2;
import ai.djl.basicmodelzoo.cv.classification.NiN;
import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.basicmodelzoo.cv.classification.SqueezeNet;
import ai.djl.basicmodelzoo.cv.classification.VGG;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import java.util.List;
import java.util.stream.Stream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.Node;
import org.djlmpc.graph.PublicOperators;
import org.djlmpc.graph.PublicTensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class BlockTracerTest {
  private NDManager torch;

  @BeforeEach
  void open() {
    torch = NDManager.newBaseManager("PyTorch");
  }

  @AfterEach
  void close() {
    torch.close();
  }

  static Stream<Arguments> zoo() {
    return Stream.of(
        arguments("Mlp", new Mlp(784, 10, new int[] {64, 32}), new Shape(2, 1, 28, 28)),
        arguments("LeNet", LeNet.builder().build(), new Shape(2, 1, 28, 28)),
        arguments("AlexNet", AlexNet.builder().build(), new Shape(1, 3, 96, 96)),
        arguments("VGG", VGG.builder().build(), new Shape(1, 3, 32, 32)),
        arguments(
            "ResNetV1",
            ResNetV1.builder()
                .setImageShape(new Shape(3, 32, 32))
                .setNumLayers(50)
                .setOutSize(10)
                .build(),
            new Shape(1, 3, 32, 32)),
        arguments("MobileNetV1", MobileNetV1.builder().build(), new Shape(1, 3, 32, 32)),
        arguments("MobileNetV2", MobileNetV2.builder().build(), new Shape(1, 3, 32, 32)),
        arguments("SqueezeNet", SqueezeNet.squeezenet(10), new Shape(1, 3, 64, 64)),
        arguments("GoogLeNet", GoogLeNet.builder().build(), new Shape(1, 1, 64, 64)),
        arguments("NiN", NiN.builder().build(), new Shape(1, 1, 96, 96)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("zoo")
  void tracedZooModelsAnswerLikePyTorch(String name, Block block, Shape shape) {
    // statistics that a BatchNorm cannot be left out with
    block.setInitializer(BlockTracerTest::spread, Parameter.Type.RUNNING_MEAN);
    block.setInitializer(BlockTracerTest::positive, Parameter.Type.RUNNING_VAR);
    block.setInitializer(BlockTracerTest::positive, Parameter.Type.GAMMA);
    block.setInitializer(BlockTracerTest::spread, Parameter.Type.BETA);
    assertTraced(block, shape);
  }

  private static NDArray spread(NDManager manager, Shape shape, DataType type) {
    return manager.randomUniform(-0.5f, 0.5f, shape, type);
  }

  private static NDArray positive(NDManager manager, Shape shape, DataType type) {
    return manager.randomUniform(0.5f, 1.5f, shape, type);
  }

  private Graph assertTraced(Block block, Shape shape) {
    Engine.getEngine("PyTorch").setRandomSeed(1);
    block.initialize(torch, DataType.FLOAT32, shape);
    NDArray x = torch.randomUniform(-1, 1, shape);
    float[] expected =
        block
            .forward(new ParameterStore(torch, false), new NDList(x), false)
            .singletonOrThrow()
            .toFloatArray();
    Graph graph = BlockTracer.trace(block, shape);
    List<PublicTensor> outputs =
        graph.evaluate(new PublicOperators(), List.of(PublicTensors.copyOf(x)));
    assertThat(outputs).hasSize(1);
    float largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    float[] actual = outputs.get(0).floats();
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) Math.abs(actual[i] - expected[i])).isLessThan(1e-4 * largest);
    }
    return graph;
  }

  @Test
  void weightsAndOperatorsAreNamedByTheirPath() {
    Block block =
        new SequentialBlock()
            .add(convolution())
            .add(Activation.reluBlock())
            .add(
                new SequentialBlock()
                    .add(Blocks.batchFlattenBlock())
                    .add(Linear.builder().setUnits(3).build()));
    Graph graph = assertTraced(block, new Shape(2, 1, 5, 5));
    assertThat(graph.weights())
        .extracting(Graph.Weight::name)
        .containsExactly(
            "01Conv2d.weight",
            "01Conv2d.bias",
            "03SequentialBlock/02Linear.weight",
            "03SequentialBlock/02Linear.bias");
    assertThat(graph.nodes())
        .extracting(Node::label)
        .containsExactly(
            "01Conv2d/convolution",
            "01Conv2d/relu",
            "01Conv2d/reshape",
            "03SequentialBlock/02Linear/linear");
    assertThat(graph.constants()).isEmpty();
  }

  private static Conv2d convolution() {
    return Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(2).build();
  }

  @Test
  void functionsHiddenInLambdasAndParallelBlocksAreTraced() {
    Block block =
        new SequentialBlock()
            .add(
                new ParallelBlock(
                    lists -> new NDList(lists.get(0).head().sub(lists.get(1).head())),
                    List.of(Linear.builder().setUnits(4).build(), Blocks.identityBlock())))
            .add(LambdaBlock.singleton(x -> x.softmax(-1).mul(x.max(new int[] {1}, true))));
    Graph graph = assertTraced(block, new Shape(3, 4));
    assertThat(graph.nodes())
        .extracting(node -> node.op().name())
        .containsExactly("linear", "subtract", "softmax", "reduce_max", "multiply");
  }

  @Test
  void arraysCapturedFromOutsideAreWeightsAndNotPublicConstants() {
    try (NDManager mpc = NDManager.newBaseManager("MPC")) {
      NDArray foreign = torch.create(new float[] {1, 2, 3});
      NDArray ours = mpc.create(new float[] {4, 5, 6});
      Block block =
          LambdaBlock.singleton(
              x ->
                  x.add(foreign)
                      .mul(ours)
                      .add(ours.mul(x))
                      .add(x.getManager().create(new float[] {7, 8, 9})));
      Graph graph = BlockTracer.trace(block, new Shape(2, 3));
      assertThat(graph.weights())
          .extracting(weight -> weight.value().floats())
          .containsExactly(new float[] {1, 2, 3}, new float[] {4, 5, 6});
      assertThat(graph.constants())
          .extracting(PublicTensor::floats)
          .containsExactly(new float[] {7, 8, 9});
    }
  }

  @Test
  void sharedParametersBecomeOneWeight() {
    Linear layer = Linear.builder().setUnits(4).build();
    Block block = new SequentialBlock().add(layer).add(layer);
    assertThat(assertTraced(block, new Shape(2, 4)).weights()).hasSize(2);
  }

  @Test
  void missingWeightsAreNamed() {
    Block block = new SequentialBlock().add(convolution());
    assertFails(block, ErrorCode.WEIGHTS_MISSING, "01Conv2d.weight");
  }

  @Test
  void unsupportedOperatorsAreNamedWithTheirPlace() {
    Block block = new SequentialBlock().add(convolution()).addSingleton(NDArray::sort);
    block.initialize(torch, DataType.FLOAT32, new Shape(1, 1, 5, 5));
    assertFails(block, ErrorCode.UNSUPPORTED_OPERATOR, "01Conv2d", "'sort'", "max, min");
  }

  @Test
  void aBlockThatLooksAtValuesCannotBeTraced() {
    Block block = LambdaBlock.singleton(x -> x.getFloat(0, 0, 0, 0) > 0 ? x : x.neg());
    assertFails(block, ErrorCode.UNSUPPORTED_OPERATOR, "control flow");
  }

  @Test
  void blocksOfOtherEnginesNeedAReader() {
    Block symbol = Engine.getEngine("PyTorch").newSymbolBlock(torch);
    assertFails(symbol, ErrorCode.MISSING_DEPENDENCY, "djl-mpc-model-zoo-adapters");
    assertFails(
        new SequentialBlock().add(symbol),
        ErrorCode.MALFORMED_MODEL,
        "01PtSymbolBlock",
        "djl-mpc-model-zoo-adapters");
  }

  private static void assertFails(Block block, ErrorCode code, String... words) {
    assertThatThrownBy(() -> BlockTracer.trace(block, new Shape(1, 1, 5, 5)))
        .isInstanceOfSatisfying(MpcException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContainingAll(words);
  }
}
