package org.djlmpc.zoo.onnx;

import ai.djl.ndarray.types.Shape;
import org.djlmpc.graph.Layout;
import org.djlmpc.ring.ConvolutionSpec;
import org.djlmpc.zoo.Partial;
import org.jspecify.annotations.Nullable;

/**
 * A transposed convolution as a convolution: of the input with zeros between its elements, with the
 * kernel turned round.
 *
 * <p>For stride s, kernel k, dilation d and padding p, the input gets s - 1 zeros between
 * neighbours and d (k - 1) - p zeros around it (where this is negative it is cut), and the kernel
 * moves by one.
 */
final class TransposedConvolution {
  private TransposedConvolution() {}

  static Partial convert(NodeView node) {
    Partial x = node.input(0);
    Partial weight = node.input(1);
    int axes = weight.shape().dimension() - 2;
    if (axes != x.shape().dimension() - 2) {
      throw node.malformed("input " + x.shape() + " and weight " + weight.shape() + " do not fit");
    }
    if (axes != 1 && axes != 2) {
      throw new UnsupportedNode("ConvTranspose over " + axes + " axes", "one over one or two axes");
    }
    Windows windows = Windows.of(node, weight.shape().slice(2), x.shape());
    long @Nullable [] more = node.wholes("output_padding");
    if (more != null && more.length != axes) {
      throw node.malformed("output_padding does not fit");
    }
    windows = padded(node, windows, x.shape().slice(2), more);
    Partial image = spread(node, Windows.onTwoAxes(node, x), windows);
    image = surround(node, image, windows, more);
    int groups = Math.toIntExact(node.whole("group", 1));
    Partial kernel = turned(node, Windows.onTwoAxes(node, weight), groups);
    ConvolutionSpec spec =
        new ConvolutionSpec(1, 1, 0, 0, windows.dilation(0), windows.dilation(1), groups);
    Partial y = node.operators().convolution(image, kernel, node.optional(2), spec);
    return Windows.onAxes(node, y, axes);
  }

  /** Where the lengths of the output are given, the padding that leads to them. */
  private static Windows padded(
      NodeView node, Windows w, Shape lengths, long @Nullable [] outputPadding) {
    long[] given = node.wholes("output_shape");
    String mode = node.text("auto_pad", "NOTSET");
    boolean same = mode.startsWith("SAME_");
    if (given == null && !same) {
      return w;
    }
    int axes = lengths.dimension();
    if (given != null && given.length != axes) {
      throw node.malformed("output_shape does not fit");
    }
    int[] begin = new int[axes];
    int[] end = new int[axes];
    for (int i = 0; i < axes; i++) {
      int axis = 2 - axes + i;
      long length = given == null ? lengths.get(i) * w.stride(axis) : given[i];
      long span = (w.kernel(axis) - 1L) * w.dilation(axis) + 1;
      long widest = (lengths.get(i) - 1) * w.stride(axis) + span;
      int all = Math.toIntExact(widest + (outputPadding == null ? 0 : outputPadding[i]) - length);
      int half = Math.floorDiv(all, 2);
      begin[i] = mode.equals("SAME_UPPER") ? half : all - half;
      end[i] = all - begin[i];
    }
    return w.withPadding(begin, end);
  }

  /** Zeros between neighbours. */
  private static Partial spread(NodeView node, Partial x, Windows windows) {
    int down = windows.stride(0);
    int right = windows.stride(1);
    if (down == 1 && right == 1) {
      return x;
    }
    Shape in = x.shape();
    long rows = in.get(2);
    long columns = in.get(3);
    Partial apart = node.reshape(x, in.get(0), in.get(1), rows, 1, columns, 1);
    long[] after = {0, 0, 0, down - 1L, 0, right - 1L};
    apart = node.layout(Layout.pad(new long[6], after, 0), apart);
    return node.reshape(
        apart,
        in.get(0),
        in.get(1),
        Math.multiplyExact(rows, (long) down),
        Math.multiplyExact(columns, (long) right));
  }

  /** Zeros around, of which {@link #spread} has put some behind the last row and column. */
  private static Partial surround(
      NodeView node, Partial x, Windows w, long @Nullable [] outputPadding) {
    long[] before = new long[4];
    long[] after = new long[4];
    for (int axis = 0; axis < 2; axis++) {
      long reach = (w.kernel(axis) - 1L) * w.dilation(axis);
      int given = outputPadding == null ? -1 : outputPadding.length - 2 + axis;
      before[2 + axis] = reach - w.begin(axis);
      after[2 + axis] = reach - w.end(axis) - (w.stride(axis) - 1L);
      after[2 + axis] += given < 0 || outputPadding == null ? 0 : outputPadding[given];
    }
    return LayoutConverters.padded(node, x, before, after, 0);
  }

  /** (C, K / groups, R, S) as (K, C / groups, R, S), each kernel turned by half a turn. */
  private static Partial turned(NodeView node, Partial weight, int groups) {
    Shape in = weight.shape();
    if (groups < 1 || in.get(0) % groups != 0) {
      throw node.malformed("group " + groups + " does not fit the weight " + in);
    }
    Partial kernel =
        node.reshape(weight, groups, in.get(0) / groups, in.get(1), in.get(2), in.get(3));
    kernel = node.layout(Layout.permute(0, 2, 1, 3, 4), kernel);
    kernel = node.reshape(kernel, groups * in.get(1), in.get(0) / groups, in.get(2), in.get(3));
    return node.layout(Layout.flip(2, 3), kernel);
  }
}
