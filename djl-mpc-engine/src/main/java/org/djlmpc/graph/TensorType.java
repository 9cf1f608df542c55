package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * What is public about any value: its shape and its data type.
 *
 * @param shape the shape
 * @param dataType the data type that the value reports
 */
public record TensorType(Shape shape, DataType dataType) {
  @Override
  public String toString() {
    return dataType.toString().toUpperCase(java.util.Locale.ROOT) + shape;
  }
}
