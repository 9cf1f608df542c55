package org.djlmpc.zoo.onnx;

import ai.djl.ndarray.types.Shape;
import java.util.stream.IntStream;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.graph.Operators.Reduction;
import org.djlmpc.graph.Pooling;
import org.djlmpc.graph.Pooling.Kind;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.zoo.Partial;

/** Poolings. What the engine's pooling cannot say is brought into a form that it can. */
final class PoolingConverters {
  private PoolingConverters() {}

  static void register(Converters to) {
    to.add("MaxPool", node -> pool(node, Kind.MAX));
    to.add("AveragePool", node -> pool(node, Kind.MEAN));
    to.add("GlobalMaxPool", node -> global(node, Kind.MAX));
    to.add("GlobalAveragePool", node -> global(node, Kind.MEAN));
  }

  private static Partial global(NodeView node, Kind kind) {
    Partial x = node.input(0);
    Shape shape = x.shape();
    if (shape.dimension() == 4) {
      return node.operators().pool(x, Pooling.global(kind, shape));
    }
    int[] axes = IntStream.range(2, shape.dimension()).toArray();
    Reduction reduction = kind == Kind.MAX ? Reduction.MAX : Reduction.MEAN;
    return axes.length == 0 ? x : node.operators().reduce(reduction, x, axes, true);
  }

  private static Partial pool(NodeView node, Kind kind) {
    Partial x = node.input(0);
    int axes = x.shape().dimension() - 2;
    long[] kernel = node.wholes("kernel_shape");
    if (kernel == null || kernel.length != axes) {
      throw node.malformed("kernel_shape does not fit the input " + x.shape());
    }
    if (axes < 1 || axes > 3) {
      throw manyAxes(node, axes);
    }
    Windows windows = Windows.of(node, new Shape(kernel), x.shape());
    if (axes < 3) {
      return Windows.onAxes(node, pool(node, kind, Windows.onTwoAxes(node, x), windows), axes);
    }
    // over three axes of which two stand still, as exporters write a mean over channels
    int still = windows.firstOfTwoStill();
    if (still < 0) {
      throw manyAxes(node, axes);
    }
    Shape in = x.shape();
    Shape behind = in.slice(4 + still);
    long both = Math.multiplyExact(in.get(2 + still), in.get(3 + still));
    Partial image = node.reshape(x, in.slice(0, 2 + still).add(both).addAll(behind));
    Partial y = pool(node, kind, image, windows.without(still));
    Shape out = y.shape();
    return node.reshape(
        y,
        out.slice(0, 2 + still)
            .add(in.get(2 + still))
            .add(in.get(3 + still))
            .addAll(out.slice(3 + still)));
  }

  private static UnsupportedNode manyAxes(NodeView node, int axes) {
    return new UnsupportedNode(
        node.type() + " over " + axes + " axes", node.type() + " over one or two axes");
  }

  private static Partial pool(NodeView node, Kind kind, Partial image, Windows windows) {
    boolean ceil = node.flag("ceil_mode", false);
    boolean countPadding = node.flag("count_include_pad", false);
    if (isPlain(windows)) {
      // the engine's pooling relies on windows that fit
      windows.count(0, image.shape().get(2), ceil);
      windows.count(1, image.shape().get(3), ceil);
      return node.operators().pool(image, plain(windows, kind, ceil, countPadding));
    }
    return kind == Kind.MAX
        ? gathered(node, windows, image, ceil)
        : mean(node, windows, image, ceil, countPadding);
  }

  private static boolean isPlain(Windows w) {
    return w.isSymmetric()
        && !w.isDilated()
        && 2L * w.begin(0) <= w.kernel(0)
        && 2L * w.begin(1) <= w.kernel(1);
  }

  private static Pooling plain(Windows w, Kind kind, boolean ceil, boolean countPadding) {
    return new Pooling(
        kind,
        w.kernel(0),
        w.kernel(1),
        w.stride(0),
        w.stride(1),
        w.begin(0),
        w.begin(1),
        ceil,
        countPadding);
  }

