package org.djlmpc.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDArrayIndexer;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.index.full.NDIndexFullPick;
import ai.djl.ndarray.index.full.NDIndexFullSlice;
import ai.djl.ndarray.index.full.NDIndexFullTake;
import ai.djl.ndarray.types.Shape;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.PublicTensor;

/** Reads and writes parts of arrays; see {@link Selection} for what an index means. */
final class MpcNDArrayIndexer extends NDArrayIndexer {
  private final MpcNDManager manager;

  MpcNDArrayIndexer(MpcNDManager manager) {
    this.manager = manager;
  }

  private Selection selection(NDArray array, NDIndex index) {
    return Selection.of(index, array.getShape(), manager);
  }

  @Override
  public NDArray get(NDArray array, NDIndex index) {
    return selection(array, index).of(manager.operators(), manager.from(array));
  }

  @Override
  public void set(NDArray array, NDIndex index, Object value) {
    set(manager.from(array), selection(array, index).positions(), value);
  }

  @Override
  public void setScalar(NDArray array, NDIndex index, Number value) {
    PublicTensor positions = selection(array, index).positions();
    if (positions.size() != 1) {
      throw new IllegalArgumentException("The index selects " + positions.shape() + ", no scalar.");
    }
    set(manager.from(array), positions, value);
  }

  private void set(MpcNDArray array, PublicTensor positions, Object value) {
    MpcNDArray values;
    if (value instanceof Number number) {
      values = manager.create(PublicTensor.scalar(number.doubleValue(), array.getDataType()));
    } else if (value instanceof NDArray given) {
      values = manager.from(given);
    } else {
      throw new IllegalArgumentException("Only a number or an array can be set.");
    }
    array.assign(array.with(positions, fitted(values, positions.shape())));
  }

  /** Values for the selected elements; axes of length one may be missing anywhere. */
  private MpcNDArray fitted(MpcNDArray values, Shape shape) {
    if (values.size() == shape.size()) {
      return values;
    }
    try {
      return manager.operators().layout(Layout.broadcast(shape), values);
    } catch (MpcException e) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "Values of shape " + values.getShape() + " for a selection of shape " + shape + ".",
          "Give as many values as the index selects, or one for each row.",
          e);
    }
  }

  // DJL calls these with an index that it has taken apart itself

  @Override
  public NDArray get(NDArray array, NDIndexFullPick fullPick) {
    return get(
        array, new NDIndex().addAllDim(fullPick.getAxis()).addPickDim(fullPick.getIndices()));
  }

  @Override
  public NDArray get(NDArray array, NDIndexFullTake fullTake) {
    return get(
        array, new NDIndex().addAllDim(fullTake.getAxis()).addIndices("{}", fullTake.getIndices()));
  }

  @Override
  public NDArray get(NDArray array, NDIndexFullSlice fullSlice) {
    return manager
        .operators()
        .layout(
            new Layout.Reshape(fullSlice.getSqueezedShape()),
            manager.operators().layout(layout(fullSlice), manager.from(array)));
  }

  @Override
  public void set(NDArray array, NDIndexFullSlice fullSlice, NDArray value) {
    set(manager.from(array), positions(array, fullSlice), value);
  }

  @Override
  public void set(NDArray array, NDIndexFullSlice fullSlice, Number value) {
    set(manager.from(array), positions(array, fullSlice), value);
  }

  private static Layout layout(NDIndexFullSlice slice) {
    return Layout.slice(slice.getMin(), slice.getMax(), slice.getStep());
  }

  private static PublicTensor positions(NDArray array, NDIndexFullSlice slice) {
    return Positions.of(array.getShape()).rearrange(layout(slice).indexMap(array.getShape()));
  }
}
