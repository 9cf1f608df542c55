package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.jspecify.annotations.Nullable;

/** What is certain about one array of a private computation: the values of {@link ErrorBound}. */
public sealed interface Bound {
  /** Shape and data type of the array. */
  TensorType type();

  /** Bound of the exact values; infinite where nothing is known. */
  double magnitude();

  /** Bound of what fixed-point arithmetic adds to the exact values; infinite where unknown. */
  double error();

  /** Shape of the array. */
  default Shape shape() {
    return type().shape();
  }

  /** Data type of the array. */
  default DataType dataType() {
    return type().dataType();
  }

  /**
   * A secret array.
   *
   * @param type its shape and data type
   * @param enclosure where its values lie
   * @param value the exact values, which are encoded with the fixed point's fraction bits; null if
   *     they depend on inputs
   */
  record Secret(TensorType type, Enclosure enclosure, @Nullable PublicTensor value)
      implements Bound {
    @Override
    public double magnitude() {
      return enclosure.magnitude();
    }

    @Override
    public double error() {
      return enclosure.error();
    }
  }

  /**
   * A public array: exact until it meets a secret.
   *
   * @param tensor the values
   */
  record Public(PublicTensor tensor) implements Bound {
    @Override
    public TensorType type() {
      return tensor.type();
    }

    @Override
    public double magnitude() {
      return EnclosureMath.magnitude(tensor);
    }

    @Override
    public double error() {
      return 0;
    }
  }
}
