package org.djlmpc.zoo.onnx;

import ai.djl.ndarray.types.Shape;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.ring.ConvolutionSpec;
import org.djlmpc.zoo.Einsum;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.Partial.Known;
import org.jspecify.annotations.Nullable;

/** Convolutions and matrix products. */
final class LinearConverters {
  private LinearConverters() {}

  static void register(Converters to) {
    to.add("Conv", LinearConverters::convolution);
    to.add("ConvTranspose", TransposedConvolutions::convert);
    to.add("Gemm", LinearConverters::gemm);
    to.add("MatMul", LinearConverters::matmul);
    to.add("Einsum", LinearConverters::einsum);
  }

  private static Partial einsum(NodeView node) {
    String equation = node.text("equation", "");
    Partial y = Einsum.of(node.operators(), equation, node.inputs());
    if (y == null) {
      throw new UnsupportedNode("Einsum of " + equation, "one letter for each axis of an operand");
    }
    return y;
  }

  private static Partial convolution(NodeView node) {
    Partial x = node.input(0);
    Partial weight = node.input(1);
    int axes = weight.shape().dimension() - 2;
    if (axes != x.shape().dimension() - 2) {
      throw node.malformed("input " + x.shape() + " and weight " + weight.shape() + " do not fit");
    }
    if (axes != 1 && axes != 2) {
      throw new UnsupportedNode("Conv over " + axes + " axes", "Conv over one or two axes");
    }
    Windows windows = Windows.of(node, weight.shape().slice(2), x.shape());
    x = Windows.onTwoAxes(node, x);
    weight = Windows.onTwoAxes(node, weight);
    int groups = Math.toIntExact(node.whole("group", 1));
    ConvolutionSpec spec;
    if (windows.isSymmetric()) {
      spec = windows.convolution(groups);
    } else {
      x = windows.pad(node, x, 0);
      spec = windows.withoutPadding().convolution(groups);
    }
    Partial y = node.operators().convolution(x, weight, node.optional(2), spec);
    return Windows.onAxes(node, y, axes);
  }

  /** {@code alpha A' B' + beta C}. */
  private static Partial gemm(NodeView node) {
    Partial a = transposed(node, node.input(0), node.flag("transA", false));
    Partial b = node.input(1);
    boolean transposeB = node.flag("transB", false);
    if (a.shape().dimension() != 2 || b.shape().dimension() != 2) {
      throw node.malformed("factors " + a.shape() + " and " + b.shape() + " are no matrices");
    }
    double alpha = node.real("alpha", 1);
    double beta = node.real("beta", 1);
    Partial c = beta == 0 ? null : node.optional(2);
    if (c != null && beta != 1) {
      c = node.scalar(Binary.MULTIPLY, c, beta);
    }
    if (alpha != 1) {
      // on the smaller side: weights are scaled once, where they are known
      a = b instanceof Known ? a : node.scalar(Binary.MULTIPLY, a, alpha);
      b = b instanceof Known ? node.scalar(Binary.MULTIPLY, b, alpha) : b;
    }
    long columns = b.shape().get(transposeB ? 0 : 1);
    if (transposeB) {
      Partial bias = c == null ? null : row(node, c, columns);
      Partial product = node.operators().linear(a, b, bias);
      return bias == null ? plus(node, product, c) : product;
    }
    return plus(node, node.operators().matmul(a, b), c);
  }

  private static Partial plus(NodeView node, Partial product, @Nullable Partial c) {
    return c == null ? product : node.binary(Binary.ADD, product, c);
  }

  /** A summand with one number for each column as a vector, or null if it has another shape. */
  private static @Nullable Partial row(NodeView node, Partial c, long columns) {
    Shape shape = c.shape();
    boolean row =
        shape.dimension() > 0
            && shape.get(shape.dimension() - 1) == columns
            && shape.size() == columns;
    return row ? node.reshape(c, columns) : null;
  }

  private static Partial transposed(NodeView node, Partial x, boolean transpose) {
    return transpose ? node.layout(Layout.permute(1, 0), x) : x;
  }

  private static Partial matmul(NodeView node) {
    Partial a = node.input(0);
    Partial b = node.input(1);
    Shape left = a.shape();
    int rank = left.dimension();
    if (rank <= 2 || b.shape().dimension() != 2) {
      return node.operators().matmul(a, b);
    }
    // one product of many rows; as a batch, the weights would be repeated for each entry
    long inner = left.get(rank - 1);
    if (inner == 0) {
      throw node.malformed("factors have no common elements");
    }
    Partial rows = node.reshape(a, left.size() / inner, inner);
    Partial product = node.operators().matmul(rows, b);
    return node.reshape(product, left.slice(0, rank - 1).add(b.shape().get(1)));
  }
}
