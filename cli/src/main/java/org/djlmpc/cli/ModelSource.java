package org.djlmpc.cli;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.djlmpc.engine.BlockTracer;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.GraphSource;
import org.djlmpc.graph.ModelReader;
import org.djlmpc.graph.TensorType;
import org.djlmpc.layers.networks.Network;
import org.djlmpc.layers.networks.TrainedNetworks;
import org.jspecify.annotations.Nullable;

/**
 * What a user calls a model: a file that a reader understands, or a network of the papers.
 *
 * <p>Networks for Fashion-MNIST are trained ones. Others have random weights, from a fixed seed.
 */
final class ModelSource {
  private static final long WEIGHTS_SEED = 7;
  private static final String PLAINTEXT_ENGINE = "PyTorch";

  private final String name;
  private final @Nullable Network network;
  private final GraphSource graphs;

  private ModelSource(String name, @Nullable Network network, GraphSource graphs) {
    this.name = name;
    this.network = network;
    this.graphs = graphs;
  }

  /** A network of the papers. */
  static ModelSource of(Network network) {
    return new ModelSource(
        network.id(),
        network,
        types -> {
          try (Model model = model(network)) {
            return BlockTracer.trace(model.getBlock(), types);
          }
        });
  }

  /**
   * A file if there is one of this name, else a network.
   *
   * @throws MpcException ARGUMENT if there is neither; DATA_FILE if the file cannot be read or has
   *     a format without reader; MALFORMED_MODEL if it is broken
   */
  static ModelSource named(String name) {
    Optional<Path> file = existing(name);
    if (file.isPresent()) {
      return new ModelSource(name, null, read(file.get()));
    }
    if (name.matches("[\\w-]+")) {
      return of(Network.byName(name));
    }
    throw new MpcException(
        ErrorCode.DATA_FILE,
        "There is no model file " + name + ".",
        "Give a file that ends in " + endings() + ", or one of the networks " + networks() + ".");
  }

  private static Optional<Path> existing(String name) {
    try {
      return Optional.of(Path.of(name)).filter(Files::exists);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static GraphSource read(Path file) {
    if (Files.isDirectory(file)) {
      throw new MpcException(
          ErrorCode.DATA_FILE, file + " is a directory.", "Name the model file in it.");
    }
    try {
      Optional<GraphSource> source = ModelReader.readAny(file);
      if (source.isPresent()) {
        return source.get();
      }
    } catch (MalformedModelException e) {
      throw new MpcException(
          ErrorCode.MALFORMED_MODEL,
          "The model " + file + " is broken: " + sentence(e),
          ErrorCode.MALFORMED_MODEL.nextStep(),
          e);
    } catch (IOException e) {
      throw new MpcException(
          ErrorCode.DATA_FILE,
          "The model " + file + " cannot be read: " + sentence(e),
          ErrorCode.DATA_FILE.nextStep(),
          e);
    }
    throw new MpcException(
        ErrorCode.DATA_FILE,
        "No reader knows the format of " + file + ".",
        "Export the model to a file that ends in " + endings() + ".");
  }

  private static String sentence(Exception e) {
    String text = String.valueOf(e.getMessage());
    return text.endsWith(".") ? text : text + ".";
  }

  private static String endings() {
    return ModelReader.all().stream()
        .flatMap(reader -> reader.extensions().stream())
        .map(extension -> "." + extension)
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static String networks() {
    return Arrays.stream(Network.values()).map(Network::id).collect(Collectors.joining(", "));
  }

  /** The name that the user gave. */
  String name() {
    return name;
  }

  /** The network, if the model is one of the papers'. */
  Optional<Network> network() {
    return Optional.ofNullable(network);
  }

  /** What the model says about its inputs; lengths of a batch are open. */
  List<GraphSource.DeclaredInput> declaredInputs() {
    return network == null
        ? graphs.declaredInputs()
        : List.of(new GraphSource.DeclaredInput("data0", network.inputShape(-1)));
  }

  /** The network with its weights, which the caller closes. */
  static Model model(Network network) {
    return TrainedNetworks.networks().contains(network)
        ? TrainedNetworks.load(network, PLAINTEXT_ENGINE)
        : network.newModel(PLAINTEXT_ENGINE, WEIGHTS_SEED);
  }

  /**
   * The graph as it was imported, with weights.
   *
   * @throws MpcException SHAPE, saying what the model wants; what its reader throws
   */
  Graph graph(List<TensorType> inputs) {
    try {
      return graphs.graph(inputs);
    } catch (MpcException e) {
      if (e.code() != ErrorCode.SHAPE || network == null) {
        throw e;
      }
      Shape image = network.inputShape();
      throw new MpcException(
          ErrorCode.SHAPE,
          name
              + " does not take "
              + inputs.stream().map(type -> type.shape().toString()).toList()
              + "; it was made for (N, "
              + image.get(0)
              + ", "
              + image.get(1)
              + ", "
              + image.get(2)
              + "). It says: "
              + e.getMessage(),
          "Give an array of that shape: N images, channels, height, width.",
          e);
    }
  }
}
