package org.djlmpc.zoo.torchscript.operators;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.graph.Operators.Reduction;
import org.djlmpc.graph.Operators.Unary;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.PartialOperators;
import org.djlmpc.zoo.torchscript.run.Arguments;
import org.djlmpc.zoo.torchscript.run.Operation;
import org.djlmpc.zoo.torchscript.run.UnsupportedCall;
import org.djlmpc.zoo.torchscript.run.Value;
import org.jspecify.annotations.Nullable;

/** Normalizations: by stored statistics, which fold into convolutions, or by the input's own. */
final class Normalizations {
  private Normalizations() {}

  static void addTo(Map<String, Operation> operations) {
    operations.put("batch_norm", Normalizations::batch);
    operations.put("instance_norm", Normalizations::instance);
    operations.put("layer_norm", a -> Results.tensor(layer(a)));
    operations.put(
        "native_layer_norm",
        a -> Value.TupleValue.of(Results.tensor(layer(a)), Value.Single.NONE, Value.Single.NONE));
    operations.put("group_norm", Normalizations::group);
    operations.put("_weight_norm", Normalizations::weight);
  }

  /** {@code (input, weight, bias, mean, variance, training, momentum, eps, cudnn)}. */
  private static Value batch(Arguments a) {
    Partial x = a.tensor(0, "input");
    if (!a.has(3, "running_mean")) {
      // made without stored statistics
      return own(a, x, IntStream.range(0, x.shape().dimension()).filter(i -> i != 1).toArray());
    }
    if (a.flag(5, "training", false)) {
      throw new UnsupportedCall(
          a.operator() + " in training mode", "call eval() before exporting the model");
    }
    return stored(a, x);
  }

  private static Value stored(Arguments a, Partial x) {
    return Results.tensor(
        a.operators()
            .batchNorm(
                x,
                a.tensor(3, "running_mean"),
                a.tensor(4, "running_var"),
                a.optionalTensor(1, "weight"),
                a.optionalTensor(2, "bias"),
                1,
                a.real(7, "eps", 1e-5)));
  }

  /** {@code (input, weight, bias, mean, variance, use_input_stats, momentum, eps, cudnn)}. */
  private static Value instance(Arguments a) {
    Partial x = a.tensor(0, "input");
    return a.flag(5, "use_input_stats", true)
        ? own(a, x, IntStream.range(2, x.shape().dimension()).toArray())
        : stored(a, x);
  }

  /** By the input's own statistics over some axes, with a scale for each channel. */
  private static Value own(Arguments a, Partial x, int[] axes) {
    PartialOperators o = a.operators();
    Partial y = standardized(o, x, axes, a.real(7, "eps", 1e-5));
    return Results.tensor(affine(o, y, a.optionalTensor(1, "weight"), a.optionalTensor(2, "bias")));
  }

  /** (x - mean) / sqrt(variance + epsilon). */
  private static Partial standardized(PartialOperators o, Partial x, int[] axes, double epsilon) {
    Partial mean = o.reduce(Reduction.MEAN, x, axes, true);
    Partial centred = o.binary(Binary.SUBTRACT, x, mean);
    Partial variance = o.reduce(Reduction.MEAN, o.unary(Unary.SQUARE, centred), axes, true);
    Partial deviation =
        o.unary(Unary.RECIPROCAL_SQRT, o.scalar(Binary.ADD, variance, epsilon, false));
    return o.binary(Binary.MULTIPLY, centred, deviation);
  }

  /** A scale and a shift for each entry of axis 1. */
  private static Partial affine(
      PartialOperators o, Partial x, @Nullable Partial weight, @Nullable Partial bias) {
    long[] shape = new long[x.shape().dimension() - 1];
    Arrays.fill(shape, 1);
    shape[0] = x.shape().get(1);
    Layout channels = Layout.reshape(shape);
    Partial y = weight == null ? x : o.binary(Binary.MULTIPLY, x, o.layout(channels, weight));
    return bias == null ? y : o.binary(Binary.ADD, y, o.layout(channels, bias));
  }

  /** {@code (input, normalized_shape, weight, bias, eps)}: over the last axes. */
  private static Partial layer(Arguments a) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "input");
    int rank = x.shape().dimension();
    int count = a.integers(1, "normalized_shape").length;
    if (count < 1 || count > rank) {
      throw a.wrong(1, "a list of " + count + " lengths");
    }
    int[] axes = IntStream.range(rank - count, rank).toArray();
    Partial y = standardized(o, x, axes, a.real(4, "eps", 1e-5));
    Partial weight = a.optionalTensor(2, "weight");
    Partial bias = a.optionalTensor(3, "bias");
    y = weight == null ? y : o.binary(Binary.MULTIPLY, y, weight);
    return bias == null ? y : o.binary(Binary.ADD, y, bias);
  }

  /** {@code (input, num_groups, weight, bias, eps)}. */
  private static Value group(Arguments a) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "input");
    Shape shape = x.shape();
    Partial groups = o.layout(Layout.reshape(shape.get(0), a.small(1, "num_groups"), -1), x);
    Partial y = standardized(o, groups, new int[] {2}, a.real(4, "eps", 1e-5));
    y = o.layout(Layout.reshape(shape.getShape()), y);
    return Results.tensor(affine(o, y, a.optionalTensor(2, "weight"), a.optionalTensor(3, "bias")));
  }

  /** {@code (v, g, dim)}: v g / ||v||, with a norm for each entry of an axis. */
  private static Value weight(Arguments a) {
    PartialOperators o = a.operators();
    Partial v = a.tensor(0, "v");
    int rank = v.shape().dimension();
    long dim = a.integer(2, "dim", 0);
    // -1 says: one norm of all
    int kept = dim == -1 ? -1 : Results.axis(a, dim, rank);
    int[] axes = IntStream.range(0, rank).filter(i -> i != kept).toArray();
    Partial norm =
        o.unary(Unary.SQRT, o.reduce(Reduction.SUM, o.unary(Unary.SQUARE, v), axes, true));
    Partial scale = o.binary(Binary.DIVIDE, a.tensor(1, "g"), norm);
    return Results.tensor(o.binary(Binary.MULTIPLY, v, scale));
  }
}
