package org.djlmpc.graph;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/** Rules that shapes obey everywhere: sizes, axes and broadcasting. */
final class Shapes {
  /** More axes than any model uses; a bound for what a peer may send. */
  private static final int MAX_RANK = 32;

  private Shapes() {}

  /** Number of elements, checked to fit one Java array; the number of axes is checked too. */
  static int size(Shape shape) {
    if (shape.dimension() > MAX_RANK) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "A shape of " + shape.dimension() + " dimensions.",
          "Use at most " + MAX_RANK + " dimensions.");
    }
    long size = 1;
    for (long length : shape.getShape()) {
      if (length < 0) {
        throw new MpcException(
            ErrorCode.SHAPE,
            "The shape " + shape + " has an unknown length.",
            "Give every length.");
      }
      // lengths of zero make the product zero, whatever the others are
      size = length != 0 && size > Integer.MAX_VALUE / length ? Long.MAX_VALUE : size * length;
      if (size == Long.MAX_VALUE) {
        throw new MpcException(
            ErrorCode.SHAPE,
            "The shape " + shape + " has more than " + Integer.MAX_VALUE + " elements.",
            "Split the array along an axis.");
      }
    }
    return (int) size;
  }

  /** An axis counted from the front, given one that may count from the end. */
  static int axis(int axis, int rank) {
    int positive = axis < 0 ? axis + rank : axis;
    if (positive < 0 || positive >= rank) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Axis " + axis + " does not exist in " + rank + " dimensions.",
          "Use an axis from " + -rank + " to " + (rank - 1) + ".");
    }
    return positive;
  }

  /** Which axes are named, negative ones counted from the end; all if none is named. */
  static boolean[] axes(int[] axes, int rank) {
    boolean[] named = new boolean[rank];
    if (axes.length == 0) {
      Arrays.fill(named, true);
    }
    for (int a : axes) {
      int axis = axis(a, rank);
      if (named[axis]) {
        throw new MpcException(
            ErrorCode.ARGUMENT, "Axis " + a + " is named twice.", "Name every axis once.");
      }
      named[axis] = true;
    }
    return named;
  }

  /** NumPy's common shape of two shapes. */
  static Shape broadcast(Shape a, Shape b) {
    int rank = Math.max(a.dimension(), b.dimension());
    long[] out = new long[rank];
    for (int i = 0; i < rank; i++) {
      long la = fromEnd(a, rank - 1 - i);
      long lb = fromEnd(b, rank - 1 - i);
      if (la != lb && la != 1 && lb != 1) {
        throw new MpcException(
            ErrorCode.SHAPE,
            "Shapes " + a + " and " + b + " do not broadcast.",
            "Make the lengths of each axis equal or 1.");
      }
      out[i] = la == 1 ? lb : la;
    }
    return new Shape(out);
  }

  /** Product of the lengths of axes [from, to). */
  static int product(Shape shape, int from, int to) {
    long product = 1;
    for (int i = from; i < to; i++) {
      product = Math.multiplyExact(product, shape.get(i));
    }
    return Math.toIntExact(product);
  }

  /** What exact arithmetic on lengths means when it overflows. */
  static MpcException overflow(ArithmeticException cause) {
    return new MpcException(
        ErrorCode.SHAPE,
        "The lengths of a shape overflow.",
        "Split the array along an axis.",
        cause);
  }

  private static long fromEnd(Shape shape, int distance) {
    int axis = shape.dimension() - 1 - distance;
    return axis < 0 ? 1 : shape.get(axis);
  }
}
