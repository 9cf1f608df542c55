package org.djlmpc.zoo;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.graph.TensorType;
import org.djlmpc.graph.Traced;
import org.jspecify.annotations.Nullable;

/** A tensor while a model is read: its elements are known, or it is a value of the recording. */
public sealed interface Partial {
  /** Shape and data type. */
  TensorType type();

  /** Shape. */
  default Shape shape() {
    return type().shape();
  }

  /** Data type. */
  default DataType dataType() {
    return type().dataType();
  }

  /**
   * A tensor whose elements the reader knows.
   *
   * @param tensor the elements
   * @param weight the name under which its owner keeps it private; null if it is part of the
   *     architecture, which every party may see
   */
  record Known(PublicTensor tensor, @Nullable String weight) implements Partial {
    @Override
    public TensorType type() {
      return tensor.type();
    }
  }

  /**
   * A value of the recording.
   *
   * @param traced the value
   */
  record Recorded(Traced traced) implements Partial {
    @Override
    public TensorType type() {
      return traced.type();
    }
  }
}
