package org.djlmpc.zoo.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.djlmpc.engine.EncryptedModel;
import org.djlmpc.engine.GraphBlock;
import org.djlmpc.engine.LocalParties;
import org.djlmpc.graph.DjlOperators;
import org.djlmpc.graph.EvaluationListener;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.GraphSource;
import org.djlmpc.graph.PublicOperators;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.graph.TensorType;
import org.djlmpc.graph.WeightMode;
import org.djlmpc.protocol.ariann.Ariann;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A network that others trained (PaddleOCR's classifier of text direction, Apache-2.0, a variant of
 * MobileNetV3) tells lines of text from those that are upside down.
 */
class TextDirectionTest {
  private static final int HEIGHT = 48;
  private static final int WIDTH = 192;
  private static final int LINES = 10;

  @TempDir Path folder;
  private GraphSource network;

  @BeforeEach
  void readNetwork() throws Exception {
    Path file = folder.resolve("direction.onnx");
    String name = "/models/ch_ppocr_mobile_v2.0_cls_infer.onnx";
    try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(name))) {
      Files.copy(in, file);
    }
    network = new OnnxReader().read(file).orElseThrow();
  }

  /** The lines upright, then upside down: (20, 3, 48, 192), black -1, white 1. */
  static PublicTensor images() throws Exception {
    BufferedImage sheet =
        ImageIO.read(Objects.requireNonNull(TextDirectionTest.class.getResource("text.png")));
    float[] values = new float[2 * LINES * 3 * HEIGHT * WIDTH];
    int next = 0;
    for (int image = 0; image < 2 * LINES; image++) {
      boolean turned = image >= LINES;
      for (int channel = 0; channel < 3; channel++) {
        for (int i = 0; i < HEIGHT * WIDTH; i++) {
          int pixel = turned ? HEIGHT * WIDTH - 1 - i : i;
          int row = image % LINES * HEIGHT + pixel / WIDTH;
          int grey = sheet.getRGB(pixel % WIDTH, row) & 0xff;
          values[next++] = (grey / 255f - 0.5f) / 0.5f;
        }
      }
    }
    return PublicTensor.of(values, new Shape(2 * LINES, 3, HEIGHT, WIDTH));
  }

  @Test
  void linesUprightAndUpsideDownAreTold() throws Exception {
    PublicTensor images = images();
    Graph graph = network.graph(List.of(images.type()));
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      DjlOperators operators = new DjlOperators(manager);
      NDArray result =
          graph
              .evaluate(
                  operators,
                  List.of(operators.constant(images)),
                  graph.weights(operators),
                  DjlOperators.closing())
              .get(0);
      assertThat(result.getShape()).isEqualTo(new Shape(2 * LINES, 2));
      long[] decisions = result.argMax(1).toLongArray();
      for (int i = 0; i < 2 * LINES; i++) {
        assertThat(decisions[i]).as("image " + i).isEqualTo(i < LINES ? 0 : 1);
      }
    }
  }

  @Test
  void theOtherNetworksOfTheLibraryAreImportedToo() throws Exception {
    for (String name : List.of("v3_det", "v4_det", "v3_rec", "v4_rec")) {
      Path file = folder.resolve(name + ".onnx");
      String resource = "/models/ch_PP-OCR" + name + "_infer.onnx";
      try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(resource))) {
        Files.copy(in, file);
      }
      boolean detects = name.endsWith("det");
      TensorType image =
          new TensorType(
              detects ? new Shape(1, 3, 96, 160) : new Shape(3, 3, 48, 160), DataType.FLOAT32);
      Graph graph = new OnnxReader().read(file).orElseThrow().graph(List.of(image));
      // a mask of the image's size, or 6625 characters at each eighth column
      assertThat(graph.outputTypes().get(0).shape())
          .isEqualTo(detects ? new Shape(1, 1, 96, 160) : new Shape(3, 20, 6625));
    }
  }

  @Test
  void plainJavaAgreesWithPyTorch() throws Exception {
    PublicTensor one =
        PublicTensor.of(
            java.util.Arrays.copyOf(images().floats(), 3 * HEIGHT * WIDTH),
            new Shape(1, 3, HEIGHT, WIDTH));
    Graph graph = network.graph(List.of(one.type()));
    PublicTensor plain = graph.evaluate(new PublicOperators(), List.of(one)).get(0);
    PublicTensor torch = OnnxOperatorsTest.evaluateOnPyTorch(graph, List.of(one)).get(0);
    for (int i = 0; i < plain.size(); i++) {
      assertThat(plain.getDouble(i)).isCloseTo(torch.getDouble(i), within(1e-4));
    }
  }

  /** The probabilities of all images under secret sharing, in one batch. */
  @Test
  void privateDecisionsAreThoseOfPlaintext() throws Exception {
    PublicTensor images = images();
    PublicTensor expected =
        OnnxOperatorsTest.evaluateOnPyTorch(network.graph(List.of(images.type())), List.of(images))
            .get(0);
    // no value of this network comes near 2^15, and the time is that of a half
    Ariann narrow = Ariann.ARIANN.withComparisonBits(32);
    try (Model model = Model.newInstance("direction", "MPC");
        NDManager manager = NDManager.newBaseManager("PyTorch");
        LocalParties parties = LocalParties.start(narrow)) {
      model.setBlock(new GraphBlock(network));
      try (EncryptedModel encrypted = parties.encrypt(model, WeightMode.SHARED)) {
        NDArray input = manager.create(images.floats(), images.shape());
        float[] actual =
            encrypted
                .predict(
                    new NDList(input),
                    manager,
                    Duration.ofMinutes(30),
                    report -> {},
                    EvaluationListener.none())
                .get(0)
                .toFloatArray();
        assertThat(actual).hasSize(4 * LINES);
        for (int i = 0; i < actual.length; i++) {
          assertThat((double) actual[i]).isCloseTo(expected.getDouble(i), within(0.02));
        }
        for (int i = 0; i < 2 * LINES; i++) {
          boolean turned = actual[2 * i + 1] > actual[2 * i];
          assertThat(turned).as("image " + i).isEqualTo(i >= LINES);
          assertThat(turned).isEqualTo(expected.getDouble(2 * i + 1) > expected.getDouble(2 * i));
        }
      }
    }
  }

  @Test
  void weightsStaySecretAndShapesAreChosenByTheCaller() {
    List<Shape> shapes = new ArrayList<>();
    for (long batch : new long[] {1, 5}) {
      TensorType type = new TensorType(new Shape(batch, 3, HEIGHT, WIDTH), DataType.FLOAT32);
      Graph graph = network.graph(List.of(type));
      shapes.add(graph.outputTypes().get(0).shape());
      // nothing that was trained is public: constants of the architecture are single numbers
      assertThat(graph.constants()).allMatch(constant -> constant.size() == 1);
      assertThat(graph.weightCount()).isGreaterThan(100_000);
    }
    assertThat(shapes).containsExactly(new Shape(1, 2), new Shape(5, 2));
  }
}
