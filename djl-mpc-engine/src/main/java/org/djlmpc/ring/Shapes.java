package org.djlmpc.ring;

import ai.djl.ndarray.types.Shape;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/** Arithmetic on shapes whose element count fits a Java array. */
final class Shapes {

  private Shapes() {}

  static int size(Shape shape) {
    long size = 1;
    for (long length : shape.getShape()) {
      if (length < 0) {
        throw new MpcException(
            ErrorCode.SHAPE,
            "Shape " + shape + " has an unknown dimension.",
            "Give every dimension a length.");
      }
      size = Math.multiplyHigh(size, length) == 0 ? size * length : Long.MAX_VALUE;
      if (size < 0 || size > Integer.MAX_VALUE - 8) {
        throw new MpcException(
            ErrorCode.SHAPE,
            "Shape " + shape + " has too many elements for one tensor.",
            "Split the tensor, for example by its batch.");
      }
    }
    return (int) size;
  }

  /** Product of the lengths of axes {@code from} (inclusive) to {@code to} (exclusive). */
  static int product(Shape shape, int from, int to) {
    long product = 1;
    for (int axis = from; axis < to; axis++) {
      product *= shape.get(axis);
    }
    return Math.toIntExact(product);
  }

  /** Row-major strides. */
  static int[] strides(Shape shape) {
    int[] strides = new int[shape.dimension()];
    int stride = 1;
    for (int axis = strides.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride = Math.toIntExact((long) stride * Math.max(1, shape.get(axis)));
    }
    return strides;
  }

  static int axis(Shape shape, int axis) {
    int normal = axis < 0 ? axis + shape.dimension() : axis;
    if (normal < 0 || normal >= shape.dimension()) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Axis " + axis + " does not exist in shape " + shape + ".",
          "Use an axis from " + -shape.dimension() + " to " + (shape.dimension() - 1) + ".");
    }
    return normal;
  }

  static Shape with(Shape shape, int axis, long length) {
    long[] lengths = shape.getShape().clone();
    lengths[axis] = length;
    return new Shape(lengths);
  }

  static void requireRank(Shape shape, int rank, String operator) {
    require(
        shape.dimension() == rank,
        operator + " got shape " + shape + ".",
        "Use a tensor with " + rank + " dimensions.");
  }

  static void require(boolean fits, String problem, String nextStep) {
    if (!fits) {
      throw new MpcException(ErrorCode.SHAPE, problem, nextStep);
    }
  }

  static void requireArgument(boolean holds, String problem, String nextStep) {
    if (!holds) {
      throw new MpcException(ErrorCode.ARGUMENT, problem, nextStep);
    }
  }

  /** Checks that positions {@code from} to {@code from + count} exist. */
  static void requireRange(int from, int count, int size) {
    if (from < 0 || count < 0 || count > size - from) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Range of " + count + " elements from " + from + " in a tensor of " + size + ".",
          "Use a range inside the tensor.");
    }
  }
}
