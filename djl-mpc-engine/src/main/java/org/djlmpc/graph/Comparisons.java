package org.djlmpc.graph;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Which values an operator compares: those whose magnitude a {@code Precision} bounds. */
final class Comparisons {
  private static final Set<Operators.Unary> UNARY =
      EnumSet.of(
          Operators.Unary.RELU,
          Operators.Unary.ABS,
          Operators.Unary.SIGN,
          Operators.Unary.HARD_SIGMOID,
          Operators.Unary.HARD_SWISH,
          Operators.Unary.SIGMOID,
          Operators.Unary.TANH,
          Operators.Unary.ERF,
          Operators.Unary.GELU,
          Operators.Unary.SILU,
          Operators.Unary.SOFTPLUS);

  private static final Set<Operators.Binary> BINARY =
      EnumSet.of(
          Operators.Binary.MAXIMUM,
          Operators.Binary.MINIMUM,
          Operators.Binary.GREATER,
          Operators.Binary.GREATER_OR_EQUAL,
          Operators.Binary.LESS,
          Operators.Binary.LESS_OR_EQUAL);

  private Comparisons() {}

  /** Numbers of the arguments that a node compares; none if its precision bounds nothing. */
  static List<Integer> arguments(Node node) {
    Op op = node.op();
    if (op instanceof Op.Binary binary) {
      return BINARY.contains(binary.function()) ? node.inputs() : List.of();
    }
    boolean compares =
        op instanceof Op.Unary unary && UNARY.contains(unary.function())
            || op instanceof Op.Scalar scalar && BINARY.contains(scalar.function())
            || op instanceof Op.Clip
            || op instanceof Op.LeakyRelu
            || op instanceof Op.Prelu
            || op instanceof Op.Pool pool && pool.pooling().kind() == Pooling.Kind.MAX
            || op instanceof Op.Reduce reduce
                && (reduce.reduction() == Operators.Reduction.MAX
                    || reduce.reduction() == Operators.Reduction.MIN)
            || op instanceof Op.ArgMax;
    return compares ? node.inputs().subList(0, 1) : List.of();
  }

  /**
   * How many times as large as the arguments is what a node compares: differences of two arguments
   * or of two elements, or distances from the bounds of a clip.
   */
  static double times(Node node) {
    Op op = node.op();
    if (op instanceof Op.Clip) {
      return 1 + Math.scalb(distance(node), -node.precision().magnitudeBits());
    }
    boolean differences =
        op instanceof Op.Binary
            || op instanceof Op.Scalar
            || op instanceof Op.Pool
            || op instanceof Op.Reduce
            || op instanceof Op.ArgMax;
    return differences ? 2 : 1;
  }

  /** How far, at most, a node moves its arguments by public numbers before it compares them. */
  static double distance(Node node) {
    if (!(node.op() instanceof Op.Clip clip)) {
      return number(node);
    }
    double low = Double.isInfinite(clip.min()) ? 0 : Math.abs(clip.min());
    double high = Double.isInfinite(clip.max()) ? 0 : Math.abs(clip.max());
    return Math.max(low, high);
  }

  /** A public number that a node compares its arguments with, or 0. */
  static double number(Node node) {
    return node.op() instanceof Op.Scalar scalar ? Math.abs(scalar.number()) : 0;
  }
}
