package org.djlmpc.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.djlmpc.autograd.Recorder;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.Operators;
import org.djlmpc.graph.Pooling;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.ring.ConvolutionSpec;
import org.jspecify.annotations.Nullable;

/**
 * Every operator on arrays, of whatever kind: the one way from DJL's methods to the protocols.
 *
 * <p>The kind of the arguments decides who computes: the tracer if one has only a shape, the
 * protocol if one is secret, plain Java if all are public. The result belongs to one manager, and
 * if a {@link Recorder} is attached to that manager's context it learns of the operator.
 */
final class ArrayOperators implements Operators<MpcNDArray> {
  private final MpcNDManager manager;

  ArrayOperators(MpcNDManager manager) {
    this.manager = manager;
  }

  private static Operators<Value> of(@Nullable MpcNDArray... arguments) {
    return Arrays.stream(arguments)
        .filter(Objects::nonNull)
        .map(MpcNDArray::value)
        .reduce((a, b) -> a.rank() >= b.rank() ? a : b)
        .orElseThrow()
        .operators();
  }

  private MpcNDArray result(
      String operator,
      Value value,
      Map<String, Object> attributes,
      @Nullable MpcNDArray... inputs) {
    MpcNDArray output = manager.create(value);
    Recorder recorder = manager.context().recorder();
    if (recorder != null) {
      NDList given = new NDList(inputs.length);
      Arrays.stream(inputs).filter(Objects::nonNull).forEach(given::add);
      recorder.record(operator, given, new NDList(output), new NDList(), attributes);
    }
    return output;
  }

