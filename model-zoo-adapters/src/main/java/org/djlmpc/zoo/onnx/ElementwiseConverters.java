package org.djlmpc.zoo.onnx;

import ai.djl.ndarray.types.DataType;
import java.util.List;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.graph.Operators.Unary;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.Partial.Known;
import org.jspecify.annotations.Nullable;

/** Operators that treat every element alike: arithmetic, comparisons, logic. */
final class ElementwiseConverters {
  private ElementwiseConverters() {}

  static void register(Converters to) {
    unary(to, "Neg", Unary.NEGATE);
    unary(to, "Abs", Unary.ABS);
    unary(to, "Sign", Unary.SIGN);
    unary(to, "Relu", Unary.RELU);
    unary(to, "Sigmoid", Unary.SIGMOID);
    unary(to, "Tanh", Unary.TANH);
    unary(to, "Exp", Unary.EXP);
    unary(to, "Log", Unary.LOG);
    unary(to, "Sqrt", Unary.SQRT);
    unary(to, "Reciprocal", Unary.RECIPROCAL);
    unary(to, "Softplus", Unary.SOFTPLUS);
    unary(to, "HardSwish", Unary.HARD_SWISH);
    unary(to, "Erf", Unary.ERF);
    unary(to, "Floor", Unary.FLOOR);
    unary(to, "Ceil", Unary.CEIL);
    unary(to, "Round", Unary.ROUND);
    unary(to, "Sin", Unary.SIN);
    unary(to, "Cos", Unary.COS);
    unary(to, "Not", Unary.LOGICAL_NOT);
    binary(to, "Add", Binary.ADD);
    binary(to, "Sub", Binary.SUBTRACT);
    binary(to, "Mul", Binary.MULTIPLY);
    binary(to, "Equal", Binary.EQUAL);
    binary(to, "Greater", Binary.GREATER);
    binary(to, "GreaterOrEqual", Binary.GREATER_OR_EQUAL);
    binary(to, "Less", Binary.LESS);
    binary(to, "LessOrEqual", Binary.LESS_OR_EQUAL);
    binary(to, "And", Binary.AND);
    binary(to, "Or", Binary.OR);
    binary(to, "Xor", Binary.XOR);
    to.add("Sum", node -> chain(node, Binary.ADD));
    to.add("Max", node -> chain(node, Binary.MAXIMUM));
    to.add("Min", node -> chain(node, Binary.MINIMUM));
    to.add("Mean", ElementwiseConverters::mean);
    to.add("Div", ElementwiseConverters::divide);
    to.add("Mod", ElementwiseConverters::remainder);
    to.add("Pow", ElementwiseConverters::power);
    to.add("Where", node -> node.operators().where(node.input(0), node.input(1), node.input(2)));
    to.add("Clip", ElementwiseConverters::clip);
    to.add("Identity", node -> node.input(0));
    to.addMany("Dropout", ElementwiseConverters::dropout);
  }

  private static void unary(Converters to, String type, Unary function) {
    to.add(type, node -> node.unary(function, node.input(0)));
  }

  private static void binary(Converters to, String type, Binary function) {
    to.add(type, node -> node.binary(function, node.input(0), node.input(1)));
  }

  private static Partial chain(NodeView node, Binary function) {
    Partial result = node.input(0);
    for (Partial next : node.inputs().subList(1, node.inputCount())) {
      result = node.binary(function, result, next);
    }
    return result;
  }

  private static Partial mean(NodeView node) {
    return node.scalar(Binary.DIVIDE, chain(node, Binary.ADD), node.inputCount());
  }

  private static Partial divide(NodeView node) {
    Partial a = node.input(0);
    Partial b = node.input(1);
    if (!a.dataType().isFloating()) {
      return divideWholes(node, a, b);
    }
    // a secret divisor is inverted once, where it is known, and not at every run
    return b instanceof Known known && known.weight() != null
        ? node.binary(Binary.MULTIPLY, a, node.unary(Unary.RECIPROCAL, b))
        : node.binary(Binary.DIVIDE, a, b);
  }

  /** Integers are divided toward zero; lengths are far below the precision of FLOAT64. */
  private static Partial divideWholes(NodeView node, Partial a, Partial b) {
    if (b instanceof Known divisor) {
      for (int i = 0; i < divisor.tensor().size(); i++) {
        if (divisor.tensor().getLong(i) == 0) {
          throw node.malformed("divisor is zero");
        }
      }
    }
    Partial quotient =
        node.binary(Binary.DIVIDE, node.cast(a, DataType.FLOAT64), node.cast(b, DataType.FLOAT64));
    return node.cast(quotient, a.dataType());
  }

  private static Partial remainder(NodeView node) {
    if (node.flag("fmod", false)) {
      throw new UnsupportedNode("Mod with fmod = 1", "Mod with fmod = 0");
    }
    return node.binary(Binary.REMAINDER, node.input(0), node.input(1));
  }

  private static Partial power(NodeView node) {
    Partial x = node.input(0);
    DataType type = x.dataType();
    Partial result;
    if (node.input(1) instanceof Known known
        && known.tensor().size() == 1
        && known.tensor().shape().dimension() <= x.shape().dimension()) {
      result = power(node, x, known.tensor().getDouble(0));
    } else {
      result = node.binary(Binary.POWER, x, node.input(1));
    }
    return node.cast(result, type);
  }

  /** An exponent belongs to the architecture, whatever tensor it comes from. */
  private static Partial power(NodeView node, Partial x, double exponent) {
    if (exponent == 1) {
      return x;
    } else if (exponent == 2) {
      return node.unary(Unary.SQUARE, x);
    } else if (exponent == 0.5) {
      return node.unary(Unary.SQRT, x);
    } else if (exponent == -1) {
      return node.unary(Unary.RECIPROCAL, x);
    } else if (exponent == -0.5) {
      return node.unary(Unary.RECIPROCAL_SQRT, x);
    }
    return node.scalar(Binary.POWER, x, exponent);
  }

  private static Partial clip(NodeView node) {
    boolean attributes = node.opset() < 11;
    double min =
        attributes
            ? node.real("min", Double.NEGATIVE_INFINITY)
            : node.knownNumber(1, "lower bound", Double.NEGATIVE_INFINITY);
    double max =
        attributes
            ? node.real("max", Double.POSITIVE_INFINITY)
            : node.knownNumber(2, "upper bound", Double.POSITIVE_INFINITY);
    Partial x = node.input(0);
    if (min == 0 && max >= Float.MAX_VALUE) {
      return node.unary(Unary.RELU, x);
    }
    // exporters write the largest number for "no bound"; ONNX gives min > max the value max
    double low = min <= -Float.MAX_VALUE ? Double.NEGATIVE_INFINITY : Math.min(min, max);
    double high = max >= Float.MAX_VALUE ? Double.POSITIVE_INFINITY : max;
    return Double.isInfinite(low) && Double.isInfinite(high) && low < high
        ? x
        : node.operators().clip(x, low, high);
  }

  /** Inference drops nothing. */
  private static List<@Nullable Partial> dropout(NodeView node) {
    boolean drops = node.knownNumber(1, "ratio", 0.5) != 0;
    if (drops && node.has(2) && node.known(2, "training mode").getBoolean(0)) {
      throw new UnsupportedNode("Dropout in training mode", "an export for inference");
    }
    Partial x = node.input(0);
    if (node.outputCount() < 2) {
      return List.of(x);
    }
    Partial yes = node.constant(PublicTensor.scalar(1, DataType.BOOLEAN));
    return List.of(x, node.layout(Layout.broadcast(x.shape()), yes));
  }
}
