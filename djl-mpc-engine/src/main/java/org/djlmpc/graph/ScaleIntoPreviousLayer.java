package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.djlmpc.graph.Operators.Binary;
import org.jspecify.annotations.Nullable;

/**
 * {@code s (W x + b) + t = (s W) x + (s b + t)}: factors and summands behind a convolution or
 * linear layer that nothing else reads become part of its weights. They may be numbers, constants
 * or weights, one for all or one for each output channel.
 *
 * <p>The layer may lie behind a sum of layers (batch normalization after an addition), a mean
 * pooling, or a reshape that keeps the channels last. A public factor below 1 gives only its
 * mantissa; the power of two stays behind as a move of the binary point, which is free, while in
 * the weights it would cost precision.
 *
 * <p>What mean pooling divides by is not folded: it may depend on the input's size, and weights are
 * shared once for all sizes.
 */
public final class ScaleIntoPreviousLayer implements Rewrite {
  @Override
  public Graph apply(Graph graph) {
    return new Run(graph).run();
  }

  /** One run over one graph. */
  private static final class Run {
    private final Graph graph;
    private final GraphCopy copy;
    private final GraphBuilder builder;

    /** Values of the copy that one node reads. */
    private final Set<Integer> single = new HashSet<>();

    Run(Graph graph) {
      this.graph = graph;
      copy = new GraphCopy(graph);
      builder = copy.builder();
    }

    Graph run() {
      int[] uses = graph.uses();
      for (Node node : graph.nodes()) {
        copy.keep(node);
        int folded = fold(copy.to(node.id()), node.place());
        if (folded >= 0) {
          copy.replace(node, folded);
        }
        if (uses[node.id()] == 1) {
          single.add(copy.to(node.id()));
        }
      }
      return new DeadCode().apply(copy.finish());
    }

    /** The value without the step that made it, or -1. */
    private int fold(int id, String place) {
      AffineStep step = AffineStep.of(builder, builder.node(id));
      if (step == null || !single.contains(step.x())) {
        return -1;
      }
      int e = AffineStep.exponent(builder, step.scale());
      Term up = Term.of(Math.scalb(1.0, e));
      Term scale = step.scale() == null ? null : step.scale().times(builder, up, place);
      Term shift = step.shift() == null ? null : step.shift().times(builder, up, place);
      if (scale != null && scale.isNumber() && scale.number() == 1) {
        scale = null;
      }
      // a point that was moved before the step is moved behind it
      Node before = builder.node(step.x());
      int moved = AffineStep.point(before);
      int x = step.x();
      if (before != null && moved > 0 && single.contains(before.inputs().get(0))) {
        x = before.inputs().get(0);
        shift = shift == null ? null : shift.times(builder, Term.of(Math.scalb(1.0, moved)), place);
      } else {
        moved = 0;
      }
      if (scale == null && shift == null) {
        return moved > 0 ? AffineStep.movePoint(builder, x, moved + e, place) : -1;
      }
      if (!accepts(x, scale, shift)) {
        return -1;
      }
      int folded = push(x, scale, shift);
      if (moved + e > 0) {
        single.add(folded);
      }
      return AffineStep.movePoint(builder, folded, moved + e, place);
    }

    /** Whether a value that one node reads can be made with another scale and shift. */
    private boolean accepts(int id, @Nullable Term scale, @Nullable Term shift) {
      Node node = builder.node(id);
      if (node == null || !single.contains(id)) {
        return false;
      }
      if (isLayer(builder, node)) {
        int axis = channelAxis(builder, node);
        return (scale == null || scale.fits(axis)) && (shift == null || shift.fits(axis));
      }
      if (isSum(node)) {
        return scale == null
            ? node.inputs().stream().anyMatch(i -> accepts(i, null, shift))
            : accepts(node.inputs().get(0), scale, shift)
                && accepts(node.inputs().get(1), scale, null);
      }
      if (node.op() instanceof Op.Pool pool && pool.pooling().kind() == Pooling.Kind.MEAN) {
        return (shift == null || MeanBeforeConvolution.isMeanOfImage(pool.pooling()))
            && accepts(node.inputs().get(0), scale, shift);
      }
      if (keepsLastAxis(node)) {
        return accepts(node.inputs().get(0), inner(node, scale), inner(node, shift));
      }
      return false;
    }

