package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Operand.Public;
import org.djlmpc.graph.Operand.Secret;
import org.djlmpc.protocol.Bilinear;
import org.djlmpc.protocol.Precision;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.SecretMath;
import org.djlmpc.protocol.Share;
import org.djlmpc.protocol.functions.Division;
import org.djlmpc.protocol.functions.Exponential;
import org.djlmpc.protocol.functions.OctaveFunction;
import org.djlmpc.protocol.functions.Room;
import org.djlmpc.protocol.functions.Softmax;
import org.djlmpc.protocol.functions.SplineFunction;
import org.djlmpc.ring.ConvolutionSpec;
import org.djlmpc.ring.IndexMap;
import org.djlmpc.ring.RingTensor;
import org.jspecify.annotations.Nullable;

/**
 * The operators on secrets: broadcasting, axes and data types here, arithmetic in {@link
 * SecretMath}, protocols below.
 *
 * <p>Public arguments stay public: public with public is computed in plain Java, secret with public
 * is local where the function is linear. The same code plans a program when the protocol below is a
 * planner.
 */
public final class SecretOperators implements Operators<Operand> {
  private final PublicOperators plain = new PublicOperators();
  private final SecretMath math;
  private final Protocol protocol;

  /** Operators over the primitives of a protocol. */
  public SecretOperators(Protocol protocol) {
    this(new SecretMath(protocol));
  }

  private SecretOperators(SecretMath math) {
    this.math = math;
    protocol = math.protocol();
  }

  @Override
  public SecretOperators with(Precision precision) {
    return precision.equals(Precision.STANDARD)
        ? this
        : new SecretOperators(new SecretMath(protocol, precision));
  }

  /** The arithmetic below. */
  public SecretMath math() {
    return math;
  }

  @Override
  public Shape shape(Operand x) {
    return x.shape();
  }

  @Override
  public DataType dataType(Operand x) {
    return x.dataType();
  }

  @Override
  public Operand constant(PublicTensor tensor) {
    return new Public(tensor);
  }

  // ---- elementwise

  @Override
  public Operand unary(Unary function, Operand x) {
    if (x instanceof Public p) {
      return new Public(plain.unary(function, p.tensor()));
    }
    Share s = share(x);
    return switch (function) {
      case NEGATE -> number(protocol.negate(s));
      case ABS -> number(math.abs(s));
      case SIGN -> number(math.sign(s));
      case SQUARE -> number(math.multiply(Bilinear.ELEMENTWISE, s, s));
      case RELU -> number(math.relu(s));
      case LOGICAL_NOT -> bool(math.not(bit(x)));
      case HARD_SIGMOID -> number(hardSigmoid(s));
      case HARD_SWISH -> number(math.multiply(Bilinear.ELEMENTWISE, s, hardSigmoid(s)));
      case SIGMOID -> number(SplineFunction.SIGMOID.of(math, s));
      case TANH -> number(SplineFunction.TANH.of(math, s));
      case ERF -> number(SplineFunction.ERF.of(math, s));
      case GELU -> number(SplineFunction.GELU.of(math, s));
      case SILU -> number(SplineFunction.SILU.of(math, s));
      case SOFTPLUS -> number(SplineFunction.SOFTPLUS.of(math, s));
      case EXP -> number(Exponential.of(room()).of(math, s));
      case LOG -> number(OctaveFunction.LOG.of(math, s));
      case SQRT -> number(OctaveFunction.SQRT.of(math, s));
      case RECIPROCAL -> number(new Division(math).reciprocal(s));
      case RECIPROCAL_SQRT -> number(OctaveFunction.RECIPROCAL_SQRT.of(math, s));
      case FLOOR, CEIL, ROUND, SIN, COS ->
          throw unsupported(
              function.name(), "use comparisons, or compute it where the values are public");
    };
  }

  private Room room() {
    return Room.of(math.fixedPoint());
  }

  /** min(max(x / 6 + 1 / 2, 0), 1). */
  private Share hardSigmoid(Share x) {
    // rescaled once, before both comparisons: outside of the ramp the result is then exact
    Share ramp = math.rescale(math.addPublic(math.multiplyPublic(x, 1.0 / 6), 0.5));
    return math.clip(ramp, 0, 1);
  }

