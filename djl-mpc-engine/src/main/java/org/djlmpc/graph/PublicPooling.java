package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.djlmpc.ring.IndexMap;

/**
 * Pooling of public tensors: all windows side by side, then one pass. The shapes were checked
 * before.
 */
final class PublicPooling {
  private PublicPooling() {}

  static PublicTensor pool(PublicTensor x, Pooling pooling, TensorType result) {
    Shape out = result.shape();
    IndexMap windows =
        IndexMap.windows(
            x.shape(),
            pooling.kernelH(),
            pooling.kernelW(),
            pooling.strideH(),
            pooling.strideW(),
            pooling.padH(),
            pooling.padW(),
            (int) out.get(2),
            (int) out.get(3));
    int n = Shapes.size(out);
    if (pooling.kind() == Pooling.Kind.MAX && !x.isFloating()) {
      // no integer type has an infinity; INT64's smallest value is below all
      long[] seen = x.cast(DataType.INT64).rearrange(windows, Long.MIN_VALUE).longs();
      long[] max = new long[n];
      Arrays.fill(max, Long.MIN_VALUE);
      for (int i = 0; i < seen.length; i++) {
        max[i % n] = Math.max(max[i % n], seen[i]);
      }
      return PublicTensor.of(max, out).cast(result.dataType());
    }
    if (pooling.kind() == Pooling.Kind.MAX) {
      double[] seen =
          x.cast(DataType.FLOAT64).rearrange(windows, Double.NEGATIVE_INFINITY).doubles();
      double[] max = new double[n];
      Arrays.fill(max, Double.NEGATIVE_INFINITY);
      for (int at = 0; at < seen.length; at += n) {
        for (int i = 0; i < n; i++) {
          max[i] = Math.max(max[i], seen[at + i]);
        }
      }
      return PublicTensor.of(max, out).cast(result.dataType());
    }
    double[] seen = x.cast(DataType.FLOAT64).rearrange(windows).doubles();
    double[] mean = new double[n];
    for (int at = 0; at < seen.length; at += n) {
      for (int i = 0; i < n; i++) {
        mean[i] += seen[at + i];
      }
    }
    double[] divisors = divisors(x.shape(), out, pooling);
    for (int i = 0; i < n; i++) {
      mean[i] /= divisors[i % divisors.length];
    }
    return PublicTensor.of(mean, out).cast(result.dataType());
  }

  /** The number that each window of an image is divided by. */
  static double[] divisors(Shape in, Shape out, Pooling pooling) {
    int height = (int) out.get(2);
    int width = (int) out.get(3);
    double[] divisors = new double[height * width];
    boolean padded = pooling.countPadding();
    for (int y = 0; y < height; y++) {
      double rows =
          count(in.get(2), y, pooling.kernelH(), pooling.strideH(), pooling.padH(), padded);
      for (int x = 0; x < width; x++) {
        divisors[y * width + x] =
            rows
                * count(in.get(3), x, pooling.kernelW(), pooling.strideW(), pooling.padW(), padded);
      }
    }
    return divisors;
  }

  /** Positions of one window on one axis; what lies beyond the padding (ceil mode) never counts. */
  private static double count(long length, int i, int kernel, int stride, int pad, boolean padded) {
    long first = (long) i * stride - pad;
    long last = Math.min(first + kernel, length + pad);
    return padded ? last - first : Math.min(last, length) - Math.max(first, 0);
  }
}
