package org.djlmpc.zoo.torchscript.operators;

import ai.djl.ndarray.types.DataType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.graph.Operators.Unary;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.PartialOperators;
import org.djlmpc.zoo.torchscript.run.Arguments;
import org.djlmpc.zoo.torchscript.run.Operation;
import org.djlmpc.zoo.torchscript.run.UnsupportedCall;
import org.djlmpc.zoo.torchscript.run.Value;

/** Elementwise arithmetic and comparison of tensors and of numbers. */
final class Arithmetic {
  private Arithmetic() {}

  static void addTo(Map<String, Operation> operations) {
    operations.put("add", a -> sum(a, Binary.ADD, "add"));
    operations.put("sub", a -> sum(a, Binary.SUBTRACT, "sub"));
    operations.put("subtract", a -> sum(a, Binary.SUBTRACT, "sub"));
    operations.put("rsub", Arithmetic::reversed);
    for (String name : List.of("mul", "multiply")) {
      operations.put(name, a -> combine(a, Binary.MULTIPLY, "mul"));
    }
    for (String name : List.of("div", "divide", "true_divide")) {
      operations.put(name, Arithmetic::quotient);
    }
    for (String name : List.of("floordiv", "floor_divide")) {
      operations.put(name, Arithmetic::floored);
    }
    operations.put("remainder", a -> combine(a, Binary.REMAINDER, "remainder"));
    operations.put("pow", Arithmetic::power);
    compare(operations);
    for (String prefix : List.of("logical_", "bitwise_", "__")) {
      String suffix = prefix.equals("__") ? "__" : "";
      operations.put(prefix + "and" + suffix, a -> combine(a, Binary.AND, "and"));
      operations.put(prefix + "or" + suffix, a -> combine(a, Binary.OR, "or"));
      operations.put(prefix + "xor" + suffix, a -> combine(a, Binary.XOR, "xor"));
      operations.put(prefix + "not" + suffix, Arithmetic::not);
    }
    operations.put("maximum", a -> combine(a, Binary.MAXIMUM, "maximum"));
    operations.put("minimum", a -> combine(a, Binary.MINIMUM, "minimum"));
    operations.put("where", Arithmetic::where);
    operations.put("masked_fill", Arithmetic::maskedFill);
    operations.put("square", Results.function((o, x) -> o.unary(Unary.SQUARE, x)));
    operations.put("addcmul", a -> addProduct(a, Binary.MULTIPLY));
    operations.put("addcdiv", a -> addProduct(a, Binary.DIVIDE));
    operations.put("lerp", Arithmetic::lerp);
    unary(operations);
  }

  private static void compare(Map<String, Operation> operations) {
    Map<Binary, String> names = new EnumMap<>(Binary.class);
    names.put(Binary.EQUAL, "eq");
    names.put(Binary.NOT_EQUAL, "ne");
    names.put(Binary.LESS, "lt");
    names.put(Binary.LESS_OR_EQUAL, "le");
    names.put(Binary.GREATER, "gt");
    names.put(Binary.GREATER_OR_EQUAL, "ge");
    names.forEach((function, name) -> operations.put(name, a -> combine(a, function, name)));
  }

  /** Functions of one tensor or one number. */
  private static void unary(Map<String, Operation> operations) {
    Map<String, Unary> functions =
        Map.ofEntries(
            Map.entry("neg", Unary.NEGATE),
            Map.entry("negative", Unary.NEGATE),
            Map.entry("abs", Unary.ABS),
            Map.entry("absolute", Unary.ABS),
            Map.entry("floor", Unary.FLOOR),
            Map.entry("ceil", Unary.CEIL),
            Map.entry("round", Unary.ROUND),
            Map.entry("sqrt", Unary.SQRT),
            Map.entry("exp", Unary.EXP),
            Map.entry("log", Unary.LOG),
            Map.entry("sin", Unary.SIN),
            Map.entry("cos", Unary.COS),
            Map.entry("tanh", Unary.TANH),
            Map.entry("rsqrt", Unary.RECIPROCAL_SQRT),
            Map.entry("reciprocal", Unary.RECIPROCAL),
            Map.entry("sign", Unary.SIGN),
            Map.entry("sgn", Unary.SIGN),
            Map.entry("erf", Unary.ERF));
    functions.forEach(
        (name, function) -> {
          String plain = name.replace("negative", "neg").replace("absolute", "abs");
          operations.put(
              name,
              a ->
                  a.isTensor(0)
                      ? Results.tensor(a.operators().unary(function, a.tensor(0, "self")))
                      : NumberOperations.apply(plain, a));
        });
  }

  /** A function of two tensors, of a tensor and a number, or of two numbers. */
  private static Value combine(Arguments a, Binary function, String name) {
    if (!a.isTensor(0) && !a.isTensor(1)) {
      return NumberOperations.combine(name, a);
    }
    return Results.tensor(combine(a, function));
  }

  private static Partial combine(Arguments a, Binary function) {
    if (!a.isTensor(1)) {
      double number = NumberOperations.number(a, 1).doubleValue();
      return a.operators().scalar(function, a.tensor(0, "self"), number, false);
    }
    if (!a.isTensor(0)) {
      double number = NumberOperations.number(a, 0).doubleValue();
      return a.operators().scalar(function, a.tensor(1, "other"), number, true);
    }
    return a.operators().binary(function, a.tensor(0, "self"), a.tensor(1, "other"));
  }

