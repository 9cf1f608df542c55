package org.djlmpc.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.protocol.ariann.Ariann;
import org.djlmpc.ring.ConvolutionSpec;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.Test;

/**
 * Fixed-point arithmetic as the parties compute it, against the same graph in double precision: no
 * node of any network may exceed its bounds, and the bounds must be near what can happen.
 */
final class ErrorBoundTest {
  private static final DataType F = DataType.FLOAT32;

  private static final List<Operators.Unary> ACTIVATIONS =
      List.of(
          Operators.Unary.SIGMOID,
          Operators.Unary.TANH,
          Operators.Unary.GELU,
          Operators.Unary.SILU,
          Operators.Unary.SOFTPLUS);

  private final Random random = new Random(7);
  private GraphBuilder graph = new GraphBuilder();
  private int weights;

  // ---- building

  private int input(long... lengths) {
    return graph.input(new Graph.Input("x", new TensorType(new Shape(lengths), F)));
  }

  private int weight(double size, long... lengths) {
    return weight(normal(size, lengths));
  }

  private int weight(PublicTensor value) {
    return graph.weight(new Graph.Weight("w" + weights++, value.type(), value));
  }

  private PublicTensor normal(double size, long... lengths) {
    Shape shape = new Shape(lengths);
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (size * random.nextGaussian());
    }
    return PublicTensor.of(values, shape);
  }

  private int node(Op op, Integer... arguments) {
    return graph.node(op, List.of(arguments), "");
  }

  private int unary(Operators.Unary function, int x) {
    return node(new Op.Unary(function), x);
  }

  private int binary(Operators.Binary function, int a, int b) {
    return node(new Op.Binary(function), a, b);
  }

  private int scalar(Operators.Binary function, int x, double number) {
    return node(new Op.Scalar(function, number, false), x);
  }

  private int convolution(int x, int filters, int kernel, int groups, boolean biased) {
    int channels = (int) shape(x).get(1) / groups;
    double size = 1 / Math.sqrt(channels * kernel * kernel);
    int w = weight(size, filters, channels, kernel, kernel);
    Op op = new Op.Convolution(new ConvolutionSpec(1, 1, kernel / 2, kernel / 2, 1, 1, groups));
    return biased ? node(op, x, w, weight(1, filters)) : node(op, x, w);
  }

  private int linear(int x, int features) {
    int in = (int) shape(x).get(1);
    return node(new Op.Linear(), x, weight(1 / Math.sqrt(in), features, in), weight(1, features));
  }

  private Shape shape(int id) {
    return graph.type(id).shape();
  }

  private Graph build(int... outputs) {
    Graph built = graph.build(Arrays.stream(outputs).boxed().toList());
    graph = new GraphBuilder();
    return built;
  }

  private static Pooling pooling(
      Pooling.Kind kind, int kernel, int stride, int pad, boolean ceil, boolean count) {
    return new Pooling(kind, kernel, kernel, stride, stride, pad, pad, ceil, count);
  }

  /** A few random layers of a random kind, then pooling and two linear layers. */
  private Graph network() {
    int x = input(2, 3, 9, 9);
    for (int i = 0; i < 6; i++) {
      x = layer(x);
    }
    x = node(new Op.Pool(Pooling.global(Pooling.Kind.MEAN, shape(x))), x);
    x = node(new Op.Rearrange(Layout.reshape(2, -1)), x);
    return build(linear(unary(Operators.Unary.RELU, linear(x, 10)), 5));
  }

  private int layer(int x) {
    int channels = (int) shape(x).get(1);
    boolean large = shape(x).get(2) >= 4;
    return switch (random.nextInt(large ? 15 : 11)) {
      case 0, 1 -> unary(Operators.Unary.RELU, convolution(x, 4, 3, 1, true));
      case 2 -> unary(Operators.Unary.RELU, convolution(x, channels, 3, channels, false));
      case 3 -> binary(Operators.Binary.ADD, x, convolution(x, channels, 3, 1, true));
      case 4 -> node(new Op.Concat(1), x, convolution(x, 2, 1, 1, false));
      case 5 -> node(new Op.Clip(-1.3, 6), x);
      case 6 -> unary(Operators.Unary.HARD_SWISH, x);
      case 7 -> node(new Op.LeakyRelu(0.1), x);
      case 8 -> node(new Op.Prelu(), x, weight(0.4, channels));
      case 9 -> scalar(Operators.Binary.MULTIPLY, x, 0.3);
      case 10 -> unary(ACTIVATIONS.get(random.nextInt(ACTIVATIONS.size())), x);
      case 11, 12 -> node(new Op.Pool(pooling(Pooling.Kind.MAX, 3, 2, 1, false, true)), x);
      case 13 -> node(new Op.Pool(pooling(Pooling.Kind.MEAN, 3, 2, 1, true, true)), x);
      default -> node(new Op.Pool(pooling(Pooling.Kind.MEAN, 3, 2, 1, false, false)), x);
    };
  }

  // ---- running

  private PublicTensor input(Graph g, double magnitude, boolean extreme) {
    float[] values = new float[(int) g.type(0).shape().size()];
    for (int i = 0; i < values.length; i++) {
      double v = extreme ? (random.nextBoolean() ? 1 : -1) : 2 * random.nextDouble() - 1;
      values[i] = (float) (v * magnitude);
    }
    return PublicTensor.of(values, g.type(0).shape());
  }

  /** Real arithmetic on the same weights and inputs: double precision everywhere. */
  private static Map<Integer, double[]> exact(Graph g, PublicTensor input) {
    List<Graph.Weight> weights = new ArrayList<>();
    for (Graph.Weight weight : g.weights()) {
      PublicTensor value = wide(weight.value());
      weights.add(new Graph.Weight(weight.name(), value.type(), value));
    }
    List<PublicTensor> constants = g.constants().stream().map(ErrorBoundTest::wide).toList();
    Graph.Input only = new Graph.Input("x", wide(input).type());
    Graph wide = new Graph(List.of(only), weights, constants, g.nodes(), g.outputs());
    Map<Integer, double[]> values = new HashMap<>();
    PublicOperators plain = new PublicOperators();
    wide.evaluate(
        plain,
        List.of(wide(input)),
        wide.weights(plain),
        new EvaluationListener<>() {
          @Override
          public void finished(Node node, PublicTensor output) {
            values.put(node.id(), output.doubles());
          }
        });
    return values;
  }

  private static PublicTensor wide(PublicTensor x) {
    return x.isFloating() ? x.cast(DataType.FLOAT64) : x;
  }

  /** One node of one run in fixed point. */
  private record Result(double[] values, double ringMagnitude) {}

  /** The parties' arithmetic, and the largest ring element that each node truncated or made. */
  private static Map<Integer, Result> fixed(
      Graph g, FixedPoint fixedPoint, PublicTensor input, LongSupplier masks) {
    ClearRun run = new ClearRun(fixedPoint, masks);
    ClearProtocol protocol = run.protocol();
    SecretOperators operators = new SecretOperators(protocol);
    Map<Integer, Result> results = new HashMap<>();
    g.evaluate(
        operators,
        List.of(protocol.input(input)),
        protocol.weights(g),
        new EvaluationListener<>() {
          @Override
          public void finished(Node node, Operand output) {
            if (output instanceof Operand.Secret s) {
              RingTensor elements = protocol.reveal(s.share(), Set.of(), "test");
              double largest = run.takePeak();
              for (int i = 0; i < elements.size(); i++) {
                largest = Math.max(largest, Math.abs((double) elements.getLong(i)));
              }
              double[] values = fixedPoint.decode(elements, s.share().scale());
              results.put(node.id(), new Result(values, largest));
            }
          }
        });
    return results;
  }

  /** Masks that never carry, that always carry, and random ones. */
  private List<LongSupplier> masks(int fractionBits) {
    long all = (1L << fractionBits) - 1;
    return List.of(random::nextLong, () -> 0, () -> all, random::nextLong);
  }

  /** Checks every node over some inputs and masks; returns the largest error of the last node. */
  private double check(Graph g, FixedPoint fixedPoint, double magnitude) {
    List<NodeBound> bounds = ErrorBound.of(g, fixedPoint, magnitude);
    assertThat(bounds.stream().map(NodeBound::id))
        .isEqualTo(g.nodes().stream().map(Node::id).toList());
    double last = 0;
    for (LongSupplier masks : masks(fixedPoint.fractionBits())) {
      for (boolean extreme : new boolean[] {false, true}) {
        PublicTensor x = input(g, magnitude, extreme);
        Map<Integer, double[]> exact = exact(g, x);
        Map<Integer, Result> fixed = fixed(g, fixedPoint, x, masks);
        for (NodeBound bound : bounds) {
          Result result = fixed.get(bound.id());
          if (result != null) {
            String what = g.node(bound.id()).label() + " " + bound;
            last = check(what, bound, exact.get(bound.id()), result, fixedPoint.ring());
          }
        }
      }
    }
    return last;
  }

  private static double check(
      String what, NodeBound bound, double[] exact, Result fixed, Ring ring) {
    assertThat(bound.fits(ring)).as(what).isTrue();
    assertThat(fixed.ringMagnitude()).as(what).isLessThanOrEqualTo(bound.ringMagnitude());
    double magnitude = 0;
    double error = 0;
    for (int i = 0; i < exact.length; i++) {
      magnitude = Math.max(magnitude, Math.abs(exact[i]));
      error = Math.max(error, Math.abs(fixed.values()[i] - exact[i]));
    }
    assertThat(magnitude).as(what).isLessThanOrEqualTo(bound.magnitude());
    assertThat(error).as(what).isLessThanOrEqualTo(bound.error());
    return error;
  }

  // ---- tests

  @Test
  void noNetworkExceedsItsBounds() {
    for (int i = 0; i < 30; i++) {
      check(network(), new FixedPoint(Ring.Z64, 8 + 4 * (i % 3)), i % 2 == 0 ? 1 : 3.75);
    }
  }

  @Test
  void noOperatorExceedsItsBounds() {
    check(everyOperator(5), new FixedPoint(Ring.Z64, 8), 5);
    check(everyOperator(0x1p-7), new FixedPoint(Ring.Z64, 13), 0x1p-7);
    check(everyOperator(1), new FixedPoint(Ring.Z64, 16), 1);
  }

  /** Each rule on an input, and on a value that is not rescaled yet. */
  private Graph everyOperator(double magnitude) {
    int x = input(1, 4, 6, 6);
    int[] values = {x, scalar(Operators.Binary.MULTIPLY, x, 1.7)};
    List<Integer> outputs = new ArrayList<>();
    for (int v : values) {
      elementwise(v, outputs);
      int w = weight(1, 1, 4, 1, 1);
      int c = graph.constant(normal(1, 4, 1, 1));
      int one = graph.constant(PublicTensor.of(new float[] {0.013f}, new Shape(1)));
      int whole = graph.constant(PublicTensor.of(new float[] {3, -2, 0, 1}, new Shape(4, 1, 1)));
      for (int other : new int[] {w, c, one, whole, x}) {
        for (Operators.Binary function : Operators.Binary.values()) {
          if (function.compareTo(Operators.Binary.MULTIPLY) <= 0
              || function == Operators.Binary.MAXIMUM
              || function == Operators.Binary.MINIMUM
              || function == Operators.Binary.EQUAL
              || function == Operators.Binary.LESS) {
            outputs.add(binary(function, v, other));
            outputs.add(binary(function, other, v));
          }
        }
      }
      int divisor =
          graph.constant(PublicTensor.of(new float[] {3, 0.7f, -9, 64}, new Shape(4, 1, 1)));
      outputs.add(binary(Operators.Binary.DIVIDE, v, divisor));
      // equal in real numbers for the largest input, not after rounding
      int edge =
          scalar(Operators.Binary.LESS, scalar(Operators.Binary.MULTIPLY, x, 1.7), 1.7 * magnitude);
      outputs.add(node(new Op.Where(), edge, v, c));
      outputs.add(binary(Operators.Binary.XOR, edge, scalar(Operators.Binary.LESS, v, 0.3)));
      choices(v, w, c, outputs);
      products(v, outputs);
      pools(v, outputs);
      reductions(v, outputs);
    }
    return build(outputs.stream().mapToInt(Integer::intValue).toArray());
  }

  private void elementwise(int v, List<Integer> outputs) {
    for (Operators.Unary function :
        List.of(
            Operators.Unary.NEGATE,
            Operators.Unary.ABS,
            Operators.Unary.SIGN,
            Operators.Unary.SQUARE,
            Operators.Unary.RELU,
            Operators.Unary.HARD_SIGMOID,
            Operators.Unary.HARD_SWISH,
            Operators.Unary.SIGMOID,
            Operators.Unary.TANH,
            Operators.Unary.ERF,
            Operators.Unary.GELU,
            Operators.Unary.SILU,
            Operators.Unary.SOFTPLUS,
            Operators.Unary.EXP)) {
      outputs.add(unary(function, v));
    }
    for (double number : new double[] {0, -3, 0.25, -0.125, 1.0 / 7, 0.003, 1234.5, 40000}) {
      outputs.add(scalar(Operators.Binary.MULTIPLY, v, number));
      outputs.add(scalar(Operators.Binary.ADD, v, number));
      outputs.add(node(new Op.Scalar(Operators.Binary.SUBTRACT, number, true), v));
      outputs.add(scalar(Operators.Binary.MAXIMUM, v, number));
      outputs.add(scalar(Operators.Binary.GREATER, v, number));
    }
    outputs.add(scalar(Operators.Binary.DIVIDE, v, 6.1));
    outputs.add(scalar(Operators.Binary.POWER, v, 5));
    outputs.add(node(new Op.Clip(-0.3, Double.POSITIVE_INFINITY), v));
    outputs.add(node(new Op.Clip(Double.NEGATIVE_INFINITY, 0.7), v));
    outputs.add(node(new Op.Clip(1, 3), v));
    outputs.add(node(new Op.Clip(-0.007, 0.0071), v));
    int exact = weight(PublicTensor.of(new float[] {-1, 0, 2}, new Shape(3)));
    outputs.add(node(new Op.Clip(-0.007, 0.0071), exact));
    outputs.add(node(new Op.LeakyRelu(0.2), v));
    outputs.add(node(new Op.LeakyRelu(-1.5), v));
    outputs.add(node(new Op.Prelu(), v, weight(2, 4)));
    outputs.add(node(new Op.Prelu(), v, graph.constant(normal(2, 4))));
  }

  private void choices(int v, int w, int c, List<Integer> outputs) {
    int bit = scalar(Operators.Binary.GREATER, v, 0.1);
    int other = scalar(Operators.Binary.LESS, v, 0.5);
    int square = unary(Operators.Unary.SQUARE, v);
    outputs.add(node(new Op.Where(), bit, v, square));
    outputs.add(node(new Op.Where(), bit, c, w));
    PublicTensor mask =
        PublicTensor.of(new boolean[] {true, false, true, false}, new Shape(4, 1, 1));
    outputs.add(node(new Op.Where(), graph.constant(mask), v, w));
    outputs.add(node(new Op.Where(), graph.constant(mask), c, v));
    for (Operators.Binary logic :
        List.of(Operators.Binary.AND, Operators.Binary.OR, Operators.Binary.XOR)) {
      outputs.add(binary(logic, bit, other));
    }
    outputs.add(unary(Operators.Unary.LOGICAL_NOT, bit));
    outputs.add(binary(Operators.Binary.MULTIPLY, square, node(new Op.Cast(F), bit)));
    outputs.add(node(new Op.Reduce(Operators.Reduction.ANY, List.of(1), false), bit));
  }

  private void products(int v, List<Integer> outputs) {
    outputs.add(convolution(v, 6, 3, 2, true));
    PublicTensor open = normal(0.3, 5, 4, 2, 2);
    Op spaced = new Op.Convolution(new ConvolutionSpec(2, 1, 0, 1, 2, 1, 1));
    outputs.add(node(spaced, v, graph.constant(open), graph.constant(normal(1, 5))));
    outputs.add(node(spaced, v, graph.constant(open), weight(1, 5)));
    outputs.add(node(new Op.Linear(), v, weight(0.4, 7, 6), graph.constant(normal(1, 7))));
    outputs.add(
        node(new Op.Linear(), v, node(new Op.Rearrange(Layout.permute(1, 0)), weight(1, 6, 7))));
    outputs.add(node(new Op.Matmul(), v, weight(1, 4, 6, 5)));
    outputs.add(node(new Op.Matmul(), v, weight(1, 6)));
    outputs.add(node(new Op.Matmul(), weight(1, 5, 6), v));
    outputs.add(node(new Op.Matmul(), graph.constant(normal(1, 5, 6)), v));
    outputs.add(node(new Op.Matmul(), v, graph.constant(normal(1, 6, 5).cast(DataType.INT32))));
    outputs.add(node(new Op.Matmul(), v, v));
    int variance = graph.constant(PublicTensor.of(new float[] {0.1f, 1, 3, 0.5f}, new Shape(4)));
    int mean = graph.constant(normal(1, 4));
    outputs.add(node(new Op.BatchNorm(1, 1e-5, false, false), v, mean, variance));
    outputs.add(node(new Op.BatchNorm(1, 1e-5, true, true), v, mean, variance, mean, mean));
    outputs.add(
        node(
            new Op.BatchNorm(1, 1e-5, true, true),
            v,
            weight(1, 4),
            variance,
            weight(1, 4),
            weight(1, 4)));
    int secret = weight(PublicTensor.of(new float[] {0.1f, 1, 3, 0.5f}, new Shape(4)));
    outputs.add(node(new Op.BatchNorm(1, 1e-5, false, false), v, mean, secret));
    outputs.add(node(new Op.BatchNorm(1, 1e-5, true, true), v, mean, secret, weight(1, 4), mean));
  }

  private void pools(int v, List<Integer> outputs) {
    for (Pooling.Kind kind : Pooling.Kind.values()) {
      for (boolean count : new boolean[] {false, true}) {
        outputs.add(node(new Op.Pool(pooling(kind, 3, 2, 1, count, !count)), v));
        outputs.add(node(new Op.Pool(pooling(kind, 3, 2, 1, true, count)), v));
        outputs.add(node(new Op.Pool(pooling(kind, 2, 2, 0, false, count)), v));
      }
      outputs.add(node(new Op.Pool(Pooling.global(kind, shape(v))), v));
    }
  }

  private void reductions(int v, List<Integer> outputs) {
    for (Operators.Reduction reduction : Operators.Reduction.values()) {
      if (reduction != Operators.Reduction.ALL && reduction != Operators.Reduction.ANY) {
        outputs.add(node(new Op.Reduce(reduction, List.of(1), true), v));
        outputs.add(node(new Op.Reduce(reduction, List.of(3), false), v));
      }
    }
    outputs.add(node(new Op.ArgMax(1, false), v));
    outputs.add(unary(Operators.Unary.SQRT, unary(Operators.Unary.SQUARE, v)));
    outputs.add(node(new Op.Softmax(1, false), v));
    outputs.add(node(new Op.Softmax(3, true), v));
    outputs.add(node(new Op.CumSum(2), v));
    outputs.add(node(new Op.Rearrange(Layout.pad(new long[] {0, 0, 1, 0}, new long[4], -0.3)), v));
    outputs.add(
        node(
            new Op.Concat(1),
            v,
            unary(Operators.Unary.SQUARE, v),
            graph.constant(normal(9, 1, 2, 6, 6))));
  }

  @Test
  void boundsAreNearWhatHappens() {
    int x = input(8, 1, 12, 12);
    x = unary(Operators.Unary.RELU, convolution(x, 6, 3, 1, true));
    x = unary(Operators.Unary.RELU, convolution(x, 8, 3, 1, true));
    Graph g = build(linear(node(new Op.Rearrange(Layout.reshape(8, -1)), x), 10));
    FixedPoint fixedPoint = new FixedPoint(Ring.Z64, 16);
    double measured = check(g, fixedPoint, 1);
    double bound = ErrorBound.ofOutputs(g, fixedPoint, 1);
    assertThat(bound).isEqualTo(ErrorBound.of(g, fixedPoint, 1).get(g.nodes().size() - 1).error());
    assertThat(bound / measured).isBetween(1.0, 1000.0);
  }

  /** Inputs, weights and bias that round in the same direction reach the bound of a layer. */
  @Test
  void theBoundOfOneLayerIsReached() {
    int terms = 4;
    FixedPoint fixedPoint = new FixedPoint(Ring.Z64, 8);
    double x = 1.498 / 256;
    float[] w = new float[terms];
    Arrays.fill(w, 77.49f / 256);
    int in = input(1, terms);
    int weight = weight(PublicTensor.of(w, new Shape(1, terms)));
    int bias = weight(PublicTensor.of(new float[] {51.49f / 256}, new Shape(1)));
    Graph g = build(node(new Op.Linear(), in, weight, bias));
    PublicTensor input = PublicTensor.full(new Shape(1, terms), F, x);
    Map<Integer, Result> fixed = fixed(g, fixedPoint, input, () -> 0);
    NodeBound bound = ErrorBound.of(g, fixedPoint, (float) x).get(0);
    double exact = exact(g, input).get(bound.id())[0];
    assertThat(bound.magnitude()).isCloseTo(exact, within(1e-8));
    double error = Math.abs(fixed.get(bound.id()).values()[0] - exact);
    assertThat(bound.error() - 1.0 / 256).isBetween(error, 1.02 * error);
  }

  /** Below 2^(n-2) products survive rescaling for all masks; above, they are seen to break. */
  @Test
  void fitsSaysWhereTruncationBreaks() {
    FixedPoint fixedPoint = new FixedPoint(Ring.Z32, 8);
    int in = input(64, 256);
    PublicTensor ones = PublicTensor.full(new Shape(1, 256), F, 1);
    int sum = node(new Op.Linear(), in, weight(ones));
    Graph g = build(unary(Operators.Unary.RELU, sum));
    check(g, fixedPoint, 63);
    assertThat(ErrorBound.of(g, fixedPoint, 63)).allMatch(b -> b.fits(Ring.Z32));
    assertThat(ErrorBound.of(g, fixedPoint, 64)).noneMatch(b -> b.fits(Ring.Z32));
    assertThat(ErrorBound.of(g, fixedPoint, 64)).allMatch(b -> b.fits(Ring.Z64));
    PublicTensor x = PublicTensor.full(g.type(0).shape(), F, 120);
    double[] broken = fixed(g, fixedPoint, x, random::nextLong).get(g.outputs().get(0)).values();
    assertThat(Arrays.stream(broken).filter(v -> Math.abs(v - 256 * 120) > 1)).isNotEmpty();
  }

  @Test
  void whatIsUnknownIsInfinite() {
    int x = input(2, 4);
    int z = linear(x, 3);
    int sine = unary(Operators.Unary.SIN, x);
    int best = node(new Op.ArgMax(1, false), z);
    Graph g = build(z, sine, best);
    FixedPoint fixedPoint = new FixedPoint(Ring.Z64, 16);
    List<NodeBound> known = ErrorBound.of(g, fixedPoint, 1);
    assertThat(known.get(0).error()).isBetween(0.0, 1e-3);
    assertThat(known.get(1).error()).isInfinite();
    assertThat(known.get(1).fits(Ring.Z64)).isFalse();
    assertThat(known.get(2).error()).isEqualTo(2);
    assertThat(ErrorBound.ofOutputs(g, fixedPoint, 1)).isInfinite();
    List<NodeBound> unknown = ErrorBound.of(g.withoutWeights(), fixedPoint, 1);
    assertThat(unknown.get(0).magnitude()).isInfinite();
    assertThat(unknown.get(0).error()).isInfinite();
    assertThat(unknown).noneMatch(b -> b.fits(Ring.Z64));
    assertThat(ErrorBound.of(g, fixedPoint, 0).get(0).magnitude()).isFinite();
    for (double wrong : new double[] {-1, Double.NaN}) {
      assertThatThrownBy(() -> ErrorBound.of(g, fixedPoint, wrong))
          .isInstanceOfSatisfying(
              MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ARGUMENT));
    }
  }

  @Test
  void aPlanShowsTheErrorOfEachLayer() {
    Graph network = network();
    FixedPoint fixedPoint = new FixedPoint(Ring.Z64, 16);
    Plan plan =
        Plan.of(network, Ariann.ARIANN, Ring.Z64, 16, PartyId.P0, WeightMode.SHARED)
            .withErrors(network, fixedPoint, 1);
    List<NodeBound> bounds = ErrorBound.of(network, fixedPoint, 1);
    assertThat(plan.layers()).hasSameSizeAs(bounds);
    for (int i = 0; i < bounds.size(); i++) {
      assertThat(plan.layers().get(i).error()).isEqualTo(bounds.get(i).error()).isFinite();
    }
  }
}
