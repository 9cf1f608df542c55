package org.djlmpc.engine;

import ai.djl.BaseModel;
import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.GraphSource;
import org.djlmpc.graph.ModelReader;
import org.jspecify.annotations.Nullable;

/**
 * A model of engine MPC: a block with DJL's saved parameters, or a model file that a {@link
 * ModelReader} understands.
 *
 * <p>Its parameters are public arrays; whoever runs it privately shares them first.
 */
public class MpcModel extends BaseModel {
  /** A model without block, whose arrays belong to the context bound to this thread. */
  protected MpcModel(@Nullable String name, @Nullable Device device) {
    super(name == null ? "model" : name);
    manager = MpcEngine.INSTANCE.newBaseManager(device);
    manager.setName("mpcModel");
    dataType = DataType.FLOAT32;
  }

  /**
   * {@inheritDoc}
   *
   * <p>With a block set before, reads DJL's {@code .params}; otherwise looks for a file that a
   * reader on the class path understands.
   *
   * @throws MpcException MISSING_DEPENDENCY if there is no block and no reader, MALFORMED_MODEL if
   *     the file is broken
   */
  @Override
  public void load(Path modelPath, @Nullable String prefix, @Nullable Map<String, ?> options)
      throws IOException, MalformedModelException {
    setModelDir(modelPath);
    wasLoaded = true;
    if (block != null) {
      loadBlock(prefix == null ? modelName : prefix, options);
      return;
    }
    block = new GraphBlock(read(prefix));
  }

  /** {@inheritDoc} DJL's {@code .params}, into the block set before. */
  @Override
  public void load(InputStream stream, @Nullable Map<String, ?> options)
      throws IOException, MalformedModelException {
    if (block == null) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A stream can be read into a block only.",
          "Set the block first, or load the model from a file.");
    }
    wasLoaded = true;
    if (!readParameters(stream, options)) {
      throw new MalformedModelException("The stream does not hold DJL parameters.");
    }
  }

  private GraphSource read(@Nullable String prefix) throws IOException {
    List<ModelReader> readers = ModelReader.all();
    if (readers.isEmpty()) {
      throw new MpcException(
          ErrorCode.MISSING_DEPENDENCY,
          "No block is set, and no reader of model files is on the class path.",
          "Set the model's block, or add the dependency org.djlmpc:djl-mpc-model-zoo-adapters.");
    }
    Set<String> extensions = new LinkedHashSet<>();
    readers.forEach(reader -> extensions.addAll(reader.extensions()));
    for (Path file : candidates(prefix, extensions)) {
      for (ModelReader reader : readers) {
        Optional<GraphSource> source = reader.read(file);
        if (source.isPresent()) {
          return source.get();
        }
      }
    }
    throw new FileNotFoundException(
        "No file with an extension of " + extensions + " holds a model in " + modelDir + ".");
  }

  private Set<Path> candidates(@Nullable String prefix, Set<String> extensions) {
    Set<Path> files = new LinkedHashSet<>();
    if (Files.isRegularFile(modelDir)) {
      files.add(modelDir);
      modelDir = Objects.requireNonNull(modelDir.toAbsolutePath().getParent());
    }
    for (String name :
        Stream.of(prefix, modelName, modelDir.getFileName().toString(), "model").toList()) {
      if (name != null) {
        files.add(modelDir.resolve(name));
        extensions.forEach(extension -> files.add(modelDir.resolve(name + "." + extension)));
      }
    }
    files.removeIf(file -> !Files.isRegularFile(file));
    return files;
  }

  @Override
  public Trainer newTrainer(TrainingConfig trainingConfig) {
    throw UnsupportedNDArray.unsupported(
        "newTrainer", "another engine to train, then encrypt the trained model");
  }

  @Override
  public String[] getArtifactNames() {
    try (Stream<Path> files = Files.walk(modelDir)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> modelDir.relativize(file).toString())
          .filter(name -> !name.endsWith(".params"))
          .toArray(String[]::new);
    } catch (IOException e) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "The model's directory " + modelDir + " cannot be listed.",
          "Check that it exists and can be read.",
          e);
    }
  }
}
