package org.djlmpc.zoo.onnx;

import ai.djl.ndarray.types.Shape;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.TransposedConvolution;
import org.jspecify.annotations.Nullable;

/** The operator ConvTranspose: finds the padding, which may follow from the output's lengths. */
final class TransposedConvolutions {
  private TransposedConvolutions() {}

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
    int[] end = {windows.end(0), windows.end(1)};
    for (int i = 0; more != null && i < axes; i++) {
      int axis = 2 - axes + i;
      end[axis] = Math.toIntExact(end[axis] - more[i]);
    }
    TransposedConvolution convolution =
        new TransposedConvolution(
            new int[] {windows.stride(0), windows.stride(1)},
            new int[] {windows.dilation(0), windows.dilation(1)},
            new int[] {windows.begin(0), windows.begin(1)},
            end,
            Math.toIntExact(node.whole("group", 1)));
    Partial y =
        convolution.apply(
            node.operators(),
            Windows.onTwoAxes(node, x),
            Windows.onTwoAxes(node, weight),
            node.optional(2));
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
}
