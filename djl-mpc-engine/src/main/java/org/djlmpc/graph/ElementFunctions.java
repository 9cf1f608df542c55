package org.djlmpc.graph;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.protocol.functions.RealFunctions;

/**
 * What each elementwise function does to one element: to a real one in double precision, to an
 * integer in 64 bits. Comparisons give 1 and 0.
 *
 * <p>For FLOAT32, rounding the double result of an addition, multiplication, division or square
 * root gives what the operation in single precision gives (Figueroa 1995: 53 >= 2 * 24 + 2).
 */
final class ElementFunctions {
  private ElementFunctions() {}

  static DoubleUnaryOperator real(Operators.Unary function) {
    return switch (function) {
      case NEGATE -> x -> -x;
      case ABS -> Math::abs;
      case SIGN -> x -> x > 0 ? 1 : x < 0 ? -1 : 0;
      case SQUARE -> x -> x * x;
      case RELU -> x -> Math.max(x, 0);
      case SIGMOID -> RealFunctions::sigmoid;
      case TANH -> StrictMath::tanh;
      case EXP -> StrictMath::exp;
      case LOG -> StrictMath::log;
      case SQRT -> StrictMath::sqrt;
      case RECIPROCAL -> x -> 1 / x;
      case RECIPROCAL_SQRT -> x -> 1 / StrictMath.sqrt(x);
      case GELU -> RealFunctions::gelu;
      case SILU -> x -> x * RealFunctions.sigmoid(x);
      case SOFTPLUS -> RealFunctions::softplus;
      case HARD_SIGMOID -> RealFunctions::hardSigmoid;
      case HARD_SWISH -> x -> x * RealFunctions.hardSigmoid(x);
      case LOGICAL_NOT -> x -> x == 0 ? 1 : 0;
      case FLOOR -> StrictMath::floor;
      case CEIL -> StrictMath::ceil;
      case ROUND -> StrictMath::rint;
      case SIN -> StrictMath::sin;
      case COS -> StrictMath::cos;
      case ERF -> RealFunctions::erf;
    };
  }

  /** Functions whose value of an integer is one; the others are computed on reals. */
  static LongUnaryOperator integer(Operators.Unary function) {
    return switch (function) {
      case NEGATE -> x -> -x;
      case ABS -> Math::abs;
      case SIGN -> Long::signum;
      case SQUARE -> x -> x * x;
      case RELU -> x -> Math.max(x, 0);
      case FLOOR, CEIL, ROUND -> x -> x;
      case LOGICAL_NOT -> x -> x == 0 ? 1 : 0;
      default -> throw noInteger(function);
    };
  }

  static DoubleBinaryOperator real(Operators.Binary function) {
    return switch (function) {
      case ADD -> Double::sum;
      case SUBTRACT -> (a, b) -> a - b;
      case MULTIPLY -> (a, b) -> a * b;
      case DIVIDE -> (a, b) -> a / b;
      case MAXIMUM -> Math::max;
      case MINIMUM -> Math::min;
      case POWER -> StrictMath::pow;
      case REMAINDER -> ElementFunctions::remainder;
      case EQUAL -> (a, b) -> a == b ? 1 : 0;
      case NOT_EQUAL -> (a, b) -> a != b ? 1 : 0;
      case GREATER -> (a, b) -> a > b ? 1 : 0;
      case GREATER_OR_EQUAL -> (a, b) -> a >= b ? 1 : 0;
      case LESS -> (a, b) -> a < b ? 1 : 0;
      case LESS_OR_EQUAL -> (a, b) -> a <= b ? 1 : 0;
      case AND -> (a, b) -> a != 0 && b != 0 ? 1 : 0;
      case OR -> (a, b) -> a != 0 || b != 0 ? 1 : 0;
      case XOR -> (a, b) -> a != 0 ^ b != 0 ? 1 : 0;
    };
  }

  static LongBinaryOperator integer(Operators.Binary function) {
    return switch (function) {
      case ADD -> Long::sum;
      case SUBTRACT -> (a, b) -> a - b;
      case MULTIPLY -> (a, b) -> a * b;
      case DIVIDE -> throw noInteger(function);
      case MAXIMUM -> Math::max;
      case MINIMUM -> Math::min;
      case POWER -> ElementFunctions::power;
      case REMAINDER -> ElementFunctions::remainder;
      case EQUAL -> (a, b) -> a == b ? 1 : 0;
      case NOT_EQUAL -> (a, b) -> a != b ? 1 : 0;
      case GREATER -> (a, b) -> a > b ? 1 : 0;
      case GREATER_OR_EQUAL -> (a, b) -> a >= b ? 1 : 0;
      case LESS -> (a, b) -> a < b ? 1 : 0;
      case LESS_OR_EQUAL -> (a, b) -> a <= b ? 1 : 0;
      case AND -> (a, b) -> a != 0 && b != 0 ? 1 : 0;
      case OR -> (a, b) -> a != 0 || b != 0 ? 1 : 0;
      case XOR -> (a, b) -> a != 0 ^ b != 0 ? 1 : 0;
    };
  }

  private static IllegalStateException noInteger(Enum<?> function) {
    return new IllegalStateException(function + " has real values");
  }

  private static double remainder(double a, double b) {
    double r = a % b;
    return r != 0 && r < 0 != b < 0 ? r + b : r;
  }

  private static long remainder(long a, long b) {
    if (b == 0) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "An integer remainder by zero.",
          "Convert to FLOAT32, or avoid zero.");
    }
    return Math.floorMod(a, b);
  }

  /** Modulo 2^64; a negative exponent rounds the fraction toward zero, as PyTorch does. */
  private static long power(long base, long exponent) {
    if (exponent < 0) {
      return base == 1 ? 1 : base == -1 ? (exponent & 1) == 0 ? 1 : -1 : 0;
    }
    long result = 1;
    long square = base;
    for (long e = exponent; e != 0; e >>= 1) {
      result = (e & 1) == 1 ? result * square : result;
      square *= square;
    }
    return result;
  }
}
