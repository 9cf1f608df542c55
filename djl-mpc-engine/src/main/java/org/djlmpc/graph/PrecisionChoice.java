package org.djlmpc.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.protocol.Precision;

/**
 * Chooses a {@link Precision} for each node of a graph from the ranges of its values.
 *
 * <p>Fraction bits are the session's as long as every value z with s fraction bits fits: |z| 2^s
 * &lt; 2^(n-2), which truncation needs (protocols.md, section 4). Where a product does not fit, its
 * layer gets fewer: fx + fw &lt;= n - 2 - log2 |z|, divided so that rounding the input and rounding
 * the weights weigh about the same. The operators before it round to fx at once.
 *
 * <p>Every operator that compares gets the least R for which what it compares, and two units in the
 * last place, stays below 2^R.
 */
final class PrecisionChoice {
  /** Fewer bits than these leave little of inputs and weights. */
  private static final int FEWEST_BITS = 3;

  private static final int MOST_PASSES = 200;

  private final Graph graph;
  private final FixedPoint fixedPoint;
  private final Ranges ranges;
  private final int[] fractionBits;
  private final int[] weightBits;

  private PrecisionChoice(Graph graph, FixedPoint fixedPoint, Ranges ranges) {
    this.graph = graph;
    this.fixedPoint = fixedPoint;
    this.ranges = ranges;
    fractionBits = new int[graph.nodes().size()];
    weightBits = new int[graph.nodes().size()];
    Arrays.fill(fractionBits, Precision.SESSION);
    Arrays.fill(weightBits, Precision.SESSION);
  }

  // ---- fraction bits

  /**
   * The graph with fraction bits for which its values fit the ring.
   *
   * @throws MpcException OUT_OF_RANGE, naming the layer that does not fit
   */
  static Graph divideBits(Graph graph, FixedPoint fixedPoint, Ranges ranges) {
    return new PrecisionChoice(graph, fixedPoint, ranges).divided();
  }

  private Graph divided() {
    for (int pass = 0; pass < MOST_PASSES; pass++) {
      List<Enclosure> scales =
          ErrorBound.enclosures(precise(graph.withoutWeights()), fixedPoint, 1);
      boolean fits = true;
      for (Node node : graph.nodes()) {
        int excess = excess(node, scales.get(index(node)).scale());
        if (excess > 0) {
          fits = false;
          take(node, excess);
        }
      }
      if (fits) {
        return precise(graph);
      }
    }
    throw new MpcException(
        ErrorCode.OUT_OF_RANGE,
        "No division of the ring's bits was found.",
        "Use a ring of 64 bits.");
  }

  /** How many bits a node's result has too many, with some fraction bits. */
  private int excess(Node node, int scale) {
    double size = ranges.largest(node.id());
    if (!(size < Double.POSITIVE_INFINITY)) {
      throw refused(node, "nothing bounds its values");
    }
    return ceilingOfLog2(size) + scale - (fixedPoint.ring().bits() - 2);
  }

  /** The least b with x &lt; 2^b. */
  private static int ceilingOfLog2(double x) {
    return x == 0 ? Integer.MIN_VALUE / 2 : Math.getExponent(x) + 1;
  }

  /** Takes bits from those operators that a node's scale comes from. */
  private void take(Node node, int excess) {
    Set<Node> sources = new LinkedHashSet<>();
    collect(node, sources);
    if (sources.isEmpty()) {
      throw refused(node, tooLarge(node));
    }
    for (Node source : sources) {
      int left = bits(fractionBits, source) - excess;
      if (multiplies(source.op())) {
        int sum = left + bits(weightBits, source);
        require(sum >= 2 * FEWEST_BITS, node);
        divide(source, sum);
      } else {
        require(left >= FEWEST_BITS, node);
        fractionBits[index(source)] = left;
      }
    }
  }

  private void require(boolean enough, Node node) {
    if (!enough) {
      throw refused(node, tooLarge(node));
    }
  }

  private int bits(int[] chosen, Node node) {
    int bits = chosen[index(node)];
    return bits == Precision.SESSION ? fixedPoint.fractionBits() : bits;
  }

  /** Products, and operators that rescale what they read. */
  private void collect(Node node, Set<Node> sources) {
    Op op = node.op();
    boolean rescales =
        op instanceof Op.Clip
            || op instanceof Op.Unary u
                && (u.function() == Operators.Unary.RELU || u.function() == Operators.Unary.ABS);
    if (multiplies(op) || rescales) {
      sources.add(node);
      return;
    }
    for (int id : node.inputs()) {
      Node argument = graph.node(id);
      if (argument != null) {
        collect(argument, sources);
      }
    }
  }

  private static boolean multiplies(Op op) {
    return op instanceof Op.Convolution
        || op instanceof Op.Linear
        || op instanceof Op.Matmul
        || op instanceof Op.BatchNorm
        || op instanceof Op.LeakyRelu
        || op instanceof Op.Prelu
        || op instanceof Op.Pool pool && pool.pooling().kind() == Pooling.Kind.MEAN
        || op instanceof Op.Reduce reduce
            && (reduce.reduction() == Operators.Reduction.MEAN
                || reduce.reduction() == Operators.Reduction.VARIANCE
                || reduce.reduction() == Operators.Reduction.PRODUCT)
        || op instanceof Op.Binary binary && multiplies(binary.function())
        || op instanceof Op.Scalar scalar && multiplies(scalar.function())
        || op instanceof Op.Unary unary
            && (unary.function() == Operators.Unary.SQUARE
                || unary.function() == Operators.Unary.HARD_SIGMOID
                || unary.function() == Operators.Unary.HARD_SWISH);
  }

