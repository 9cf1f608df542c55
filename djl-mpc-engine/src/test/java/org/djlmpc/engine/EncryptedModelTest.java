package org.djlmpc.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ai.djl.Model;
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
import ai.djl.basicmodelzoo.cv.object_detection.ssd.SingleShotDetection;
import ai.djl.basicmodelzoo.cv.object_detection.yolo.YOLOV3;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.djlmpc.graph.EvaluationListener;
import org.djlmpc.graph.Plan;
import org.djlmpc.graph.WeightMode;
import org.djlmpc.protocol.Cost;
import org.djlmpc.protocol.ariann.Ariann;
import org.djlmpc.session.Statistics;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks of DJL's blocks under secret sharing, against PyTorch; their cost against the plan. */
final class EncryptedModelTest {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  /** What the other party sends so that both know they run the same, and whether it has room. */
  private static final int FINGERPRINT = 33;

  private static final Shape DIGITS = new Shape(2, 1, 28, 28);

  private static LocalParties parties;

  @BeforeAll
  static void start() {
    parties = LocalParties.start(Ariann.ARIANN);
  }

  @AfterAll
  static void stop() {
    parties.close();
  }

  @BeforeEach
  void seed() {
    Engine.getEngine("PyTorch").setRandomSeed(42);
  }

  /** Weights as DJL draws them, statistics that a BatchNorm cannot be left out with. */
  private static Model model(Block block, Shape input) {
    Model model = Model.newInstance("model", "PyTorch");
    block.setInitializer(EncryptedModelTest::spread, Parameter.Type.RUNNING_MEAN);
    block.setInitializer(EncryptedModelTest::positive, Parameter.Type.RUNNING_VAR);
    block.setInitializer(EncryptedModelTest::positive, Parameter.Type.GAMMA);
    block.setInitializer(EncryptedModelTest::spread, Parameter.Type.BETA);
    model.setBlock(block);
    block.initialize(model.getNDManager(), DataType.FLOAT32, input);
    return model;
  }

  private static NDArray spread(NDManager manager, Shape shape, DataType type) {
    return manager.randomUniform(-0.5f, 0.5f, shape, type);
  }

  private static NDArray positive(NDManager manager, Shape shape, DataType type) {
    return manager.randomUniform(0.5f, 1.5f, shape, type);
  }

  /** Runs a block both ways on uniform random images; returns what the encrypted run cost. */
  private static InferenceReport assertAnswersLikePyTorch(
      Block block, Shape input, WeightMode mode) {
    List<InferenceReport> reports = new ArrayList<>();
    try (Model model = model(block, input);
        EncryptedModel encrypted = parties.encrypt(model, mode)) {
      NDManager manager = model.getNDManager();
      NDList images = new NDList(manager.randomUniform(-1, 1, input));
      NDList expected = block.forward(new ParameterStore(manager, false), images, false);
      NDList actual =
          encrypted.predict(images, manager, LIMIT, reports::add, EvaluationListener.none());
      assertThat(actual).hasSameSizeAs(expected);
      for (int i = 0; i < actual.size(); i++) {
        assertThat(actual.get(i).getShape()).isEqualTo(expected.get(i).getShape());
        float largest = expected.get(i).abs().max().getFloat();
        float error = actual.get(i).sub(expected.get(i)).abs().max().getFloat();
        assertThat(largest).isGreaterThan(0.05f);
        // activations grow with the depth of a network that nobody has trained
        assertThat((double) error).isLessThan(0.01 + 4e-4 * largest);
      }
    }
    return reports.get(0);
  }

