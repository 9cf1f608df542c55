package org.djlmpc.zoo;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.Operators;
import org.djlmpc.graph.Pooling;
import org.djlmpc.graph.PublicTensor;

/**
 * Changes the height and width of images (N, C, H, W) as PyTorch does.
 *
 * <p>What is linear in each axis is a product with a public matrix, which is local on shares.
 */
public final class Resampling {
  private Resampling() {}

  /**
   * PyTorch's {@code adaptive_avg_pool2d}: output row i is the mean of rows floor(i H / outH) up to
   * ceil((i + 1) H / outH).
   */
  public static <V> V adaptiveMean(Operators<V> o, V x, long outH, long outW) {
    Shape in = o.shape(x);
    long h = in.get(2);
    long w = in.get(3);
    if (h == outH && w == outW) {
      return x;
    }
    if (outH > 0 && outW > 0 && h % outH == 0 && w % outW == 0) {
      int kernelH = Math.toIntExact(h / outH);
      int kernelW = Math.toIntExact(w / outW);
      return o.pool(
          x, new Pooling(Pooling.Kind.MEAN, kernelH, kernelW, kernelH, kernelW, 0, 0, false, true));
    }
    return separable(o, x, means(h, outH), means(w, outW));
  }

  /**
   * PyTorch's {@code adaptive_max_pool2d}, over the same windows as {@link #adaptiveMean}. Windows
   * of different lengths are made equal by repeating their last row, which changes no maximum.
   */
  public static <V> V adaptiveMax(Operators<V> o, V x, long outH, long outW) {
    long[] rows = windows(o.shape(x).get(2), outH);
    long[] columns = windows(o.shape(x).get(3), outW);
    int kernelH = Math.toIntExact(rows.length / outH);
    int kernelW = Math.toIntExact(columns.length / outW);
    V wide = gather(o, gather(o, x, 2, rows), 3, columns);
    return o.pool(
        wide,
        new Pooling(Pooling.Kind.MAX, kernelH, kernelW, kernelH, kernelW, 0, 0, false, false));
  }

  private static <V> V gather(Operators<V> o, V x, int axis, long[] source) {
    boolean same = source.length == o.shape(x).get(axis);
    for (int i = 0; i < source.length; i++) {
      same &= source[i] == i;
    }
    Layout layout = Layout.gather(axis, PublicTensor.of(source, new Shape(source.length)));
    return same ? x : o.layout(layout, x);
  }

  /** The rows of all windows, one window after the other, each as long as the longest. */
  private static long[] windows(long length, long out) {
    int longest = 0;
    for (long i = 0; i < out; i++) {
      longest = Math.max(longest, Math.toIntExact(end(i, length, out) - i * length / out));
    }
    long[] rows = new long[Math.toIntExact(Math.multiplyExact(out, (long) longest))];
    for (int i = 0; i < rows.length; i++) {
      long window = i / longest;
      long row = window * length / out + i % longest;
      rows[i] = Math.min(row, end(window, length, out) - 1);
    }
    return rows;
  }

  /** Where window {@code i} ends: ceil((i + 1) length / out). */
  private static long end(long i, long length, long out) {
    return -Math.floorDiv(-(i + 1) * length, out);
  }

  private static float[][] means(long length, long out) {
    float[][] matrix = new float[Math.toIntExact(out)][Math.toIntExact(length)];
    for (int i = 0; i < out; i++) {
      int from = (int) (i * length / out);
      int to = (int) end(i, length, out);
      Arrays.fill(matrix[i], from, to, 1f / (to - from));
    }
    return matrix;
  }

  /**
   * Nearest neighbours: output row i is row min(floor((i + shift) scaleH), H - 1).
   *
   * @param scaleH rows of the input for one of the output
   * @param scaleW columns of the input for one of the output
   * @param shift 0, or 1/2 for PyTorch's {@code nearest-exact}
   */
  public static <V> V nearest(
      Operators<V> o, V x, long outH, long outW, float scaleH, float scaleW, float shift) {
    V rows = nearest(o, x, 2, outH, scaleH, shift);
    return nearest(o, rows, 3, outW, scaleW, shift);
  }

  private static <V> V nearest(Operators<V> o, V x, int axis, long out, float scale, float shift) {
    int length = (int) o.shape(x).get(axis);
    long[] source = new long[Math.toIntExact(out)];
    boolean repeats = length > 0 && out % length == 0;
    for (int i = 0; i < out; i++) {
      source[i] = Math.min((long) ((i + shift) * scale), length - 1);
      repeats &= source[i] == i / Math.max(1, out / Math.max(1, length));
    }
    if (repeats) {
      int times = (int) (out / length);
      return times == 1 ? x : o.layout(Layout.repeat(axis, times), x);
    }
    return gather(o, x, axis, source);
  }

  /**
   * Linear interpolation along both axes.
   *
   * @param alignCorners whether the first and last pixels keep their places
   * @param scaleH rows of the input for one of the output
   * @param scaleW columns of the input for one of the output
   */
  public static <V> V bilinear(
      Operators<V> o,
      V x,
      long outH,
      long outW,
      boolean alignCorners,
      double scaleH,
      double scaleW) {
    Shape in = o.shape(x);
    return separable(
        o,
        x,
        linear(in.get(2), outH, alignCorners, scaleH),
        linear(in.get(3), outW, alignCorners, scaleW));
  }

  private static float[][] linear(long length, long out, boolean alignCorners, double scale) {
    float[][] matrix = new float[Math.toIntExact(out)][Math.toIntExact(length)];
    double aligned = out > 1 ? (length - 1) / (double) (out - 1) : 0;
    for (int i = 0; i < out; i++) {
      double at = alignCorners ? i * aligned : Math.max(0, (i + 0.5) * scale - 0.5);
      int low = (int) Math.min((long) at, length - 1);
      int high = (int) Math.min(low + 1L, length - 1);
      double part = Math.min(1, at - low);
      matrix[i][low] += (float) (1 - part);
      matrix[i][high] += (float) part;
    }
    return matrix;
  }

  /** {@code rows x columns^T} on each image. */
  private static <V> V separable(Operators<V> o, V x, float[][] rows, float[][] columns) {
    V wide = isIdentity(columns) ? x : o.linear(x, constant(o, columns), null);
    if (isIdentity(rows)) {
      return wide;
    }
    Layout swap = Layout.permute(0, 1, 3, 2);
    return o.layout(swap, o.linear(o.layout(swap, wide), constant(o, rows), null));
  }

  private static boolean isIdentity(float[][] matrix) {
    for (int i = 0; i < matrix.length; i++) {
      if (matrix[i].length != matrix.length || matrix[i][i] != 1) {
        return false;
      }
    }
    return true;
  }

  private static <V> V constant(Operators<V> o, float[][] matrix) {
    int columns = matrix[0].length;
    float[] all = new float[matrix.length * columns];
    for (int i = 0; i < matrix.length; i++) {
      System.arraycopy(matrix[i], 0, all, i * columns, columns);
    }
    return o.constant(PublicTensor.of(all, new Shape(matrix.length, columns)));
  }
}
