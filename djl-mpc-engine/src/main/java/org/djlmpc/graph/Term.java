package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.djlmpc.graph.Operators.Binary;
import org.jspecify.annotations.Nullable;

/**
 * A factor or summand that depends on no input: one public number, or a vector of weights or
 * constants with an entry for each position of one axis (or one entry for all).
 *
 * <p>What is computed from vectors is recorded as nodes, which {@link ConstantFolding} computes.
 *
 * @param number the number, if there is no vector
 * @param vector the vector's number in the builder, of shape (length) or (1); -1 if there is none
 * @param axis the vector's axis; -1 if it has one entry for all
 */
record Term(double number, int vector, int axis) {
  static Term of(double number) {
    return new Term(number, -1, -1);
  }

  /**
   * A parameter that is broadcast against an array of some shape; null if it spans several axes.
   */
  static @Nullable Term of(GraphBuilder builder, int id, Shape array, String place) {
    PublicTensor constant = builder.constant(id);
    if (constant != null && constant.size() == 1) {
      double number = constant.getDouble(0);
      return Double.isFinite(number) ? of(number) : null;
    }
    Shape shape = builder.type(id).shape();
    int axis = -1;
    for (int i = 0; i < shape.dimension(); i++) {
      if (shape.get(i) != 1) {
        if (axis >= 0) {
          return null;
        }
        axis = i + array.dimension() - shape.dimension();
      }
    }
    Op reshape = new Op.Rearrange(new Layout.Reshape(new Shape(shape.size())));
    return new Term(0, builder.node(reshape, List.of(id), place), axis);
  }

  boolean isNumber() {
    return vector < 0;
  }

  /** Whether the term has one entry for each position of {@code axis}, or one for all. */
  boolean fits(int along) {
    return axis < 0 || axis == along;
  }

  /** The value if it is public, whoever computes. */
  @Nullable PublicTensor constant(GraphBuilder builder) {
    return isNumber()
        ? PublicTensor.scalar(number, DataType.FLOAT64)
        : publicValue(builder, vector);
  }

  private static @Nullable PublicTensor publicValue(GraphBuilder builder, int id) {
    PublicTensor constant = builder.constant(id);
    Node node = builder.node(id);
    if (constant != null || node == null) {
      return constant;
    }
    List<@Nullable PublicTensor> values =
        node.inputs().stream().<@Nullable PublicTensor>map(i -> publicValue(builder, i)).toList();
    return values.contains(null) ? null : node.apply(new PublicOperators(), nonNull(values));
  }

  @SuppressWarnings("NullAway") // checked by the caller
  private static List<PublicTensor> nonNull(List<@Nullable PublicTensor> values) {
    return values.stream().<PublicTensor>map(v -> v).toList();
  }

  Term times(GraphBuilder builder, Term other, String place) {
    return combine(builder, Binary.MULTIPLY, other, place);
  }

  Term plus(GraphBuilder builder, Term other, String place) {
    return combine(builder, Binary.ADD, other, place);
  }

  Term dividedBy(GraphBuilder builder, Term other, String place) {
    return combine(builder, Binary.DIVIDE, other, place);
  }

  private Term combine(GraphBuilder builder, Binary function, Term other, String place) {
    if (isNumber() && other.isNumber()) {
      return of(ElementFunctions.real(function).applyAsDouble(number, other.number));
    }
    int result =
        isNumber() || other.isNumber()
            ? builder.node(
                new Op.Scalar(function, isNumber() ? number : other.number, isNumber()),
                List.of(isNumber() ? other.vector : vector),
                place)
            : builder.node(new Op.Binary(function), List.of(vector, other.vector), place);
    return new Term(0, result, Math.max(axis, other.axis));
  }

  /** The vector with {@code length} entries, of a type. */
  int vector(GraphBuilder builder, long length, DataType type, String place) {
    if (isNumber()) {
      return builder.constant(PublicTensor.full(new Shape(length), type, number));
    }
    int id = typed(builder, type, place);
    if (builder.type(id).shape().get(0) == length) {
      return id;
    }
    Op broadcast = new Op.Rearrange(Layout.broadcast(new Shape(length)));
    return builder.node(broadcast, List.of(id), place);
  }

  /** {@code x} times or plus this term along an axis of x; the result has the type of x. */
  int apply(GraphBuilder builder, Binary function, int x, int along, String place) {
    if (isNumber()) {
      return builder.node(new Op.Scalar(function, number, false), List.of(x), place);
    }
    TensorType type = builder.type(x);
    int id = typed(builder, type.dataType(), place);
    long[] lengths = new long[type.shape().dimension() - along];
    Arrays.fill(lengths, 1);
    lengths[0] = builder.type(id).shape().get(0);
    Op reshape = new Op.Rearrange(Layout.reshape(lengths));
    int shaped = lengths.length == 1 ? id : builder.node(reshape, List.of(id), place);
    return builder.node(new Op.Binary(function), List.of(x, shaped), place);
  }

  private int typed(GraphBuilder builder, DataType type, String place) {
    return builder.type(vector).dataType() == type
        ? vector
        : builder.node(new Op.Cast(type), List.of(vector), place);
  }
}
