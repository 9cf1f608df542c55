package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.protocol.Precision;
import org.djlmpc.protocol.functions.SplineFunction;
import org.djlmpc.ring.ConvolutionSpec;
import org.djlmpc.ring.Ring;
import org.jspecify.annotations.Nullable;

/**
 * Worst-case bounds of a graph in fixed-point arithmetic: how large its values can become, and how
 * far they can be from exact real arithmetic on the same FLOAT32 weights and inputs, whatever the
 * inputs in their range and whatever the truncations' random bits. An abstract interpretation of
 * the graph, which follows {@code SecretOperators} operator by operator.
 *
 * <p>The rule of a layer: |z| &lt;= ||w||_1 X + |b| and |z^ - z| &lt;= ||w||_1 D + ||w^ - w||_1 (X
 * + D) + |b^ - b|, where |x| &lt;= X and |x^ - x| &lt;= D, the largest over all output channels
 * (protocols.md, section 10); then one unit 2^-f for each rescaling. Functions such as ReLU or a
 * maximum are 1-Lipschitz. Comparisons, signs and positions jump, so that only their range bounds
 * their error: 1, 2 and the axis' length less one. Operators without a bound, those that do not
 * exist on secrets, and weights without values give infinity.
 *
 * <p>A worst case over all inputs grows with the product of the layers' row norms. It is near what
 * happens for a few layers, and far above it for deep networks: it proves ranges; how a model's
 * answers agree in practice is measured.
 *
 * <p>Not counted: rounding of a model that runs in single precision, rounding by rewrites that made
 * the graph, operators on public arrays alone, and overflow, which {@link NodeBound#fits} excludes.
 * The bounds hold for secret weights, in either mode, and for weights that are public.
 *
 * <p>Bounds tell about the weights: they are for the weights' owner, and for whom the owner lets
 * know.
 */
public final class ErrorBound implements Operators<Bound> {
  private final ShapeInference inference = new ShapeInference();
  private final PublicOperators plain = new PublicOperators();
  private final Ring ring;
  private final int session;
  private final boolean bounded;
  private final EnclosureMath math;

  /** Bounds for a number of fraction bits. */
  public ErrorBound(FixedPoint fixedPoint) {
    this(fixedPoint.ring(), fixedPoint.fractionBits(), Precision.STANDARD);
  }

  private ErrorBound(Ring ring, int session, Precision precision) {
    this.ring = ring;
    this.session = session;
    bounded = precision.bounded();
    math = new EnclosureMath(ring, precision.fractionBits(session), precision.weightBits(session));
  }

  @Override
  public ErrorBound with(Precision precision) {
    return precision.equals(Precision.STANDARD) ? this : new ErrorBound(ring, session, precision);
  }

  /**
   * Bounds of all nodes.
   *
   * @param graph a model; infinite bounds follow weights without values
   * @param fixedPoint the encoding
   * @param inputMagnitude largest absolute value of any element of any input
   * @return one bound for each node, in the graph's order
   * @throws MpcException ARGUMENT if the magnitude is negative or NaN
   */
  public static List<NodeBound> of(Graph graph, FixedPoint fixedPoint, double inputMagnitude) {
    ErrorBound bounds = new ErrorBound(fixedPoint);
    List<NodeBound> nodes = new ArrayList<>();
    bounds.run(
        graph,
        inputMagnitude,
        new EvaluationListener<>() {
          @Override
          public void finished(Node node, Bound output) {
            nodes.add(bounds.node(node.id(), output));
          }
        });
    return List.copyOf(nodes);
  }

  /**
   * Largest error of any output; see {@link #of}.
   *
   * @return infinity if it is unknown
   */
  public static double ofOutputs(Graph graph, FixedPoint fixedPoint, double inputMagnitude) {
    ErrorBound bounds = new ErrorBound(fixedPoint);
    return bounds.run(graph, inputMagnitude, EvaluationListener.none()).stream()
        .mapToDouble(output -> bounds.node(0, output).error())
        .max()
        .orElse(0);
  }

  /**
   * Largest error of the result of a node on arguments that are given.
   *
   * @return infinity if it is unknown
   */
  static double ofNode(Node node, FixedPoint fixedPoint, List<Bound> arguments) {
    ErrorBound bounds = new ErrorBound(fixedPoint);
    Bound result = node.op().apply(bounds.with(node.precision()), arguments);
    return bounds.node(node.id(), result).error();
  }

