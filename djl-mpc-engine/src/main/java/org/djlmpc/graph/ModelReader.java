package org.djlmpc.graph;

import ai.djl.MalformedModelException;
import ai.djl.nn.Block;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.djlmpc.error.MpcException;

/**
 * Reads models of one format; found by {@link ServiceLoader}, so that the engine knows no format.
 *
 * <p>The readers are in the module {@code djl-mpc-model-zoo-adapters}.
 */
public interface ModelReader {
  /** File name extensions, without dot, that this reader looks into, the most usual one first. */
  List<String> extensions();

  /**
   * Reads a file.
   *
   * @return the model, or nothing if the file has another format
   * @throws IOException if the file cannot be read
   * @throws MalformedModelException if it has this format and is broken; the message says how
   */
  Optional<GraphSource> read(Path file) throws IOException, MalformedModelException;

  /**
   * Reads a block that another engine has loaded and that shows no operators of its own.
   *
   * @return the model, or nothing if the block is of another kind
   * @throws org.djlmpc.error.MpcException MALFORMED_MODEL if it is of this kind and cannot be
   *     understood
   */
  default Optional<GraphSource> read(Block block) {
    return Optional.empty();
  }

  /**
   * Reads a file by the first reader that knows its format.
   *
   * @return the model, or nothing if no reader knows the format
   * @throws IOException if the file cannot be read
   * @throws MalformedModelException if it is broken; the message says how
   */
  static Optional<GraphSource> readAny(Path file) throws IOException, MalformedModelException {
    for (ModelReader reader : all()) {
      Optional<GraphSource> source = reader.read(file);
      if (source.isPresent()) {
        return source;
      }
    }
    return Optional.empty();
  }

  /**
   * Reads a file and writes its model as a graph: whatever is wrong with the file is found here,
   * also what only shows once the shapes of the inputs are known.
   *
   * @param inputs shapes and data types of the inputs
   * @throws IOException if the file cannot be read
   * @throws MalformedModelException if it is broken, has operators without a private form, or does
   *     not take these inputs; the message says how
   */
  static Graph load(Path file, List<TensorType> inputs)
      throws IOException, MalformedModelException {
    GraphSource source =
        readAny(file)
            .orElseThrow(
                () -> new MalformedModelException("No reader knows the format of " + file + "."));
    try {
      return source.graph(inputs);
    } catch (MpcException e) {
      throw new MalformedModelException(file + " makes no graph: " + e.getMessage(), e);
    }
  }

  /** Every reader on the class path. */
  static List<ModelReader> all() {
    return ServiceLoader.load(ModelReader.class).stream().map(ServiceLoader.Provider::get).toList();
  }
}
