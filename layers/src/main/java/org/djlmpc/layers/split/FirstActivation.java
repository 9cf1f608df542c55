package org.djlmpc.layers.split;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;

/** What the server applies to h1 plus the first layer's bias. */
public enum FirstActivation {
  /** Nothing. */
  IDENTITY,
  /** Logistic function. */
  SIGMOID,
  /** Hyperbolic tangent. */
  TANH,
  /** max(0, x). */
  RELU;

  NDArray apply(NDArray x) {
    return switch (this) {
      case IDENTITY -> x;
      case SIGMOID -> Activation.sigmoid(x);
      case TANH -> Activation.tanh(x);
      case RELU -> Activation.relu(x);
    };
  }
}