  /** What is certain about the result of each node, in the graph's order; exact where public. */
  static List<Enclosure> enclosures(Graph graph, FixedPoint fixedPoint, double inputMagnitude) {
    ErrorBound bounds = new ErrorBound(fixedPoint);
    List<Enclosure> enclosures = new ArrayList<>();
    bounds.run(
        graph,
        inputMagnitude,
        new EvaluationListener<>() {
          @Override
          public void finished(Node node, Bound output) {
            enclosures.add(
                output instanceof Bound.Secret secret
                    ? secret.enclosure()
                    : Enclosure.of(output.magnitude(), 0, 0));
          }
        });
    return enclosures;
  }

  private List<Bound> run(
      Graph graph, double inputMagnitude, EvaluationListener<? super Bound> listener) {
    List<Bound> inputs = new ArrayList<>();
    for (Graph.Input input : graph.inputs()) {
      inputs.add(input(input.type(), inputMagnitude));
    }
    Map<String, Bound> weights = new HashMap<>();
    int[] scales = graph.weightBits(session);
    for (int i = 0; i < scales.length; i++) {
      Graph.Weight weight = graph.weights().get(i);
      weights.put(weight.name(), weight(weight, scales[i]));
    }
    return graph.evaluate(this, inputs, weights, listener);
  }

  private NodeBound node(int id, Bound output) {
    if (output instanceof Bound.Secret secret) {
      // outputs are rescaled before they are revealed
      Enclosure e = math.rescale(secret.enclosure());
      return new NodeBound(id, e.magnitude(), e.error(), e.peak());
    }
    return new NodeBound(id, output.magnitude(), 0, 0);
  }

