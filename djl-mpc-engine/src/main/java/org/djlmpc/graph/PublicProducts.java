package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.djlmpc.ring.ConvolutionSpec;
import org.jspecify.annotations.Nullable;

/** Matrix products and convolutions of public tensors. The shapes were checked before. */
final class PublicProducts {
  /** Rows and columns of the right operand that stay in the processor's cache. */
  private static final int TILE_ROWS = 128;

  private static final int TILE_COLUMNS = 1024;

  private PublicProducts() {}

  /** Integers are multiplied in 64 bits and cut to their type at the end. */
  private static DataType wide(DataType type) {
    return type.isFloating() ? type : DataType.INT64;
  }

  static PublicTensor matmul(PublicTensor a, PublicTensor b, TensorType result) {
    MatmulShape shape = MatmulShape.of(a.shape(), b.shape());
    int m = shape.m();
    int k = shape.k();
    int n = shape.n();
    DataType type = wide(result.dataType());
    PublicTensor left = a.cast(type).reshape(shape.left());
    PublicTensor right = b.cast(type).reshape(shape.right());
    left = broadcast(left, shape.batch().add(m, k));
    right = broadcast(right, shape.batch().add(k, n));
    Elements out = Elements.allocate(type, Shapes.size(result.shape()));
    MultiplyAdd kernel = MultiplyAdd.over(left.elements(), right.elements(), out);
    int batches = Shapes.size(shape.batch());
    for (int i = 0; i < batches; i++) {
      multiply(kernel, i * m * k, i * k * n, i * m * n, m, k, n);
    }
    return PublicTensor.of(out, type, result.shape()).cast(result.dataType());
  }

  private static PublicTensor broadcast(PublicTensor x, Shape to) {
    return x.shape().equals(to) ? x : x.rearrange(Layout.broadcast(to).indexMap(x.shape()));
  }

  /** {@code C += A B}, tiled; every element still sums over k in ascending order. */
  private static void multiply(MultiplyAdd kernel, int aAt, int bAt, int cAt, int m, int k, int n) {
    for (int j0 = 0; j0 < n; j0 += TILE_COLUMNS) {
      int columns = Math.min(TILE_COLUMNS, n - j0);
      for (int p0 = 0; p0 < k; p0 += TILE_ROWS) {
        int end = Math.min(k, p0 + TILE_ROWS);
        for (int i = 0; i < m; i++) {
          for (int p = p0; p < end; p++) {
            kernel.row(aAt + i * k + p, bAt + p * n + j0, 1, cAt + i * n + j0, columns);
          }
        }
      }
    }
  }

  static PublicTensor linear(
      PublicTensor x, PublicTensor weight, @Nullable PublicTensor bias, TensorType result) {
    PublicTensor transposed = weight.rearrange(Layout.permute(1, 0).indexMap(weight.shape()));
    TensorType product = new TensorType(result.shape(), wide(result.dataType()));
    PublicTensor y = matmul(x, transposed, product);
    return bias == null ? y.cast(result.dataType()) : addBias(y, bias, result, 1);
  }

  static PublicTensor convolution(
      PublicTensor x,
      PublicTensor weight,
      @Nullable PublicTensor bias,
      ConvolutionSpec spec,
      TensorType result) {
    Shape in = x.shape();
    Shape out = result.shape();
    DataType type = wide(result.dataType());
    Elements y = Elements.allocate(type, Shapes.size(out));
    PublicTensor w = weight.cast(type);
    MultiplyAdd kernel = MultiplyAdd.over(w.elements(), x.cast(type).elements(), y);
    int images = (int) in.get(0);
    int filters = (int) out.get(1);
    int depth = (int) weight.shape().get(1);
    int r = (int) weight.shape().get(2);
    int s = (int) weight.shape().get(3);
    int plane = (int) (in.get(2) * in.get(3));
    int outPlane = (int) (out.get(2) * out.get(3));
    for (int n = 0; n < images; n++) {
      for (int k = 0; k < filters; k++) {
        int group = k / (filters / spec.groups());
        for (int c = 0; c < depth; c++) {
          int xAt = (n * (int) in.get(1) + group * depth + c) * plane;
          int wAt = (k * depth + c) * r * s;
          for (int i = 0; i < r * s; i++) {
            tap(kernel, spec, in, out, wAt + i, i / s, i % s, xAt, (n * filters + k) * outPlane);
          }
        }
      }
    }
    PublicTensor sum = PublicTensor.of(y, type, out);
    return bias == null ? sum.cast(result.dataType()) : addBias(sum, bias, result, outPlane);
  }

  /** Adds one kernel position's contribution to one output plane. */
  private static void tap(
      MultiplyAdd kernel,
      ConvolutionSpec spec,
      Shape in,
      Shape out,
      int wAt,
      int kernelRow,
      int kernelColumn,
      int xAt,
      int yAt) {
    int height = (int) in.get(2);
    int width = (int) in.get(3);
    int outWidth = (int) out.get(3);
    int left = kernelColumn * spec.dilationW() - spec.padW();
    int from = left >= 0 ? 0 : (-left + spec.strideW() - 1) / spec.strideW();
    int to = Math.min(outWidth, Math.floorDiv(width - 1 - left, spec.strideW()) + 1);
    for (int oh = 0; to > from && oh < out.get(2); oh++) {
      int ih = oh * spec.strideH() + kernelRow * spec.dilationH() - spec.padH();
      if (ih >= 0 && ih < height) {
        int first = xAt + ih * width + left + from * spec.strideW();
        kernel.row(wAt, first, spec.strideW(), yAt + oh * outWidth + from, to - from);
      }
    }
  }

  /**
   * Adds one number to each channel of (..., channels, {@code inner}), in the product's precision.
   */
  private static PublicTensor addBias(
      PublicTensor y, PublicTensor bias, TensorType result, int inner) {
    PublicTensor b = bias.cast(y.dataType());
    if (y.elements() instanceof Elements.Floats floats) {
      addBias(floats.array(), b.floats(), inner);
    } else if (y.elements() instanceof Elements.Doubles doubles) {
      addBias(doubles.array(), b.doubles(), inner);
    } else if (y.elements() instanceof Elements.Longs longs) {
      addBias(longs.array(), b.longs(), inner);
    }
    return y.cast(result.dataType());
  }

  private static void addBias(float[] y, float[] bias, int inner) {
    for (int at = 0, c = 0; at < y.length; at += inner, c = c + 1 == bias.length ? 0 : c + 1) {
      for (int i = at; i < at + inner; i++) {
        y[i] += bias[c];
      }
    }
  }

  private static void addBias(double[] y, double[] bias, int inner) {
    for (int at = 0, c = 0; at < y.length; at += inner, c = c + 1 == bias.length ? 0 : c + 1) {
      for (int i = at; i < at + inner; i++) {
        y[i] += bias[c];
      }
    }
  }

  private static void addBias(long[] y, long[] bias, int inner) {
    for (int at = 0, c = 0; at < y.length; at += inner, c = c + 1 == bias.length ? 0 : c + 1) {
      for (int i = at; i < at + inner; i++) {
        y[i] += bias[c];
      }
    }
  }
}