  private static boolean multiplies(Operators.Binary function) {
    return function == Operators.Binary.MULTIPLY
        || function == Operators.Binary.DIVIDE
        || function == Operators.Binary.POWER;
  }

  /** Divides bits between the argument of a product and its weights. */
  private void divide(Node product, int sum) {
    int most = Math.min(fixedPoint.fractionBits(), sum - FEWEST_BITS);
    int forArgument = (int) Math.round((sum + preference(product)) / 2);
    forArgument = Math.max(FEWEST_BITS, Math.min(most, forArgument));
    fractionBits[index(product)] = forArgument;
    weightBits[index(product)] = sum - forArgument;
    roundEarly(product.inputs().get(0), forArgument);
  }

  /**
   * How many more bits the argument x should have than the weights w: rounding x weighs ||w||_2 a
   * row, rounding w weighs ||x||_2.
   */
  private double preference(Node product) {
    boolean layer = product.op() instanceof Op.Convolution || product.op() instanceof Op.Linear;
    Graph.Weight weight = layer ? graph.weight(product.inputs().get(1)) : null;
    PublicTensor w = weight == null ? null : weight.value();
    double x = ranges.rootMeanSquare(product.inputs().get(0));
    if (w == null || w.size() == 0 || x == 0) {
      return 0;
    }
    double squares = 0;
    for (int i = 0; i < w.size(); i++) {
      squares += w.getDouble(i) * w.getDouble(i);
    }
    double size = Math.sqrt(squares / w.size());
    return size == 0 ? 0 : Math.log(size / x) / Math.log(2);
  }

  /** What makes an argument rounds it to fx, so that the product need not round again. */
  private void roundEarly(int id, int bits) {
    Node node = graph.node(id);
    if (node == null || multiplies(node.op())) {
      return;
    }
    int index = index(node);
    int known = fractionBits[index];
    fractionBits[index] = known == Precision.SESSION ? bits : Math.min(known, bits);
    if (!(node.op() instanceof Op.Unary)) {
      node.inputs().forEach(input -> roundEarly(input, bits));
    }
  }

  private Graph precise(Graph like) {
    List<Precision> precisions = new ArrayList<>();
    for (int i = 0; i < fractionBits.length; i++) {
      precisions.add(
          new Precision(Precision.UNBOUNDED, fractionBits[i], weightBits[i], Precision.SESSION));
    }
    return like.withPrecisions(precisions);
  }

  private int index(Node node) {
    return node.id() - graph.firstNode();
  }

  // ---- magnitudes

  /** The graph with a bound for each operator that compares. */
  static Graph boundMagnitudes(Graph graph, FixedPoint fixedPoint, Ranges ranges) {
    List<Precision> precisions = new ArrayList<>();
    for (Node node : graph.nodes()) {
      precisions.add(bounded(node, fixedPoint, ranges));
    }
    return graph.withPrecisions(precisions);
  }

  private static Precision bounded(Node node, FixedPoint fixedPoint, Ranges ranges) {
    Precision precision = node.precision();
    List<Integer> compared = Comparisons.arguments(node);
    double size = Comparisons.number(node);
    for (int id : compared) {
      size = Math.max(size, ranges.largest(id));
    }
    int f = precision.fractionBits(fixedPoint.fractionBits());
    double inside = size + Math.scalb(2.0, -f);
    int bits = Math.max(0, ceilingOfLog2(inside));
    boolean saves = bits + f + 1 < fixedPoint.ring().bits();
    return precision.withMagnitude(compared.isEmpty() || !saves ? Precision.UNBOUNDED : bits);
  }

  // ---- refusals

  /**
   * Refuses a graph whose values need not fit.
   *
   * @param graph with its fraction bits
   * @throws MpcException OUT_OF_RANGE, naming the first layer that overflows for some input
   */
  static void requireProof(Graph graph, FixedPoint fixedPoint, double inputMagnitude) {
    for (NodeBound bound : ErrorBound.of(graph, fixedPoint, inputMagnitude)) {
      Node node = graph.node(bound.id());
      if (node != null && !bound.fits(fixedPoint.ring())) {
        throw refused(
            node,
            Double.isInfinite(bound.ringMagnitude())
                ? "nothing bounds its values"
                : String.format(
                    Locale.ROOT,
                    "its values may reach %.4g, and %.4g in the ring, which holds %s",
                    bound.magnitude(),
                    bound.ringMagnitude(),
                    Math.scalb(1.0, fixedPoint.ring().bits() - 2)));
      }
    }
  }

  private String tooLarge(Node node) {
    return String.format(
        Locale.ROOT,
        "its values reach %.4g with the margin, too much for a ring of %d bits",
        ranges.largest(node.id()),
        fixedPoint.ring().bits());
  }

  private static MpcException refused(Node node, String why) {
    return new MpcException(
        ErrorCode.OUT_OF_RANGE,
        node.label() + " does not fit: " + why + ".",
        "Use a ring of 64 bits, fewer fraction bits, a smaller margin or smaller inputs.");
  }
}