  @Override
  public Operand binary(Binary function, Operand a, Operand b) {
    if (a instanceof Public x && b instanceof Public y) {
      return new Public(plain.binary(function, x.tensor(), y.tensor()));
    }
    Shape shape = Shapes.broadcast(a.shape(), b.shape());
    return switch (function) {
      case ADD -> number(sum(a, b, shape));
      case SUBTRACT -> number(difference(a, b, shape));
      case MULTIPLY -> number(product(a, b, shape));
      case DIVIDE -> {
        if (b instanceof Public divisor) {
          yield number(
              product(a, new Public(plain.unary(Unary.RECIPROCAL, floating(divisor))), shape));
        }
        yield number(quotient(a, share(b), shape));
      }
      case MAXIMUM -> number(math.maximum(secret(a, shape), secret(b, shape)));
      case MINIMUM -> number(math.minimum(secret(a, shape), secret(b, shape)));
      case GREATER_OR_EQUAL -> bool(math.nonNegativeDifference(difference(a, b, shape)));
      case LESS_OR_EQUAL -> bool(math.nonNegativeDifference(difference(b, a, shape)));
      case LESS -> bool(math.not(math.nonNegativeDifference(difference(a, b, shape))));
      case GREATER -> bool(math.not(math.nonNegativeDifference(difference(b, a, shape))));
      case EQUAL -> bool(protocol.isZero(difference(a, b, shape)));
      case NOT_EQUAL -> bool(math.not(protocol.isZero(difference(a, b, shape))));
      case AND -> bool(product(bitOperand(a), bitOperand(b), shape));
      case OR -> {
        Share both = product(bitOperand(a), bitOperand(b), shape);
        yield bool(math.subtract(sum(bitOperand(a), bitOperand(b), shape), both));
      }
      case XOR -> {
        Share both = product(bitOperand(a), bitOperand(b), shape);
        yield bool(
            math.subtract(math.subtract(sum(bitOperand(a), bitOperand(b), shape), both), both));
      }
      case POWER, REMAINDER ->
          throw unsupported(
              function.name() + " of a secret", "use products, such as x * x, exp or log");
    };
  }

  @Override
  public Operand scalar(Binary function, Operand x, double number, boolean numberFirst) {
    if (x instanceof Public p) {
      return new Public(plain.scalar(function, p.tensor(), number, numberFirst));
    }
    if (!Double.isFinite(number)) {
      throw new MpcException(
          ErrorCode.NOT_FINITE,
          "A secret is combined with the number " + number + ".",
          "Use finite numbers; for limits use clip.");
    }
    Share s = share(x);
    if (function == Binary.ADD) {
      return number(math.addPublic(s, number));
    }
    if (function == Binary.SUBTRACT) {
      return number(
          numberFirst ? math.addPublic(protocol.negate(s), number) : math.addPublic(s, -number));
    }
    if (function == Binary.MULTIPLY) {
      return number(math.multiplyPublic(s, number));
    }
    if (function == Binary.DIVIDE && !numberFirst) {
      if (number == 0) {
        throw new MpcException(ErrorCode.ARGUMENT, "Division by 0.", "Divide by another number.");
      }
      return number(math.multiplyPublic(s, 1 / number));
    }
    if (function == Binary.POWER
        && !numberFirst
        && number == Math.rint(number)
        && number >= 2
        && number <= 64) {
      return number(power(s, (int) number));
    }
    if (function == Binary.POWER && !numberFirst) {
      return power(x, number);
    }
    if (function == Binary.POWER && number > 0) {
      return exponential(math.multiplyPublic(s, Math.log(number)));
    }
    Operand constant = new Public(PublicTensor.scalar(number, DataType.FLOAT64));
    return numberFirst ? binary(function, constant, x) : binary(function, x, constant);
  }

  /** a / b for a secret b, whose reciprocals are computed before they are repeated. */
  private Share quotient(Operand a, Share b, Shape shape) {
    Division division = new Division(math);
    Share reciprocals = protocolBroadcast(division.fineReciprocal(b), shape);
    return a instanceof Public p
        ? division.times(broadcast(p.tensor(), shape).doubles(), reciprocals)
        : division.times(secret(a, shape), reciprocals);
  }

  /** e^x for x that the operator made of its arguments. */
  private Operand exponential(Share x) {
    return number(Exponential.of(room()).of(math.unbounded(), x));
  }

