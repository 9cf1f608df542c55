package org.djlmpc.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.Operators.Reduction;

/** Reductions, and what normalizes by one. */
abstract class ReducingArray extends ElementwiseArray {
  private static final int[] ALL = {};

  ReducingArray(MpcNDManager manager, Value value) {
    super(manager, value);
  }

  private MpcNDArray reduce(Reduction reduction, int[] axes, boolean keepDims) {
    return operators().reduce(reduction, self(), axes, keepDims);
  }

  @Override
  public final NDArray sum() {
    return reduce(Reduction.SUM, ALL, false);
  }

  @Override
  public final NDArray sum(int[] axes, boolean keepDims) {
    return reduce(Reduction.SUM, axes, keepDims);
  }

  @Override
  public final NDArray mean() {
    return reduce(Reduction.MEAN, ALL, false);
  }

  @Override
  public final NDArray mean(int[] axes, boolean keepDims) {
    return reduce(Reduction.MEAN, axes, keepDims);
  }

  @Override
  public final NDArray max() {
    return reduce(Reduction.MAX, ALL, false);
  }

  @Override
  public final NDArray max(int[] axes, boolean keepDims) {
    return reduce(Reduction.MAX, axes, keepDims);
  }

  @Override
  public final NDArray min() {
    return reduce(Reduction.MIN, ALL, false);
  }

  @Override
  public final NDArray min(int[] axes, boolean keepDims) {
    return reduce(Reduction.MIN, axes, keepDims);
  }

  @Override
  public final NDArray prod() {
    return reduce(Reduction.PRODUCT, ALL, false);
  }

  @Override
  public final NDArray prod(int[] axes, boolean keepDims) {
    return reduce(Reduction.PRODUCT, axes, keepDims);
  }

  // ---- truth values

  private MpcNDArray truth() {
    return getDataType() == DataType.BOOLEAN ? self() : (MpcNDArray) neq(0);
  }

  @Override
  public final NDArray all() {
    return operators().reduce(Reduction.ALL, truth(), ALL, false);
  }

  @Override
  public final NDArray any() {
    return operators().reduce(Reduction.ANY, truth(), ALL, false);
  }

  @Override
  public final NDArray none() {
    return any().logicalNot();
  }

  @Override
  public final NDArray countNonzero() {
    return truth().sum();
  }

  @Override
  public final NDArray countNonzero(int axis) {
    return truth().sum(new int[] {axis});
  }

  // ---- positions

  @Override
  public final NDArray argMax() {
    return arg(false);
  }

  @Override
  public final NDArray argMax(int axis) {
    return arg(axis, false);
  }

  @Override
  public final NDArray argMin() {
    return arg(true);
  }

  @Override
  public final NDArray argMin(int axis) {
    return arg(axis, true);
  }

  private NDArray arg(boolean smallest) {
    return operators().argMax(operators().layout(Layout.reshape(-1), self()), 0, smallest);
  }

  private NDArray arg(int axis, boolean smallest) {
    return isScalar() ? arg(smallest) : operators().argMax(self(), axis, smallest);
  }

  // ---- running sums

  @Override
  public final NDArray cumSum() {
    return isScalar() || isEmpty() ? reshape(-1) : cumSum(0);
  }

  @Override
  public final NDArray cumSum(int axis) {
    return operators().cumSum(self(), axis);
  }

  // ---- norms

  @Override
  public final NDArray norm(boolean keepDims) {
    return norm(2, ALL, keepDims);
  }

  /** {@inheritDoc} The sum of absolute values (1) or the Euclidean length (2). */
  @Override
  public final NDArray norm(int ord, int[] axes, boolean keepDims) {
    return switch (ord) {
      case 1 -> abs().sum(axes, keepDims);
      case 2 -> square().sum(axes, keepDims).sqrt();
      default -> throw unsupported("norm of order " + ord, "order 1 or 2");
    };
  }

  @Override
  public final NDArray normalize(double exponent, long dim, double eps) {
    int[] axis = {Math.toIntExact(dim)};
    int order = (int) exponent == exponent ? (int) exponent : 0;
    return div(norm(order, axis, true).maximum(eps));
  }

  @Override
  public final NDArray softmax(int axis) {
    return operators().softmax(self(), axis, false);
  }

  @Override
  public final NDArray logSoftmax(int axis) {
    return operators().softmax(self(), axis, true);
  }
}
