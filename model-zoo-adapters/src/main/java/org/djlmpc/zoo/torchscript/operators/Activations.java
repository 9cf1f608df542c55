package org.djlmpc.zoo.torchscript.operators;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.graph.Operators.Unary;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.PartialOperators;
import org.djlmpc.zoo.torchscript.run.Arguments;
import org.djlmpc.zoo.torchscript.run.Operation;
import org.djlmpc.zoo.torchscript.run.UnsupportedCall;
import org.djlmpc.zoo.torchscript.run.Value;

/** Activation functions, and dropout, which does nothing at inference. */
final class Activations {
  private static final double POSITIVE = Double.POSITIVE_INFINITY;
  private static final double NEGATIVE = Double.NEGATIVE_INFINITY;

  /** Of SELU: Klambauer et al., "Self-Normalizing Neural Networks", NeurIPS 2017, section 2. */
  private static final double SELU_ALPHA = 1.6732632423543772;

  private static final double SELU_SCALE = 1.0507009873554805;

  private Activations() {}

  static void addTo(Map<String, Operation> operations) {
    Map<String, Unary> functions =
        Map.of(
            "relu", Unary.RELU,
            "sigmoid", Unary.SIGMOID,
            "silu", Unary.SILU,
            "hardsigmoid", Unary.HARD_SIGMOID,
            "hardswish", Unary.HARD_SWISH);
    functions.forEach(
        (name, function) -> operations.put(name, Results.function((o, x) -> o.unary(function, x))));
    operations.put("relu6", Results.function((o, x) -> o.clip(x, 0, 6)));
    operations.put("hardtanh", a -> clip(a, a.real(1, "min_val", -1), a.real(2, "max_val", 1)));
    for (String name : List.of("clamp", "clip")) {
      operations.put(name, Activations::clamp);
    }
    operations.put("clamp_min", a -> clip(a, a.real(1, "min"), POSITIVE));
    operations.put("clamp_max", a -> clip(a, NEGATIVE, a.real(1, "max")));
    operations.put(
        "leaky_relu",
        a ->
            Results.tensor(
                a.operators().leakyRelu(a.tensor(0, "self"), a.real(1, "negative_slope", 0.01))));
    operations.put("rrelu", Activations::randomizedRelu);
    for (String name : List.of("prelu", "_prelu_kernel")) {
      operations.put(name, Activations::prelu);
    }
    operations.put("elu", Activations::elu);
    operations.put("celu", a -> elu(a, 1, a.real(1, "alpha", 1), 1 / a.real(1, "alpha", 1)));
    operations.put("selu", a -> elu(a, SELU_SCALE, SELU_ALPHA, 1));
    operations.put("gelu", Activations::gelu);
    operations.put("softplus", Activations::softplus);
    operations.put("mish", Results.function(Activations::mish));
    operations.put(
        "log_sigmoid",
        Results.function(
            (o, x) -> o.unary(Unary.NEGATE, o.unary(Unary.SOFTPLUS, o.unary(Unary.NEGATE, x)))));
    operations.put("threshold", Activations::threshold);
    operations.put("softshrink", a -> Results.tensor(softShrink(a)));
    operations.put("hardshrink", Activations::hardShrink);
    operations.put(
        "softsign",
        Results.function(
            (o, x) ->
                o.binary(Binary.DIVIDE, x, o.scalar(Binary.ADD, o.unary(Unary.ABS, x), 1, false))));
    operations.put("glu", Activations::glu);
    operations.put("softmax", a -> softmax(a, false));
    operations.put("_softmax", a -> softmax(a, false));
    operations.put("log_softmax", a -> softmax(a, true));
    operations.put("_log_softmax", a -> softmax(a, true));
    for (String name :
        List.of("dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout")) {
      operations.put(name, Results::same);
    }
  }

  private static Value clip(Arguments a, double min, double max) {
    return Results.tensor(a.operators().clip(a.tensor(0, "self"), min, max));
  }

  private static Value clamp(Arguments a) {
    if (!a.isTensor(1) && !a.isTensor(2)) {
      return clip(a, a.real(1, "min", NEGATIVE), a.real(2, "max", POSITIVE));
    }
    Partial x = a.tensor(0, "self");
    Partial min = a.optionalTensor(1, "min");
    Partial max = a.optionalTensor(2, "max");
    x = min == null ? x : a.operators().binary(Binary.MAXIMUM, x, min);
    return Results.tensor(max == null ? x : a.operators().binary(Binary.MINIMUM, x, max));
  }

  /** At inference the slope is the mean of the bounds. */
  private static Value randomizedRelu(Arguments a) {
    double slope = (a.real(1, "lower", 1.0 / 8) + a.real(2, "upper", 1.0 / 3)) / 2;
    return Results.tensor(a.operators().leakyRelu(a.tensor(0, "self"), slope));
  }

