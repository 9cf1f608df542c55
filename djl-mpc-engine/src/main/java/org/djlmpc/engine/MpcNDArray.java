package org.djlmpc.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.PublicTensor;

/**
 * An array of engine MPC: public, secret-shared between the parties, or traced.
 *
 * <p>This class moves elements about and multiplies matrices; its parents hold the value, its
 * arithmetic and its reductions. Elements move by public positions only, so all of it is local.
 */
public final class MpcNDArray extends ReducingArray {
  MpcNDArray(MpcNDManager manager, Value value) {
    super(manager, value);
  }

  @Override
  MpcNDArray self() {
    return this;
  }

  @Override
  public MpcNDArrayEx getNDArrayInternal() {
    return new MpcNDArrayEx(this);
  }

  private MpcNDArray layout(Layout layout) {
    return operators().layout(layout, this);
  }

  private PublicTensor index(NDArray index) {
    return Selection.readable(getManager().from(index));
  }

  private int axis(int axis) {
    int rank = getShape().dimension();
    int positive = axis < 0 ? axis + rank : axis;
    if (positive < 0 || positive >= rank) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Axis " + axis + " does not exist in the shape " + getShape() + ".",
          "Use an axis from " + -rank + " to " + (rank - 1) + ".");
    }
    return positive;
  }

  private static void require(boolean condition, ErrorCode code, String problem, String next) {
    if (!condition) {
      throw new MpcException(code, problem, next);
    }
  }

  // ---- products

  @Override
  public NDArray dot(NDArray other) {
    int rank = getShape().dimension();
    require(
        rank == other.getShape().dimension() && rank >= 1 && rank <= 2,
        ErrorCode.SHAPE,
        "dot of shapes " + getShape() + " and " + other.getShape() + ".",
        "Use two vectors or two matrices; for more dimensions use matMul.");
    return matMul(other);
  }

  @Override
  public NDArray matMul(NDArray other) {
    return operators().matmul(this, getManager().from(other));
  }

  @Override
  public NDArray batchMatMul(NDArray other) {
    require(
        getShape().dimension() == 3 && other.getShape().dimension() == 3,
        ErrorCode.SHAPE,
        "batchMatMul of shapes " + getShape() + " and " + other.getShape() + ".",
        "Use shapes (batch, n, m) and (batch, m, p); for others use matMul.");
    return matMul(other);
  }

  // ---- shapes

  @Override
  public NDArray reshape(Shape shape) {
    return layout(Layout.reshape(shape.getShape()));
  }

  @Override
  public NDArray flatten() {
    return reshape(-1);
  }

  @Override
  public NDArray flatten(int startDim, int endDim) {
    if (isScalar()) {
      return reshape(1);
    }
    int start = axis(startDim);
    int end = axis(endDim);
    long length = getShape().slice(start, end + 1).size();
    return reshape(getShape().slice(0, start).add(length).addAll(getShape().slice(end + 1)));
  }

  @Override
  public NDArray expandDims(int axis) {
    return layout(Layout.expandDims(getShape(), axis));
  }

  @Override
  public NDArray squeeze(int[] axes) {
    return axes.length == 0 ? reshape(getShape()) : layout(Layout.squeeze(getShape(), axes));
  }

  @Override
  public NDArray broadcast(Shape shape) {
    return layout(Layout.broadcast(shape));
  }

  // ---- orders of axes

  @Override
  public NDArray transpose() {
    int rank = getShape().dimension();
    return transpose(IntStream.range(0, rank).map(i -> rank - 1 - i).toArray());
  }

  @Override
  public NDArray transpose(int... axes) {
    return layout(Layout.permute(axes));
  }

  @Override
  public NDArray swapAxes(int axis1, int axis2) {
    int[] axes = IntStream.range(0, getShape().dimension()).toArray();
    axes[axis(axis1)] = axis(axis2);
    axes[axis(axis2)] = axis(axis1);
    return transpose(axes);
  }

  @Override
  public NDArray flip(int... axes) {
    return layout(Layout.flip(axes));
  }

  @Override
  public NDArray rotate90(int times, int[] axes) {
    require(
        axes.length == 2,
        ErrorCode.ARGUMENT,
        "A rotation of " + axes.length + " axes.",
        "Name the two axes of the plane.");
    return switch (Math.floorMod(times, 4)) {
      case 1 -> swapAxes(axes[0], axes[1]).flip(axes[0]);
      case 2 -> flip(axes[0], axes[1]);
      case 3 -> swapAxes(axes[0], axes[1]).flip(axes[1]);
      default -> duplicate();
    };
  }

  // ---- repetition

  private long[] eachAxis(long count) {
    long[] counts = new long[Math.max(1, getShape().dimension())];
    Arrays.fill(counts, count);
    return counts;
  }

  private long[] countsFor(Shape desired) {
    Shape shape = getShape();
    int rank = shape.dimension();
    require(
        desired.dimension() <= rank,
        ErrorCode.SHAPE,
        "The shape " + shape + " cannot be repeated to " + desired + ".",
        "Use expandDims first.");
    long[] counts = new long[rank];
    Arrays.fill(counts, 1);
    for (int i = 1; i <= desired.dimension(); i++) {
      long length = shape.get(rank - i);
      long wanted = desired.get(desired.dimension() - i);
      require(
          length != 0 && wanted % length == 0,
          ErrorCode.SHAPE,
          "The shape " + desired + " is no multiple of " + shape + ".",
          "Use multiples of each length.");
      counts[rank - i] = wanted / length;
    }
    return counts;
  }

  @Override
  public NDArray tile(long repeats) {
    return tile(eachAxis(repeats));
  }

  @Override
  public NDArray tile(int axis, long repeats) {
    long[] counts = eachAxis(1);
    counts[axis(axis)] = repeats;
    return tile(counts);
  }

  @Override
  public NDArray tile(long[] repeats) {
    return layout(Layout.tile(repeats));
  }

  @Override
  public NDArray tile(Shape desiredShape) {
    return tile(countsFor(desiredShape));
  }

  @Override
  public NDArray repeat(long repeats) {
    return repeat(eachAxis(repeats));
  }

  @Override
  public NDArray repeat(int axis, long repeats) {
    return layout(Layout.repeat(axis, Math.toIntExact(repeats)));
  }

  @Override
  public NDArray repeat(long[] repeats) {
    NDArray result = isScalar() ? reshape(1) : this;
    for (int axis = 0; axis < repeats.length; axis++) {
      if (repeats[axis] != 1) {
        result = result.repeat(axis, repeats[axis]);
      }
    }
    return result == this ? duplicate() : result;
  }

  @Override
  public NDArray repeat(Shape desiredShape) {
    return repeat(countsFor(desiredShape));
  }

  // ---- parts

  /** {@inheritDoc} The padding names the last axis first: (before, after) of each. */
  @Override
  public NDArray pad(Shape padding, double value) {
    int rank = getShape().dimension();
    require(
        padding.dimension() % 2 == 0 && padding.dimension() <= 2 * rank,
        ErrorCode.SHAPE,
        "Padding of " + padding + " for the shape " + getShape() + ".",
        "Give a pair (before, after) for each axis to pad, the last axis first.");
    long[] before = new long[rank];
    long[] after = new long[rank];
    for (int i = 0; i < padding.dimension() / 2; i++) {
      before[rank - 1 - i] = padding.get(2 * i);
      after[rank - 1 - i] = padding.get(2 * i + 1);
    }
    return layout(Layout.pad(before, after, value));
  }

  @Override
  public NDList split(long sections, int axis) {
    long length = getShape().get(axis(axis));
    require(
        sections > 0 && length % sections == 0,
        ErrorCode.SHAPE,
        "Axis " + axis + " of " + getShape() + " has no " + sections + " equal parts.",
        "Use a divisor of the length, or split(long[], int).");
    return split(
        IntStream.range(1, (int) sections).mapToLong(i -> i * (length / sections)).toArray(), axis);
  }

  @Override
  public NDList split(long[] indices, int axis) {
    int at = axis(axis);
    NDList parts = new NDList(indices.length + 1);
    long begin = 0;
    for (int i = 0; i <= indices.length; i++) {
      long end = i < indices.length ? indices[i] : getShape().get(at);
      parts.add(layout(Layout.slice(getShape(), at, begin, end)));
      begin = end;
    }
    return parts;
  }

  @Override
  public NDArray diff(int n, int dim) {
    MpcNDArray result = this;
    for (int i = 0; i < n; i++) {
      Shape shape = result.getShape();
      long length = shape.get(axis(dim));
      MpcNDArray later = result.layout(Layout.slice(shape, dim, 1, length));
      result = (MpcNDArray) later.sub(result.layout(Layout.slice(shape, dim, 0, length - 1)));
    }
    return result;
  }

  @Override
  public NDArray diagonal() {
    return diagonal(0);
  }

  @Override
  public NDArray diagonal(int offset) {
    return diagonal(offset, 0, 1);
  }

  @Override
  public NDArray diagonal(int offset, int axis1, int axis2) {
    return layout(Layout.take(Positions.diagonal(getShape(), offset, axis(axis1), axis(axis2))));
  }

  @Override
  public NDArray trace(int offset, int axis1, int axis2) {
    return diagonal(offset, axis1, axis2).sum(new int[] {-1});
  }

  // ---- elements by public positions

  @Override
  public NDArray gather(NDArray index, int axis) {
    return layout(Layout.take(Positions.along(getShape(), index(index), axis(axis))));
  }

  @Override
  public NDArray gatherNd(NDArray index) {
    PublicTensor indices = index(index);
    int depth = Math.toIntExact(indices.shape().get(0));
    return flatten(0, depth - 1)
        .get(getManager().create(Positions.combined(getShape(), indices, depth)));
  }

  @Override
  public NDArray take(NDManager manager, NDArray index) {
    MpcNDManager owner = MpcNDManager.of(manager);
    return owner.operators().layout(Layout.take(index(index)), this);
  }

  @Override
  public NDArray put(NDArray index, NDArray value) {
    return with(index(index), getManager().from(value));
  }

  @Override
  public NDArray scatter(NDArray index, NDArray value, int axis) {
    return with(Positions.along(getShape(), index(index), axis(axis)), getManager().from(value));
  }

  /** This array with the elements at row-major positions taken from others, in order. */
  MpcNDArray with(PublicTensor positions, MpcNDArray values) {
    MpcNDArray others = values;
    if (value() instanceof Value.Public && values.value() instanceof Value.Public) {
      others = (MpcNDArray) values.toType(getDataType(), false);
    }
    Layout flat = Layout.reshape(-1);
    MpcNDArray both =
        operators().concat(List.of(layout(flat), operators().layout(flat, others)), 0);
    return operators().layout(Layout.take(Positions.replacing(getShape(), positions)), both);
  }

  @Override
  public NDArray booleanMask(NDArray index, int axis) {
    Shape mask = index.getShape();
    MpcNDArray chosen = Selection.mask(getManager().from(index), axis(axis), getShape()).of(this);
    return mask.equals(getShape()) ? chosen.flatten() : chosen;
  }

  /** {@inheritDoc} Of a public array only: how many there are would tell about a secret. */
  @Override
  public NDArray nonzero() {
    return getManager().create(Positions.nonzero(readable("searched for nonzero elements")));
  }

  @Override
  public NDArray oneHot(int depth, float onValue, float offValue, DataType dataType) {
    NDArray classes = getManager().arange(0, depth, 1, DataType.INT64);
    MpcNDArray hit = (MpcNDArray) expandDims(-1).eq(classes);
    MpcNDArray on = getManager().create(PublicTensor.scalar(onValue, dataType));
    MpcNDArray off = getManager().create(PublicTensor.scalar(offValue, dataType));
    return operators().where(hit, on, off);
  }
}
