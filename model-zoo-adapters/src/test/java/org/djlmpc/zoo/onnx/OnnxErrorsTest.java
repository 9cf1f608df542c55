package org.djlmpc.zoo.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.djlmpc.zoo.onnx.OnnxBytes.external;
import static org.djlmpc.zoo.onnx.OnnxBytes.floats;
import static org.djlmpc.zoo.onnx.OnnxBytes.graph;
import static org.djlmpc.zoo.onnx.OnnxBytes.longs;
import static org.djlmpc.zoo.onnx.OnnxBytes.model;
import static org.djlmpc.zoo.onnx.OnnxBytes.node;
import static org.djlmpc.zoo.onnx.OnnxBytes.tensor;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.ModelReader;
import org.djlmpc.graph.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What readers of models meet: operators without a form, files that lie, and wrong inputs. */
@Timeout(300)
class OnnxErrorsTest {
  private static final TensorType INPUT = new TensorType(new Shape(2, 3), DataType.FLOAT32);

  @TempDir Path folder;

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("model.onnx"), bytes);
  }

  private Graph load(OnnxBytes model, TensorType... inputs) throws Exception {
    return new OnnxReader().read(write(model.toBytes())).orElseThrow().graph(List.of(inputs));
  }

  private void assertMalformed(OnnxBytes model, String reason) {
    assertThatThrownBy(() -> load(model, INPUT))
        .isInstanceOf(MalformedModelException.class)
        .hasMessageContaining("model.onnx")
        .hasMessageContaining(reason);
  }

  private void assertCode(ErrorCode code, OnnxBytes model, String reason, TensorType... inputs) {
    assertThatThrownBy(() -> load(model, inputs))
        .isInstanceOfSatisfying(
            MpcException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
        .hasMessageContaining(reason);
  }

  // ---- operators

  @Test
  void allUnsupportedOperatorsAreNamedAtOnceWithPlacesAndSubstitutes() {
    OnnxBytes g =
        graph(
            node("QLinearConv", "x x x x x x x x", "q1"),
            node("Relu", "q1", "r"),
            node("QLinearConv", "r r r r r r r r", "q2"),
            node("MaxPooling", "q2", "m"),
            node("com.microsoft", "FusedConv", "x w", "f"),
            node("TopK", "x k", "v i"),
            node("ArgMax", "x", "a"),
            node("Gather", "w a", "g"),
            node("NonZero", "x", "nobody_needs_this"),
            node("Det", "x", "d"),
            node("Sum", "m f v g d", "y"));
    g.message(5, floats("w", 1, 2, 3)).message(5, longs("k", 1));
    assertThatThrownBy(() -> load(model(g), INPUT))
        .isInstanceOfSatisfying(
            MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_OPERATOR))
        .hasMessageContainingAll(
            "QLinearConv at the_q1", "QLinearConv at the_q2", "before quantization, with Conv")
        .hasMessageContainingAll("MaxPooling at the_m", "use MaxPool")
        .hasMessageContainingAll("com.microsoft.FusedConv at the_f", "Conv and Relu")
        .hasMessageContainingAll("TopK at the_v", "ArgMax")
        .hasMessageContaining("Det at the_d (use a combination of")
        .hasMessageContainingAll("Gather whose indices depend on the input at the_g", "one-hot")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("NonZero", "Relu at", "Sum at"));
  }

  @Test
  void attributesThatAConverterDoesNotKnowAreNotPassedOver() {
    OnnxBytes clip = new OnnxBytes().text(1, "clip").whole(3, 1).whole(20, 2);
    OnnxBytes relu = node("Relu", "x", "y").message(5, clip);
    assertCode(
        ErrorCode.UNSUPPORTED_OPERATOR,
        model(graph(relu)),
        "Relu with the attribute clip at the_y",
        INPUT);
  }

  @Test
  void operatorSetsOutsideOfTheRangeAreRefused() {
    for (long version : new long[] {0, 8, 24}) {
      OnnxBytes opset = new OnnxBytes().whole(2, version);
      OnnxBytes model =
          new OnnxBytes().whole(1, 8).message(7, graph(node("Relu", "x", "y"))).message(8, opset);
      assertCode(ErrorCode.UNSUPPORTED_OPERATOR, model, "version " + version, INPUT);
    }
  }

  @Test
  void floatingPointInitializersAreWeightsAndIntegersAreNot() throws Exception {
    OnnxBytes g =
        graph(
                node("Mul", "x s", "a"),
                node("Identity", "w", "u"),
                node("Add", "a u", "b"),
                node("Reshape", "b shape", "y"))
            .message(5, floats("s", 2))
            .message(5, floats("w", 1, 2, 3))
            .message(5, floats("unused", 1, 2, 3))
            .message(5, longs("shape", -1));
    Graph graph = load(model(g), INPUT);
    assertThat(graph.weights()).extracting(Graph.Weight::name).containsExactly("s", "w");
    assertThat(graph.constants()).isEmpty();
    assertThat(graph.nodes()).hasSize(3);
    assertThat(graph.outputTypes().get(0).shape()).isEqualTo(new Shape(6));
  }

  // ---- inputs

  @Test
  void inputsAreCheckedAgainstWhatTheModelDeclares() throws Exception {
    OnnxBytes model = model(graph(node("Relu", "x", "y")));
    assertCode(ErrorCode.SHAPE, model, "0 inputs for a model with 1");
    TensorType wide = new TensorType(new Shape(2, 4), DataType.FLOAT32);
    assertCode(ErrorCode.SHAPE, model, "the model declares [-1, 3]", wide);
    TensorType vector = new TensorType(new Shape(3), DataType.FLOAT32);
    assertCode(ErrorCode.SHAPE, model, "the model declares", vector);
    TensorType integers = new TensorType(new Shape(2, 3), DataType.INT64);
    assertCode(ErrorCode.DATA_TYPE, model, "The input x is FLOAT", integers);
    TensorType batch = new TensorType(new Shape(7, 3), DataType.FLOAT32);
    assertThat(load(model, batch).outputTypes()).containsExactly(batch);
  }

  @Test
  void bytesOfAnImageMayComeAsRealNumbersWhereNothingCalculatesWithThem() throws Exception {
    OnnxBytes cast =
        node("Cast", "x", "f").message(5, new OnnxBytes().text(1, "to").whole(3, 1).whole(20, 2));
    OnnxBytes relu = node("Relu", "f", "y");
    assertThat(load(model(graph(2, cast, relu)), INPUT).outputTypes()).containsExactly(INPUT);
    OnnxBytes both = graph(2, node("Add", "x x", "z"), cast, node("CastLike", "z f", "y"));
    assertCode(ErrorCode.DATA_TYPE, model(both), "The input x is UINT8", INPUT);
  }

  @Test
  void theReaderIsFoundAndLooksAtOnnxFilesOnly() throws Exception {
    ModelReader reader =
        ModelReader.all().stream().filter(OnnxReader.class::isInstance).findAny().orElseThrow();
    assertThat(reader.extensions()).containsExactly("onnx");
    Path other = Files.writeString(folder.resolve("model.pt"), "x");
    assertThat(reader.read(other)).isEmpty();
    assertThatThrownBy(() -> reader.read(folder.resolve("missing.onnx")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> reader.read(Files.createDirectory(folder.resolve("folder.onnx"))))
        .isInstanceOf(NoSuchFileException.class);
  }

  // ---- files

  @Test
  void brokenFilesAreRefusedWithAReason() throws Exception {
    byte[] whole = model(graph(node("Relu", "x", "y"))).toBytes();
    for (int length = 0; length < whole.length; length++) {
      Path file = write(Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> new OnnxReader().read(file))
          .isInstanceOf(MalformedModelException.class)
          .hasMessageContaining("model.onnx is malformed: ");
    }
    Path text = write("version https://git-lfs".getBytes(StandardCharsets.US_ASCII));
    assertThatThrownBy(() -> new OnnxReader().read(text))
        .isInstanceOf(MalformedModelException.class)
        .hasMessageContaining("no protocol buffer");
  }

  @Test
  void graphsThatContradictThemselvesAreRefused() {
    OnnxBytes relu = node("Relu", "x", "y");
    assertMalformed(model(graph(node("Relu", "z", "y"))), "z is read");
    assertMalformed(model(graph(node("Relu", "z", "y"), node("Relu", "x", "z"))), "z is read");
    assertMalformed(model(graph(node("Add", "x y", "y"))), "y is read");
    assertMalformed(model(graph(relu, relu)), "Two values are named y");
    assertMalformed(model(graph(node("Relu", "x", "x"))), "Two values are named x");
    assertMalformed(model(graph(node("Relu", "x", "z"))), "y is read");
    assertMalformed(model(graph(relu).message(11, new OnnxBytes().text(1, "x"))), "Two inputs");
    assertMalformed(new OnnxBytes().whole(1, 8).message(7, graph(relu)), "no ONNX model");
    assertMalformed(model(new OnnxBytes().message(1, relu)), "x is read");
    assertMalformed(
        model(graph(relu).message(5, floats("w", 1)).message(5, floats("w", 1))),
        "Two initializers");
  }

  @Test
  void messagesThatNoExporterWritesAreRefused() {
    assertMalformed(new OnnxBytes().raw((byte) 0x3b, (byte) 0x3c), "groups");
    assertMalformed(new OnnxBytes().text(1, "8"), "wrong type");
    assertMalformed(model(graph(node("Relu", "x", "y")).whole(1, 3)), "wrong type");
    assertMalformed(new OnnxBytes().raw((byte) 0x3a, (byte) 0x7f), "cut off");
    assertMalformed(model(graph(node("Relu", "x", "y".repeat(70_000)))), "70000 bytes");
    assertMalformed(
        model(graph(new OnnxBytes().bytes(1, new byte[] {(byte) 0xc3, 0x28}))), "UTF-8");
    OnnxBytes nested = graph(node("Relu", "x", "y"));
    for (int i = 0; i < 40; i++) {
      OnnxBytes body = new OnnxBytes().text(1, "then_branch").message(6, nested);
      nested = graph(node("If", "x", "y").message(5, body));
    }
    assertMalformed(model(nested), "nested more than");
  }

  @Test
  void tensorsThatLieAboutTheirSizeAreRefused() {
    OnnxBytes relu = node("Relu", "x", "y");
    byte[] four = new byte[4];
    assertMalformed(model(graph(relu).message(5, tensor("w", 1, four, 2))), "4 bytes does not");
    assertMalformed(model(graph(relu).message(5, tensor("w", 1, four, -1))), "length -1");
    assertMalformed(
        model(graph(relu).message(5, tensor("w", 1, four, 1L << 40))), "1099511627776 elements");
    assertMalformed(
        model(graph(relu).message(5, tensor("w", 1, four, 1L << 40, 1L << 40))), "overflow");
    long[] deep = new long[33];
    Arrays.fill(deep, 1);
    assertMalformed(model(graph(relu).message(5, tensor("w", 1, four, deep))), "33 axes");
    OnnxBytes typed = new OnnxBytes().whole(1, 3).whole(2, 7).text(8, "w").whole(7, 5);
    assertMalformed(model(graph(relu).message(5, typed)), "1 elements do not fill");
  }

  // ---- models that ask for too much

  @Test
  void fewBytesCannotAskForManyElements() {
    for (long length : new long[] {1L << 30, 1L << 62}) {
      OnnxBytes zeros =
          graph(node("ConstantOfShape", "n", "z"), node("Add", "x z", "y"))
              .message(5, longs("n", length, 4));
      assertCode(ErrorCode.MALFORMED_MODEL, model(zeros), "the_z", INPUT);
    }
    OnnxBytes range =
        graph(node("Range", "a b a", "r"), node("Add", "x r", "y"))
            .message(5, tensor("a", 7, new byte[] {1, 0, 0, 0, 0, 0, 0, 0}))
            .message(5, longs("b", 1L << 60));
    assertCode(ErrorCode.MALFORMED_MODEL, model(range), "the_r", INPUT);
    OnnxBytes pad = graph(node("Pad", "x p", "y")).message(5, longs("p", 0, 1L << 62, 0, 1L << 62));
    assertThatThrownBy(() -> load(model(pad), INPUT)).isInstanceOf(MpcException.class);
  }

  @Test
  void functionsCannotCallOneAnotherForever() {
    OnnxBytes self =
        new OnnxBytes()
            .text(1, "F")
            .text(4, "a")
            .text(5, "b")
            .message(7, node("local", "F", "a", "b"))
            .text(10, "local");
    OnnxBytes recursive = model(graph(node("local", "F", "x", "y"))).message(25, self);
    assertCode(ErrorCode.MALFORMED_MODEL, recursive, "nested more than", INPUT);

    OnnxBytes bomb = model(graph(node("local", "F0", "x", "y")));
    for (int i = 0; i < 14; i++) {
      OnnxBytes f = new OnnxBytes().text(1, "F" + i).text(4, "a").text(5, "c9").text(10, "local");
      for (int j = 0; j < 10; j++) {
        String from = j == 0 ? "a" : "c" + (j - 1);
        f.message(
            7, i == 13 ? node("Relu", from, "c" + j) : node("local", "F" + (i + 1), from, "c" + j));
      }
      bomb.message(25, f.message(9, new OnnxBytes().whole(2, 13)));
    }
    assertCode(ErrorCode.MALFORMED_MODEL, bomb, "", INPUT);
  }

  @Test
  void loopsEndAndDependOnShapesOnly() {
    OnnxBytes body =
        new OnnxBytes()
            .message(1, node("Identity", "go", "on"))
            .message(1, node("Add", "v v", "w"))
            .message(11, new OnnxBytes().text(1, "i"))
            .message(11, new OnnxBytes().text(1, "go"))
            .message(11, new OnnxBytes().text(1, "v"))
            .message(12, new OnnxBytes().text(1, "on"))
            .message(12, new OnnxBytes().text(1, "w"));
    OnnxBytes attribute = new OnnxBytes().text(1, "body").message(6, body);
    OnnxBytes endless = graph(node("Loop", "_ _ x", "y").message(5, attribute));
    assertCode(ErrorCode.MALFORMED_MODEL, model(endless), "operators", INPUT);
    OnnxBytes shapes =
        graph(node("Loop", "_ _ n", "m").message(5, attribute), node("Add", "x m", "y"))
            .message(5, longs("n", 1));
    assertCode(ErrorCode.MALFORMED_MODEL, model(shapes), "run too often", INPUT);
    OnnxBytes secret =
        graph(
            node("Greater", "x x", "b"),
            node("Loop", "_ b x", "y").message(5, attribute),
            node("If", "b", "z"));
    assertCode(ErrorCode.UNSUPPORTED_OPERATOR, model(secret), "depends on the input", INPUT);
  }

  // ---- external data

  @Test
  void externalDataIsReadInsideTheFolderOnly() throws Exception {
    Path outside = Files.createTempDirectory("outside");
    Path secret = Files.write(outside.resolve("secret"), new byte[64]);
    Files.write(folder.resolve("w.bin"), new byte[20]);
    Files.createDirectory(folder.resolve("sub"));
    Files.createSymbolicLink(folder.resolve("link"), secret);
    Files.createSymbolicLink(folder.resolve("dir"), outside);
    OnnxBytes add = node("Add", "x w", "y");
    assertThat(load(model(graph(add).message(5, external("w", "w.bin", "8", 3))), INPUT).weights())
        .hasSize(1);
    Map<String, String> refused =
        Map.of(
            secret.toString(),
            "outside",
            "../" + outside.getFileName() + "/secret",
            "outside",
            "sub/../../x",
            "outside",
            "link",
            "outside",
            "dir/secret",
            "outside",
            "sub",
            "no regular file",
            "missing",
            "missing",
            "a\0b",
            "impossible name",
            "..\\secret",
            "outside");
    refused.forEach(
        (location, reason) ->
            assertMalformed(model(graph(add).message(5, external("w", location, "0", 3))), reason));
    assertMalformed(model(graph(add).message(5, external("w", "w.bin", "12", 3))), "12 to 24");
    assertMalformed(model(graph(add).message(5, external("w", "w.bin", "-4", 3))), "negative");
    assertMalformed(model(graph(add).message(5, external("w", "w.bin", "x", 3))), "no number");
    OnnxBytes overlapping = graph(add);
    for (int i = 0; i < 5; i++) {
      overlapping.message(5, external("w" + i, "w.bin", "" + i, 3));
    }
    assertMalformed(model(overlapping), "overlap");
    OnnxBytes manyNames = graph(add);
    for (int i = 0; i < 3; i++) {
      manyNames.message(5, external("w" + i, "./".repeat(i) + "w.bin", "" + i, 3));
    }
    assertMalformed(model(manyNames), "overlap");
    Files.delete(secret);
    Files.delete(outside);
  }
}
