package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.djlmpc.protocol.Precision;
import org.djlmpc.ring.ConvolutionSpec;
import org.jspecify.annotations.Nullable;

/**
 * Every operator of the engine, as an algebra: one method per operator family, over values of any
 * kind.
 *
 * <p>A graph, an NDArray and a planner all speak this interface; what differs is the value.
 * Implementations compute on public arrays (plain Java), on shares, on DJL arrays of another engine
 * (the plaintext oracle), or only on shapes (the tracer). A new operator is added here, and the
 * compiler names every place that has to learn it.
 *
 * @param <V> the kind of value
 */
public interface Operators<V> {
  /**
   * The same operators, with public numerics of one application. What does not compute in fixed
   * point has none.
   */
  default Operators<V> with(Precision precision) {
    return this;
  }

  /** Shape of a value. */
  Shape shape(V x);

  /** DJL data type that a value reports. */
  DataType dataType(V x);

  /** Elementwise function of one argument. */
  V unary(Unary function, V x);

  /** Elementwise function of two arguments, with NumPy broadcasting. */
  V binary(Binary function, V a, V b);

  /** Elementwise function with a public number, in either order of arguments. */
  V scalar(Binary function, V x, double number, boolean numberFirst);

  /** Elementwise choice {@code condition ? a : b}, with broadcasting. */
  V where(V condition, V a, V b);

  /** Elementwise limit to [min, max]; either bound may be infinite. */
  V clip(V x, double min, double max);

  /** {@code x} where positive, {@code slope * x} elsewhere. */
  V leakyRelu(V x, double slope);

  /**
   * {@code x} where positive, {@code slope * x} elsewhere, with a slope for each channel (axis 1).
   */
  V prelu(V x, V slope);

  /** Matrix product with NumPy's rules for batches and vectors. */
  V matmul(V a, V b);

  /** {@code x W^T + b}: x (..., in), weight (out, in), bias (out) or null. */
  V linear(V x, V weight, @Nullable V bias);

  /** 2-D convolution: x (N, C, H, W), weight (K, C / groups, R, S), bias (K) or null. */
  V convolution(V x, V weight, @Nullable V bias, ConvolutionSpec spec);

  /** Pooling over (N, C, H, W). Padding never wins a maximum, whatever the signs are. */
  V pool(V x, Pooling pooling);

  /**
   * Inference batch normalization over axis {@code axis}: {@code (x - mean) / sqrt(var + epsilon) *
   * gamma + beta}; every parameter has one value for each channel; gamma and beta may be null (1
   * and 0).
   */
  V batchNorm(
      V x, V mean, V variance, @Nullable V gamma, @Nullable V beta, int axis, double epsilon);

  /**
   * Reduction over {@code axes} (none: all axes), keeping them with length one if {@code keepAxes}.
   */
  V reduce(Reduction reduction, V x, int[] axes, boolean keepAxes);

  /**
   * Index (INT64) of the largest or, with {@code smallest}, of the smallest value along an axis;
   * the first on ties.
   */
  V argMax(V x, int axis, boolean smallest);

  /** Softmax along an axis, or its logarithm. */
  V softmax(V x, int axis, boolean logarithm);

  /** Running sum along an axis. */
  V cumSum(V x, int axis);

  /**
   * Any rearrangement of elements by public positions: reshape, permute, slice, broadcast, pad,
   * gather and so on.
   */
  V layout(Layout layout, V x);

  /** Concatenation along an axis. */
  V concat(List<V> values, int axis);

  /** Conversion to another data type; on secrets only where no value changes. */
  V cast(V x, DataType type);

  /** A public constant as a value of this kind. */
  V constant(PublicTensor tensor);

  /** Elementwise functions of one argument. */
  enum Unary {
    /** -x. */
    NEGATE,
    /** |x|. */
    ABS,
    /** -1, 0 or 1. */
    SIGN,
    /** x^2. */
    SQUARE,
    /** max(x, 0). */
    RELU,
    /** 1 / (1 + exp(-x)). */
    SIGMOID,
    /** Hyperbolic tangent. */
    TANH,
    /** e^x. */
    EXP,
    /** Natural logarithm. */
    LOG,
    /** Square root. */
    SQRT,
    /** 1 / x. */
    RECIPROCAL,
    /** 1 / sqrt(x). */
    RECIPROCAL_SQRT,
    /** x Phi(x), Phi being the normal distribution function (not its tanh approximation). */
    GELU,
    /** x sigmoid(x). */
    SILU,
    /** log(1 + exp(x)). */
    SOFTPLUS,
    /** min(max(x + 3, 0), 6) / 6, as PyTorch defines it. */
    HARD_SIGMOID,
    /** x hard_sigmoid(x). */
    HARD_SWISH,
    /** Whether x is zero. */
    LOGICAL_NOT,
    /** Largest integer not above x. */
    FLOOR,
    /** Smallest integer not below x. */
    CEIL,
    /** Nearest integer, halves to the even one. */
    ROUND,
    /** Sine. */
    SIN,
    /** Cosine. */
    COS,
    /** Error function. */
    ERF
  }

  /** Elementwise functions of two arguments. */
  enum Binary {
    /** a + b. */
    ADD,
    /** a - b. */
    SUBTRACT,
    /** a b. */
    MULTIPLY,
    /** a / b, real for integers too. */
    DIVIDE,
    /** The larger. */
    MAXIMUM,
    /** The smaller. */
    MINIMUM,
    /** a^b. */
    POWER,
    /** a - b floor(a / b): the sign is that of b. */
    REMAINDER,
    /** a = b. */
    EQUAL,
    /** a != b. */
    NOT_EQUAL,
    /** a &gt; b. */
    GREATER,
    /** a &gt;= b. */
    GREATER_OR_EQUAL,
    /** a &lt; b. */
    LESS,
    /** a &lt;= b. */
    LESS_OR_EQUAL,
    /** Neither is zero. */
    AND,
    /** Not both are zero. */
    OR,
    /** Exactly one is zero. */
    XOR
  }

  /** Reductions. */
  enum Reduction {
    /** Sum. */
    SUM,
    /** Arithmetic mean. */
    MEAN,
    /** Maximum. */
    MAX,
    /** Minimum. */
    MIN,
    /** Product. */
    PRODUCT,
    /** Mean squared distance from the mean (divided by the count, not the count less one). */
    VARIANCE,
    /** Whether no element is zero. */
    ALL,
    /** Whether some element is not zero. */
    ANY
  }
}
