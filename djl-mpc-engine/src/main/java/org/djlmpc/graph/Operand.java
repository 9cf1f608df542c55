package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.djlmpc.protocol.Share;

/** An argument of a private computation: a share of a secret, or a public array. */
public sealed interface Operand {
  /** Shape of the array. */
  Shape shape();

  /** Data type that the array reports. */
  DataType dataType();

  /**
   * A secret.
   *
   * @param share this party's share
   * @param dataType FLOAT32, BOOLEAN for comparisons, INT64 for positions
   */
  record Secret(Share share, DataType dataType) implements Operand {
    @Override
    public Shape shape() {
      return share.shape();
    }
  }

  /**
   * A public array, the same at all parties.
   *
   * @param tensor the values
   */
  record Public(PublicTensor tensor) implements Operand {
    @Override
    public Shape shape() {
      return tensor.shape();
    }

    @Override
    public DataType dataType() {
      return tensor.dataType();
    }
  }
}
