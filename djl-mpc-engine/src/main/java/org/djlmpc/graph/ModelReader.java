package org.djlmpc.graph;

import ai.djl.MalformedModelException;
import ai.djl.nn.Block;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

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

  /** Every reader on the class path. */
  static List<ModelReader> all() {
    return ServiceLoader.load(ModelReader.class).stream().map(ServiceLoader.Provider::get).toList();
  }
}
