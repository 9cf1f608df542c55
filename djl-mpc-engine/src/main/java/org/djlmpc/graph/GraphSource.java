package org.djlmpc.graph;

import java.util.List;

/** A model that can be written as a graph as soon as the shapes of its inputs are known. */
@FunctionalInterface
public interface GraphSource {
  /**
   * The model for inputs of these shapes and data types.
   *
   * @throws org.djlmpc.error.MpcException SHAPE if it does not take them, UNSUPPORTED_OPERATOR with
   *     every operator that has no private form, MALFORMED_MODEL if it cannot be understood
   */
  Graph graph(List<TensorType> inputs);
}
