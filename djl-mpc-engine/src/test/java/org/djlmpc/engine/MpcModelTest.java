package org.djlmpc.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.basicmodelzoo.cv.classification.LeNet;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.translate.NoopTranslator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
    Engine.getEngine("PyTorch").setRandomSeed(1);
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

  private static Block small() {
    return new SequentialBlock()
        .add(Linear.builder().setUnits(3).build())
        .add(Linear.builder().setUnits(2).build());
  }

  /** The file of a small block. */
  private byte[] parameters() throws IOException {
    try (Model model = Model.newInstance("small", "PyTorch")) {
      model.setBlock(small());
      model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 2));
      model.save(directory, "small");
    }
    return Files.readAllBytes(directory.resolve("small-0000.params"));
  }

  private static void load(byte[] file, Block block) throws Exception {
    try (Model model = Model.newInstance("small", "MPC")) {
      model.setBlock(block);
      model.load(new ByteArrayInputStream(file));
    }
  }

  private static void assertMalformed(byte[] file, Block block, String reason) {
    assertThatThrownBy(() -> load(file, block))
        .isInstanceOf(MalformedModelException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void brokenParametersAreRefusedWithAReason() throws Exception {
    byte[] file = parameters();
    load(file, small());
    for (int length = 4; length < file.length; length++) {
      assertMalformed(Arrays.copyOf(file, length), small(), "ends too early");
    }
    assertMalformed(new byte[100], small(), "does not hold DJL parameters");
    assertMalformed(new byte[0], small(), "does not hold DJL parameters");
    assertMalformed(Arrays.copyOf(file, file.length + 1), small(), "belongs to another block");
    assertMalformed(file, Linear.builder().setUnits(2).build(), "");
    assertMalformed(file, leNet(), "");
    Files.write(directory.resolve("small-0000.params"), new byte[100]);
    try (Model model = Model.newInstance("small", "MPC")) {
      model.setBlock(small());
      assertThatThrownBy(() -> model.load(directory))
          .isInstanceOf(MalformedModelException.class)
          .hasMessageContaining("does not hold DJL parameters");
    }
  }

  @Test
  void damagedParametersAreReadOrRefused() throws Exception {
    byte[] file = parameters();
    int refused = 0;
    for (int bit = 0; bit < 8 * file.length; bit += 11) {
      byte[] damaged = file.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        load(damaged, small());
      } catch (MalformedModelException e) {
        assertThat(e.getMessage()).isNotBlank();
        refused++;
      }
    }
    assertThat(refused).isBetween(file.length / 5, 8 * file.length / 11 - 20);
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