  /** LeCun's network with ReLU and maxima, as the papers on private inference measure it. */
  private static Block leNet() {
    return new SequentialBlock()
        .add(Conv2d.builder().setKernelShape(new Shape(5, 5)).setFilters(8).build())
        .add(Activation.reluBlock())
        .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
        .add(Conv2d.builder().setKernelShape(new Shape(5, 5)).setFilters(16).build())
        .add(Activation.reluBlock())
        .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(100).build())
        .add(Activation.reluBlock())
        .add(Linear.builder().setUnits(10).build());
  }

  @ParameterizedTest
  @EnumSource(WeightMode.class)
  void residualsBranchesAndNormalizationAnswerLikePyTorch(WeightMode mode) {
    Block branches =
        new ParallelBlock(
            lists ->
                new NDList(
                    NDArrays.concat(new NDList(lists.get(0).head(), lists.get(1).head()), 1)),
            List.of(convolution(3, 1), Blocks.identityBlock()));
    Block residual =
        new ParallelBlock(
            lists -> new NDList(lists.get(0).head().add(lists.get(1).head())),
            List.of(
                new SequentialBlock()
                    .add(convolution(7, 3))
                    .add(BatchNorm.builder().build())
                    .add(Activation.reluBlock())
                    .add(convolution(7, 3)),
                Blocks.identityBlock()));
    Block block =
        new SequentialBlock()
            .add(convolution(4, 3))
            .add(BatchNorm.builder().build())
            .add(Activation.reluBlock())
            .add(branches)
            .add(residual)
            .add(BatchNorm.builder().build())
            .add(Activation.reluBlock())
            .add(Pool.avgPool2dBlock(new Shape(3, 3), new Shape(2, 2), new Shape(1, 1)))
            .add(Pool.maxPool2dBlock(new Shape(3, 3), new Shape(2, 2), new Shape(1, 1)))
            .add(Activation.leakyReluBlock(0.1f))
            .add(Pool.globalAvgPool2dBlock())
            .add(Linear.builder().setUnits(5).build());
    assertAnswersLikePyTorch(block, new Shape(3, 2, 11, 9), mode);
  }

  private static Conv2d convolution(int filters, int kernel) {
    return Conv2d.builder()
        .setKernelShape(new Shape(kernel, kernel))
        .optPadding(new Shape(kernel / 2, kernel / 2))
        .setFilters(filters)
        .build();
  }

  static Stream<Arguments> zoo() {
    return Stream.of(
        arguments("Mlp", new Mlp(784, 10, new int[] {64, 32}), DIGITS),
        arguments(
            "AlexNet",
            AlexNet.builder().setNumChannels(new int[] {6, 8, 12, 12, 8, 64, 64}).build(),
            new Shape(1, 3, 72, 72)),
        arguments(
            "VGG",
            VGG.builder().setNumLayers(5).setConvArch(new int[][] {{1, 2}, {1, 2}}).build(),
            new Shape(1, 1, 8, 8)),
        arguments(
            "ResNetV1",
            ResNetV1.builder()
                .setImageShape(new Shape(3, 8, 8))
                .setNumLayers(8)
                .setOutSize(10)
                .build(),
            new Shape(1, 3, 8, 8)),
        arguments("ResNetV1 for CIFAR", resNet(20, 28), new Shape(1, 3, 28, 28)),
        arguments("ResNetV1 with bottlenecks", resNet(18, 32), new Shape(1, 3, 32, 32)),
        arguments("LeNet", LeNet.builder().build(), new Shape(1, 1, 28, 28)),
        arguments("SSD", detector(), new Shape(1, 3, 32, 32)),
        arguments(
            "MobileNetV1",
            MobileNetV1.builder().optWidthMultiplier(0.25f).build(),
            new Shape(1, 3, 32, 32)),
        arguments("MobileNetV2", MobileNetV2.builder().build(), new Shape(1, 3, 32, 32)),
        arguments("SqueezeNet", SqueezeNet.squeezenet(10), new Shape(1, 3, 32, 32)),
        arguments("GoogLeNet", GoogLeNet.builder().build(), new Shape(1, 1, 32, 32)),
        arguments(
            "NiN",
            NiN.builder().setNumChannels(new int[] {8, 16, 16, 10}).build(),
            new Shape(1, 1, 72, 72)));
  }

  private static Block resNet(int layers, int side) {
    return ResNetV1.builder()
        .setImageShape(new Shape(3, side, side))
        .setNumLayers(layers)
        .setOutSize(10)
        .build();
  }

  /** Two scales and the whole image; its anchor boxes are public. */
  private static Block detector() {
    return SingleShotDetection.builder()
        .setNumClasses(2)
        .setNumFeatures(1)
        .optGlobalPool(true)
        .setRatios(Collections.nCopies(3, List.of(1f, 2f, 0.5f)))
        .setSizes(List.of(List.of(0.2f, 0.272f), List.of(0.37f, 0.447f), List.of(0.71f, 0.79f)))
        .setBaseNetwork(
            new SequentialBlock()
                .add(SingleShotDetection.getDownSamplingBlock(4))
                .add(SingleShotDetection.getDownSamplingBlock(8)))
        .build();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("zoo")
  void modelsOfTheZooAnswerLikePyTorch(String name, Block block, Shape input) {
    assertAnswersLikePyTorch(block, input, WeightMode.OWNER);
    if (!name.equals("VGG")) { // 17 million weights
      block.clear();
      assertAnswersLikePyTorch(block, input, WeightMode.SHARED);
    }
  }

  /** Up to 43 million weights are too many for a test. */
  @Test
  void deepResidualNetworksCanBePlanned() {
    Shape input = new Shape(1, 3, 32, 32);
    for (int layers : new int[] {34, 50, 101}) {
      try (Model model = model(resNet(layers, 32), input);
          EncryptedModel encrypted = parties.encrypt(model, WeightMode.SHARED)) {
        assertThat(encrypted.plan(input).total().comparisons()).isPositive();
      }
    }
  }

  /** 62 million weights are too many for a test; the plan shows that every operator exists. */
  @Test
  void yoloCanBePlanned() {
    Shape input = new Shape(1, 3, 32, 32);
    try (Model model = model(YOLOV3.builder().setNumClasses(2).build(), input);
        EncryptedModel encrypted = parties.encrypt(model, WeightMode.SHARED)) {
      assertThat(encrypted.plan(input).total().comparisons()).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource(WeightMode.class)
  void thePlanIsWhatIsMeasured(WeightMode mode) {
    Plan plan;
    try (Model model = model(leNet(), DIGITS);
        EncryptedModel encrypted = parties.encrypt(model, mode)) {
      plan = encrypted.plan(DIGITS);
    }
    // where a block comes from or what its weights are makes no difference
    InferenceReport report = assertAnswersLikePyTorch(leNet(), DIGITS, mode);
    Cost total = plan.total();
    Statistics p0 = report.p0().total();
    Statistics p1 = report.p1().total();
    assertThat(p0.onlineBytesSent()).isEqualTo(total.onlineBytesP0());
    assertThat(p1.onlineBytesSent()).isEqualTo(total.onlineBytesP1());
    // the longest chain of messages ends at one of them
    assertThat(Math.max(p0.rounds(), p1.rounds())).isEqualTo(total.rounds());
    assertThat(Math.min(p0.rounds(), p1.rounds())).isBetween(total.rounds() - 1, total.rounds());
    assertThat(p0.offlineBytesReceived()).isEqualTo(total.keyBytesP0() + FINGERPRINT);
    assertThat(p1.offlineBytesReceived()).isEqualTo(total.keyBytesP1() + FINGERPRINT);
  }
}
