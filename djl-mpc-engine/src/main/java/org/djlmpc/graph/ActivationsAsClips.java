package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import java.util.List;
import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.graph.Operators.Unary;
import org.jspecify.annotations.Nullable;

/**
 * Writes piecewise linear activations as a ReLU or as one clip, whose two comparisons are one call:
 *
 * <ul>
 *   <li>{@code max(x, 0)}, {@code clip(x, 0, inf)} and a leaky ReLU of slope 0 are {@code relu(x)};
 *   <li>{@code max(x, a)} and {@code min(x, b)} are {@code clip(x, a, inf)} and {@code clip(x,
 *       -inf, b)}, which {@link MergeClips} joins;
 *   <li>hard sigmoid is {@code clip(x + 3, 0, 6) / 6} and hard swish {@code x clip(x + 3, 0, 6) /
 *       6}: the sixth stands last, where the next layer takes it ({@link ScaleIntoNextLayer}).
 * </ul>
 */
public final class ActivationsAsClips implements Rewrite {
  @Override
  public Graph apply(Graph graph) {
    GraphCopy copy = new GraphCopy(graph);
    for (Node node : graph.nodes()) {
      int written = write(copy, node);
      if (written >= 0 && copy.builder().type(written).equals(graph.type(node.id()))) {
        copy.replace(node, written);
      } else {
        copy.keep(node);
      }
    }
    return new DeadCode().apply(copy.finish());
  }

  /** The number of the other form, or -1. */
  private static int write(GraphCopy copy, Node node) {
    GraphBuilder builder = copy.builder();
    int x = copy.to(node.inputs().get(0));
    Op op = node.op();
    if (op instanceof Op.Binary binary) {
      return limit(copy, node, binary);
    }
    if (builder.isParametric(x)) {
      return -1;
    }
    if (op instanceof Op.Unary unary) {
      return switch (unary.function()) {
        case HARD_SIGMOID -> sixth(builder, ramp(builder, x, node), node);
        case HARD_SWISH -> {
          List<Integer> factors = List.of(x, ramp(builder, x, node));
          Op product = new Op.Binary(Binary.MULTIPLY);
          yield sixth(builder, builder.node(product, factors, node.place()), node);
        }
        default -> -1;
      };
    }
    Op limit = limit(op);
    if (limit != null) {
      return builder.node(limit, List.of(x), node.place());
    }
    return -1;
  }

  /** A limit in a constant, on either side. */
  private static int limit(GraphCopy copy, Node node, Op.Binary binary) {
    GraphBuilder builder = copy.builder();
    for (int i = 0; i < 2; i++) {
      PublicTensor constant = builder.constant(copy.to(node.inputs().get(i)));
      int x = copy.to(node.inputs().get(1 - i));
      if (constant != null && constant.size() == 1 && !builder.isParametric(x)) {
        Op limit = limit(new Op.Scalar(binary.function(), constant.getDouble(0), false));
        return limit == null ? -1 : builder.node(limit, List.of(x), node.place());
      }
    }
    return -1;
  }

  private static @Nullable Op limit(Op op) {
    if (op instanceof Op.Scalar scalar && !Double.isNaN(scalar.number())) {
      return switch (scalar.function()) {
        case MAXIMUM -> limit(new Op.Clip(scalar.number(), Double.POSITIVE_INFINITY), true);
        case MINIMUM -> limit(new Op.Clip(Double.NEGATIVE_INFINITY, scalar.number()), true);
        default -> null;
      };
    }
    if (op instanceof Op.LeakyRelu leaky && leaky.slope() == 0) {
      return new Op.Unary(Unary.RELU);
    }
    return op instanceof Op.Clip clip ? limit(clip, false) : null;
  }

  private static @Nullable Op limit(Op.Clip clip, boolean isNew) {
    if (clip.min() == 0 && clip.max() == Double.POSITIVE_INFINITY) {
      return new Op.Unary(Unary.RELU);
    }
    return isNew ? clip : null;
  }

  /** clip(x + 3, 0, 6). */
  private static int ramp(GraphBuilder builder, int x, Node node) {
    int moved = builder.node(new Op.Scalar(Binary.ADD, 3, false), List.of(x), node.place());
    return builder.node(new Op.Clip(0, 6), List.of(moved), node.place());
  }

  private static int sixth(GraphBuilder builder, int x, Node node) {
    DataType type = builder.type(x).dataType();
    if (!type.isFloating()) {
      return -1;
    }
    return builder.node(new Op.Scalar(Binary.DIVIDE, 6, false), List.of(x), node.place());
  }
}
