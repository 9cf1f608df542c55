package org.djlmpc.graph;

import java.util.List;
import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.graph.Operators.Unary;
import org.jspecify.annotations.Nullable;

/**
 * Spares comparisons whose outcome is known: a clip of a clip is one clip, and a bound that a value
 * cannot pass is none. So {@code min(max(x, 0), 6)} costs one call, and the second ReLU of {@code
 * relu(pool(relu(x)))} nothing.
 *
 * <p>What is known of a value is an interval that follows from operators and constants, never from
 * weights.
 */
public final class MergeClips implements Rewrite {
  /**
   * Where the elements of a value lie.
   *
   * @param min lower bound
   * @param max upper bound
   */
  private record Interval(double min, double max) {
    static final Interval ALL = new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    static final Interval NOT_NEGATIVE = new Interval(0, Double.POSITIVE_INFINITY);
    static final Interval UNIT = new Interval(0, 1);

    Interval clipped(double low, double high) {
      return new Interval(Math.min(Math.max(min, low), high), Math.min(Math.max(max, low), high));
    }

    Interval joined(Interval other) {
      return new Interval(Math.min(min, other.min), Math.max(max, other.max));
    }
  }

  @Override
  public Graph apply(Graph graph) {
    int[] uses = graph.uses();
    GraphCopy copy = new GraphCopy(graph);
    Interval[] known = new Interval[graph.valueCount()];
    for (int id = 0; id < graph.firstNode(); id++) {
      PublicTensor constant = graph.constant(id);
      known[id] = constant == null ? Interval.ALL : of(constant);
    }
    for (Node node : graph.nodes()) {
      known[node.id()] = interval(node, known);
      int x = node.inputs().get(0);
      boolean decreases =
          node.op() instanceof Op.LeakyRelu
              || node.op() instanceof Op.Unary unary && unary.function() == Unary.ABS;
      Interval bounds = bounds(node.op());
      if (decreases && known[x].min >= 0) {
        copy.replace(node, copy.to(x));
      } else if (bounds == null) {
        copy.keep(node);
      } else {
        merge(graph, copy, node, known[x], bounds, uses[x] == 1);
      }
    }
    return new DeadCode().apply(copy.finish());
  }

  /** The bounds of a ReLU or clip; null for other operators. */
  private static @Nullable Interval bounds(Op op) {
    if (op instanceof Op.Unary unary && unary.function() == Unary.RELU) {
      return Interval.NOT_NEGATIVE;
    }
    return op instanceof Op.Clip clip ? new Interval(clip.min(), clip.max()) : null;
  }

  private static void merge(
      Graph graph, GraphCopy copy, Node node, Interval known, Interval bounds, boolean alone) {
    int x = node.inputs().get(0);
    double min = bounds.min <= known.min ? Double.NEGATIVE_INFINITY : bounds.min;
    double max = bounds.max >= known.max ? Double.POSITIVE_INFINITY : bounds.max;
    if (Double.isInfinite(min) && Double.isInfinite(max)) {
      copy.replace(node, copy.to(x));
      return;
    }
    // looked up in the copy: what was merged may be merged again
    Node before = alone ? copy.builder().node(copy.to(x)) : null;
    Interval inner = before == null ? null : bounds(before.op());
    if (before != null && inner != null) {
      // the composition of two clips is the clip between the images of the inner bounds
      Interval both = inner.clipped(bounds.min, bounds.max);
      replace(graph, copy, node, before.inputs(), both.min, both.max);
    } else if (min != bounds.min || max != bounds.max) {
      replace(graph, copy, node, copy.to(node.inputs()), min, max);
    } else {
      copy.keep(node);
    }
  }

  private static void replace(
      Graph graph, GraphCopy copy, Node node, List<Integer> inputs, double min, double max) {
    Op op =
        min == 0 && max == Double.POSITIVE_INFINITY
            ? new Op.Unary(Unary.RELU)
            : new Op.Clip(min, max);
    int merged = copy.builder().node(op, inputs, node.place());
    if (copy.builder().type(merged).equals(graph.type(node.id()))) {
      copy.replace(node, merged);
    } else {
      copy.keep(node);
    }
  }

  private static Interval interval(Node node, Interval[] known) {
    Op op = node.op();
    Interval x = known[node.inputs().get(0)];
    Interval bounds = bounds(op);
    if (bounds != null) {
      return x.clipped(bounds.min, bounds.max);
    }
    if (op instanceof Op.Unary unary) {
      return switch (unary.function()) {
        case ABS, SQUARE, EXP, SOFTPLUS, SQRT -> Interval.NOT_NEGATIVE;
        case SIGMOID, HARD_SIGMOID -> Interval.UNIT;
        default -> Interval.ALL;
      };
    }
    if (op instanceof Op.Softmax softmax) {
      return softmax.logarithm() ? Interval.ALL : Interval.UNIT;
    }
    if (op instanceof Op.Pool pool) {
      // padding that counts in a mean is zero
      boolean zeros = pool.pooling().kind() != Pooling.Kind.MAX;
      return zeros ? x.joined(new Interval(0, 0)) : x;
    }
    if (op instanceof Op.Rearrange rearrange) {
      double fill = rearrange.layout().fill();
      return rearrange.layout() instanceof Layout.Pad ? x.joined(new Interval(fill, fill)) : x;
    }
    if (op instanceof Op.Concat) {
      return node.inputs().stream().map(id -> known[id]).reduce(Interval::joined).orElseThrow();
    }
    if (op instanceof Op.Reduce reduce) {
      return switch (reduce.reduction()) {
        case MAX, MIN, MEAN -> x;
        case SUM, PRODUCT -> x.min >= 0 ? Interval.NOT_NEGATIVE : Interval.ALL;
        default -> Interval.ALL;
      };
    }
    if (op instanceof Op.Binary binary && binary.function() == Binary.ADD) {
      Interval y = known[node.inputs().get(1)];
      return x.min >= 0 && y.min >= 0 ? Interval.NOT_NEGATIVE : Interval.ALL;
    }
    if (op instanceof Op.Scalar scalar
        && (scalar.function() == Binary.MULTIPLY
            || scalar.function() == Binary.DIVIDE && !scalar.numberFirst())) {
      return x.min >= 0 && scalar.number() > 0 ? Interval.NOT_NEGATIVE : Interval.ALL;
    }
    return Interval.ALL;
  }

  private static Interval of(PublicTensor constant) {
    Interval all = new Interval(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
    for (int i = 0; i < constant.size(); i++) {
      double value = constant.getDouble(i);
      if (Double.isNaN(value)) {
        return Interval.ALL;
      }
      all = all.joined(new Interval(value, value));
    }
    return constant.size() == 0 ? Interval.ALL : all;
  }
}
