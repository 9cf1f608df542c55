package org.djlmpc.engine;

import ai.djl.BaseModel;
import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.translate.Translator;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Calibration;
import org.djlmpc.graph.GraphSource;
import org.djlmpc.graph.ModelReader;
import org.djlmpc.graph.WeightMode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model of engine MPC: a block with DJL's saved parameters, or a model file that a {@link
 * ModelReader} understands. Its predictors are encrypted.
 *
 * <p>The parameters are public arrays at the owner of the model. The first prediction shares them,
 * and starts all parties as threads of this process ({@link LocalParties}), which end with the
 * model. Options of {@code Criteria}, or properties of the model, say how:
 *
 * <table>
 * <caption>Options</caption>
 * <tr><th>name</th><th>values</th><th>if absent</th></tr>
 * <tr><td>protocol</td><td>name of a protocol suite</td><td>ariann</td></tr>
 * <tr><td>ring</td><td>64, 32</td><td>the calibration's, else 64</td></tr>
 * <tr><td>fraction-bits</td><td>0 to half of the ring's bits less one</td><td>the calibration's, else
 * 16</td></tr>
 * <tr><td>weights</td><td>shared, owner: see {@link WeightMode}</td><td>shared</td></tr>
 * <tr><td>calibration</td><td>auto: the file beside the model that {@code djl-mpc calibrate} wrote, if
 * there is one; ignore; or a path</td><td>auto</td></tr>
 * <tr><td>check-range</td><td>true, false: whether a request fails if a value leaves the range that
 * it was calibrated for, instead of a wrong result</td><td>false</td></tr>
 * <tr><td>timeout</td><td>seconds that a request may take</td><td>600</td></tr>
 * <tr><td>translator-engine</td><td>where Translators compute: PyTorch, MPC, ...</td><td>PyTorch if
 * it is on the class path, else MPC (public arrays)</td></tr>
 * </table>
 */
public class MpcModel extends BaseModel {
  private static final Logger LOG = LoggerFactory.getLogger(MpcModel.class);

  /** Whether this process has been told that it gives no privacy. */
  static final AtomicBoolean WARNED = new AtomicBoolean();

  private @Nullable Path file;
  private @Nullable LocalParties parties;
  private @Nullable EncryptedModel encrypted;

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
   * @throws MalformedModelException if the file is broken
   * @throws MpcException MISSING_DEPENDENCY if there is no block and no reader; CALIBRATION if
   *     there is a calibration that cannot be read
   */
  @Override
  public void load(Path modelPath, @Nullable String prefix, @Nullable Map<String, ?> options)
      throws IOException, MalformedModelException {
    configure(options);
    setModelDir(modelPath);
    wasLoaded = true;
    if (block != null) {
      Map<String, String> chosen = ModelOptions.among(properties);
      String name = prefix == null ? modelName : prefix;
      loadBlock(name, options);
      file = modelDir.resolve(name);
      restore(chosen);
    } else {
      block = new GraphBlock(read(prefix));
    }
    // a file that cannot be read is reported now, not by the first prediction
    ModelOptions.of(ModelOptions.among(properties)).calibration(file);
  }

  /** Options are properties from now on; wrong ones are refused before anything is loaded. */
  private void configure(@Nullable Map<String, ?> options) {
    if (options != null) {
      properties.putAll(ModelOptions.among(options));
    }
    ModelOptions.of(ModelOptions.among(properties));
    forgetEncryption();
  }

  /** A file of parameters may hold properties, but does not decide how the parties run. */
  private void restore(Map<String, String> chosen) {
    properties.keySet().removeAll(ModelOptions.NAMES);
    properties.putAll(chosen);
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
    configure(options);
    wasLoaded = true;
    Map<String, String> chosen = ModelOptions.among(properties);
    readParameters(stream, options);
    restore(chosen);
  }

  /** {@inheritDoc} */
  @Override
  protected boolean readParameters(InputStream file, @Nullable Map<String, ?> options)
      throws IOException, MalformedModelException {
    ParameterFile read = ParameterFile.read(file, block, manager);
    dataType = read.dataType();
    inputData = read.inputs();
    properties.putAll(read.properties());
    return true;
  }

  @Override
  public void setBlock(Block block) {
    super.setBlock(block);
    forgetEncryption();
  }

  /**
   * {@inheritDoc}
   *
   * <p>The predictor is encrypted. All predictors of this model use one set of shared weights: the
   * values at the first prediction, until a block is set or loaded.
   *
   * @throws MpcException WEIGHTS_MISSING if the model is not loaded or initialized; ARGUMENT if an
   *     option is wrong, or inside a program of a party; CLOSED
   */
  @Override
  public <I, O> MpcPredictor<I, O> newPredictor(Translator<I, O> translator, Device device) {
    ModelOptions options = ModelOptions.of(ModelOptions.among(properties));
    MpcPredictor<I, O> predictor =
        new MpcPredictor<>(
            encrypted(options), translator, device, false, options.translatorEngine());
    Duration timeout = options.timeout();
    return timeout == null ? predictor : predictor.withTimeout(timeout);
  }

  private synchronized EncryptedModel encrypted(ModelOptions options) {
    if (!manager.isOpen()) {
      throw new MpcException(ErrorCode.CLOSED, "The model is closed.", "Load it again.");
    }
    if (manager instanceof MpcNDManager own && !own.context().isPublic()) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A model of a party's program has no predictor.",
          "Call forward of its block on secret arrays.");
    }
    EncryptedModel known = encrypted;
    if (known == null) {
      Calibration calibration = options.calibration(file);
      LocalParties started = LocalParties.start(options.suite(), options.parties(calibration));
      try {
        known =
            started.encrypt(
                this,
                new EncryptionOptions(options.weights(), calibration, options.checksRanges()));
      } catch (RuntimeException | Error e) {
        started.close();
        throw e;
      }
      parties = started;
      encrypted = known;
      if (!WARNED.getAndSet(true)) {
        LOG.warn(
            "All parties run in this process: this is for development and gives no privacy. Run"
                + " each party where its owner controls it.");
      }
    }
    return known;
  }

  private synchronized void forgetEncryption() {
    if (parties != null) {
      parties.close();
      parties = null;
      encrypted = null;
    }
  }

  /** Closes the model and the parties that it started. */
  @Override
  public void close() {
    forgetEncryption();
    super.close();
  }

  private GraphSource read(@Nullable String prefix) throws IOException, MalformedModelException {
    List<ModelReader> readers = ModelReader.all();
    if (readers.isEmpty()) {
      throw new MpcException(
          ErrorCode.MISSING_DEPENDENCY,
          "No block is set, and no reader of model files is on the class path.",
          "Set the model's block, or add the dependency org.djlmpc:djl-mpc-model-zoo-adapters.");
    }
    Set<String> extensions = new LinkedHashSet<>();
    readers.forEach(reader -> extensions.addAll(reader.extensions()));
    for (Path candidate : candidates(prefix, extensions)) {
      Optional<GraphSource> source = ModelReader.readAny(candidate);
      if (source.isPresent()) {
        file = candidate;
        return source.get();
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
