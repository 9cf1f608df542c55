package org.djlmpc.zoo.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.NoopTranslator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.djlmpc.engine.BlockTracer;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.GraphSource;
import org.djlmpc.graph.Node;
import org.djlmpc.graph.Op;
import org.djlmpc.graph.Rewrites;
import org.djlmpc.graph.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TorchScriptReaderTest {
  @TempDir private Path directory;

  private static GraphSource read(String resource) throws Exception {
    return new TorchScriptReader().read(Fixture.resource(resource)).orElseThrow();
  }

  private static List<TensorType> images(long... shape) {
    return List.of(new TensorType(new Shape(shape), DataType.FLOAT32));
  }

  @Test
  void namesWeightsAndPlacesByTheModulesPath() throws Exception {
    Graph graph = read("mobile.scripted.pt").graph(images(2, 3, 10, 10));
    assertThat(graph.weights()).extracting(Graph.Weight::name).contains("squeeze.1.weight");
    assertThat(graph.nodes()).extracting(Node::label).contains("squeeze/1/convolution");
    assertThat(graph.inputs()).extracting(Graph.Input::name).containsExactly("x");
  }

  @Test
  void oneModuleTakesInputsOfOtherSizes() throws Exception {
    GraphSource source = read("mobile.traced.pt");
    assertThat(source.graph(images(5, 3, 32, 16)).outputTypes().get(0).shape())
        .isEqualTo(new Shape(5, 5));
  }

  @Test
  void tiedWeightsAreOneWeight() throws Exception {
    Graph graph = read("storages.scripted.pt").graph(images(3, 4));
    assertThat(graph.weights()).extracting(Graph.Weight::name).doesNotContain("again.weight");
    assertThat(graph.weights()).extracting(Graph.Weight::name).doesNotHaveDuplicates();
  }

  @Test
  void noWeightBecomesPublic() throws Exception {
    for (String kind : List.of("traced", "scripted", "frozen")) {
      Graph graph = read("shortcut." + kind + ".pt").graph(images(1, 3, 8, 8));
      // the gain 0.7 is a weight without axes; what is public has one value
      assertThat(graph.nodes())
          .extracting(Node::op)
          .noneMatch(
              op -> op instanceof Op.Scalar scalar && Math.abs(scalar.number() - 0.7) < 1e-6);
      assertThat(graph.constants())
          .allSatisfy(constant -> assertThat(constant.doubles()).containsOnly(0));
      Graph computed = read("storages." + kind + ".pt").graph(images(3, 4));
      assertThat(computed.constants()).isEmpty();
    }
  }

  @Test
  void unsupportedOperatorsAreListedAllAtOnceWithPlaceAndWayOut() throws Exception {
    GraphSource source = read("unsupported.scripted.pt");
    assertThatThrownBy(() -> source.graph(images(1, 2, 3, 3)))
        .isInstanceOfSatisfying(
            MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_OPERATOR))
        .hasMessageContaining("torch.upsample_bicubic2d at up, code/__torch__")
        .hasMessageContaining("nearest: upsample_bilinear2d")
        .hasMessageContaining("torch.topk")
        .hasMessageContaining("torch.erfinv")
        .hasMessageContaining("perhaps torch.logcumsumexp");
  }

  /** A library's conv2d is not PyTorch's, whose name it has. */
  @ParameterizedTest
  @ValueSource(strings = {"traced", "scripted"})
  void operatorsOfAQuantizedModuleAreListedAllAtOnce(String kind) throws Exception {
    GraphSource source = read("quantized." + kind + ".pt");
    assertThatThrownBy(() -> source.graph(images(1, 2, 5, 5)))
        .isInstanceOfSatisfying(
            MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_OPERATOR))
        .hasMessageContaining("torch.quantize_per_tensor at enter, code/__torch__")
        .hasMessageContaining("ops.quantized.conv2d_relu at conv, code/__torch__")
        .hasMessageContaining("nearest: conv2d, in the model before it is quantized")
        .hasMessageContaining("ops.quantized.linear at linear, code/__torch__")
        .hasMessageContaining("torch.dequantize at leave, code/__torch__");
  }

  @ParameterizedTest
  @ValueSource(strings = {"deciding", "doubtful"})
  void whatCannotBeKnownWithoutTheDataIsRefused(String name) throws Exception {
    GraphSource source = read(name + ".scripted.pt");
    assertThatThrownBy(() -> source.graph(images(2, 3)))
        .isInstanceOfSatisfying(
            MpcException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_OPERATOR));
  }

  @Test
  void wrongInputsAreTheCallersFault() throws Exception {
    GraphSource source = read("mobile.scripted.pt");
    for (List<TensorType> wrong :
        List.of(images(2, 4, 10, 10), images(3, 10), List.<TensorType>of())) {
      assertThatThrownBy(() -> source.graph(wrong))
          .isInstanceOfSatisfying(
              MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHAPE));
    }
  }

  @Test
  void otherFormatsAreLeftToOthers() throws Exception {
    Path other = Files.writeString(directory.resolve("model.bin"), "something else");
    assertThat(new TorchScriptReader().read(other)).isEmpty();
    Path ours = Files.copy(other, directory.resolve("model.pt"));
    assertThatThrownBy(() -> new TorchScriptReader().read(ours))
        .isInstanceOf(MalformedModelException.class)
        .hasMessageContaining("torch.jit.save");
    assertThat(new TorchScriptReader().read(Blocks.identityBlock())).isEmpty();
  }

  @Test
  void criteriaFindTheReaderByTheFilesName() throws Exception {
    Path file = Fixture.resource("mobile.traced.pt");
    Fixture fixture = Fixture.beside(file);
    Criteria<NDList, NDList> criteria =
        Criteria.builder()
            .setTypes(NDList.class, NDList.class)
            .optModelPath(file)
            .optEngine("MPC")
            .optTranslator(new NoopTranslator(null))
            .build();
    try (ZooModel<NDList, NDList> model = criteria.loadModel()) {
      Graph graph = BlockTracer.trace(model.getBlock(), fixture.types());
      assertThat(fixture.errorInJava(graph)).isLessThan(1e-4);
    }
  }

  @Test
  void criteriaReportABrokenFileAsDjlDoes() throws Exception {
    byte[] bytes = Files.readAllBytes(Fixture.resource("mobile.traced.pt"));
    Path cut = directory.resolve("cut.pt");
    Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
    Criteria<NDList, NDList> criteria =
        Criteria.builder()
            .setTypes(NDList.class, NDList.class)
            .optModelPath(cut)
            .optEngine("MPC")
            .optTranslator(new NoopTranslator(null))
            .build();
    assertThatThrownBy(criteria::loadModel)
        .isInstanceOf(MalformedModelException.class)
        .hasMessageContaining("cut.pt is no sound TorchScript module");
  }

  /** PyTorch 2.7 saves what PyTorch 1.13 wrote again, in its own way. */
  @ParameterizedTest
  @ValueSource(
      strings = {"mobile.traced", "mobile.frozen", "storages.scripted", "control.scripted"})
  void readsModulesThatDjlHasLoaded(String name) throws Exception {
    Path file = Fixture.resource(name + ".pt");
    Fixture fixture = Fixture.beside(file);
    Criteria<NDList, NDList> criteria =
        Criteria.builder()
            .setTypes(NDList.class, NDList.class)
            .optModelPath(file)
            .optEngine("PyTorch")
            .optTranslator(new NoopTranslator(null))
            .build();
    List<Path> before = temporaryFiles();
    try (ZooModel<NDList, NDList> model = criteria.loadModel()) {
      Block block = model.getBlock();
      Graph graph = BlockTracer.trace(block, fixture.types());
      assertThat(fixture.errorInJava(Rewrites.apply(graph))).isLessThan(1e-4);
    }
    List<Path> left = temporaryFiles();
    left.removeAll(before);
    // another process may be reading a module, too, and deletes its file a moment later
    for (int i = 0; i < 6000 && left.stream().anyMatch(Files::exists); i++) {
      LockSupport.parkNanos(10_000_000);
    }
    assertThat(left).noneMatch(Files::exists);
  }

  private static List<Path> temporaryFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("torchscript"))
          .collect(Collectors.toCollection(ArrayList::new));
    }
  }
}