  private static Value prelu(Arguments a) {
    Partial x = a.tensor(0, "self");
    Partial slope = a.tensor(1, "weight");
    // newer versions give the slope the axes of x
    Partial flat =
        slope.shape().dimension() == 1
            ? slope
            : a.operators().layout(Layout.reshape(slope.shape().size()), slope);
    return Results.tensor(a.operators().prelu(x, flat));
  }

  private static Value elu(Arguments a) {
    double scale = a.real(2, "scale", 1);
    return elu(a, scale, a.real(1, "alpha", 1), a.real(3, "input_scale", 1));
  }

  /**
   * scale (max(x, 0) + alpha (exp(min(inner x, 0)) - 1)): the exponential of no positive number.
   */
  private static Value elu(Arguments a, double scale, double alpha, double inner) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    Partial negative = o.clip(x, NEGATIVE, 0);
    if (inner != 1) {
      negative = o.scalar(Binary.MULTIPLY, negative, inner, false);
    }
    Partial below = o.scalar(Binary.SUBTRACT, o.unary(Unary.EXP, negative), 1, false);
    if (alpha != 1) {
      below = o.scalar(Binary.MULTIPLY, below, alpha, false);
    }
    Partial y = o.binary(Binary.ADD, o.unary(Unary.RELU, x), below);
    return Results.tensor(scale == 1 ? y : o.scalar(Binary.MULTIPLY, y, scale, false));
  }

  /**
   * The exact function, or Hendrycks and Gimpel's approximation (arXiv 1606.08415, section 2): x/2
   * (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).
   */
  private static Value gelu(Arguments a) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    if (a.text(1, "approximate", "none").equals("none")) {
      return Results.tensor(o.unary(Unary.GELU, x));
    }
    Partial square = o.unary(Unary.SQUARE, x);
    Partial factor =
        o.scalar(Binary.ADD, o.scalar(Binary.MULTIPLY, square, 0.044715, false), 1, false);
    Partial inner =
        o.scalar(
            Binary.MULTIPLY, o.binary(Binary.MULTIPLY, x, factor), Math.sqrt(2 / Math.PI), false);
    Partial gate = o.scalar(Binary.ADD, o.unary(Unary.TANH, inner), 1, false);
    Partial half = o.scalar(Binary.MULTIPLY, x, 0.5, false);
    return Results.tensor(o.binary(Binary.MULTIPLY, half, gate));
  }

  /** log(1 + exp(beta x)) / beta; PyTorch's threshold only spares it a large exponential. */
  private static Value softplus(Arguments a) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    double beta = a.real(1, "beta", 1);
    if (beta == 1) {
      return Results.tensor(o.unary(Unary.SOFTPLUS, x));
    }
    Partial scaled = o.unary(Unary.SOFTPLUS, o.scalar(Binary.MULTIPLY, x, beta, false));
    return Results.tensor(o.scalar(Binary.DIVIDE, scaled, beta, false));
  }

  private static Partial mish(PartialOperators o, Partial x) {
    return o.binary(Binary.MULTIPLY, x, o.unary(Unary.TANH, o.unary(Unary.SOFTPLUS, x)));
  }

  /** x where it is above the threshold, the value elsewhere. */
  private static Value threshold(Arguments a) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    double threshold = a.real(1, "threshold");
    double value = a.real(2, "value");
    if (threshold == 0 && value == 0) {
      return Results.tensor(o.unary(Unary.RELU, x));
    }
    Partial above = o.scalar(Binary.GREATER, x, threshold, false);
    Partial other = Creation.full(o, new Shape(), x.dataType(), value);
    return Results.tensor(o.where(above, x, other));
  }

  /** What is left of x beyond [-lambda, lambda], where it is 0: x - clip(x). */
  private static Partial softShrink(Arguments a) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    double lambda = a.real(1, "lambd", 0.5);
    return o.binary(Binary.SUBTRACT, x, o.clip(x, -lambda, lambda));
  }

  /** x, but 0 in [-lambda, lambda]. */
  private static Value hardShrink(Arguments a) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    double lambda = a.real(1, "lambd", 0.5);
    Partial outside = o.scalar(Binary.GREATER, o.unary(Unary.ABS, x), lambda, false);
    return Results.tensor(o.where(outside, x, Creation.full(o, new Shape(), x.dataType(), 0)));
  }

  /** The first half times the sigmoid of the second. */
  private static Value glu(Arguments a) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    int rank = x.shape().dimension();
    int axis = Results.axis(a, a.integer(1, "dim", -1), rank);
    long length = x.shape().get(axis);
    Partial first = o.layout(Layout.slice(x.shape(), axis, 0, length / 2), x);
    Partial second = o.layout(Layout.slice(x.shape(), axis, length / 2, length), x);
    return Results.tensor(o.binary(Binary.MULTIPLY, first, o.unary(Unary.SIGMOID, second)));
  }

  private static Value softmax(Arguments a, boolean logarithm) {
    if (!a.has(1, "dim")) {
      throw new UnsupportedCall(a.operator() + " without an axis", "give its dim");
    }
    return Results.tensor(a.operators().softmax(a.tensor(0, "self"), a.small(1, "dim"), logarithm));
  }
}
