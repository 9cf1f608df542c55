package org.djlmpc.zoo.onnx;

import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.graph.Operators.Unary;
import org.djlmpc.zoo.Partial;

/** Activation functions that are more than one of the engine's functions. */
final class ActivationConverters {
  /** Of SELU: Klambauer et al., "Self-Normalizing Neural Networks", NeurIPS 2017, section 2. */
  private static final double SELU_ALPHA = 1.6732632423543772;

  private static final double SELU_SCALE = 1.0507009873554805;

  private ActivationConverters() {}

  static void register(Converters to) {
    to.add("LeakyRelu", ActivationConverters::leakyRelu);
    to.add("PRelu", ActivationConverters::prelu);
    to.add("ThresholdedRelu", ActivationConverters::thresholdedRelu);
    to.add("HardSigmoid", ActivationConverters::hardSigmoid);
    to.add("Elu", node -> elu(node, 1, node.real("alpha", 1), 1));
    to.add("Celu", node -> elu(node, 1, node.real("alpha", 1), 1 / node.real("alpha", 1)));
    to.add(
        "Selu",
        node -> elu(node, node.real("gamma", SELU_SCALE), node.real("alpha", SELU_ALPHA), 1));
    to.add("Gelu", ActivationConverters::gelu);
    to.add("Swish", ActivationConverters::swish);
    to.add("Mish", ActivationConverters::mish);
    to.add("Softsign", ActivationConverters::softsign);
  }

  private static Partial leakyRelu(NodeView node) {
    return node.operators().leakyRelu(node.input(0), node.real("alpha", 0.01f));
  }

  private static Partial prelu(NodeView node) {
    Partial x = node.input(0);
    Partial slope = node.input(1);
    int rank = x.shape().dimension();
    long size = slope.shape().size();
    int slopeRank = slope.shape().dimension();
    long channels = rank > 1 ? x.shape().get(1) : 1;
    boolean perChannel =
        size == channels
            && rank > 1
            && slopeRank >= rank - 1
            && slope.shape().get(slopeRank - rank + 1) == channels;
    // older exporters leave out the axes behind the channels
    boolean bare =
        size == channels && slopeRank == 1 && rank > 2 && x.shape().get(rank - 1) != channels;
    if (size == 1 || perChannel || bare) {
      return node.operators().prelu(x, node.reshape(slope, size));
    }
    Partial positive = node.unary(Unary.RELU, x);
    Partial negative = node.binary(Binary.SUBTRACT, x, positive);
    return node.binary(Binary.ADD, positive, node.binary(Binary.MULTIPLY, negative, slope));
  }

  /** x where it is above alpha, 0 elsewhere. */
  private static Partial thresholdedRelu(NodeView node) {
    Partial x = node.input(0);
    double alpha = node.real("alpha", 1);
    if (alpha == 0) {
      return node.unary(Unary.RELU, x);
    }
    Partial above = node.scalar(Binary.GREATER, x, alpha);
    return node.binary(Binary.MULTIPLY, x, node.cast(above, x.dataType()));
  }

  private static Partial hardSigmoid(NodeView node) {
    double alpha = node.real("alpha", 0.2f);
    double beta = node.real("beta", 0.5f);
    Partial scaled = node.scalar(Binary.MULTIPLY, node.input(0), alpha);
    return node.operators().clip(node.scalar(Binary.ADD, scaled, beta), 0, 1);
  }

  /**
   * scale (max(x, 0) + alpha (exp(min(inner x, 0)) - 1)): the exponential of no positive number.
   */
  private static Partial elu(NodeView node, double scale, double alpha, double inner) {
    Partial x = node.input(0);
    Partial negative = node.operators().clip(scaled(node, x, inner), Double.NEGATIVE_INFINITY, 0);
    Partial below = node.scalar(Binary.SUBTRACT, node.unary(Unary.EXP, negative), 1);
    Partial y = node.binary(Binary.ADD, node.unary(Unary.RELU, x), scaled(node, below, alpha));
    return scaled(node, y, scale);
  }

  private static Partial scaled(NodeView node, Partial x, double factor) {
    return factor == 1 ? x : node.scalar(Binary.MULTIPLY, x, factor);
  }

  /**
   * The exact function, or Hendrycks and Gimpel's approximation (arXiv 1606.08415, section 2): x/2
   * (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).
   */
  private static Partial gelu(NodeView node) {
    Partial x = node.input(0);
    if (node.text("approximate", "none").equals("none")) {
      return node.unary(Unary.GELU, x);
    }
    Partial factor = node.scalar(Binary.MULTIPLY, node.unary(Unary.SQUARE, x), 0.044715);
    factor = node.scalar(Binary.ADD, factor, 1);
    Partial inner = scaled(node, node.binary(Binary.MULTIPLY, x, factor), Math.sqrt(2 / Math.PI));
    Partial gate = node.scalar(Binary.ADD, node.unary(Unary.TANH, inner), 1);
    return node.binary(Binary.MULTIPLY, scaled(node, x, 0.5), gate);
  }

  /** x sigmoid(alpha x). */
  private static Partial swish(NodeView node) {
    Partial x = node.input(0);
    double alpha = node.real("alpha", 1);
    return alpha == 1
        ? node.unary(Unary.SILU, x)
        : node.binary(Binary.MULTIPLY, x, node.unary(Unary.SIGMOID, scaled(node, x, alpha)));
  }

  private static Partial mish(NodeView node) {
    Partial x = node.input(0);
    return node.binary(Binary.MULTIPLY, x, node.unary(Unary.TANH, node.unary(Unary.SOFTPLUS, x)));
  }

  /** x / (1 + |x|). */
  private static Partial softsign(NodeView node) {
    Partial x = node.input(0);
    Partial divisor = node.scalar(Binary.ADD, node.unary(Unary.ABS, x), 1);
    return node.binary(Binary.MULTIPLY, x, node.unary(Unary.RECIPROCAL, divisor));
  }
}
