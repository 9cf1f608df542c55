package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * A value that exists in a {@link Tracer}'s recording only.
 *
 * @param id its number in the recording
 * @param type its shape and data type
 */
public record Traced(int id, TensorType type) {
  /** The shape. */
  public Shape shape() {
    return type.shape();
  }

  /** The data type. */
  public DataType dataType() {
    return type.dataType();
  }
}