  /** A power that is no whole number from 2 to 64. */
  private Operand power(Operand x, double exponent) {
    if (exponent == 0) {
      return number(protocol.constant(RingTensor.full(protocol.ring(), x.shape(), 1), 0));
    }
    if (exponent == 1) {
      return number(protocol.copy(share(x)));
    }
    if (exponent == 0.5) {
      return unary(Unary.SQRT, x);
    }
    if (exponent == -0.5) {
      return unary(Unary.RECIPROCAL_SQRT, x);
    }
    if (exponent == -1) {
      return unary(Unary.RECIPROCAL, x);
    }
    if (exponent == Math.rint(exponent)) {
      throw unsupported(
          "POWER with exponent " + exponent, "use products, or the reciprocal of a product");
    }
    // of positive numbers
    return exponential(math.multiplyPublic(share(unary(Unary.LOG, x)), exponent));
  }

  private Share power(Share x, int exponent) {
    Share result = x;
    for (int bit = Integer.highestOneBit(exponent) >> 1; bit > 0; bit >>= 1) {
      result = math.multiply(Bilinear.ELEMENTWISE, result, result);
      if ((exponent & bit) != 0) {
        result = math.multiply(Bilinear.ELEMENTWISE, result, x);
      }
    }
    return result;
  }

  @Override
  public Operand where(Operand condition, Operand a, Operand b) {
    Shape shape = Shapes.broadcast(Shapes.broadcast(condition.shape(), a.shape()), b.shape());
    if (condition instanceof Public c) {
      if (a instanceof Public x && b instanceof Public y) {
        return new Public(plain.where(c.tensor(), x.tensor(), y.tensor()));
      }
      PublicTensor chosen =
          plain.cast(
              plain.unary(Unary.LOGICAL_NOT, plain.unary(Unary.LOGICAL_NOT, c.tensor())),
              DataType.FLOAT32);
      PublicTensor rest = plain.scalar(Binary.SUBTRACT, chosen, 1, true);
      return binary(
          Binary.ADD,
          binary(Binary.MULTIPLY, a, new Public(chosen)),
          binary(Binary.MULTIPLY, b, new Public(rest)));
    }
    return number(
        math.where(protocolBroadcast(bit(condition), shape), secret(a, shape), secret(b, shape)));
  }

  @Override
  public Operand clip(Operand x, double min, double max) {
    if (x instanceof Public p) {
      return new Public(plain.clip(p.tensor(), min, max));
    }
    return Double.isInfinite(min) && Double.isInfinite(max)
        ? x
        : number(math.clip(share(x), min, max));
  }

  @Override
  public Operand leakyRelu(Operand x, double slope) {
    if (x instanceof Public p) {
      return new Public(plain.leakyRelu(p.tensor(), slope));
    }
    Share s = share(x);
    Share positive = math.reluAndRescale(s);
    Share y = math.rescale(s);
    return number(
        math.add(math.multiplyPublic(y, slope), math.multiplyPublic(positive, 1 - slope)));
  }

  @Override
  public Operand prelu(Operand x, Operand slope) {
    if (x instanceof Public p && slope instanceof Public s) {
      return new Public(plain.prelu(p.tensor(), s.tensor()));
    }
    // relu(x) + slope (x - relu(x)), one slope for each channel
    Shape shape = x.shape();
    long[] perChannel = new long[shape.dimension()];
    Arrays.fill(perChannel, 1);
    if (slope.shape().size() > 1) {
      perChannel[1] = slope.shape().size();
    }
    Share s = secret(x, shape);
    Share positive = math.reluAndRescale(s);
    Operand negative = number(protocol.subtract(math.rescale(s), positive));
    Operand factors = layout(new Layout.Reshape(new Shape(perChannel)), slope);
    return number(math.add(positive, product(negative, factors, shape)));
  }

  // ---- linear

  @Override
  public Operand matmul(Operand a, Operand b) {
    if (a instanceof Public x && b instanceof Public y) {
      return new Public(plain.matmul(x.tensor(), y.tensor()));
    }
    MatmulShape plan = MatmulShape.of(a.shape(), b.shape());
    Operand left = batched(reshaped(a, plan.left()), plan.batch());
    Operand right = batched(reshaped(b, plan.right()), plan.batch());
    return number(protocol.reshape(bilinear(Bilinear.MATMUL, left, right), plan.output()));
  }

