package org.djlmpc.graph;

import java.util.ArrayList;
import java.util.List;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.protocol.Precision;

/**
 * How far fixed-point values are from exact ones as a rule: a standard deviation for each node, by
 * the l2 norms of the weights where {@link ErrorBound} uses l1 norms.
 *
 * <p>An estimate, not a bound. It assumes that
 *
 * <ul>
 *   <li>all rounding errors are uncorrelated, with mean 0 and, averaged over what is rounded,
 *       variance u^2 / 12 for encoding (to the nearest) and u^2 / 6 for rescaling (floor or one
 *       unit more, with the right mean), u being the unit in the last place;
 *   <li>the values of a layer have the mean square that was measured on the inputs at hand;
 *   <li>errors of the elements that a product sums up are uncorrelated: var z = ||w||_2^2 var x + m
 *       x^2 u^2 / 12, for the largest row of w, m terms and the mean square x^2 of the argument;
 *   <li>ReLU, maxima and clips pass an error on unchanged;
 *   <li>any other operator, such as a spline, softmax or a product of two secrets, is as wrong as
 *       {@link ErrorBound} says of it alone, on arguments of the measured size that are wrong by
 *       {@link #SIGMAS} deviations. What its arguments add is {@link #SIGMAS} deviations of its
 *       result; the rest, which is an approximation's own error and no noise, is one.
 * </ul>
 *
 * <p>Reciprocals, inverse roots and logarithms are approximated well only away from zero: they are
 * judged by the smallest argument that was measured. Infinity says that nothing is known.
 */
public final class ExpectedError {
  /** Errors beyond so many deviations are not expected: 2 in 10^9 if they are normal. */
  public static final int SIGMAS = 6;

  private static final double ENCODING = 1.0 / 12;
  private static final double RESCALING = 1.0 / 6;

  private static final double RECIPROCAL_ERROR = 6e-4;
  private static final double ROOT_ERROR = 2e-4;
  private static final double LOGARITHM_ERROR = 1e-4;

  private final Graph graph;
  private final FixedPoint fixedPoint;
  private final int session;
  private final Ranges ranges;
  private final double[] variance;
  private final int[] scale;

  private ExpectedError(Graph graph, FixedPoint fixedPoint, Ranges ranges) {
    this.graph = graph;
    this.ranges = ranges;
    this.fixedPoint = fixedPoint;
    session = fixedPoint.fractionBits();
    variance = new double[graph.valueCount()];
    scale = new int[graph.valueCount()];
  }

  /**
   * {@link #SIGMAS} standard deviations of the error of each node, once it is rescaled.
   *
   * @param graph with weights and the precisions that it runs with
   * @param ranges measured on the inputs
   * @return in the graph's order; infinity where a node has no rule
   */
  public static List<Double> of(Graph graph, FixedPoint fixedPoint, Ranges ranges) {
    ExpectedError errors = new ExpectedError(graph, fixedPoint, ranges);
    errors.run();
    return graph.nodes().stream().map(node -> errors.expected(node.id())).toList();
  }

  /**
   * {@link #SIGMAS} standard deviations of the error of the outputs, the largest of all.
   *
   * @param graph with weights and the precisions that it runs with
   * @param ranges measured on the inputs
   * @return infinity if a node has no rule
   */
  public static double ofOutputs(Graph graph, FixedPoint fixedPoint, Ranges ranges) {
    ExpectedError errors = new ExpectedError(graph, fixedPoint, ranges);
    errors.run();
    return graph.outputs().stream().mapToDouble(errors::expected).max().orElse(0);
  }

  private double expected(int id) {
    return SIGMAS * Math.sqrt(rescaled(id, session));
  }

  private void run() {
    int[] weightBits = graph.weightBits(session);
    for (int id = 0; id < graph.firstNode(); id++) {
      int i = id - graph.inputs().size();
      scale[id] = i >= 0 && i < weightBits.length ? weightBits[i] : session;
      variance[id] = graph.constant(id) == null ? ENCODING * square(unit(scale[id])) : 0;
    }
    List<Enclosure> enclosures = ErrorBound.enclosures(graph.withoutWeights(), fixedPoint, 1);
    for (Node node : graph.nodes()) {
      scale[node.id()] = enclosures.get(node.id() - graph.firstNode()).scale();
      variance[node.id()] = variance(node);
    }
  }

  private static double unit(int bits) {
    return Math.scalb(1.0, -bits);
  }

  private static double square(double x) {
    return x * x;
  }

  /** Variance of a value once it has at most {@code bits} fraction bits. */
  private double rescaled(int id, int bits) {
    return variance[id] + (scale[id] > bits ? RESCALING * square(unit(bits)) : 0);
  }

