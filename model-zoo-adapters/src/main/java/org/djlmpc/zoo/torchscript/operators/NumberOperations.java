package org.djlmpc.zoo.torchscript.operators;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.djlmpc.zoo.torchscript.run.Arguments;
import org.djlmpc.zoo.torchscript.run.Numbers;
import org.djlmpc.zoo.torchscript.run.Operation;
import org.djlmpc.zoo.torchscript.run.TensorValue;
import org.djlmpc.zoo.torchscript.run.Value;

/** Operators on numbers, truth values and strings: the shape logic of a model. */
final class NumberOperations {
  private NumberOperations() {}

  static void addTo(Map<String, Operation> operations) {
    operations.put("__is__", a -> truth(same(a)));
    operations.put("__isnot__", a -> truth(!same(a)));
    operations.put("__range_length", NumberOperations::rangeLength);
    operations.put(
        "__derive_index",
        a -> new Value.Int(a.integer(1, "start") + a.integer(0, "index") * a.integer(2, "step")));
    operations.put(
        "__round_to_zero_floordiv",
        a -> new Value.Int(Math.floorDiv(a.integer(0, "a"), divisor(a.integer(1, "b")))));
    operations.put("str", a -> new Value.Text(shown(a.value(0, "self"))));
    operations.put("find", NumberOperations::find);
    operations.put("format", NumberOperations::format);
    for (String name : List.of("Int", "IntImplicit")) {
      operations.put(name, a -> new Value.Int(number(a, 0).longValue()));
    }
    for (String name : List.of("Float", "FloatImplicit")) {
      operations.put(name, NumberOperations::real);
    }
    operations.put("Bool", a -> truth(a.flag(0, "a", false)));
    for (String name : List.of("ScalarImplicit", "item", "Scalar")) {
      operations.put(name, a -> value(number(a, 0)));
    }
  }

  static Value truth(boolean truth) {
    return new Value.Bool(truth);
  }

  /** A Long or a Double as a value. */
  static Value value(Number number) {
    return number instanceof Long integer
        ? new Value.Int(integer)
        : new Value.Real(number.doubleValue());
  }

  static Number number(Arguments a, int position) {
    return Numbers.number(a.value(position, ""), a.operators())
        .orElseThrow(() -> a.wrong(position, "no number"));
  }

  private static Value real(Arguments a) {
    if (a.isText(0)) {
      return switch (a.text(0, "a", "")) {
        case "inf" -> new Value.Real(Double.POSITIVE_INFINITY);
        case "-inf" -> new Value.Real(Double.NEGATIVE_INFINITY);
        case "nan" -> new Value.Real(Double.NaN);
        default -> throw a.wrong(0, "a string that is no number");
      };
    }
    return new Value.Real(number(a, 0).doubleValue());
  }

  private static boolean same(Arguments a) {
    Value x = a.value(0, "a");
    Value y = a.value(1, "b");
    return x == y || x instanceof Value.Bool && x.equals(y);
  }

  private static Value rangeLength(Arguments a) {
    long begin = a.integer(0, "lo");
    long end = a.integer(1, "hi");
    long step = divisor(a.integer(2, "step"));
    long span = step > 0 ? end - begin : begin - end;
    return new Value.Int(span <= 0 ? 0 : 1 + (span - 1) / Math.abs(step));
  }

  private static long divisor(long divisor) {
    if (divisor == 0) {
      throw new ArithmeticException("division by zero");
    }
    return divisor;
  }

  private static String shown(Value value) {
    if (value instanceof Value.Text text) {
      return text.value();
    }
    if (value instanceof TensorValue tensor) {
      return "a tensor of shape " + tensor.shape();
    }
    Optional<List<Value>> items = Arguments.items(value);
    if (items.isPresent()) {
      return "a list of " + items.get().size();
    }
    return value instanceof Value.Int number
        ? Long.toString(number.value())
        : value instanceof Value.Real real ? Double.toString(real.value()) : "a value";
  }

  private static Value find(Arguments a) {
    int from = a.small(2, "start", 0);
    a.charge(a.text(0, "self", "").length());
    return new Value.Int(a.text(0, "self", "").indexOf(a.text(1, "substr", ""), from));
  }

  /** Texts are for error messages only: braces are filled one after the other. */
  private static Value format(Arguments a) {
    StringBuilder text = new StringBuilder();
    String pattern = a.text(0, "self", "");
    int from = 0;
    for (int i = 1; i < a.count(); i++) {
      int hole = pattern.indexOf("{}", from);
      if (hole < 0) {
        break;
      }
      text.append(pattern, from, hole).append(shown(a.value(i, "")));
      from = hole + 2;
    }
    text.append(pattern, from, pattern.length());
    a.charge(text.length());
    return new Value.Text(text.toString());
  }

