package org.djlmpc.graph;

import java.util.List;
import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.graph.Operators.Unary;
import org.jspecify.annotations.Nullable;

/**
 * A node {@code y = scale x + shift} with parameters, along one axis of x at most.
 *
 * @param x the value's number in the builder
 * @param scale the factor; null for 1
 * @param shift the summand; null for 0
 */
record AffineStep(int x, @Nullable Term scale, @Nullable Term shift) {
  /** The step that a node of the builder is, or null. */
  static @Nullable AffineStep of(GraphBuilder builder, @Nullable Node node) {
    if (node == null) {
      return null;
    }
    int x = node.inputs().get(0);
    AffineStep step = null;
    if (node.op() instanceof Op.Unary unary && unary.function() == Unary.NEGATE) {
      step = new AffineStep(x, Term.of(-1), null);
    } else if (node.op() instanceof Op.Scalar scalar && Double.isFinite(scalar.number())) {
      step = of(x, scalar);
    } else if (node.op() instanceof Op.Binary binary) {
      step = of(builder, binary.function(), node);
    }
    // neither broadcast nor converted, and real
    return step != null
            && builder.type(step.x).equals(builder.type(node.id()))
            && builder.type(step.x).dataType().isFloating()
            && !builder.isParametric(step.x)
        ? step
        : null;
  }

  private static @Nullable AffineStep of(int x, Op.Scalar scalar) {
    double n = scalar.number();
    return switch (scalar.function()) {
      case ADD -> new AffineStep(x, null, Term.of(n));
      case SUBTRACT ->
          scalar.numberFirst()
              ? new AffineStep(x, Term.of(-1), Term.of(n))
              : new AffineStep(x, null, Term.of(-n));
      case MULTIPLY -> new AffineStep(x, Term.of(n), null);
      case DIVIDE ->
          scalar.numberFirst() || n == 0 || Double.isInfinite(1 / n)
              ? null
              : new AffineStep(x, Term.of(1 / n), null);
      default -> null;
    };
  }

  private static @Nullable AffineStep of(GraphBuilder builder, Binary function, Node node) {
    int a = node.inputs().get(0);
    int b = node.inputs().get(1);
    boolean first = builder.isParametric(a);
    if (first == builder.isParametric(b)) {
      return null;
    }
    int x = first ? b : a;
    Term p = Term.of(builder, first ? a : b, builder.type(x).shape(), node.place());
    if (p == null) {
      return null;
    }
    return switch (function) {
      case ADD -> new AffineStep(x, null, p);
      case SUBTRACT ->
          first
              ? new AffineStep(x, Term.of(-1), p)
              : new AffineStep(x, null, p.times(builder, Term.of(-1), node.place()));
      case MULTIPLY -> new AffineStep(x, p, null);
      case DIVIDE ->
          first || p.isNumber() && p.number() == 0
              ? null
              : new AffineStep(x, Term.of(1).dividedBy(builder, p, node.place()), null);
      default -> null;
    };
  }

  /**
   * The exponent e >= 0 of which a factor 2^-e stays a move of the binary point, because in the
   * weights it would cost as many bits of their precision: 2^e times the largest factor is in [1,
   * 2), or e is 0.
   */
  static int exponent(GraphBuilder builder, @Nullable Term scale) {
    PublicTensor known = scale == null ? null : scale.constant(builder);
    double largest = known == null ? 1 : EnclosureMath.magnitude(known);
    return largest == 0 ? 0 : Math.max(0, -Math.getExponent(largest));
  }

  /** Whether a node moves the binary point only: a product with 2^-e, e > 0. */
  static boolean movesPoint(@Nullable Node node) {
    return point(node) > 0;
  }

  /** The e of a node that multiplies with 2^-e, or 0 for other nodes. */
  static int point(@Nullable Node node) {
    if (node == null || !(node.op() instanceof Op.Scalar scalar) || scalar.numberFirst()) {
      return 0;
    }
    double factor =
        switch (scalar.function()) {
          case MULTIPLY -> scalar.number();
          case DIVIDE -> 1 / scalar.number();
          default -> 1;
        };
    int e = -Math.getExponent(factor);
    return factor > 0 && e > 0 && factor == Math.scalb(1.0, -e) ? e : 0;
  }

  /** 2^-e x; one node together with a move of the point that x is and nothing else reads. */
  static int movePoint(GraphBuilder builder, int x, int e, String place) {
    if (e == 0) {
      return x;
    }
    Op move = new Op.Scalar(Binary.MULTIPLY, Math.scalb(1.0, -e), false);
    return builder.node(move, List.of(x), place);
  }
}
