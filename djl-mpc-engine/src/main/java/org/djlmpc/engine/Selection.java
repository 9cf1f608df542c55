package org.djlmpc.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.index.dim.NDIndexAll;
import ai.djl.ndarray.index.dim.NDIndexBooleans;
import ai.djl.ndarray.index.dim.NDIndexElement;
import ai.djl.ndarray.index.dim.NDIndexFixed;
import ai.djl.ndarray.index.dim.NDIndexNull;
import ai.djl.ndarray.index.dim.NDIndexPick;
import ai.djl.ndarray.index.dim.NDIndexSlice;
import ai.djl.ndarray.index.dim.NDIndexTake;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.Operators;
import org.djlmpc.graph.PublicOperators;
import org.djlmpc.graph.PublicTensor;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link NDIndex} selects from arrays of one shape: a few layouts, one after the other.
 *
 * <p>Slices, numbers, new axes and an ellipsis mean what they mean to NumPy; index arrays and masks
 * mean what they mean to PyTorch (where a number beside an index array is taken first). All of them
 * are public, so that a selection is local on shares.
 */
final class Selection {
  private final Shape shape;
  private final List<Layout> layouts = new ArrayList<>();

  private Selection(Shape shape) {
    this.shape = shape;
  }

  /** The selection of an index from arrays of a shape. */
  static Selection of(NDIndex index, Shape shape, MpcNDManager manager) {
    Selection selection = new Selection(shape);
    List<NDIndexElement> elements = selection.elements(index);
    if (elements.stream().anyMatch(NDIndexPick.class::isInstance)) {
      selection.pick(elements, manager);
      return selection;
    }
    selection.slice(elements);
    selection.gather(elements, manager);
    return selection;
  }

  /** The elements where a mask is true; it covers the axes from {@code axis} on. */
  static Selection mask(MpcNDArray mask, int axis, Shape shape) {
    NDIndex index = new NDIndex().addAllDim(axis).addBooleanIndex(mask);
    return of(index, shape, mask.getManager());
  }

  /** An index array's INT64 elements, which have to be public. */
  static PublicTensor readable(MpcNDArray index) {
    if (index.isSecret()) {
      throw UnsupportedNDArray.unsupported(
          "selection by a secret index",
          "index.oneHot(n) and a product with it, or where with a secret condition");
    }
    return index.readable("used as an index").cast(DataType.INT64);
  }

  /** The selected elements. */
  <V> V of(Operators<V> operators, V x) {
    V result = x;
    for (Layout layout : layouts) {
      result = operators.layout(layout, result);
    }
    return result;
  }

  MpcNDArray of(MpcNDArray x) {
    return of(x.operators(), x);
  }

  /** The row-major positions of the selected elements. */
  PublicTensor positions() {
    return of(new PublicOperators(), Positions.of(shape));
  }