  private static String name(Enum<?> function) {
    return function.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable Value value(@Nullable MpcNDArray x) {
    return x == null ? null : x.value();
  }

  /** Another array with the same value. */
  MpcNDArray copy(MpcNDArray x) {
    return result(Recorder.ASSIGN, x.value().retain(), Map.of(), x);
  }

  /** Gives {@code target} the value of {@code source}, which the caller no longer needs. */
  void assign(MpcNDArray target, MpcNDArray source) {
    target.replace(source.value().retain());
    assigned(target, source);
  }

  /** Notes that {@code target} has got the value of {@code source}, and lets go of the source. */
  void assigned(MpcNDArray target, MpcNDArray source) {
    Recorder recorder = manager.context().recorder();
    if (recorder == null) {
      source.close();
    } else {
      // a tape may still ask for the source; its manager closes it
      recorder.record(
          Recorder.ASSIGN, new NDList(source), new NDList(target), new NDList(), Map.of());
    }
  }

  /**
   * A function with a number of DJL's caller.
   *
   * <p>A public number keeps its Java type, because it takes part in the promotion of types.
   */
  MpcNDArray scalar(Binary function, MpcNDArray x, Number number, boolean numberFirst) {
    if (!(x.value() instanceof Value.Public)) {
      return scalar(function, x, number.doubleValue(), numberFirst);
    }
    MpcNDArray constant = (MpcNDArray) manager.create(number);
    MpcNDArray result = numberFirst ? binary(function, constant, x) : binary(function, x, constant);
    if (manager.context().recorder() == null) {
      constant.close();
    }
    return result;
  }

  @Override
  public Shape shape(MpcNDArray x) {
    return x.getShape();
  }

  @Override
  public DataType dataType(MpcNDArray x) {
    return x.getDataType();
  }

  @Override
  public MpcNDArray unary(Unary function, MpcNDArray x) {
    return result(name(function), of(x).unary(function, x.value()), Map.of(), x);
  }

  @Override
  public MpcNDArray binary(Binary function, MpcNDArray a, MpcNDArray b) {
    Value value = of(a, b).binary(function, a.value(), b.value());
    return result(name(function), value, Map.of(), a, b);
  }

  @Override
  public MpcNDArray scalar(Binary function, MpcNDArray x, double number, boolean numberFirst) {
    Value value = of(x).scalar(function, x.value(), number, numberFirst);
    return result(name(function), value, Map.of("number", number, "number_first", numberFirst), x);
  }

  @Override
  public MpcNDArray where(MpcNDArray condition, MpcNDArray a, MpcNDArray b) {
    Value value = of(condition, a, b).where(condition.value(), a.value(), b.value());
    return result("where", value, Map.of(), condition, a, b);
  }

  @Override
  public MpcNDArray clip(MpcNDArray x, double min, double max) {
    Value value = of(x).clip(x.value(), min, max);
    return result("clip", value, Map.of("min", min, "max", max), x);
  }

  @Override
  public MpcNDArray leakyRelu(MpcNDArray x, double slope) {
    Value value = of(x).leakyRelu(x.value(), slope);
    return result("leaky_relu", value, Map.of("slope", slope), x);
  }

  @Override
  public MpcNDArray prelu(MpcNDArray x, MpcNDArray slope) {
    return result("prelu", of(x, slope).prelu(x.value(), slope.value()), Map.of(), x, slope);
  }

  @Override
  public MpcNDArray matmul(MpcNDArray a, MpcNDArray b) {
    return result("matmul", of(a, b).matmul(a.value(), b.value()), Map.of(), a, b);
  }

  @Override
  public MpcNDArray linear(MpcNDArray x, MpcNDArray weight, @Nullable MpcNDArray bias) {
    Value value = of(x, weight, bias).linear(x.value(), weight.value(), value(bias));
    return result("linear", value, Map.of(), x, weight, bias);
  }

  @Override
  public MpcNDArray convolution(
      MpcNDArray x, MpcNDArray weight, @Nullable MpcNDArray bias, ConvolutionSpec spec) {
    Value value = of(x, weight, bias).convolution(x.value(), weight.value(), value(bias), spec);
    return result("convolution", value, Attributes.of(spec), x, weight, bias);
  }

  @Override
  public MpcNDArray pool(MpcNDArray x, Pooling pooling) {
    String operator = pooling.kind() == Pooling.Kind.MAX ? "max_pool" : "avg_pool";
    return result(operator, of(x).pool(x.value(), pooling), Attributes.of(pooling), x);
  }

  @Override
  public MpcNDArray batchNorm(
      MpcNDArray x,
      MpcNDArray mean,
      MpcNDArray variance,
      @Nullable MpcNDArray gamma,
      @Nullable MpcNDArray beta,
      int axis,
      double epsilon) {
    Value value =
        of(x, mean, variance, gamma, beta)
            .batchNorm(
                x.value(),
                mean.value(),
                variance.value(),
                value(gamma),
                value(beta),
                axis,
                epsilon);
    Map<String, Object> attributes =
        Map.of("axis", axis, "epsilon", epsilon, "gamma", gamma != null, "beta", beta != null);
    return result("batch_norm", value, attributes, x, mean, variance, gamma, beta);
  }

  @Override
  public MpcNDArray reduce(Reduction reduction, MpcNDArray x, int[] axes, boolean keepAxes) {
    Value value = of(x).reduce(reduction, x.value(), axes, keepAxes);
    return result(
        "reduce_" + name(reduction), value, Map.of("axes", axes.clone(), "keep_axes", keepAxes), x);
  }

  @Override
  public MpcNDArray argMax(MpcNDArray x, int axis, boolean smallest) {
    Value value = of(x).argMax(x.value(), axis, smallest);
    return result(smallest ? "arg_min" : "arg_max", value, Map.of("axis", axis), x);
  }

  @Override
  public MpcNDArray softmax(MpcNDArray x, int axis, boolean logarithm) {
    Value value = of(x).softmax(x.value(), axis, logarithm);
    return result(logarithm ? "log_softmax" : "softmax", value, Map.of("axis", axis), x);
  }

  @Override
  public MpcNDArray cumSum(MpcNDArray x, int axis) {
    return result("cum_sum", of(x).cumSum(x.value(), axis), Map.of("axis", axis), x);
  }

  @Override
  public MpcNDArray layout(Layout layout, MpcNDArray x) {
    String operator = layout.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    return result(operator, of(x).layout(layout, x.value()), Attributes.of(layout), x);
  }

  @Override
  public MpcNDArray concat(List<MpcNDArray> values, int axis) {
    MpcNDArray[] inputs = values.toArray(MpcNDArray[]::new);
    Value value = of(inputs).concat(values.stream().map(MpcNDArray::value).toList(), axis);
    return result("concat", value, Map.of("axis", axis), inputs);
  }

  @Override
  public MpcNDArray cast(MpcNDArray x, DataType type) {
    return result("cast", of(x).cast(x.value(), type), Map.of("type", type), x);
  }

  @Override
  public MpcNDArray constant(PublicTensor tensor) {
    return manager.create(tensor);
  }

  /** The arrays as this engine's, those of other engines copied as public ones. */
  List<MpcNDArray> ours(NDArray first, NDList rest) {
    MpcNDArray[] all = new MpcNDArray[rest.size() + 1];
    all[0] = manager.from(first);
    for (int i = 0; i < rest.size(); i++) {
      all[i + 1] = manager.from(rest.get(i));
    }
    return List.of(all);
  }
}