  /**
   * A maximum over windows of any geometry: their elements are laid side by side. A position in the
   * padding repeats an element of the same window, which changes no maximum.
   */
  private static Partial gathered(NodeView node, Windows w, Partial x, boolean ceil) {
    Partial y = x;
    for (int axis = 0; axis < 2; axis++) {
      long length = x.shape().get(2 + axis);
      int count = w.count(axis, length, ceil);
      int kernel = w.kernel(axis);
      node.spend((long) count * kernel);
      long[] from = new long[count * kernel];
      for (int i = 0; i < count; i++) {
        long inside = -1;
        for (int j = 0; j < kernel; j++) {
          long position = position(w, axis, i, j);
          inside = inside < 0 && position >= 0 && position < length ? position : inside;
        }
        if (inside < 0) {
          throw node.malformed("padding has windows of its own");
        }
        for (int j = 0; j < kernel; j++) {
          long position = position(w, axis, i, j);
          from[i * kernel + j] = position >= 0 && position < length ? position : inside;
        }
      }
      y = node.layout(Layout.gather(2 + axis, PublicTensor.of(from, new Shape(from.length))), y);
    }
    return node.operators().pool(y, sideBySide(w, Kind.MAX));
  }

  private static long position(Windows w, int axis, int window, int element) {
    return (long) window * w.stride(axis) - w.begin(axis) + (long) element * w.dilation(axis);
  }

  private static Pooling sideBySide(Windows w, Kind kind) {
    int h = w.kernel(0);
    int v = w.kernel(1);
    return new Pooling(kind, h, v, h, v, 0, 0, false, true);
  }

  /**
   * A mean over windows of any geometry: zeros as elements, whose part in the mean is then put
   * right.
   */
  private static Partial mean(
      NodeView node, Windows w, Partial x, boolean ceil, boolean countPadding) {
    Partial y = x;
    double[][] shares = new double[2][];
    for (int axis = 0; axis < 2; axis++) {
      long length = x.shape().get(2 + axis);
      int count = w.count(axis, length, ceil);
      int kernel = w.kernel(axis);
      node.spend((long) count * kernel);
      long padded = length + w.begin(axis) + w.end(axis);
      // index 'length' is a zero behind the elements
      long[] from = new long[count * kernel];
      shares[axis] = new double[count];
      for (int i = 0; i < count; i++) {
        int counted = 0;
        for (int j = 0; j < kernel; j++) {
          long position = position(w, axis, i, j);
          boolean inside = position >= 0 && position < length;
          counted += inside || countPadding && position + w.begin(axis) < padded ? 1 : 0;
          from[i * kernel + j] = inside ? position : length;
        }
        if (counted == 0) {
          throw node.malformed("padding has windows of its own");
        }
        shares[axis][i] = (double) kernel / counted;
      }
      long[] before = new long[4];
      long[] after = new long[4];
      after[2 + axis] = 1;
      y = node.layout(Layout.pad(before, after, 0), y);
      y = node.layout(Layout.gather(2 + axis, PublicTensor.of(from, new Shape(from.length))), y);
    }
    Partial mean = node.operators().pool(y, sideBySide(w, Kind.MEAN));
    return corrected(node, mean, shares[0], shares[1]);
  }

  private static Partial corrected(NodeView node, Partial mean, double[] rows, double[] columns) {
    node.spend((long) rows.length * columns.length);
    float[] factors = new float[rows.length * columns.length];
    boolean right = true;
    for (int i = 0; i < factors.length; i++) {
      factors[i] = (float) (rows[i / columns.length] * columns[i % columns.length]);
      right &= factors[i] == 1;
    }
    if (right) {
      return mean;
    }
    Partial factor =
        node.constant(PublicTensor.of(factors, new Shape(1, 1, rows.length, columns.length)));
    return node.binary(Binary.MULTIPLY, mean, node.cast(factor, mean.dataType()));
  }
}