  /** The index's elements, one for each axis (or new axis), its ellipsis written out. */
  private List<NDIndexElement> elements(NDIndex index) {
    List<NDIndexElement> elements = new ArrayList<>(index.getIndices());
    int covered = 0;
    for (NDIndexElement element : elements) {
      covered += axes(element);
    }
    if (covered > shape.dimension()) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "An index of " + covered + " axes for the shape " + shape + ".",
          "Give at most one entry for each axis.");
    }
    int at = index.getEllipsisIndex() < 0 ? elements.size() : index.getEllipsisIndex();
    for (int i = covered; i < shape.dimension(); i++) {
      elements.add(at, new NDIndexAll());
    }
    return elements;
  }

  private static int axes(NDIndexElement element) {
    if (element instanceof NDIndexNull) {
      return 0;
    }
    return element instanceof NDIndexBooleans mask ? mask.getIndex().getShape().dimension() : 1;
  }

  /**
   * Cuts slices and numbers out of their axes, then removes the numbers' axes and adds new ones.
   */
  private void slice(List<NDIndexElement> elements) {
    int rank = shape.dimension();
    long[] begin = new long[rank];
    long[] end = shape.getShape().clone();
    long[] step = new long[rank];
    Arrays.fill(step, 1);
    int axis = 0;
    for (NDIndexElement element : elements) {
      if (element instanceof NDIndexFixed fixed) {
        begin[axis] = Positions.resolve(fixed.getIndex(), shape.get(axis));
        end[axis] = begin[axis] + 1;
      } else if (element instanceof NDIndexSlice slice) {
        begin[axis] = slice.getMin() == null ? 0 : slice.getMin();
        end[axis] = slice.getMax() == null ? Long.MAX_VALUE : slice.getMax();
        step[axis] = slice.getStep() == null ? 1 : slice.getStep();
      }
      axis += axes(element);
    }
    Layout cut = Layout.slice(begin, end, step);
    Shape sliced = cut.outputShape(shape);
    if (!sliced.equals(shape)) {
      layouts.add(cut);
    }
    Shape kept = new Shape();
    axis = 0;
    for (NDIndexElement element : elements) {
      if (element instanceof NDIndexNull) {
        kept = kept.add(1);
      } else if (!(element instanceof NDIndexFixed)) {
        kept = kept.addAll(sliced.slice(axis, axis + axes(element)));
      }
      axis += axes(element);
    }
    if (!kept.equals(sliced) || layouts.isEmpty()) {
      layouts.add(new Layout.Reshape(kept));
    }
  }

  /** Takes index arrays and masks, which broadcast with one another, from their axes. */
  private void gather(List<NDIndexElement> elements, MpcNDManager manager) {
    Shape in = new Shape();
    for (Layout layout : layouts) {
      in = layout.outputShape(layouts.get(0) == layout ? shape : in);
    }
    List<Integer> axes = new ArrayList<>();
    List<PublicTensor> indices = new ArrayList<>();
    int axis = 0;
    for (NDIndexElement element : elements) {
      if (element instanceof NDIndexTake take) {
        axes.add(axis++);
        indices.add(readable(manager.from(take.getIndex())));
      } else if (element instanceof NDIndexBooleans mask) {
        for (PublicTensor index : columns(mask.getIndex(), in, axis, manager)) {
          axes.add(axis++);
          indices.add(index);
        }
      } else if (!(element instanceof NDIndexFixed)) {
        axis++;
      }
    }
    if (axes.isEmpty()) {
      return;
    }
    int first = axes.get(0);
    int last = axes.get(axes.size() - 1);
    int at = first;
    if (last - first >= axes.size()) {
      // other axes between them: the indexed ones come first
      List<Integer> order = new ArrayList<>(axes);
      for (int i = 0; i < in.dimension(); i++) {
        if (!axes.contains(i)) {
          order.add(i);
        }
      }
      Layout permutation = new Layout.Permute(order);
      layouts.add(permutation);
      in = permutation.outputShape(in);
      at = 0;
    }
    Shape indexed = in.slice(at, at + axes.size());
    if (axes.size() > 1) {
      layouts.add(
          new Layout.Reshape(
              in.slice(0, at).add(indexed.size()).addAll(in.slice(at + axes.size()))));
    }
    layouts.add(Layout.gather(at, combined(indexed, indices)));
  }

  private static List<PublicTensor> columns(
      NDArray array, Shape in, int axis, MpcNDManager manager) {
    MpcNDArray mask = manager.from(array);
    PublicTensor known = readable(mask);
    Shape covered = in.slice(axis, axis + mask.getShape().dimension());
    if (!mask.getShape().equals(covered)) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "A mask of shape " + mask.getShape() + " over axes of shape " + covered + ".",
          "Give the mask the lengths of the axes it covers.");
    }
    PublicTensor rows = Positions.nonzero(known);
    PublicOperators operators = new PublicOperators();
    List<PublicTensor> columns = new ArrayList<>();
    for (int i = 0; i < covered.dimension(); i++) {
      columns.add(
          operators.layout(
              Layout.reshape(-1), operators.layout(Layout.slice(rows.shape(), 1, i, i + 1), rows)));
    }
    return columns;
  }

  /** One index into axes that have been merged, from one for each of them. */
  private static PublicTensor combined(Shape axes, List<PublicTensor> indices) {
    PublicOperators operators = new PublicOperators();
    PublicTensor combined = null;
    for (int i = 0; i < indices.size(); i++) {
      PublicTensor index = counted(indices.get(i), axes.get(i));
      combined =
          combined == null
              ? index
              : operators.binary(
                  Operators.Binary.ADD,
                  operators.binary(
                      Operators.Binary.MULTIPLY,
                      combined,
                      PublicTensor.scalar((double) axes.get(i), DataType.INT64)),
                  index);
    }
    return Objects.requireNonNull(combined);
  }

  private static PublicTensor counted(PublicTensor index, long length) {
    long[] positive = index.longs().clone();
    for (int i = 0; i < positive.length; i++) {
      positive[i] = Positions.resolve(positive[i], length);
    }
    return PublicTensor.of(positive, index.shape());
  }

  /** One element for each row along an axis, as a loss picks the probability of the label. */
  private void pick(List<NDIndexElement> elements, MpcNDManager manager) {
    int axis = -1;
    @Nullable NDArray chosen = null;
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i) instanceof NDIndexPick pick && chosen == null) {
        axis = i;
        chosen = pick.getIndex();
      } else if (!(elements.get(i) instanceof NDIndexAll)) {
        throw UnsupportedNDArray.unsupported(
            "a pick beside another index", "one pick, and slices before or after it");
      }
    }
    PublicTensor index = readable(manager.from(Objects.requireNonNull(chosen)));
    long[] lengths = new long[shape.dimension()];
    Arrays.fill(lengths, 1);
    long[] given = index.shape().getShape();
    System.arraycopy(given, 0, lengths, 0, Math.min(given.length, lengths.length));
    PublicTensor rows = new PublicOperators().layout(new Layout.Reshape(new Shape(lengths)), index);
    layouts.add(Layout.take(Positions.along(shape, rows, axis)));
  }
}