  /** (m, k) as it is without batch, else (batch, m, k) with one batch axis. */
  private Operand batched(Operand x, Shape batch) {
    if (batch.dimension() == 0) {
      return x;
    }
    Shape matrix = x.shape().slice(x.shape().dimension() - 2);
    Operand wide = layout(new Layout.Broadcast(batch.addAll(matrix)), x);
    return reshaped(wide, new Shape(batch.size()).addAll(matrix));
  }

  @Override
  public Operand linear(Operand x, Operand weight, @Nullable Operand bias) {
    if (x instanceof Public p
        && weight instanceof Public w
        && (bias == null || bias instanceof Public)) {
      return new Public(
          plain.linear(p.tensor(), w.tensor(), bias == null ? null : ((Public) bias).tensor()));
    }
    Shape in = x.shape();
    long features = in.get(in.dimension() - 1);
    Operand rows = reshaped(x, new Shape(in.size() / Math.max(1, features), features));
    Operand product = number(bilinear(Bilinear.LINEAR, rows, weight));
    Operand sum = bias == null ? product : binary(Binary.ADD, product, bias);
    return reshaped(sum, in.slice(0, in.dimension() - 1).add(weight.shape().get(0)));
  }

  @Override
  public Operand convolution(
      Operand x, Operand weight, @Nullable Operand bias, ConvolutionSpec spec) {
    if (x instanceof Public p
        && weight instanceof Public w
        && (bias == null || bias instanceof Public)) {
      return new Public(
          plain.convolution(
              p.tensor(), w.tensor(), bias == null ? null : ((Public) bias).tensor(), spec));
    }
    Operand product = number(bilinear(Bilinear.convolution(spec), x, weight));
    if (bias == null) {
      return product;
    }
    return binary(Binary.ADD, product, reshaped(bias, new Shape(1, bias.shape().size(), 1, 1)));
  }

  private Share bilinear(Bilinear map, Operand a, Operand b) {
    map.outputShape(a.shape(), b.shape());
    if (a instanceof Public x) {
      return math.multiplyPublic(map, share(b), x.tensor().doubles(), x.shape(), true);
    }
    if (b instanceof Public y) {
      return math.multiplyPublic(map, share(a), y.tensor().doubles(), y.shape(), false);
    }
    return math.multiply(map, share(a), share(b));
  }

  @Override
  public Operand batchNorm(
      Operand x,
      Operand mean,
      Operand variance,
      @Nullable Operand gamma,
      @Nullable Operand beta,
      int axis,
      double epsilon) {
    if (x instanceof Public p
        && mean instanceof Public m
        && variance instanceof Public v
        && (gamma == null || gamma instanceof Public)
        && (beta == null || beta instanceof Public)) {
      return new Public(
          plain.batchNorm(
              p.tensor(),
              m.tensor(),
              v.tensor(),
              gamma == null ? null : ((Public) gamma).tensor(),
              beta == null ? null : ((Public) beta).tensor(),
              axis,
              epsilon));
    }
    Shape shape = x.shape();
    long[] perChannel = new long[shape.dimension()];
    Arrays.fill(perChannel, 1);
    int channelAxis = Shapes.axis(axis, shape.dimension());
    perChannel[channelAxis] = shape.get(channelAxis);
    Shape channels = new Shape(perChannel);
    Operand scale = inverseDeviation(variance, epsilon);
    if (gamma != null) {
      scale = binary(Binary.MULTIPLY, scale, gamma);
    }
    Operand centred = binary(Binary.SUBTRACT, x, reshaped(mean, channels));
    Operand result = binary(Binary.MULTIPLY, centred, reshaped(scale, channels));
    return beta == null ? result : binary(Binary.ADD, result, reshaped(beta, channels));
  }

  /** 1 / sqrt(variance + epsilon). */
  private Operand inverseDeviation(Operand variance, double epsilon) {
    if (variance instanceof Public v) {
      PublicTensor deviation =
          plain.unary(Unary.SQRT, plain.scalar(Binary.ADD, v.tensor(), epsilon, false));
      return new Public(plain.unary(Unary.RECIPROCAL, deviation));
    }
    Share positive = math.addPublic(share(variance), epsilon);
    return number(OctaveFunction.RECIPROCAL_SQRT.of(math.unbounded(), positive));
  }

  // ---- pooling, reductions, positions

