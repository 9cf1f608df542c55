package org.djlmpc.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Model;
import ai.djl.basicmodelzoo.cv.classification.LeNet;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.translate.NoopTranslator;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.GraphSource;
import org.djlmpc.graph.ModelReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MpcModelTest {
  private static final Shape IMAGES = new Shape(2, 1, 28, 28);

  @TempDir private Path directory;

  private static Block leNet() {
    return LeNet.builder().build();
  }

  /** Saves a LeNet with PyTorch and returns its answers to ones. */
  private float[] saveWithPyTorch() throws IOException {
    try (Model model = Model.newInstance("lenet", "PyTorch")) {
      model.setBlock(leNet());
      model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, IMAGES);
      model.save(directory, "lenet");
      return answers(model);
    }
  }

  /** What the block answers in plaintext. */
  private static float[] answers(Model model) {
    NDManager manager = model.getNDManager();
    return model
        .getBlock()
        .forward(new ParameterStore(manager, false), new NDList(manager.ones(IMAGES)), false)
        .head()
        .toFloatArray();
  }

  @Test
  void readsParametersThatPyTorchSaved() throws Exception {
    float[] expected = saveWithPyTorch();
    try (Model model = Model.newInstance("lenet", "MPC")) {
      model.setBlock(leNet());
      model.load(directory);
      assertThat(model.getBlock().getParameters().get(0).getValue().getArray())
          .isInstanceOf(MpcNDArray.class);
      assertThat(answers(model)).usingComparatorWithPrecision(1e-5f).containsExactly(expected);
      assertThat(model.getArtifactNames()).isEmpty();
    }
  }

  @Test
  void savesParametersThatPyTorchReads() throws Exception {
    float[] expected;
    try (Model model = Model.newInstance("lenet", "MPC")) {
      model.setBlock(leNet());
      model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, IMAGES);
      model.save(directory, "lenet");
      expected = answers(model);
    }
    try (Model model = Model.newInstance("lenet", "PyTorch")) {
      model.setBlock(leNet());
      model.load(directory);
      assertThat(answers(model)).usingComparatorWithPrecision(1e-5f).containsExactly(expected);
    }
  }

  @Test
  void withoutBlockAndReaderItNamesTheDependency() throws IOException {
    try (Model model = Model.newInstance("net", "MPC")) {
      Files.createFile(directory.resolve("net.pt"));
      assertThatThrownBy(() -> model.load(directory))
          .isInstanceOfSatisfying(
              MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MISSING_DEPENDENCY))
          .hasMessageContaining("djl-mpc-model-zoo-adapters");
    }
  }

  @Test
  void readersAreFoundAndTheirModelsRunOnEveryKindOfArray() throws Exception {
    Files.writeString(directory.resolve("net.double"), "2");
    Path services = directory.resolve("META-INF/services");
    Files.createDirectories(services);
    Files.writeString(services.resolve(ModelReader.class.getName()), Doubling.class.getName());
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    URL[] urls = {directory.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(urls, before);
        NDManager torch = NDManager.newBaseManager("PyTorch");
        Model model = Model.newInstance("net", "MPC")) {
      thread.setContextClassLoader(loader);
      model.load(directory);
      NDList ones = new NDList(model.getNDManager().ones(new Shape(2)));
      try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator(null))) {
        assertThat(predictor.predict(ones).head().toFloatArray()).containsExactly(2, 2);
      }
      assertThat(BlockTracer.trace(model.getBlock(), new Shape(5)).nodes()).hasSize(1);
      Block symbol = Engine.getEngine("PyTorch").newSymbolBlock(torch);
      assertThat(BlockTracer.trace(symbol, new Shape(5)).nodes()).hasSize(1);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** A format whose models all double their input. */
  public static final class Doubling implements ModelReader {
    private static final GraphSource SOURCE =
        inputs -> BlockTracer.trace(ai.djl.nn.LambdaBlock.singleton(x -> x.mul(2)), inputs);

    @Override
    public List<String> extensions() {
      return List.of("double");
    }

    @Override
    public Optional<GraphSource> read(Path file) throws IOException {
      return Files.readString(file).equals("2") ? Optional.of(SOURCE) : Optional.empty();
    }

    @Override
    public Optional<GraphSource> read(Block block) {
      return Optional.of(SOURCE);
    }
  }
}