  /** Arithmetic and comparison of two values that are no tensors. */
  static Value combine(String operator, Arguments a) {
    Value x = a.value(0, "a");
    Value y = a.value(1, "b");
    if (x instanceof Value.Text left && y instanceof Value.Text right) {
      a.charge(left.value().length());
      return texts(operator, left.value(), right.value(), a);
    }
    Optional<Number> left = Numbers.number(x, a.operators());
    Optional<Number> right = Numbers.number(y, a.operators());
    if (left.isEmpty() || right.isEmpty()) {
      return ContainerOperations.combine(operator, a);
    }
    return left.get() instanceof Long m && right.get() instanceof Long n
        ? integers(operator, m, n, a)
        : reals(operator, left.get().doubleValue(), right.get().doubleValue(), a);
  }

  private static Value texts(String operator, String x, String y, Arguments a) {
    return switch (operator) {
      case "add" -> {
        a.charge(x.length() + (long) y.length());
        yield new Value.Text(x + y);
      }
      case "eq" -> truth(x.equals(y));
      case "ne" -> truth(!x.equals(y));
      default -> throw a.wrong(0, "a string");
    };
  }

  private static Value integers(String operator, long m, long n, Arguments a) {
    return switch (operator) {
      case "add" -> new Value.Int(m + n);
      case "sub" -> new Value.Int(m - n);
      case "mul" -> new Value.Int(m * n);
      case "div" -> new Value.Real((double) m / n);
      case "floordiv" -> new Value.Int(Math.floorDiv(m, divisor(n)));
      case "remainder" -> new Value.Int(Math.floorMod(m, divisor(n)));
      case "pow" -> power(m, n);
      case "minimum" -> new Value.Int(Math.min(m, n));
      case "maximum" -> new Value.Int(Math.max(m, n));
      case "eq" -> truth(m == n);
      case "ne" -> truth(m != n);
      case "lt" -> truth(m < n);
      case "le" -> truth(m <= n);
      case "gt" -> truth(m > n);
      case "ge" -> truth(m >= n);
      case "and" -> bits(m & n, a);
      case "or" -> bits(m | n, a);
      case "xor" -> bits(m ^ n, a);
      default -> throw a.wrong(0, "an integer");
    };
  }

  /** Truth values stay truth values. */
  private static Value bits(long bits, Arguments a) {
    boolean truths = a.value(0, "a") instanceof Value.Bool && a.value(1, "b") instanceof Value.Bool;
    return truths ? truth(bits != 0) : new Value.Int(bits);
  }

  private static Value power(long base, long exponent) {
    if (exponent < 0) {
      return new Value.Real(Math.pow((double) base, (double) exponent));
    }
    double real = Math.pow((double) base, (double) exponent);
    return Math.abs(real) < 0x1p53 ? new Value.Int((long) real) : new Value.Real(real);
  }

  private static Value reals(String operator, double x, double y, Arguments a) {
    return switch (operator) {
      case "add" -> new Value.Real(x + y);
      case "sub" -> new Value.Real(x - y);
      case "mul" -> new Value.Real(x * y);
      case "div" -> new Value.Real(x / y);
      case "floordiv" -> new Value.Real(Math.floor(x / y));
      case "remainder" -> new Value.Real(x - y * Math.floor(x / y));
      case "pow" -> new Value.Real(Math.pow(x, y));
      case "minimum" -> new Value.Real(Math.min(x, y));
      case "maximum" -> new Value.Real(Math.max(x, y));
      case "eq" -> truth(x == y);
      case "ne" -> truth(x != y);
      case "lt" -> truth(x < y);
      case "le" -> truth(x <= y);
      case "gt" -> truth(x > y);
      case "ge" -> truth(x >= y);
      default -> throw a.wrong(0, "a real number");
    };
  }

  /** A function of one number. */
  static Value apply(String function, Arguments a) {
    Number number = number(a, 0);
    double x = number.doubleValue();
    return switch (function) {
      case "neg" -> number instanceof Long n ? new Value.Int(-n) : new Value.Real(-x);
      case "abs" ->
          number instanceof Long n ? new Value.Int(Math.abs(n)) : new Value.Real(Math.abs(x));
      case "floor" -> number instanceof Long ? value(number) : new Value.Int((long) Math.floor(x));
      case "ceil" -> number instanceof Long ? value(number) : new Value.Int((long) Math.ceil(x));
      case "round" -> number instanceof Long ? value(number) : new Value.Real(Math.rint(x));
      case "sqrt" -> new Value.Real(Math.sqrt(x));
      case "exp" -> new Value.Real(Math.exp(x));
      case "log" -> new Value.Real(Math.log(x));
      case "sin" -> new Value.Real(Math.sin(x));
      case "cos" -> new Value.Real(Math.cos(x));
      case "tanh" -> new Value.Real(Math.tanh(x));
      default -> throw a.wrong(0, "a number");
    };
  }
}