  /**
   * A secret input.
   *
   * @throws MpcException ARGUMENT if the magnitude is negative or NaN
   */
  public Bound input(TensorType type, double magnitude) {
    if (!(magnitude >= 0)) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Inputs of magnitude " + magnitude + ".",
          "Give the largest absolute value of the inputs.");
    }
    return secret(type, math.input(magnitude));
  }

  /**
   * A secret weight: its value is known here, where the bounds are computed.
   *
   * @param scale fraction bits with which it is encoded
   */
  private Bound weight(Graph.Weight weight, int scale) {
    PublicTensor value = weight.value();
    if (value == null) {
      double unknown = Double.POSITIVE_INFINITY;
      return secret(weight.type(), Enclosure.of(unknown, unknown, scale));
    }
    PublicTensor encoded = value.cast(DataType.FLOAT32);
    return new Bound.Secret(weight.type(), math.constant(encoded, scale), encoded);
  }

  @Override
  public Bound constant(PublicTensor tensor) {
    return new Bound.Public(tensor);
  }

  @Override
  public Shape shape(Bound x) {
    return x.shape();
  }

  @Override
  public DataType dataType(Bound x) {
    return x.dataType();
  }

  // ---- elementwise

  @Override
  public Bound unary(Unary function, Bound x) {
    if (x instanceof Bound.Public p) {
      return constant(plain.unary(function, p.tensor()));
    }
    TensorType type = inference.unary(function, x.type());
    Enclosure e = enclosure(x);
    return switch (function) {
      case NEGATE -> secret(type, e);
      case ABS, RELU -> secret(type, math.relu(e));
      case SIGN -> secret(type, EnclosureMath.decide(e, 2));
      case SQUARE -> secret(type, math.multiply(e, e, 1));
      case HARD_SIGMOID -> secret(type, hardSigmoid(e));
      case HARD_SWISH -> secret(type, math.multiply(e, hardSigmoid(e), 1));
      case LOGICAL_NOT -> isBit(x) ? secret(type, e) : unknown(type);
      case SIGMOID -> secret(type, math.spline(SplineFunction.SIGMOID, e));
      case TANH -> secret(type, math.spline(SplineFunction.TANH, e));
      case ERF -> secret(type, math.spline(SplineFunction.ERF, e));
      case GELU -> secret(type, math.spline(SplineFunction.GELU, e));
      case SILU -> secret(type, math.spline(SplineFunction.SILU, e));
      case SOFTPLUS -> secret(type, math.spline(SplineFunction.SOFTPLUS, e));
      case EXP -> secret(type, math.exponential(e));
      case SQRT -> secret(type, math.squareRoot(e));
      default -> unknown(type);
    };
  }

  /** min(max(x / 6 + 1 / 2, 0), 1). */
  private Enclosure hardSigmoid(Enclosure x) {
    return math.clip(math.addPublic(math.divide(x, 6), 0.5), 0, 1);
  }

  @Override
  public Bound binary(Binary function, Bound a, Bound b) {
    if (a instanceof Bound.Public x && b instanceof Bound.Public y) {
      return constant(plain.binary(function, x.tensor(), y.tensor()));
    }
    TensorType type = inference.binary(function, a.type(), b.type());
    return switch (function) {
      case ADD, SUBTRACT -> secret(type, sum(a, b));
      case MULTIPLY -> secret(type, product(a, b));
      case DIVIDE -> b instanceof Bound.Public p ? quotient(type, a, p.tensor()) : unknown(type);
      case MAXIMUM, MINIMUM ->
          secret(type, chosen(EnclosureMath.maximum(enclosure(a), enclosure(b)), 2));
      case EQUAL, NOT_EQUAL, GREATER, GREATER_OR_EQUAL, LESS, LESS_OR_EQUAL ->
          secret(type, EnclosureMath.decide(sum(a, b), 1));
      case AND, OR, XOR -> isBit(a) && isBit(b) ? logic(type, a, b) : unknown(type);
      case POWER, REMAINDER -> unknown(type);
    };
  }

  /**
   * The largest of some values. A narrow comparison of values that are not rescaled yet does not
   * see their last bits: in each step of a tournament, one that is smaller by 2^-f may win.
   */
  private Enclosure chosen(Enclosure e, int candidates) {
    if (!bounded || e.scale() <= session) {
      return e;
    }
    int steps = Integer.SIZE - Integer.numberOfLeadingZeros(candidates - 1);
    return Enclosure.outward(
        e.magnitude(), e.error() + Math.scalb((double) steps, -session), e.scale(), e.peak());
  }

  /** A sum or a difference. */
  private Enclosure sum(Bound a, Bound b) {
    if (b instanceof Bound.Public p) {
      return math.addPublic(enclosure(a), p.tensor());
    }
    return a instanceof Bound.Public ? sum(b, a) : EnclosureMath.add(enclosure(a), enclosure(b));
  }

  private Enclosure product(Bound a, Bound b) {
    if (b instanceof Bound.Public p) {
      return product(enclosure(a), p.tensor(), 0);
    }
    return a instanceof Bound.Public ? product(b, a) : math.multiply(enclosure(a), enclosure(b), 1);
  }

  /**
   * An elementwise product with public numbers.
   *
   * @param inexactness relative distance of the numbers from those that are meant
   */
  private Enclosure product(Enclosure x, PublicTensor c, double inexactness) {
    if (c.size() == 1) {
      double number = c.getDouble(0);
      return math.multiplyPublic(x, number, inexactness * Math.abs(number));
    }
    Enclosure encoded = math.constant(c, math.bits(c));
    double distance = inexactness * encoded.magnitude();
    Enclosure meant =
        Enclosure.of(encoded.magnitude() + distance, encoded.error() + distance, encoded.scale());
    return math.multiplyPublic(x, meant, 1);
  }

  private Bound quotient(TensorType type, Bound a, PublicTensor divisor) {
    PublicTensor real = divisor.isFloating() ? divisor : divisor.cast(DataType.FLOAT64);
    PublicTensor reciprocal = plain.unary(Unary.RECIPROCAL, real);
    double inexactness = real.dataType() == DataType.FLOAT32 ? 0x1p-23 : 0x1p-52;
    return secret(type, product(enclosure(a), reciprocal, inexactness));
  }

  /** Bits a b, a + b - a b or a + b - 2 a b: wrong only where a or b is. */
  private static Bound logic(TensorType type, Bound a, Bound b) {
    return secret(type, Enclosure.of(1, Math.min(1, a.error() + b.error()), 0));
  }

  @Override
  public Bound scalar(Binary function, Bound x, double number, boolean numberFirst) {
    if (x instanceof Bound.Public p) {
      return constant(plain.scalar(function, p.tensor(), number, numberFirst));
    }
    TensorType type = inference.scalar(function, x.type(), number, numberFirst);
    if (!Double.isFinite(number)) {
      return unknown(type);
    }
    Enclosure e = enclosure(x);
    return switch (function) {
      case ADD, SUBTRACT -> secret(type, math.addPublic(e, number));
      case MULTIPLY -> secret(type, math.multiplyPublic(e, number, 0));
      case DIVIDE ->
          numberFirst || number == 0 ? unknown(type) : secret(type, math.divide(e, number));
      case POWER ->
          !numberFirst && number == Math.rint(number) && number >= 1 && number <= 64
              ? secret(type, power(e, (int) number))
              : unknown(type);
      default -> {
        Bound constant = constant(PublicTensor.scalar(number, DataType.FLOAT64));
        Bound result = binary(function, x, constant);
        yield secret(type, enclosure(result));
      }
    };
  }

  private Enclosure power(Enclosure x, int exponent) {
    Enclosure result = x;
    for (int bit = Integer.highestOneBit(exponent) >> 1; bit > 0; bit >>= 1) {
      result = math.multiply(result, result, 1);
      if ((exponent & bit) != 0) {
        result = math.multiply(result, x, 1);
      }
    }
    return result;
  }

  @Override
  public Bound where(Bound condition, Bound a, Bound b) {
    if (condition instanceof Bound.Public c
        && a instanceof Bound.Public x
        && b instanceof Bound.Public y) {
      return constant(plain.where(c.tensor(), x.tensor(), y.tensor()));
    }
    TensorType type = inference.where(condition.type(), a.type(), b.type());
    if (condition instanceof Bound.Public) {
      return secret(type, EnclosureMath.either(enclosure(a), enclosure(b)));
    }
    return isBit(condition)
        ? secret(type, EnclosureMath.where(enclosure(condition), enclosure(a), enclosure(b)))
        : unknown(type);
  }

  @Override
  public Bound clip(Bound x, double min, double max) {
    if (x instanceof Bound.Public p) {
      return constant(plain.clip(p.tensor(), min, max));
    }
    return secret(inference.clip(x.type(), min, max), math.clip(enclosure(x), min, max));
  }

  @Override
  public Bound leakyRelu(Bound x, double slope) {
    if (x instanceof Bound.Public p) {
      return constant(plain.leakyRelu(p.tensor(), slope));
    }
    Enclosure y = math.rescale(enclosure(x));
    // slope x + (1 - slope) max(0, x)
    Enclosure result =
        EnclosureMath.add(
            math.multiplyPublic(y, slope, 0),
            math.multiplyPublic(y, 1 - slope, Math.ulp(1 - slope)));
    return secret(inference.leakyRelu(x.type(), slope), result);
  }

  @Override
  public Bound prelu(Bound x, Bound slope) {
    if (x instanceof Bound.Public p && slope instanceof Bound.Public s) {
      return constant(plain.prelu(p.tensor(), s.tensor()));
    }
    TensorType type = inference.prelu(x.type(), slope.type());
    // max(0, x) + slope min(0, x), of which one is zero; where exact and fixed-point x differ in
    // sign, both are within the error of x of zero, and the larger of the two errors covers it
    Enclosure y = math.rescale(enclosure(x));
    Enclosure negative = product(new Bound.Secret(x.type(), y, null), slope);
    return secret(type, EnclosureMath.either(y, negative));
  }

  // ---- linear

  @Override
  public Bound matmul(Bound a, Bound b) {
    if (a instanceof Bound.Public x && b instanceof Bound.Public y) {
      return constant(plain.matmul(x.tensor(), y.tensor()));
    }
    TensorType type = inference.matmul(a.type(), b.type());
    MatmulShape shape = MatmulShape.of(a.shape(), b.shape());
    PublicTensor right = value(b);
    PublicTensor left = value(a);
    if (right != null) {
      return secret(type, rows(a, b, right, shape.k(), shape.n(), null));
    }
    return secret(
        type, left != null ? rows(b, a, left, shape.k(), 1, null) : products(a, b, shape.k()));
  }

  @Override
  public Bound linear(Bound x, Bound weight, @Nullable Bound bias) {
    if (x instanceof Bound.Public p
        && weight instanceof Bound.Public w
        && (bias == null || bias instanceof Bound.Public)) {
      return constant(plain.linear(p.tensor(), w.tensor(), tensor(bias)));
    }
    TensorType type = inference.linear(x.type(), weight.type(), type(bias));
    return secret(type, layer(x, weight, bias, (int) weight.shape().get(1)));
  }

  @Override
  public Bound convolution(Bound x, Bound weight, @Nullable Bound bias, ConvolutionSpec spec) {
    if (x instanceof Bound.Public p
        && weight instanceof Bound.Public w
        && (bias == null || bias instanceof Bound.Public)) {
      return constant(plain.convolution(p.tensor(), w.tensor(), tensor(bias), spec));
    }
    TensorType type = inference.convolution(x.type(), weight.type(), type(bias), spec);
    Shape kernel = weight.shape();
    return secret(type, layer(x, weight, bias, (int) kernel.slice(1).size()));
  }

  private static @Nullable TensorType type(@Nullable Bound x) {
    return x == null ? null : x.type();
  }

  private static @Nullable PublicTensor tensor(@Nullable Bound x) {
    return x instanceof Bound.Public p ? p.tensor() : null;
  }

  /** Rows of {@code terms} weights, and a bias for each. */
  private Enclosure layer(Bound x, Bound weight, @Nullable Bound bias, int terms) {
    PublicTensor known = value(weight);
    PublicTensor offset = bias == null ? null : value(bias);
    if (known != null && (bias == null || offset != null)) {
      return rows(x, weight, known, terms, 1, bias);
    }
    Enclosure products =
        known == null ? products(x, weight, terms) : rows(x, weight, known, terms, 1, null);
    return bias == null ? products : sum(new Bound.Secret(x.type(), products, null), bias);
  }

  /**
   * A product with known rows, and a known number for each row.
   *
   * @param length number of elements of a row of w
   * @param inner distance of the elements of a row
   */
  private Enclosure rows(
      Bound x, Bound w, PublicTensor known, int length, int inner, @Nullable Bound bias) {
    int wScale = w instanceof Bound.Secret secret ? secret.enclosure().scale() : math.bits(known);
    Enclosure factor = factor(x);
    boolean asItIs = w instanceof Bound.Public ? wScale == 0 : math.takes(factor.scale() + wScale);
    Enclosure narrow = asItIs ? factor : math.rescale(factor);
    int scale = narrow.scale() + wScale;
    RowNorms norms = RowNorms.of(known, length, inner, wScale);
    PublicTensor offset = bias == null ? null : value(bias);
    if (offset == null) {
      return norms.times(narrow, scale, null, 0);
    }
    if (bias instanceof Bound.Secret secret) {
      int biasScale = secret.enclosure().scale();
      return norms.times(narrow, Math.max(scale, biasScale), offset, biasScale);
    }
    int sumScale = Math.max(scale, math.bits(offset));
    return norms.times(narrow, sumScale, offset, sumScale);
  }

  /** Sums of {@code terms} products of which only the magnitudes are known. */
  private Enclosure products(Bound a, Bound b, int terms) {
    if (b instanceof Bound.Public) {
      return math.multiplyPublic(enclosure(a), factor(b), terms);
    }
    return a instanceof Bound.Public
        ? products(b, a, terms)
        : math.multiply(enclosure(a), enclosure(b), terms);
  }

  @Override
  public Bound batchNorm(
      Bound x,
      Bound mean,
      Bound variance,
      @Nullable Bound gamma,
      @Nullable Bound beta,
      int axis,
      double epsilon) {
    TensorType type =
        inference.batchNorm(
            x.type(), mean.type(), variance.type(), type(gamma), type(beta), axis, epsilon);
    PublicTensor v = value(variance);
    if (v == null) {
      return unknown(type);
    }
    if (x instanceof Bound.Public p
        && mean instanceof Bound.Public m
        && variance instanceof Bound.Public
        && (gamma == null || gamma instanceof Bound.Public)
        && (beta == null || beta instanceof Bound.Public)) {
      return constant(
          plain.batchNorm(p.tensor(), m.tensor(), v, tensor(gamma), tensor(beta), axis, epsilon));
    }
    Enclosure centred = sum(secret(x.type(), enclosure(x)), mean);
    PublicTensor deviation = plain.unary(Unary.SQRT, plain.scalar(Binary.ADD, v, epsilon, false));
    PublicTensor scale = plain.unary(Unary.RECIPROCAL, deviation);
    // five roundings in single precision, two of them under the root
    double inexactness = 0x1p-21;
    Enclosure result;
    if (variance instanceof Bound.Secret) {
      double least = epsilon + plain.reduce(Reduction.MIN, v, new int[0], false).getDouble(0);
      Enclosure root = math.inverseRoot(least, math.addPublic(enclosure(variance), epsilon));
      Enclosure factor = gamma == null ? root : product(secret(variance.type(), root), gamma);
      Enclosure scaled = math.multiply(centred, factor, 1);
      double peak = Math.max(scaled.peak(), root.peak());
      result = new Enclosure(scaled.magnitude(), scaled.error(), scaled.scale(), peak);
    } else if (gamma == null) {
      result = product(centred, scale, inexactness);
    } else if (gamma instanceof Bound.Public g) {
      PublicTensor both = plain.binary(Binary.MULTIPLY, scale, g.tensor());
      result = product(centred, both, inexactness);
    } else {
      result = math.multiply(centred, product(enclosure(gamma), scale, inexactness), 1);
    }
    if (beta == null) {
      return secret(type, result);
    }
    Enclosure sum = sum(secret(x.type(), result), beta);
    double peak = Math.max(sum.peak(), result.peak());
    return secret(type, new Enclosure(sum.magnitude(), sum.error(), sum.scale(), peak));
  }

  // ---- pooling, reductions, positions

  @Override
  public Bound pool(Bound x, Pooling pooling) {
    if (x instanceof Bound.Public p) {
      return constant(plain.pool(p.tensor(), pooling));
    }
    TensorType type = inference.pool(x.type(), pooling);
    Enclosure e = enclosure(x);
    if (pooling.kind() == Pooling.Kind.MAX) {
      e = chosen(e, pooling.kernelH() * pooling.kernelW());
    }
    if (pooling.kind() == Pooling.Kind.MEAN) {
      return secret(type, math.mean(e, PublicPooling.divisors(x.shape(), type.shape(), pooling)));
    }
    // padding is -2^(n-3) and must stay below all values
    boolean padded = pooling.padH() > 0 || pooling.padW() > 0 || pooling.ceil();
    double peak = padded ? 2 * Math.scalb(e.reach(), e.scale()) : 0;
    return secret(
        type, new Enclosure(e.magnitude(), e.error(), e.scale(), Math.max(peak, e.peak())));
  }

  @Override
  public Bound reduce(Reduction reduction, Bound x, int[] axes, boolean keepAxes) {
    if (x instanceof Bound.Public p) {
      return constant(plain.reduce(reduction, p.tensor(), axes, keepAxes));
    }
    TensorType type = inference.reduce(reduction, x.type(), axes, keepAxes);
    boolean[] reduced = Shapes.axes(axes, x.shape().dimension());
    int count = 1;
    for (int i = 0; i < reduced.length; i++) {
      count *= reduced[i] ? (int) x.shape().get(i) : 1;
    }
    if (count == 0) {
      return unknown(type);
    }
    Enclosure e = enclosure(x);
    return switch (reduction) {
      case SUM -> secret(type, EnclosureMath.sum(e, count));
      case MEAN -> secret(type, math.divide(EnclosureMath.sum(e, count), count));
      case MAX, MIN -> secret(type, chosen(e, count));
      case PRODUCT -> secret(type, math.product(e, count));
      case VARIANCE -> {
        Enclosure mean = math.divide(EnclosureMath.sum(e, count), count);
        Enclosure centred = EnclosureMath.add(e, mean);
        Enclosure squares = EnclosureMath.sum(math.multiply(centred, centred, 1), count);
        yield secret(type, math.divide(squares, count));
      }
      case ALL, ANY ->
          isBit(x) ? secret(type, Enclosure.of(1, e.error() == 0 ? 0 : 1, 0)) : unknown(type);
    };
  }

  @Override
  public Bound argMax(Bound x, int axis, boolean smallest) {
    if (x instanceof Bound.Public p) {
      return constant(plain.argMax(p.tensor(), axis, smallest));
    }
    TensorType type = inference.argMax(x.type(), axis, smallest);
    double last = x.shape().get(Shapes.axis(axis, x.shape().dimension())) - 1;
    Enclosure e = enclosure(x);
    return secret(type, new Enclosure(last, e.error() == 0 ? 0 : last, 0, e.peak()));
  }

  @Override
  public Bound softmax(Bound x, int axis, boolean logarithm) {
    if (x instanceof Bound.Public p) {
      return constant(plain.softmax(p.tensor(), axis, logarithm));
    }
    TensorType type = inference.softmax(x.type(), axis, logarithm);
    int count = (int) x.shape().get(Shapes.axis(axis, x.shape().dimension()));
    return secret(type, math.softmax(enclosure(x), count, logarithm));
  }

  @Override
  public Bound cumSum(Bound x, int axis) {
    if (x instanceof Bound.Public p) {
      return constant(plain.cumSum(p.tensor(), axis));
    }
    int count = (int) x.shape().get(Shapes.axis(axis, x.shape().dimension()));
    return secret(
        inference.cumSum(x.type(), axis), EnclosureMath.sum(enclosure(x), Math.max(1, count)));
  }

  // ---- rearrangement

  @Override
  public Bound layout(Layout layout, Bound x) {
    if (x instanceof Bound.Public p) {
      return constant(plain.layout(layout, p.tensor()));
    }
    TensorType type = inference.layout(layout, x.type());
    PublicTensor value = value(x);
    Enclosure e = enclosure(x);
    if (layout.fill() != 0) {
      PublicTensor fill = PublicTensor.scalar(layout.fill(), DataType.FLOAT64);
      e = EnclosureMath.either(e, math.constant(fill, Math.max(e.scale(), math.bits(fill))));
    }
    return new Bound.Secret(type, e, value == null ? null : plain.layout(layout, value));
  }

  @Override
  public Bound concat(List<Bound> values, int axis) {
    List<PublicTensor> known =
        values.stream().map(ErrorBound::value).filter(Objects::nonNull).toList();
    boolean allKnown = known.size() == values.size();
    if (values.stream().allMatch(Bound.Public.class::isInstance)) {
      return constant(plain.concat(known, axis));
    }
    Enclosure either =
        values.stream().map(this::enclosure).reduce(EnclosureMath::either).orElseThrow();
    return new Bound.Secret(
        inference.concat(values.stream().map(Bound::type).toList(), axis),
        either,
        allKnown ? plain.concat(known, axis) : null);
  }

  @Override
  public Bound cast(Bound x, DataType type) {
    if (x instanceof Bound.Public p) {
      return constant(plain.cast(p.tensor(), type));
    }
    TensorType result = inference.cast(x.type(), type);
    boolean keepsValues = x.dataType() == type || type.isFloating() || isBit(x);
    return keepsValues ? new Bound.Secret(result, enclosure(x), value(x)) : unknown(result);
  }

  // ---- operands

  private static Bound secret(TensorType type, Enclosure enclosure) {
    return new Bound.Secret(type, enclosure, null);
  }

  private Bound unknown(TensorType type) {
    return secret(type, Enclosure.unknown());
  }

  private static boolean isBit(Bound x) {
    return x.dataType() == DataType.BOOLEAN;
  }

  /** The values, if they do not depend on inputs. */
  private static @Nullable PublicTensor value(Bound x) {
    if (x instanceof Bound.Secret secret) {
      return secret.value();
    }
    return ((Bound.Public) x).tensor();
  }

  /** As a secret, whose way here does not count. */
  private Enclosure enclosure(Bound x) {
    return x instanceof Bound.Secret secret
        ? secret.enclosure().fresh()
        : math.secret(((Bound.Public) x).tensor());
  }

  /** As a factor: public numbers keep as few fraction bits as they need. */
  private Enclosure factor(Bound x) {
    return x instanceof Bound.Public p
        ? math.constant(p.tensor(), math.bits(p.tensor()))
        : enclosure(x);
  }
}
