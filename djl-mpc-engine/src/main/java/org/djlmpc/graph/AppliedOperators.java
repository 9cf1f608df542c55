package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.djlmpc.ring.ConvolutionSpec;
import org.jspecify.annotations.Nullable;

/**
 * Operators that all do the same: each method makes its {@link Op} and hands it to {@link #apply}.
 *
 * @param <V> the kind of value
 */
public abstract class AppliedOperators<V> implements Operators<V> {

  /**
   * Applies any operator.
   *
   * @param inputs the arguments, without optional ones that are absent
   */
  protected abstract V apply(Op op, List<V> inputs);

  @Override
  public V unary(Unary function, V x) {
    return apply(new Op.Unary(function), List.of(x));
  }

  @Override
  public V binary(Binary function, V a, V b) {
    return apply(new Op.Binary(function), List.of(a, b));
  }

  @Override
  public V scalar(Binary function, V x, double number, boolean numberFirst) {
    return apply(new Op.Scalar(function, number, numberFirst), List.of(x));
  }

  @Override
  public V where(V condition, V a, V b) {
    return apply(new Op.Where(), List.of(condition, a, b));
  }

  @Override
  public V clip(V x, double min, double max) {
    return apply(new Op.Clip(min, max), List.of(x));
  }

  @Override
  public V leakyRelu(V x, double slope) {
    return apply(new Op.LeakyRelu(slope), List.of(x));
  }

  @Override
  public V prelu(V x, V slope) {
    return apply(new Op.Prelu(), List.of(x, slope));
  }

  @Override
  public V matmul(V a, V b) {
    return apply(new Op.Matmul(), List.of(a, b));
  }

  @Override
  public V linear(V x, V weight, @Nullable V bias) {
    return apply(new Op.Linear(), bias == null ? List.of(x, weight) : List.of(x, weight, bias));
  }

  @Override
  public V convolution(V x, V weight, @Nullable V bias, ConvolutionSpec spec) {
    return apply(
        new Op.Convolution(spec), bias == null ? List.of(x, weight) : List.of(x, weight, bias));
  }

  @Override
  public V pool(V x, Pooling pooling) {
    return apply(new Op.Pool(pooling), List.of(x));
  }

  @Override
  public V batchNorm(
      V x, V mean, V variance, @Nullable V gamma, @Nullable V beta, int axis, double epsilon) {
    Op op = new Op.BatchNorm(axis, epsilon, gamma != null, beta != null);
    List<V> inputs = new ArrayList<>(List.of(x, mean, variance));
    if (gamma != null) {
      inputs.add(gamma);
    }
    if (beta != null) {
      inputs.add(beta);
    }
    return apply(op, inputs);
  }

  @Override
  public V reduce(Reduction reduction, V x, int[] axes, boolean keepAxes) {
    List<Integer> named = Arrays.stream(axes).boxed().toList();
    return apply(new Op.Reduce(reduction, named, keepAxes), List.of(x));
  }

  @Override
  public V argMax(V x, int axis, boolean smallest) {
    return apply(new Op.ArgMax(axis, smallest), List.of(x));
  }

  @Override
  public V softmax(V x, int axis, boolean logarithm) {
    return apply(new Op.Softmax(axis, logarithm), List.of(x));
  }

  @Override
  public V cumSum(V x, int axis) {
    return apply(new Op.CumSum(axis), List.of(x));
  }

  @Override
  public V layout(Layout layout, V x) {
    return apply(new Op.Rearrange(layout), List.of(x));
  }

  @Override
  public V concat(List<V> values, int axis) {
    return apply(new Op.Concat(axis), values);
  }

  @Override
  public V cast(V x, DataType type) {
    return apply(new Op.Cast(type), List.of(x));
  }
}
