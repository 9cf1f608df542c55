package org.djlmpc.graph;

import ai.djl.ndarray.types.Shape;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * NumPy's matrix product in terms of shapes: a vector on the left is a row, on the right a column,
 * and its axis does not appear in the result; leading axes broadcast.
 *
 * @param left the left operand's shape as (batch..., m, k)
 * @param right the right operand's shape as (batch..., k, n)
 * @param batch common leading axes
 * @param output the result's shape, without the axes of vectors
 */
record MatmulShape(Shape left, Shape right, Shape batch, Shape output) {
  static MatmulShape of(Shape a, Shape b) {
    int ra = a.dimension();
    int rb = b.dimension();
    if (ra == 0 || rb == 0 || a.get(ra - 1) != b.get(Math.max(0, rb - 2))) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "A matrix product of " + a + " and " + b + ".",
          "Use (..., m, k) and (..., k, n), or vectors of length k.");
    }
    Shape left = ra == 1 ? new Shape(1, a.get(0)) : a;
    Shape right = rb == 1 ? new Shape(b.get(0), 1) : b;
    Shape batch =
        Shapes.broadcast(
            left.slice(0, left.dimension() - 2), right.slice(0, right.dimension() - 2));
    Shape output = batch;
    if (ra > 1) {
      output = output.add(a.get(ra - 2));
    }
    if (rb > 1) {
      output = output.add(b.get(rb - 1));
    }
    return new MatmulShape(left, right, batch, output);
  }

  int m() {
    return (int) left.get(left.dimension() - 2);
  }

  int k() {
    return (int) left.getLastDimension();
  }

  int n() {
    return (int) right.getLastDimension();
  }
}