  private double variance(Node node) {
    Op op = node.op();
    Precision precision = node.precision();
    int f = precision.fractionBits(session);
    int first = node.inputs().get(0);
    if (op instanceof Op.Convolution || op instanceof Op.Linear) {
      return layer(node, f);
    }
    if (op instanceof Op.Unary unary) {
      return switch (unary.function()) {
        case RELU, ABS -> rescaled(first, f);
        case NEGATE -> variance[first];
        default -> singular(node, f);
      };
    }
    if (op instanceof Op.Clip) {
      return rescaled(first, f);
    }
    if (op instanceof Op.Binary binary
        && (binary.function() == Operators.Binary.ADD
            || binary.function() == Operators.Binary.SUBTRACT)) {
      return variance[first] + variance[node.inputs().get(1)];
    }
    if (op instanceof Op.Scalar scalar && scalar.function() == Operators.Binary.MULTIPLY) {
      return square(scalar.number()) * rescaled(first, f);
    }
    if (op instanceof Op.Pool pool) {
      Pooling pooling = pool.pooling();
      boolean mean = pooling.kind() == Pooling.Kind.MEAN;
      // sums are rescaled before they are divided
      return mean
          ? variance[first] / (pooling.kernelH() * pooling.kernelW()) + square(unit(f))
          : variance[first];
    }
    boolean moves = op instanceof Op.Rearrange || op instanceof Op.Concat || op instanceof Op.Cast;
    return moves
        ? node.inputs().stream().mapToDouble(id -> variance[id]).max().orElse(0)
        : singular(node, f);
  }

  /** Functions that grow without bound near zero; docs/functions.md has their errors. */
  private double singular(Node node, int f) {
    int last = node.inputs().get(node.inputs().size() - 1);
    double wrong = SIGMAS * Math.sqrt(variance[last]);
    double least = ranges.smallest(last) - wrong;
    double units = 2 * unit(f);
    Op op = node.op();
    if (op instanceof Op.Unary unary) {
      return switch (unary.function()) {
        case RECIPROCAL -> away(least, -8, wrong / square(least), RECIPROCAL_ERROR / least + units);
        case RECIPROCAL_SQRT -> {
          double root = 1 / Math.sqrt(least);
          yield away(least, -12, wrong * root / (2 * least), ROOT_ERROR * root + units);
        }
        case LOG -> away(least, -14, wrong / least, LOGARITHM_ERROR + units);
        default -> alone(node);
      };
    }
    boolean quotient =
        op instanceof Op.Binary binary
            && binary.function() == Operators.Binary.DIVIDE
            && graph.constant(last) == null;
    if (!quotient) {
      return alone(node);
    }
    int first = node.inputs().get(0);
    double largest = ranges.largest(first);
    double ofBoth = (SIGMAS * Math.sqrt(variance[first]) + largest / least * wrong) / least;
    return away(least, -8, ofBoth, RECIPROCAL_ERROR * largest / least + units * (1 + largest));
  }

  /** The variance of a result if the argument is as far from zero as it should be. */
  private static double away(double least, int exponent, double passedOn, double own) {
    return least >= Math.scalb(1.0, exponent)
        ? square(passedOn / SIGMAS) + square(own)
        : Double.POSITIVE_INFINITY;
  }

  /**
   * By the worst case of this node alone. What it does not owe to its arguments is no noise: near
   * elements are wrong in the same direction.
   */
  private double alone(Node node) {
    double own = alone(node, 0);
    return Double.isInfinite(own)
        ? own
        : square((alone(node, SIGMAS) - own) / SIGMAS) + square(own);
  }

  private double alone(Node node, int sigmas) {
    List<Bound> arguments = new ArrayList<>();
    for (int id : node.inputs()) {
      PublicTensor constant = graph.constant(id);
      Graph.Weight weight = graph.weight(id);
      double wrong = sigmas * Math.sqrt(variance[id]);
      arguments.add(
          constant != null
              ? new Bound.Public(constant)
              : new Bound.Secret(
                  graph.type(id),
                  Enclosure.of(ranges.largest(id), wrong, scale[id]),
                  weight == null ? null : weight.value()));
    }
    return ErrorBound.ofNode(node, fixedPoint, arguments);
  }

  /** Rows of weights, and a bias. */
  private double layer(Node node, int f) {
    int x = node.inputs().get(0);
    int w = node.inputs().get(1);
    Graph.Weight weight = graph.weight(w);
    PublicTensor values = weight == null ? graph.constant(w) : weight.value();
    if (values == null) {
      return alone(node);
    }
    int rows = (int) values.shape().get(0);
    int terms = values.size() / Math.max(1, rows);
    double norm = 0;
    for (double row : squares(values, rows, terms)) {
      norm = Math.max(norm, row);
    }
    double ofWeights = terms * square(ranges.rootMeanSquare(x)) * variance[w];
    double ofBias = node.inputs().size() > 2 ? variance[node.inputs().get(2)] : 0;
    return norm * rescaled(x, f) + ofWeights + ofBias;
  }

  private static List<Double> squares(PublicTensor values, int rows, int terms) {
    List<Double> squares = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      double sum = 0;
      for (int i = row * terms; i < (row + 1) * terms; i++) {
        sum += square(values.getDouble(i));
      }
      squares.add(sum);
    }
    return squares;
  }
}