  @Override
  public Operand pool(Operand x, Pooling pooling) {
    if (x instanceof Public p) {
      return new Public(plain.pool(p.tensor(), pooling));
    }
    Share s = share(x);
    Shape in = s.shape();
    Shape out = pooling.outputShape(in);
    IndexMap windows =
        IndexMap.windows(
            in,
            pooling.kernelH(),
            pooling.kernelW(),
            pooling.strideH(),
            pooling.strideW(),
            pooling.padH(),
            pooling.padW(),
            (int) out.get(2),
            (int) out.get(3));
    Share values = protocol.rearrange(s, windows);
    if (pooling.kind() == Pooling.Kind.MAX) {
      return number(math.maximumOfFirstAxis(withoutPadding(values, windows)));
    }
    Share sum = protocol.sum(values, new int[] {0}, false);
    PublicTensor divisors = reciprocals(pooling, in);
    if (divisors.size() == 1) {
      return number(math.multiplyPublic(sum, divisors.getDouble(0)));
    }
    return binary(Binary.MULTIPLY, number(sum), new Public(divisors));
  }

  /**
   * One over the number of elements that each window's mean divides by: one number if it is always
   * the same.
   */
  private static PublicTensor reciprocals(Pooling p, Shape in) {
    Shape out = p.outputShape(in);
    int rows = (int) out.get(2);
    int columns = (int) out.get(3);
    double[] values = new double[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          1.0
              / (covered(
                      i / columns, p.kernelH(), p.strideH(), p.padH(), in.get(2), p.countPadding())
                  * covered(
                      i % columns,
                      p.kernelW(),
                      p.strideW(),
                      p.padW(),
                      in.get(3),
                      p.countPadding()));
    }
    boolean same = Arrays.stream(values).allMatch(v -> v == values[0]);
    return same
        ? PublicTensor.scalar(values[0], DataType.FLOAT64)
        : PublicTensor.of(values, new Shape(1, 1, rows, columns));
  }

  /** Positions that a window covers on one axis; padding counts up to the padded length only. */
  private static long covered(
      int index, int kernel, int stride, int pad, long length, boolean countPadding) {
    long begin = (long) index * stride - pad;
    long end = Math.min(begin + kernel, length + pad);
    return countPadding ? end - begin : Math.min(end, length) - Math.max(begin, 0);
  }

  /** Padding never wins a maximum: it gets a value below every value that the encoding allows. */
  private Share withoutPadding(Share values, IndexMap windows) {
    if (!windows.isFilled()) {
      return values;
    }
    long least = math.least(values.scale());
    return protocol.addPublic(values, RingTensor.outside(protocol.ring(), windows, least));
  }

