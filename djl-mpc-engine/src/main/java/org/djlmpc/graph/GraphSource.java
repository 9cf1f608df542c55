package org.djlmpc.graph;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model that can be written as a graph as soon as the shapes of its inputs are known. */
@FunctionalInterface
public interface GraphSource {
  /**
   * The model for inputs of these shapes and data types.
   *
   * @throws org.djlmpc.error.MpcException SHAPE if it does not take them, UNSUPPORTED_OPERATOR with
   *     every operator that has no private form, MALFORMED_MODEL if it cannot be understood. What
   *     comes from a file has a {@link ai.djl.MalformedModelException} as its cause
   */
  Graph graph(List<TensorType> inputs);

  /**
   * The inputs as far as the model declares them, in their order; none if it says nothing about
   * them.
   */
  default List<DeclaredInput> declaredInputs() {
    return List.of();
  }

  /**
   * An input as a model declares it.
   *
   * @param name its name
   * @param shape its shape, -1 for an axis of any length; null if nothing is declared
   */
  record DeclaredInput(String name, @Nullable Shape shape) {}
}
