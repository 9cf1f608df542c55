package org.djlmpc.zoo.onnx;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Layout;
import org.djlmpc.ring.ConvolutionSpec;
import org.djlmpc.zoo.Partial;
import org.jspecify.annotations.Nullable;

/**
 * How windows move over the last two axes of (N, C, H, W): the attributes that convolutions and
 * poolings have in common. One spatial axis counts as an image of one row.
 */
final class Windows {
  private final int[] kernel;
  private final int[] stride;
  private final int[] dilation;
  private final int[] begin;
  private final int[] end;

  private Windows(int[] kernel, int[] stride, int[] dilation, int[] begin, int[] end) {
    this.kernel = kernel;
    this.stride = stride;
    this.dilation = dilation;
    this.begin = begin;
    this.end = end;
  }

  /**
   * Reads the attributes.
   *
   * @param kernel lengths of the window
   * @param input shape (N, C, ...) of what it moves over
   */
  static Windows of(NodeView node, Shape kernel, Shape input) {
    int axes = kernel.dimension();
    int[] lengths = ints(node, "kernel_shape", kernel.getShape(), axes, 1);
    long @Nullable [] declared = node.wholes("kernel_shape");
    if (declared != null && !Arrays.equals(declared, kernel.getShape())) {
      throw node.malformed("kernel_shape is not that of its weight");
    }
    int[] stride = ints(node, "strides", node.wholes("strides"), axes, 1);
    int[] dilation = ints(node, "dilations", node.wholes("dilations"), axes, 1);
    int[] pads = ints(node, "pads", node.wholes("pads"), 2 * axes, 0);
    int[] begin = Arrays.copyOf(pads, axes);
    int[] end = Arrays.copyOfRange(pads, axes, 2 * axes);
    String mode = node.text("auto_pad", "NOTSET");
    if (!mode.equals("NOTSET")) {
      Arrays.fill(begin, 0);
      Arrays.fill(end, 0);
    }
    if (mode.startsWith("SAME_")) {
      for (int i = 0; i < axes; i++) {
        long length = input.get(2 + i);
        long out = (length + stride[i] - 1) / stride[i];
        long span = (out - 1) * stride[i] + (lengths[i] - 1L) * dilation[i] + 1;
        int all = Math.toIntExact(Math.max(0, span - length));
        begin[i] = mode.equals("SAME_LOWER") ? all - all / 2 : all / 2;
        end[i] = all - begin[i];
      }
    } else if (!mode.equals("NOTSET") && !mode.equals("VALID")) {
      throw node.malformed("auto_pad is " + mode);
    }
    return new Windows(
        wide(lengths, 1), wide(stride, 1), wide(dilation, 1), wide(begin, 0), wide(end, 0));
  }

  private static int[] ints(
      NodeView node, String name, long @Nullable [] values, int count, int least) {
    int[] ints = new int[count];
    Arrays.fill(ints, least);
    if (values == null) {
      return ints;
    }
    if (values.length != count) {
      throw node.malformed(name + " has " + values.length + " entries for " + count);
    }
    for (int i = 0; i < count; i++) {
      // far above every network, and far below an overflow of the products of these numbers
      if (values[i] < least || values[i] > 1 << 20) {
        throw node.malformed(name + " is " + GraphImport.text(values));
      }
      ints[i] = (int) values[i];
    }
    return ints;
  }

  private static int[] wide(int[] values, int first) {
    return values.length >= 2 ? values : new int[] {first, values[0]};
  }

  /** (N, C, L) as (N, C, 1, L). */
  static Partial onTwoAxes(NodeView node, Partial x) {
    Shape shape = x.shape();
    return shape.dimension() == 3
        ? node.reshape(x, shape.get(0), shape.get(1), 1, shape.get(2))
        : x;
  }

  /** The reverse of {@link #onTwoAxes} for one axis. */
  static Partial onAxes(NodeView node, Partial x, int axes) {
    Shape shape = x.shape();
    return axes == 1 ? node.reshape(x, shape.get(0), shape.get(1), shape.get(3)) : x;
  }

  int kernel(int axis) {
    return kernel[axis];
  }

  int stride(int axis) {
    return stride[axis];
  }

  int dilation(int axis) {
    return dilation[axis];
  }

  int begin(int axis) {
    return begin[axis];
  }

  int end(int axis) {
    return end[axis];
  }

  boolean isSymmetric() {
    return Arrays.equals(begin, end);
  }

  boolean isDilated() {
    return dilation[0] != 1 || dilation[1] != 1;
  }

  Windows withoutPadding() {
    return new Windows(kernel, stride, dilation, new int[2], new int[2]);
  }

  /** The first of two neighbouring axes over which a window of one moves by one; or -1. */
  int firstOfTwoStill() {
    for (int i = 0; i + 1 < kernel.length; i++) {
      if (isStill(i) && isStill(i + 1)) {
        return i;
      }
    }
    return -1;
  }

  private boolean isStill(int axis) {
    return kernel[axis] == 1 && stride[axis] == 1 && begin[axis] == 0 && end[axis] == 0;
  }

  /** The same windows without one axis. */
  Windows without(int axis) {
    return new Windows(
        without(kernel, axis),
        without(stride, axis),
        without(dilation, axis),
        without(begin, axis),
        without(end, axis));
  }

  private static int[] without(int[] values, int axis) {
    return IntStream.range(0, values.length).filter(i -> i != axis).map(i -> values[i]).toArray();
  }

  /** The same windows with other padding, which may be negative. */
  Windows withPadding(int[] first, int[] last) {
    return new Windows(kernel, stride, dilation, wide(first, 0), wide(last, 0));
  }

  /** The geometry of a convolution with padding that is the same on both sides. */
  ConvolutionSpec convolution(int groups) {
    return new ConvolutionSpec(
        stride[0], stride[1], begin[0], begin[1], dilation[0], dilation[1], groups);
  }

  /** The padding as elements of (N, C, H, W). */
  Partial pad(NodeView node, Partial x, double value) {
    return node.layout(
        Layout.pad(new long[] {0, 0, begin[0], begin[1]}, new long[] {0, 0, end[0], end[1]}, value),
        x);
  }

  /**
   * How many windows fit an axis.
   *
   * @param ceil whether a last window that is not whole counts; it must not begin in the padding
   *     behind the elements
   * @throws MpcException SHAPE if none fits
   */
  int count(int axis, long length, boolean ceil) {
    long span = length + begin[axis] + end[axis] - (kernel[axis] - 1L) * dilation[axis] - 1;
    long rest = ceil ? stride[axis] - 1L : 0;
    long count = Math.floorDiv(span + rest, stride[axis]) + 1;
    count = ceil && (count - 1) * stride[axis] >= length + begin[axis] ? count - 1 : count;
    if (count < 1 || count > Integer.MAX_VALUE) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "A window of " + kernel[axis] + " does not fit an input of length " + length + ".",
          "Give a larger input.");
    }
    return (int) count;
  }
}