  @Override
  public Operand reduce(Reduction reduction, Operand x, int[] axes, boolean keepAxes) {
    if (x instanceof Public p) {
      return new Public(plain.reduce(reduction, p.tensor(), axes, keepAxes));
    }
    Share s = share(x);
    Shape shape = s.shape();
    boolean[] named = Shapes.axes(axes, shape.dimension());
    int[] reduced = IntStream.range(0, named.length).filter(i -> named[i]).toArray();
    long count = Arrays.stream(reduced).mapToLong(shape::get).reduce(1, (a, b) -> a * b);
    if (count == 0) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "A reduction over no elements of " + shape + ".",
          "Use a non-empty array.");
    }
    return switch (reduction) {
      case SUM -> number(protocol.sum(s, reduced, keepAxes));
      case MEAN -> number(math.multiplyPublic(protocol.sum(s, reduced, keepAxes), 1.0 / count));
      case MAX -> number(keep(math.maximumOfFirstAxis(front(s, reduced)), shape, named, keepAxes));
      case MIN ->
          number(
              keep(
                  protocol.negate(math.maximumOfFirstAxis(front(protocol.negate(s), reduced))),
                  shape,
                  named,
                  keepAxes));
      case PRODUCT ->
          number(keep(math.productOfFirstAxis(front(s, reduced)), shape, named, keepAxes));
      case VARIANCE -> {
        Operand mean = reduce(Reduction.MEAN, x, axes, true);
        Operand centred = binary(Binary.SUBTRACT, x, mean);
        Share squares = protocol.sum(share(unary(Unary.SQUARE, centred)), reduced, keepAxes);
        yield number(math.multiplyPublic(squares, 1.0 / count));
      }
      case ALL ->
          bool(
              protocol.isZero(
                  math.addPublic(protocol.sum(bit(x), reduced, keepAxes), (double) -count)));
      case ANY -> bool(math.not(protocol.isZero(protocol.sum(bit(x), reduced, keepAxes))));
    };
  }

  /** The reduced axes in front, as one. */
  private Share front(Share x, int[] reduced) {
    Shape shape = x.shape();
    List<Integer> order = new ArrayList<>();
    Shape rest = new Shape();
    long count = 1;
    for (int axis : reduced) {
      order.add(axis);
      count *= shape.get(axis);
    }
    for (int axis = 0; axis < shape.dimension(); axis++) {
      if (!order.contains(axis)) {
        order.add(axis);
        rest = rest.add(shape.get(axis));
      }
    }
    int[] axes = order.stream().mapToInt(Integer::intValue).toArray();
    return protocol.reshape(
        protocol.rearrange(x, IndexMap.permute(shape, axes)), new Shape(count).addAll(rest));
  }

  private Share keep(Share reduced, Shape in, boolean[] named, boolean keepAxes) {
    if (!keepAxes) {
      return reduced;
    }
    long[] lengths = in.getShape().clone();
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = named[i] ? 1 : lengths[i];
    }
    return protocol.reshape(reduced, new Shape(lengths));
  }

  @Override
  public Operand argMax(Operand x, int axis, boolean smallest) {
    if (x instanceof Public p) {
      return new Public(plain.argMax(p.tensor(), axis, smallest));
    }
    Share s = smallest ? protocol.negate(share(x)) : share(x);
    int reduced = Shapes.axis(axis, s.shape().dimension());
    return new Secret(math.argMaxOfFirstAxis(front(s, new int[] {reduced})), DataType.INT64);
  }

  @Override
  public Operand softmax(Operand x, int axis, boolean logarithm) {
    if (x instanceof Public p) {
      return new Public(plain.softmax(p.tensor(), axis, logarithm));
    }
    Share s = share(x);
    int along = Shapes.axis(axis, s.shape().dimension());
    int[] order = IntStream.range(0, s.shape().dimension()).toArray();
    System.arraycopy(order, 0, order, 1, along);
    order[0] = along;
    IndexMap front = IndexMap.permute(s.shape(), order);
    Softmax softmax = new Softmax(room(), (int) s.shape().get(along), logarithm);
    Share result = softmax.ofFirstAxis(math, protocol.rearrange(s, front));
    int[] back = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      back[order[i]] = i;
    }
    return number(protocol.rearrange(result, IndexMap.permute(result.shape(), back)));
  }

  @Override
  public Operand cumSum(Operand x, int axis) {
    if (x instanceof Public p) {
      return new Public(plain.cumSum(p.tensor(), axis));
    }
    int along = Shapes.axis(axis, x.shape().dimension());
    return x.shape().get(along) > 1 ? number(math.cumulativeSum(share(x), along)) : x;
  }

  // ---- rearrangement

  @Override
  public Operand layout(Layout layout, Operand x) {
    if (x instanceof Public p) {
      return new Public(plain.layout(layout, p.tensor()));
    }
    Share s = share(x);
    IndexMap map = layout.indexMap(s.shape());
    Share result =
        map.isIdentity() ? protocol.reshape(s, map.outputShape()) : protocol.rearrange(s, map);
    if (layout.fill() != 0) {
      double fill = layout.fill();
      double[] around = new double[Shapes.size(map.outputShape())];
      map.apply(new double[Shapes.size(map.inputShape())], around, fill);
      result = math.addPublic(result, around);
    }
    return new Secret(result, x.dataType());
  }

  @Override
  public Operand concat(List<Operand> values, int axis) {
    if (values.stream().allMatch(Public.class::isInstance)) {
      return new Public(
          plain.concat(values.stream().map(v -> ((Public) v).tensor()).toList(), axis));
    }
    List<Share> shares = values.stream().map(v -> secret(v, v.shape())).toList();
    int scale = shares.stream().mapToInt(Share::scale).max().orElseThrow();
    DataType type =
        values.stream().allMatch(v -> v.dataType() == DataType.BOOLEAN)
            ? DataType.BOOLEAN
            : DataType.FLOAT32;
    return new Secret(
        protocol.concat(
            shares.stream().map(s -> math.atScale(s, scale)).toList(),
            Shapes.axis(axis, shares.get(0).shape().dimension())),
        type);
  }

  @Override
  public Operand cast(Operand x, DataType type) {
    if (x instanceof Public p) {
      return new Public(plain.cast(p.tensor(), type));
    }
    boolean keepsValues =
        x.dataType() == type || type.isFloating() || x.dataType() == DataType.BOOLEAN;
    if (!keepsValues) {
      throw unsupported(
          "cast of a secret " + x.dataType() + " to " + type,
          "compare with gt(0) for a BOOLEAN secret");
    }
    // a copy, because a share is closed with the operand that holds it
    return x.dataType() == type ? x : new Secret(protocol.copy(share(x)), type);
  }

  // ---- operands

  /** The share of a secret. */
  private static Share share(Operand x) {
    if (x instanceof Secret secret) {
      return secret.share();
    }
    throw new MpcException(
        ErrorCode.INTERNAL,
        "A public array stands for a secret.",
        "Report this with the stack trace.");
  }

  private Share bit(Operand x) {
    return share(bitOperand(x));
  }

  private static Operand bitOperand(Operand x) {
    if (x.dataType() != DataType.BOOLEAN) {
      throw new MpcException(
          ErrorCode.DATA_TYPE,
          "A logical operator on " + x.dataType() + ".",
          "Compare first, for instance with neq(0).");
    }
    return x;
  }

  private static Operand number(Share share) {
    return new Secret(share, DataType.FLOAT32);
  }

  private static Operand bool(Share share) {
    return new Secret(share, DataType.BOOLEAN);
  }

  private Operand reshaped(Operand x, Shape shape) {
    return x.shape().equals(shape) ? x : layout(new Layout.Reshape(shape), x);
  }

  private Share protocolBroadcast(Share x, Shape shape) {
    return x.shape().equals(shape)
        ? x
        : protocol.rearrange(x, IndexMap.broadcast(x.shape(), shape));
  }

  /** A share of this shape, public values included. */
  private Share secret(Operand x, Shape shape) {
    if (x instanceof Secret s) {
      return protocolBroadcast(s.share(), shape);
    }
    PublicTensor tensor = ((Public) x).tensor();
    int scale = math.fixedPoint().fractionBits();
    RingTensor encoded = math.fixedPoint().encode(tensor.doubles(), tensor.shape(), scale);
    return protocolBroadcast(protocol.constant(encoded, scale), shape);
  }

  private Share sum(Operand a, Operand b, Shape shape) {
    if (b instanceof Public p) {
      return math.addPublic(secret(a, shape), broadcast(p.tensor(), shape).doubles());
    }
    if (a instanceof Public) {
      return sum(b, a, shape);
    }
    return math.add(secret(a, shape), secret(b, shape));
  }

  private Share difference(Operand a, Operand b, Shape shape) {
    if (b instanceof Public p) {
      return sum(a, new Public(plain.unary(Unary.NEGATE, signed(p.tensor()))), shape);
    }
    if (a instanceof Public) {
      return sum(number(protocol.negate(share(b))), a, shape);
    }
    return math.subtract(secret(a, shape), secret(b, shape));
  }

  private Share product(Operand a, Operand b, Shape shape) {
    if (a instanceof Public) {
      return product(b, a, shape);
    }
    if (b instanceof Public p) {
      return p.tensor().size() == 1
          ? math.multiplyPublic(secret(a, shape), p.tensor().getDouble(0))
          : math.multiplyPublic(
              Bilinear.ELEMENTWISE,
              secret(a, shape),
              broadcast(p.tensor(), shape).doubles(),
              shape,
              false);
    }
    return math.multiply(Bilinear.ELEMENTWISE, secret(a, shape), secret(b, shape));
  }

  private PublicTensor broadcast(PublicTensor x, Shape shape) {
    return x.shape().equals(shape) ? x : x.rearrange(IndexMap.broadcast(x.shape(), shape));
  }

  private PublicTensor floating(Public x) {
    return x.tensor().isFloating() ? x.tensor() : plain.cast(x.tensor(), DataType.FLOAT64);
  }

  private PublicTensor signed(PublicTensor x) {
    return x.dataType() == DataType.BOOLEAN || x.dataType() == DataType.UINT8
        ? plain.cast(x, DataType.INT64)
        : x;
  }

  private static UnsupportedOperationException unsupported(String operator, String wayOut) {
    return new UnsupportedOperationException(
        operator + " does not exist on secrets; " + wayOut + ".");
  }
}