  /** {@code x + alpha y} and {@code x - alpha y}. */
  private static Value sum(Arguments a, Binary function, String name) {
    double alpha = a.real(2, "alpha", 1);
    if (alpha == 1 || !a.isTensor(0)) {
      return combine(a, function, name);
    }
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    if (!a.isTensor(1)) {
      double number = NumberOperations.number(a, 1).doubleValue() * alpha;
      return Results.tensor(o.scalar(function, x, number, false));
    }
    Partial scaled = o.scalar(Binary.MULTIPLY, a.tensor(1, "other"), alpha, false);
    return Results.tensor(o.binary(function, x, scaled));
  }

  /** {@code y - alpha x}. */
  private static Value reversed(Arguments a) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    double alpha = a.real(2, "alpha", 1);
    Partial scaled = alpha == 1 ? x : o.scalar(Binary.MULTIPLY, x, alpha, false);
    return Results.tensor(
        a.isTensor(1)
            ? o.binary(Binary.SUBTRACT, a.tensor(1, "other"), scaled)
            : o.scalar(Binary.SUBTRACT, scaled, NumberOperations.number(a, 1).doubleValue(), true));
  }

  private static Value quotient(Arguments a) {
    return switch (a.text(2, "rounding_mode", "")) {
      case "floor" -> floored(a);
      case "trunc" -> truncated(a);
      default -> combine(a, Binary.DIVIDE, "div");
    };
  }

  private static Value floored(Arguments a) {
    if (!a.isTensor(0) && !a.isTensor(1)) {
      return NumberOperations.combine("floordiv", a);
    }
    return Results.tensor(rounded(a, Unary.FLOOR));
  }

  /** Toward zero; what is not negative, as lengths are, is just rounded down. */
  private static Value truncated(Arguments a) {
    PartialOperators o = a.operators();
    Partial quotient = combine(a, Binary.DIVIDE);
    Partial size = o.unary(Unary.FLOOR, o.unary(Unary.ABS, quotient));
    Partial signed = o.binary(Binary.MULTIPLY, size, o.unary(Unary.SIGN, quotient));
    return Results.tensor(o.cast(signed, a.tensor(0, "self").dataType()));
  }

  /** In double precision, so that quotients of long integers are exact. */
  private static Partial rounded(Arguments a, Unary rounding) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    if (x.dataType().isFloating()) {
      return o.unary(rounding, combine(a, Binary.DIVIDE));
    }
    Partial quotient = o.binary(Binary.DIVIDE, o.cast(x, DataType.FLOAT64), a.tensor(1, "other"));
    Partial other = a.tensor(1, "other");
    return o.cast(
        o.unary(rounding, quotient),
        other.dataType().isFloating() ? DataType.FLOAT32 : x.dataType());
  }

  private static Value power(Arguments a) {
    if (!a.isTensor(0) && !a.isTensor(1)) {
      return NumberOperations.combine("pow", a);
    }
    if (a.isTensor(1) && !(a.tensor(1, "exponent") instanceof Partial.Known)) {
      return combine(a, Binary.POWER, "pow");
    }
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    if (a.isTensor(1) && a.tensor(1, "exponent").shape().size() != 1) {
      return combine(a, Binary.POWER, "pow");
    }
    double exponent = a.real(1, "exponent");
    Partial y;
    if (exponent == 1) {
      y = x;
    } else if (exponent == 2) {
      y = o.unary(Unary.SQUARE, x);
    } else if (exponent == 3) {
      y = o.binary(Binary.MULTIPLY, o.unary(Unary.SQUARE, x), x);
    } else if (exponent == 4) {
      y = o.unary(Unary.SQUARE, o.unary(Unary.SQUARE, x));
    } else if (exponent == 0.5) {
      y = o.unary(Unary.SQRT, x);
    } else if (exponent == -0.5) {
      y = o.unary(Unary.RECIPROCAL_SQRT, x);
    } else if (exponent == -1) {
      y = o.unary(Unary.RECIPROCAL, x);
    } else {
      y = o.scalar(Binary.POWER, x, exponent, false);
    }
    return Results.tensor(y);
  }

  private static Value not(Arguments a) {
    return a.isTensor(0)
        ? Results.tensor(a.operators().unary(Unary.LOGICAL_NOT, a.tensor(0, "self")))
        : NumberOperations.truth(!a.flag(0, "self", false));
  }

  private static Value where(Arguments a) {
    if (a.count() < 3) {
      throw new UnsupportedCall(
          "torch.where(condition)", "its shape depends on the data: use where(condition, x, y)");
    }
    return Results.tensor(
        a.operators().where(a.tensor(0, "condition"), a.tensor(1, "self"), a.tensor(2, "other")));
  }

  private static Value maskedFill(Arguments a) {
    Partial x = a.tensor(0, "self");
    Partial value = a.operators().cast(a.tensor(2, "value"), x.dataType());
    return Results.tensor(a.operators().where(a.tensor(1, "mask"), value, x));
  }

  /** {@code x + value (y op z)}. */
  private static Value addProduct(Arguments a, Binary function) {
    PartialOperators o = a.operators();
    Partial product = o.binary(function, a.tensor(1, "tensor1"), a.tensor(2, "tensor2"));
    double value = a.real(3, "value", 1);
    Partial scaled = value == 1 ? product : o.scalar(Binary.MULTIPLY, product, value, false);
    return Results.tensor(o.binary(Binary.ADD, a.tensor(0, "self"), scaled));
  }

  /** {@code x + weight (y - x)}. */
  private static Value lerp(Arguments a) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    Partial difference = o.binary(Binary.SUBTRACT, a.tensor(1, "end"), x);
    Partial scaled =
        a.isTensor(2)
            ? o.binary(Binary.MULTIPLY, difference, a.tensor(2, "weight"))
            : o.scalar(Binary.MULTIPLY, difference, a.real(2, "weight"), false);
    return Results.tensor(o.binary(Binary.ADD, x, scaled));
  }
}
