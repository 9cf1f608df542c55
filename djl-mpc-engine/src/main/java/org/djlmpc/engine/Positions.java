package org.djlmpc.engine;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.PublicOperators;
import org.djlmpc.graph.PublicTensor;

/** Row-major positions of elements, as public tensors. */
final class Positions {
  private static final PublicOperators OPERATORS = new PublicOperators();

  private Positions() {}

  /** The position of every element of a shape. */
  static PublicTensor of(Shape shape) {
    return PublicTensor.of(LongStream.range(0, shape.size()).toArray(), shape);
  }

  /** The diagonal of two axes, as a last axis behind the others. */
  static PublicTensor diagonal(Shape shape, int offset, int axis1, int axis2) {
    int rank = shape.dimension();
    int[] axes = new int[rank];
    int next = 0;
    for (int i = 0; i < rank; i++) {
      if (i != axis1 && i != axis2) {
        axes[next++] = i;
      }
    }
    axes[rank - 2] = axis1;
    axes[rank - 1] = axis2;
    PublicTensor positions = OPERATORS.layout(Layout.permute(axes), of(shape));
    long rows = shape.get(axis1);
    long columns = shape.get(axis2);
    long first = Math.max(0, -offset);
    long length = Math.max(0, Math.min(rows - first, columns - Math.max(0, offset)));
    long[] diagonal = new long[(int) length];
    Arrays.setAll(diagonal, i -> (first + i) * columns + first + i + offset);
    Shape rest = positions.shape().slice(0, rank - 2);
    PublicTensor planes = OPERATORS.layout(new Layout.Reshape(rest.add(rows * columns)), positions);
    return OPERATORS.layout(
        Layout.gather(rank - 2, PublicTensor.of(diagonal, new Shape(length))), planes);
  }

  /**
   * {@code shape[..., index[i, j, k], ...]} with the index at {@code axis} and i, j, k elsewhere.
   */
  static PublicTensor along(Shape shape, PublicTensor index, int axis) {
    Shape to = index.shape();
    int rank = shape.dimension();
    boolean fits = to.dimension() == rank;
    for (int i = 0; fits && i < rank; i++) {
      fits = i == axis || to.get(i) <= shape.get(i);
    }
    if (!fits) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "An index of shape " + to + " for axis " + axis + " of " + shape + ".",
          "Give the index as many axes, none longer except the indexed one.");
    }
    long[] begin = new long[rank];
    long[] end = to.getShape().clone();
    long[] step = new long[rank];
    Arrays.fill(step, 1);
    end[axis] = 1;
    // where each row along the axis starts, repeated along the index's axis
    PublicTensor starts =
        OPERATORS.layout(
            Layout.broadcast(to), OPERATORS.layout(Layout.slice(begin, end, step), of(shape)));
    long stride = shape.slice(axis + 1).size();
    long[] positions = starts.longs().clone();
    for (int i = 0; i < positions.length; i++) {
      positions[i] += resolve(index.getLong(i), shape.get(axis)) * stride;
    }
    return PublicTensor.of(positions, to);
  }

  /** The first {@code depth} axes' indices, rows of {@code indices}, as one index. */
  static PublicTensor combined(Shape shape, PublicTensor indices, int depth) {
    Shape to = indices.shape().slice(1);
    int size = Math.toIntExact(to.size());
    long[] combined = new long[size];
    for (int axis = 0; axis < depth; axis++) {
      for (int i = 0; i < size; i++) {
        combined[i] =
            combined[i] * shape.get(axis)
                + resolve(indices.getLong(axis * size + i), shape.get(axis));
      }
    }
    return PublicTensor.of(combined, to);
  }

  /**
   * For an array of a shape followed by new elements: where each element comes from if the new ones
   * stand at {@code positions}.
   */
  static PublicTensor replacing(Shape shape, PublicTensor positions) {
    long[] sources = of(shape).longs();
    for (int i = 0; i < positions.size(); i++) {
      sources[(int) resolve(positions.getLong(i), sources.length)] = (long) sources.length + i;
    }
    return PublicTensor.of(sources, shape);
  }

  /** The indices of elements other than zero, one row for each. */
  static PublicTensor nonzero(PublicTensor x) {
    Shape shape = x.shape();
    int rank = shape.dimension();
    int count = 0;
    for (int i = 0; i < x.size(); i++) {
      count += x.getBoolean(i) ? 1 : 0;
    }
    long[] indices = new long[count * rank];
    int row = 0;
    for (int i = 0; i < x.size(); i++) {
      if (x.getBoolean(i)) {
        long rest = i;
        for (int axis = rank - 1; axis >= 0; axis--) {
          indices[row * rank + axis] = rest % shape.get(axis);
          rest /= shape.get(axis);
        }
        row++;
      }
    }
    return PublicTensor.of(indices, new Shape(count, rank));
  }

  /** An index counted from the front. */
  static long resolve(long index, long length) {
    long positive = index < 0 ? index + length : index;
    if (positive < 0 || positive >= length) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Index " + index + " is outside [0, " + length + ").",
          "Use indices that exist.");
    }
    return positive;
  }
}