    private int push(int id, @Nullable Term scale, @Nullable Term shift) {
      Node node = Objects.requireNonNull(builder.node(id));
      if (isLayer(builder, node)) {
        return single(changed(node, scale, shift));
      }
      List<Integer> inputs = new ArrayList<>();
      if (isSum(node)) {
        int first = node.inputs().get(0);
        int second = node.inputs().get(1);
        boolean intoFirst = accepts(first, scale, shift);
        inputs.add(intoFirst ? push(first, scale, shift) : first);
        inputs.add(
            intoFirst && scale == null ? second : push(second, scale, intoFirst ? null : shift));
      } else {
        inputs.add(push(node.inputs().get(0), inner(node, scale), inner(node, shift)));
      }
      return single(builder.node(node.op(), inputs, node.place()));
    }

    private int single(int id) {
      single.add(id);
      return id;
    }

    private boolean isSum(Node node) {
      return node.op() instanceof Op.Binary binary
          && binary.function() == Binary.ADD
          && !node.inputs().get(0).equals(node.inputs().get(1))
          && node.inputs().stream().allMatch(i -> builder.type(i).equals(builder.type(node.id())));
    }

    private boolean keepsLastAxis(Node node) {
      if (!(node.op() instanceof Op.Rearrange rearrange)
          || !(rearrange.layout() instanceof Layout.Reshape)) {
        return false;
      }
      var in = builder.type(node.inputs().get(0)).shape();
      var out = builder.type(node.id()).shape();
      return in.dimension() > 0
          && out.dimension() > 0
          && in.getLastDimension() == out.getLastDimension();
    }

    /** A term along the last axis, in front of a reshape that keeps it. */
    private @Nullable Term inner(Node node, @Nullable Term term) {
      if (term == null || term.axis() < 0 || !keepsLastAxis(node)) {
        return term;
      }
      boolean last = term.axis() == builder.type(node.id()).shape().dimension() - 1;
      int inside = builder.type(node.inputs().get(0)).shape().dimension() - 1;
      // an axis that no layer has
      return new Term(term.number(), term.vector(), last ? inside : Integer.MAX_VALUE);
    }

    private int changed(Node layer, @Nullable Term scale, @Nullable Term shift) {
      String place = layer.place();
      int weight = layer.inputs().get(1);
      DataType type = builder.type(weight).dataType();
      long channels = builder.type(weight).shape().get(0);
      int bias = layer.inputs().size() > 2 ? layer.inputs().get(2) : -1;
      if (scale != null) {
        weight = scale.apply(builder, Binary.MULTIPLY, weight, 0, place);
        bias = bias < 0 ? -1 : scale.apply(builder, Binary.MULTIPLY, bias, 0, place);
      }
      if (shift != null) {
        bias =
            bias < 0
                ? shift.vector(builder, channels, type, place)
                : shift.apply(builder, Binary.ADD, bias, 0, place);
      }
      List<Integer> inputs = new ArrayList<>(List.of(layer.inputs().get(0), weight));
      if (bias >= 0) {
        inputs.add(bias);
      }
      return builder.node(layer.op(), inputs, place);
    }
  }

  /** Whether a node is a convolution or linear layer with real parameters. */
  static boolean isLayer(GraphBuilder builder, Node node) {
    return (node.op() instanceof Op.Convolution || node.op() instanceof Op.Linear)
        && !builder.isParametric(node.inputs().get(0))
        && node.inputs().stream()
            .skip(1)
            .allMatch(
                id ->
                    builder.isParametric(id)
                        && builder.type(id).dataType() == builder.type(node.id()).dataType()
                        && builder.type(id).dataType().isFloating());
  }

  /** The axis of a layer's output, or input, that its weights mix. */
  static int channelAxis(GraphBuilder builder, Node layer) {
    return layer.op() instanceof Op.Convolution
        ? 1
        : builder.type(layer.id()).shape().dimension() - 1;
  }
}
