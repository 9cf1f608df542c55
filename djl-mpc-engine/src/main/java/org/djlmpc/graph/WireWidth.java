package org.djlmpc.graph;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.protocol.Precision;
import org.jspecify.annotations.Nullable;

/**
 * Chooses how many bits of the ring openings of a graph send (protocols.md, section 4, wire width):
 * m, so that every ring element z that is truncated, compared or returned has |z| &lt; 2^(m-2).
 *
 * <p>One width for all nodes, because a sum is only as wide as its summands. Graphs with functions
 * that make large values inside, such as softmax, keep all bits.
 */
public final class WireWidth {
  private static final int LEAST_BITS = 8;

  private static final Set<Operators.Unary> UNARY =
      EnumSet.of(
          Operators.Unary.NEGATE,
          Operators.Unary.ABS,
          Operators.Unary.SIGN,
          Operators.Unary.SQUARE,
          Operators.Unary.RELU);

  private static final Set<Operators.Binary> BINARY =
      EnumSet.of(
          Operators.Binary.ADD,
          Operators.Binary.SUBTRACT,
          Operators.Binary.MULTIPLY,
          Operators.Binary.MAXIMUM,
          Operators.Binary.MINIMUM,
          Operators.Binary.GREATER,
          Operators.Binary.GREATER_OR_EQUAL,
          Operators.Binary.LESS,
          Operators.Binary.LESS_OR_EQUAL);

  private static final Set<Operators.Reduction> REDUCTIONS =
      EnumSet.of(
          Operators.Reduction.SUM,
          Operators.Reduction.MEAN,
          Operators.Reduction.MAX,
          Operators.Reduction.MIN);

  private WireWidth() {}

  /** The graph with the width that its ranges allow. */
  static Graph measured(Graph graph, FixedPoint fixedPoint, Ranges ranges) {
    if (unsupported(graph) != null) {
      return graph;
    }
    int[] scales = scales(graph, fixedPoint);
    double peak = 0;
    for (Node node : graph.nodes()) {
      peak = Math.max(peak, Math.scalb(ranges.largest(node.id()), scales[node.id()]));
      double growth = growth(graph, node);
      for (int id : node.inputs()) {
        peak = Math.max(peak, Math.scalb(growth * ranges.largest(id), scales[id]));
      }
    }
    return graph.withWireBits(bits(peak, fixedPoint));
  }

  /** The graph with the width that no input of a magnitude can exceed. */
  static Graph proven(Graph graph, FixedPoint fixedPoint, double inputMagnitude) {
    if (unsupported(graph) != null) {
      return graph;
    }
    double peak = 0;
    for (NodeBound bound : ErrorBound.of(graph, fixedPoint, inputMagnitude)) {
      peak = Math.max(peak, bound.ringMagnitude());
    }
    return graph.withWireBits(bits(peak, fixedPoint));
  }

  /**
   * The graph with a width that somebody asks for.
   *
   * @throws MpcException ARGUMENT if an operator needs the whole ring, or if not even values below
   *     1 fit
   */
  public static Graph given(Graph graph, FixedPoint fixedPoint, int bits) {
    if (bits >= fixedPoint.ring().bits()) {
      return graph.withWireBits(Precision.SESSION);
    }
    Node unsupported = unsupported(graph);
    if (unsupported != null) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          unsupported.label() + " needs openings of the whole ring.",
          "Leave out the width of openings.");
    }
    int least = 0;
    for (int scale : scales(graph, fixedPoint)) {
      least = Math.max(least, scale + 3);
    }
    if (bits < least) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Openings of " + bits + " bits hold no values of this model.",
          "Give " + least + " bits at least, and as many more as the values are large.");
    }
    return graph.withWireBits(bits);
  }

  private static int bits(double peak, FixedPoint fixedPoint) {
    int ring = fixedPoint.ring().bits();
    if (!(peak < Math.scalb(1.0, ring - 3))) {
      return Precision.SESSION;
    }
    // a unit for the rounding of the value itself
    return Math.max(LEAST_BITS, Math.getExponent(peak + 2) + 3);
  }

  /** Fraction bits of each value of the graph. */
  private static int[] scales(Graph graph, FixedPoint fixedPoint) {
    int[] scales = new int[graph.valueCount()];
    Arrays.fill(scales, fixedPoint.fractionBits());
    int[] weights = graph.weightBits(fixedPoint.fractionBits());
    System.arraycopy(weights, 0, scales, graph.inputs().size(), weights.length);
    List<Enclosure> nodes = ErrorBound.enclosures(graph.withoutWeights(), fixedPoint, 1);
    for (int i = 0; i < nodes.size(); i++) {
      scales[graph.firstNode() + i] = nodes.get(i).scale();
    }
    return scales;
  }

  /** How many times as large as an argument values inside of an operator become. */
  private static double growth(Graph graph, Node node) {
    // a mean is a sum before it is divided
    if (node.op() instanceof Op.Pool pool && pool.pooling().kind() == Pooling.Kind.MEAN) {
      return (double) pool.pooling().kernelH() * pool.pooling().kernelW();
    }
    if (node.op() instanceof Op.Reduce reduce && reduce.reduction() == Operators.Reduction.MEAN) {
      double summands = graph.type(node.inputs().get(0)).shape().size();
      return summands / Math.max(1, graph.type(node.id()).shape().size());
    }
    return Comparisons.times(node);
  }

  /** The first operator whose values inside are not known from those around it, or null. */
  private static @Nullable Node unsupported(Graph graph) {
    for (Node node : graph.nodes()) {
      if (!isSupported(node.op())) {
        return node;
      }
    }
    return null;
  }

  private static boolean isSupported(Op op) {
    return op instanceof Op.Convolution
        || op instanceof Op.Linear
        || op instanceof Op.Matmul
        || op instanceof Op.Clip
        || op instanceof Op.Pool
        || op instanceof Op.ArgMax
        || op instanceof Op.Rearrange
        || op instanceof Op.Concat
        || op instanceof Op.Cast
        || op instanceof Op.Unary unary && UNARY.contains(unary.function())
        || op instanceof Op.Binary binary && BINARY.contains(binary.function())
        || op instanceof Op.Scalar scalar && BINARY.contains(scalar.function())
        || op instanceof Op.Reduce reduce && REDUCTIONS.contains(reduce.reduction());
  }
}
