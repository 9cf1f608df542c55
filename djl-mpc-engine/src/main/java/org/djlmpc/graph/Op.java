package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Locale;
import org.djlmpc.ring.ConvolutionSpec;

/**
 * One operator with its public attributes: a method of {@link Operators} as data, so that it can be
 * recorded, sent and rewritten.
 */
public sealed interface Op {
  /** Applies the operator. */
  <V> V apply(Operators<V> o, List<V> inputs);

  /** What a user calls the operator, such as {@code relu} or {@code convolution}. */
  String name();

  /** Fewest inputs. */
  default int minInputs() {
    return 1;
  }

  /** Most inputs. */
  default int maxInputs() {
    return minInputs();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /**
   * {@link Operators#unary}: input (x).
   *
   * @param function the function
   */
  record Unary(Operators.Unary function) implements Op {
    @Override
    public <V> V apply(Operators<V> o, List<V> inputs) {
      return o.unary(function, inputs.get(0));
    }

    @Override
    public String name() {
      return lower(function);
    }
  }

  /**
   * {@link Operators#binary}: inputs (a, b).
   *
   * @param function the function
   */
  record Binary(Operators.Binary function) implements Op {
    @Override
    public <V> V apply(Operators<V> o, List<V> inputs) {
      return o.binary(function, inputs.get(0), inputs.get(1));
    }

    @Override
    public String name() {
      return lower(function);
    }

    @Override
    public int minInputs() {
      return 2;
    }
  }

  /**
   * {@link Operators#scalar}: input (x).
   *
   * @param function the function
   * @param number the public number
   * @param numberFirst whether the number is the first argument
   */
  record Scalar(Operators.Binary function, double number, boolean numberFirst) implements Op {
    @Override
    public <V> V apply(Operators<V> o, List<V> inputs) {
      return o.scalar(function, inputs.get(0), number, numberFirst);
    }

    @Override
    public String name() {
      return lower(function);
    }
  }

  /** {@link Operators#where}: inputs (condition, a, b). */
  record Where() implements Op {
    @Override
    public <V> V apply(Operators<V> o, List<V> inputs) {
      return o.where(inputs.get(0), inputs.get(1), inputs.get(2));
    }

    @Override
    public String name() {
      return "where";
    }

    @Override
    public int minInputs() {
      return 3;
    }
  }

  /**
   * {@link Operators#clip}: input (x).
   *
   * @param min lower bound
   * @param max upper bound
   */
  record Clip(double min, double max) implements Op {
    @Override
    public <V> V apply(Operators<V> o, List<V> inputs) {
      return o.clip(inputs.get(0), min, max);
    }

    @Override
    public String name() {
      return "clip";
    }
  }

  /**
   * {@link Operators#leakyRelu}: input (x).
   *
   * @param slope the slope below zero
   */
  record LeakyRelu(double slope) implements Op {
    @Override
    public <V> V apply(Operators<V> o, List<V> inputs) {
      return o.leakyRelu(inputs.get(0), slope);
    }

    @Override
    public String name() {
      return "leaky_relu";
    }
  }

  /** {@link Operators#prelu}: inputs (x, slope). */
  record Prelu() implements Op {
    @Override
    public <V> V apply(Operators<V> o, List<V> inputs) {
      return o.prelu(inputs.get(0), inputs.get(1));
    }

    @Override
    public String name() {
      return "prelu";
    }

    @Override
    public int minInputs() {
      return 2;
    }
  }

  /** {@link Operators#matmul}: inputs (a, b). */
  record Matmul() implements Op {
    @Override
    public <V> V apply(Operators<V> o, List<V> inputs) {
      return o.matmul(inputs.get(0), inputs.get(1));
    }

    @Override
    public String name() {
      return "matmul";
    }

    @Override
    public int minInputs() {
      return 2;
    }
  }

  /** {@link Operators#linear}: inputs (x, weight) or (x, weight, bias). */
  record Linear() implements Op {
    @Override
    public <V> V apply(Operators<V> o, List<V> inputs) {
      return o.linear(inputs.get(0), inputs.get(1), inputs.size() > 2 ? inputs.get(2) : null);
    }

    @Override
    public String name() {
      return "linear";
    }

    @Override
    public int minInputs() {
      return 2;
    }

    @Override
    public int maxInputs() {
      return 3;
    }
  }

  /**
   * {@link Operators#convolution}: inputs (x, weight) or (x, weight, bias).
   *
   * @param spec the geometry
   */
  record Convolution(ConvolutionSpec spec) implements Op {
    @Override
    public <V> V apply(Operators<V> o, List<V> inputs) {
      return o.convolution(
          inputs.get(0), inputs.get(1), inputs.size() > 2 ? inputs.get(2) : null, spec);
    }

    @Override
    public String name() {
      return "convolution";
    }

    @Override
    public int minInputs() {
      return 2;
    }

    @Override
    public int maxInputs() {
      return 3;
    }
  }

  /**
   * {@link Operators#pool}: input (x).
   *
   * @param pooling the geometry
   */
  record Pool(Pooling pooling) implements Op {
    @Override
    public <V> V apply(Operators<V> o, List<V> inputs) {
      return o.pool(inputs.get(0), pooling);
    }

    @Override
    public String name() {
      return pooling.kind() == Pooling.Kind.MAX ? "max_pool" : "avg_pool";
    }
  }

  /**
   * {@link Operators#batchNorm}: inputs (x, mean, variance), then gamma if {@code scaled}, then
   * beta if {@code shifted}.
   *
   * @param axis the channel axis
   * @param epsilon what is added to the variance
   * @param scaled whether there is a gamma
   * @param shifted whether there is a beta
   */
  record BatchNorm(int axis, double epsilon, boolean scaled, boolean shifted) implements Op {
    @Override
    public <V> V apply(Operators<V> o, List<V> inputs) {
      return o.batchNorm(
          inputs.get(0),
          inputs.get(1),
          inputs.get(2),
          scaled ? inputs.get(3) : null,
          shifted ? inputs.get(scaled ? 4 : 3) : null,
          axis,
          epsilon);
    }

    @Override
    public String name() {
      return "batch_norm";
    }

    @Override
    public int minInputs() {
      return 3 + (scaled ? 1 : 0) + (shifted ? 1 : 0);
    }
  }

  /**
   * {@link Operators#reduce}: input (x).
   *
   * @param reduction what becomes of the elements
   * @param axes the axes; none means all
   * @param keepAxes whether they stay with length one
   */
  record Reduce(Operators.Reduction reduction, List<Integer> axes, boolean keepAxes) implements Op {
    /** Copies the list. */
    public Reduce {
      axes = List.copyOf(axes);
    }

    @Override
    public <V> V apply(Operators<V> o, List<V> inputs) {
      return o.reduce(
          reduction, inputs.get(0), axes.stream().mapToInt(Integer::intValue).toArray(), keepAxes);
    }

    @Override
    public String name() {
      return "reduce_" + lower(reduction);
    }
  }

  /**
   * {@link Operators#argMax}: input (x).
   *
   * @param axis the axis
   * @param smallest whether the smallest value is meant
   */
  record ArgMax(int axis, boolean smallest) implements Op {
    @Override
    public <V> V apply(Operators<V> o, List<V> inputs) {
      return o.argMax(inputs.get(0), axis, smallest);
    }

    @Override
    public String name() {
      return smallest ? "arg_min" : "arg_max";
    }
  }

  /**
   * {@link Operators#softmax}: input (x).
   *
   * @param axis the axis
   * @param logarithm whether its logarithm is meant
   */
  record Softmax(int axis, boolean logarithm) implements Op {
    @Override
    public <V> V apply(Operators<V> o, List<V> inputs) {
      return o.softmax(inputs.get(0), axis, logarithm);
    }

    @Override
    public String name() {
      return logarithm ? "log_softmax" : "softmax";
    }
  }

  /**
   * {@link Operators#cumSum}: input (x).
   *
   * @param axis the axis
   */
  record CumSum(int axis) implements Op {
    @Override
    public <V> V apply(Operators<V> o, List<V> inputs) {
      return o.cumSum(inputs.get(0), axis);
    }

    @Override
    public String name() {
      return "cum_sum";
    }
  }

  /**
   * {@link Operators#layout}: input (x).
   *
   * @param layout the rearrangement
   */
  record Rearrange(Layout layout) implements Op {
    @Override
    public <V> V apply(Operators<V> o, List<V> inputs) {
      return o.layout(layout, inputs.get(0));
    }

    @Override
    public String name() {
      return layout.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * {@link Operators#concat}: one input or more.
   *
   * @param axis the axis
   */
  record Concat(int axis) implements Op {
    @Override
    public <V> V apply(Operators<V> o, List<V> inputs) {
      return o.concat(inputs, axis);
    }

    @Override
    public String name() {
      return "concat";
    }

    @Override
    public int maxInputs() {
      return Integer.MAX_VALUE;
    }
  }

  /**
   * {@link Operators#cast}: input (x).
   *
   * @param type the data type
   */
  record Cast(DataType type) implements Op {
    @Override
    public <V> V apply(Operators<V> o, List<V> inputs) {
      return o.cast(inputs.get(0), type);
    }

    @Override
    public String name() {
      return "cast";
    }
  }
}
