package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.graph.Operators.Unary;
import org.djlmpc.ring.ConvolutionSpec;
import org.jspecify.annotations.Nullable;

/**
 * {@code W (s x + t) + b = (W s) x + (W t + b)}: factors and summands in front of a convolution or
 * linear layer, which alone reads them, become part of its weights; so does a batch normalization
 * that stands before a convolution, or between a ReLU and the next layer.
 *
 * <p>A summand in front of a convolution that pads with zeros cannot become part of its bias, since
 * the padding would not get it. If all factors are public, the summand stays, as {@code x + t / s},
 * which is local. If they are weights, their product would cost two rounds, so it becomes the
 * convolution of the constant image t, of which only the rim varies: a bias for each position. This
 * weight depends on the input's size, and its name says so ({@link ConstantFolding}).
 *
 * <p>A positive number also passes a ReLU, a pooling or a rearrangement on its way to the layer. Of
 * a public factor below 1 only the mantissa is folded, as in {@link ScaleIntoPreviousLayer}.
 */
public final class ScaleIntoNextLayer implements Rewrite {
  @Override
  public Graph apply(Graph graph) {
    return new Run(graph).run();
  }

  /**
   * What stands in front of a layer.
   *
   * @param base the value in front of everything
   * @param passed nodes that the steps' numbers pass, applied to the base first
   * @param steps factors and summands, applied last
   */
  private record Chain(int base, List<Node> passed, List<AffineStep> steps) {}

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
        Node kept = Objects.requireNonNull(builder.node(copy.to(node.id())));
        int folded = ScaleIntoPreviousLayer.isLayer(builder, kept) ? fold(kept, chain(kept)) : -1;
        if (folded >= 0) {
          copy.replace(node, folded);
        }
        if (uses[node.id()] == 1) {
          single.add(copy.to(node.id()));
        }
      }
      return new DeadCode().apply(copy.finish());
    }

    /** Follows the layer's input upward until something else comes. */
    private Chain chain(Node layer) {
      List<AffineStep> steps = new ArrayList<>();
      List<Node> passed = new ArrayList<>();
      int at = layer.inputs().get(0);
      int base = at;
      int passedAtBase = 0;
      while (single.contains(at)) {
        Node node = Objects.requireNonNull(builder.node(at));
        AffineStep step = AffineStep.of(builder, node);
        if (step != null) {
          AffineStep below = behind(passed, step, layer);
          if (below == null) {
            break;
          }
          steps.add(0, below);
          at = step.x();
          base = at;
          passedAtBase = passed.size();
        } else if (isPassed(node.op())) {
          passed.add(0, node);
          at = node.inputs().get(0);
        } else {
          break;
        }
      }
      int above = passed.size() - passedAtBase;
      return new Chain(base, passed.subList(above, passed.size()), steps);
    }

    /** The step behind the nodes that it passes, right in front of the layer; or null. */
    private @Nullable AffineStep behind(List<Node> passed, AffineStep step, Node layer) {
      int axis = isConvolution(layer) ? 1 : rank(layer.inputs().get(0)) - 1;
      if (passed.isEmpty()) {
        return fits(step.scale(), axis) && fits(step.shift(), axis) ? step : null;
      }
      boolean moved = passed.stream().allMatch(node -> isMove(node.op()));
      boolean numbers =
          (step.scale() == null || step.scale().isNumber())
              && (step.shift() == null || step.shift().isNumber());
      if (numbers && moved) {
        return step;
      }
      boolean linear = passed.stream().allMatch(node -> isLinear(node.op()));
      if (numbers
          && step.shift() == null
          && step.scale() != null
          && (linear || step.scale().number() > 0)) {
        return step;
      }
      return passed.size() == 1 && !isConvolution(layer) ? flattened(passed.get(0), step) : null;
    }

    private static boolean fits(@Nullable Term term, int axis) {
      return term == null || term.fits(axis);
    }

    /** A step on channels behind (N, C, ...) became (N, features), or null. */
    private @Nullable AffineStep flattened(Node reshape, AffineStep step) {
      Shape in = builder.type(step.x()).shape();
      Shape out = builder.type(reshape.id()).shape();
      boolean flattens =
          isMove(reshape.op())
              && ((Op.Rearrange) reshape.op()).layout() instanceof Layout.Reshape
              && in.dimension() > 2
              && out.dimension() == 2
              && in.get(0) == out.get(0)
              && fits(step.scale(), 1)
              && fits(step.shift(), 1);
      if (!flattens) {
        return null;
      }
      int times = (int) (out.get(1) / in.get(1));
      return new AffineStep(
          step.x(),
          repeated(step.scale(), times, reshape.place()),
          repeated(step.shift(), times, reshape.place()));
    }

    private @Nullable Term repeated(@Nullable Term term, int times, String place) {
      if (term == null || term.axis() < 0) {
        return term;
      }
      Op repeat = new Op.Rearrange(Layout.repeat(0, times));
      return new Term(0, builder.node(repeat, List.of(term.vector()), place), 1);
    }

    /** The layer with the chain's steps in its weights, or -1 if there is nothing to fold. */
    private int fold(Node layer, Chain chain) {
      String place = layer.place();
      Term scale = Term.of(1);
      Term shift = null;
      boolean publicScale = true;
      for (AffineStep step : chain.steps) {
        if (step.scale() != null) {
          scale = scale.times(builder, step.scale(), place);
          shift = shift == null ? null : shift.times(builder, step.scale(), place);
          publicScale &= step.scale().constant(builder) != null;
        }
        if (step.shift() != null) {
          shift = shift == null ? step.shift() : shift.plus(builder, step.shift(), place);
        }
      }
      int e = AffineStep.exponent(builder, scale);
      Term mantissa = scale.times(builder, Term.of(Math.scalb(1.0, e)), place);
      boolean movesOnly = mantissa.isNumber() && mantissa.number() == 1;
      boolean stays = shift != null && isPadded(layer);
      if (chain.steps.isEmpty()
          || movesOnly && (stays || shift == null && chain.steps.size() == 1)) {
        return -1;
      }
      int x = applied(chain);
      List<Integer> inputs = new ArrayList<>(layer.inputs());
      int weight = inputs.get(1);
      if (stays && publicScale) {
        if (hasZero(Objects.requireNonNull(scale.constant(builder)))) {
          return -1;
        }
        x =
            Objects.requireNonNull(shift)
                .dividedBy(builder, scale, place)
                .apply(builder, Binary.ADD, x, 1, place);
      }
      inputs.set(0, AffineStep.movePoint(builder, x, e, place));
      if (!movesOnly) {
        inputs.set(1, scaled(layer, weight, mantissa));
      }
      if (shift == null || stays && publicScale) {
        return builder.node(layer.op(), inputs, place);
      }
      if (stays) {
        int product = builder.node(layer.op(), inputs.subList(0, 2), place);
        int rim = image(layer, shift);
        return builder.node(new Op.Binary(Binary.ADD), List.of(product, rim), place);
      }
      int bias = bias(layer, weight, shift);
      if (inputs.size() > 2) {
        bias = builder.node(new Op.Binary(Binary.ADD), List.of(inputs.get(2), bias), place);
        inputs.remove(2);
      }
      inputs.add(bias);
      return builder.node(layer.op(), inputs, place);
    }

    private static boolean hasZero(PublicTensor tensor) {
      for (int i = 0; i < tensor.size(); i++) {
        if (tensor.getDouble(i) == 0) {
          return true;
        }
      }
      return false;
    }

    /** The passed nodes on the base. */
    private int applied(Chain chain) {
      int x = chain.base;
      for (Node node : chain.passed) {
        x = builder.node(node.op(), List.of(x), node.place());
        single.add(x);
      }
      return x;
    }

    /** The weight with a factor for each input channel. */
    private int scaled(Node layer, int weight, Term factor) {
      String place = layer.place();
      Shape shape = builder.type(weight).shape();
      int groups = groups(layer);
      if (factor.isNumber() || factor.axis() < 0 || groups == 1) {
        return factor.apply(builder, Binary.MULTIPLY, weight, factor.axis() < 0 ? 0 : 1, place);
      }
      // (groups, K / groups, C / groups, R, S) times (groups, 1, C / groups, 1, 1)
      Layout split =
          Layout.reshape(groups, shape.get(0) / groups, shape.get(1), shape.get(2), shape.get(3));
      Layout perGroup = Layout.reshape(groups, 1, shape.get(1), 1, 1);
      int vector =
          factor.vector(builder, groups * shape.get(1), builder.type(weight).dataType(), place);
      int product =
          builder.node(
              new Op.Binary(Binary.MULTIPLY),
              List.of(layout(split, weight, place), layout(perGroup, vector, place)),
              place);
      return layout(new Layout.Reshape(shape), product, place);
    }

    /** W t, for a layer that does not pad. */
    private int bias(Node layer, int weight, Term shift) {
      String place = layer.place();
      Shape shape = builder.type(weight).shape();
      DataType type = builder.type(weight).dataType();
      int vector = shift.vector(builder, shape.get(1) * groups(layer), type, place);
      if (!isConvolution(layer)) {
        return builder.node(new Op.Linear(), List.of(vector, weight), place);
      }
      // a single window
      ConvolutionSpec spec = ((Op.Convolution) layer.op()).spec();
      long h = (shape.get(2) - 1) * spec.dilationH() + 1;
      long w = (shape.get(3) - 1) * spec.dilationW() + 1;
      int window = constantImage(vector, h, w, place);
      int sums = builder.node(layer.op(), List.of(window, weight), place);
      return layout(Layout.reshape(shape.get(0)), sums, place);
    }

    /** The layer's output (1, K, H', W') for t at every position. */
    private int image(Node layer, Term shift) {
      String place = layer.place();
      Shape in = builder.type(layer.inputs().get(0)).shape();
      DataType type = builder.type(layer.inputs().get(1)).dataType();
      int vector = shift.vector(builder, in.get(1), type, place);
      List<Integer> inputs = new ArrayList<>(layer.inputs());
      inputs.set(0, constantImage(vector, in.get(2), in.get(3), place));
      return builder.node(layer.op(), inputs, place);
    }

    private int constantImage(int vector, long h, long w, String place) {
      long channels = builder.type(vector).shape().get(0);
      int pixel = layout(Layout.reshape(1, channels, 1, 1), vector, place);
      return layout(Layout.broadcast(new Shape(1, channels, h, w)), pixel, place);
    }

    private int layout(Layout layout, int id, String place) {
      return builder.node(new Op.Rearrange(layout), List.of(id), place);
    }

    private int rank(int id) {
      return builder.type(id).shape().dimension();
    }
  }

  private static boolean isConvolution(Node layer) {
    return layer.op() instanceof Op.Convolution;
  }

  private static int groups(Node layer) {
    return layer.op() instanceof Op.Convolution convolution ? convolution.spec().groups() : 1;
  }

  private static boolean isPadded(Node layer) {
    return layer.op() instanceof Op.Convolution convolution
        && (convolution.spec().padH() > 0 || convolution.spec().padW() > 0);
  }

  /** Whether a positive factor may come before or after an operator. */
  private static boolean isPassed(Op op) {
    return isLinear(op)
        || op instanceof Op.LeakyRelu
        || op instanceof Op.Pool
        || op instanceof Op.Unary unary && unary.function() == Unary.RELU;
  }

  /** Whether any factor may come before or after an operator. */
  private static boolean isLinear(Op op) {
    return op instanceof Op.Rearrange rearrange && rearrange.layout().fill() == 0
        || op instanceof Op.Pool pool && pool.pooling().kind() == Pooling.Kind.MEAN
        || op instanceof Op.Reduce reduce
            && (reduce.reduction() == Operators.Reduction.SUM
                || reduce.reduction() == Operators.Reduction.MEAN);
  }

  /** Whether an operator only gives elements other places. */
  private static boolean isMove(Op op) {
    return op instanceof Op.Rearrange rearrange && !(rearrange.layout() instanceof Layout.Pad);
  }
}
