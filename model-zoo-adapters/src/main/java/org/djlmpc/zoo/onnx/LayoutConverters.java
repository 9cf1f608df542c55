package org.djlmpc.zoo.onnx;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.Partial.Known;
import org.jspecify.annotations.Nullable;

/** Operators that move elements and change none. */
final class LayoutConverters {
  private LayoutConverters() {}

  static void register(Converters to) {
    to.add("Reshape", LayoutConverters::reshape);
    to.add("Flatten", LayoutConverters::flatten);
    to.add("Transpose", LayoutConverters::transpose);
    to.add("Squeeze", LayoutConverters::squeeze);
    to.add("Unsqueeze", LayoutConverters::unsqueeze);
    to.add("Concat", LayoutConverters::concat);
    to.add("Slice", LayoutConverters::slice);
    to.addMany("Split", LayoutConverters::split);
    to.add("Gather", LayoutConverters::gather);
    to.add("GatherElements", LayoutConverters::gatherElements);
    to.add("Trilu", LayoutConverters::triangle);
    to.add("Expand", LayoutConverters::expand);
    to.add("Tile", LayoutConverters::tile);
    to.add("Pad", LayoutConverters::pad);
    to.add("DepthToSpace", LayoutConverters::depthToSpace);
    to.add("SpaceToDepth", LayoutConverters::spaceToDepth);
  }

  private static Partial reshape(NodeView node) {
    Shape in = node.shape(0);
    long[] to = node.knownWholes(1, "shape").clone();
    boolean keepZeros = node.flag("allowzero", false);
    for (int i = 0; i < to.length; i++) {
      if (to[i] == 0 && !keepZeros) {
        if (i >= in.dimension()) {
          throw node.malformed("shape copies axis " + i + " of " + in);
        }
        to[i] = in.get(i);
      } else if (to[i] < -1) {
        throw node.malformed("shape is " + GraphImport.text(to));
      }
    }
    return node.reshape(node.input(0), to);
  }

  private static Partial flatten(NodeView node) {
    Shape in = node.shape(0);
    long given = node.whole("axis", 1);
    int axis = given == in.dimension() ? in.dimension() : node.axis(given, in.dimension());
    return node.reshape(node.input(0), in.slice(0, axis).size(), in.slice(axis).size());
  }

  private static Partial transpose(NodeView node) {
    int rank = node.shape(0).dimension();
    long[] given = node.wholes("perm");
    if (given != null && given.length != rank) {
      throw node.malformed("perm does not fit " + node.shape(0));
    }
    int[] axes = new int[rank];
    for (int i = 0; i < rank; i++) {
      axes[i] = given == null ? rank - 1 - i : node.axis(given[i], rank);
    }
    return node.layout(Layout.permute(axes), node.input(0));
  }

  private static Partial squeeze(NodeView node) {
    Shape in = node.shape(0);
    long @Nullable [] given = node.wholes("axes", 1, "axes");
    if (given != null && given.length == 0) {
      return node.input(0);
    }
    int[] axes =
        given == null
            ? new int[0]
            : Arrays.stream(given).mapToInt(a -> node.axis(a, in.dimension())).toArray();
    return node.reshape(node.input(0), Layout.squeeze(in, axes).outputShape(in));
  }

  private static Partial unsqueeze(NodeView node) {
    Shape in = node.shape(0);
    long @Nullable [] given = node.wholes("axes", 1, "axes");
    if (given == null || given.length > 32) {
      throw node.malformed("axes are missing or too many");
    }
    boolean[] added = new boolean[in.dimension() + given.length];
    for (long axis : given) {
      int at = node.axis(axis, added.length);
      if (added[at]) {
        throw node.malformed("axes repeat " + axis);
      }
      added[at] = true;
    }
    long[] out = new long[added.length];
    int next = 0;
    for (int i = 0; i < out.length; i++) {
      out[i] = added[i] ? 1 : in.get(next++);
    }
    return node.reshape(node.input(0), out);
  }

  private static Partial concat(NodeView node) {
    if (!node.hasAttribute("axis")) {
      throw node.malformed("axis is missing");
    }
    int axis = node.axis(node.whole("axis", 0), node.shape(0).dimension());
    return node.operators().concat(node.inputs(), axis);
  }

  private static Partial slice(NodeView node) {
    Shape in = node.shape(0);
    int rank = in.dimension();
    long @Nullable [] starts = node.wholes("starts", 1, "starts");
    long @Nullable [] ends = node.wholes("ends", 2, "ends");
    long @Nullable [] axes = node.wholes("axes", 3, "axes");
    long @Nullable [] steps = node.wholes("steps", 4, "steps");
    if (starts == null
        || ends == null
        || starts.length != ends.length
        || axes != null && axes.length != starts.length
        || steps != null && steps.length != starts.length
        || starts.length > rank) {
      throw node.malformed("starts, ends, axes and steps do not fit");
    }
    long[] begin = new long[rank];
    long[] end = in.getShape().clone();
    long[] step = new long[rank];
    Arrays.fill(step, 1);
    List<Integer> flipped = new ArrayList<>();
    for (int i = 0; i < starts.length; i++) {
      int axis = axes == null ? i : node.axis(axes[i], rank);
      long length = in.get(axis);
      long by = steps == null ? 1 : steps[i];
      if (by == 0 || Math.abs(by) > Integer.MAX_VALUE || by == Long.MIN_VALUE) {
        throw node.malformed("step is " + by);
      }
      long from = starts[i] < 0 ? starts[i] + length : starts[i];
      long to = ends[i] < 0 ? ends[i] + length : ends[i];
      if (by > 0) {
        begin[axis] = clamp(from, 0, length);
        end[axis] = clamp(to, 0, length);
      } else {
        // from the last element toward the first: the same, the other way round
        flipped.add(axis);
        begin[axis] = length - 1 - clamp(from, -1, length - 1);
        end[axis] = length - 1 - clamp(to, -1, length - 1);
      }
      step[axis] = Math.abs(by);
    }
    Partial x = node.input(0);
    if (!flipped.isEmpty()) {
      x = node.layout(new Layout.Flip(flipped), x);
    }
    return node.layout(Layout.slice(begin, end, step), x);
  }

  private static long clamp(long value, long low, long high) {
    return Math.max(low, Math.min(high, value));
  }

  private static List<@Nullable Partial> split(NodeView node) {
    Partial x = node.input(0);
    Shape in = x.shape();
    int axis = node.axis(node.whole("axis", 0), in.dimension());
    long length = in.get(axis);
    long @Nullable [] sizes = node.wholes("split", 1, "sizes");
    if (sizes == null) {
      int parts = node.outputCount();
      if (node.whole("num_outputs", parts) != parts) {
        throw node.malformed("num_outputs is not the number of its outputs");
      }
      long size = (length + parts - 1) / parts;
      sizes = new long[parts];
      for (int i = 0; i < parts; i++) {
        sizes[i] = clamp(length - i * size, 0, size);
      }
    }
    if (sizes.length != node.outputCount()
        || Arrays.stream(sizes).anyMatch(s -> s < 0 || s > length)
        || Arrays.stream(sizes).sum() != length) {
      throw node.malformed("parts " + GraphImport.text(sizes) + " are not " + length);
    }
    List<Partial> parts = new ArrayList<>();
    long begin = 0;
    for (long size : sizes) {
      parts.add(node.layout(Layout.slice(in, axis, begin, begin + size), x));
      begin += size;
    }
    return parts;
  }

  private static Partial gather(NodeView node) {
    Partial x = node.input(0);
    if (!(node.input(1) instanceof Known indices)) {
      throw new UnsupportedNode(
          "Gather whose indices depend on the input", "MatMul with a one-hot input");
    }
    int axis = node.axis(node.whole("axis", 0), x.shape().dimension());
    return node.layout(Layout.gather(axis, indices.tensor()), x);
  }

  /** Element by element, where the places are known: a choice of positions. */
  private static Partial gatherElements(NodeView node) {
    Partial x = node.input(0);
    Shape in = x.shape();
    if (!(node.input(1) instanceof Known indices)) {
      throw new UnsupportedNode(
          "GatherElements whose indices depend on the input", "MatMul with a one-hot input");
    }
    Shape out = indices.shape();
    int rank = in.dimension();
    int axis = node.axis(node.whole("axis", 0), rank);
    boolean fits = out.dimension() == rank;
    for (int i = 0; fits && i < rank; i++) {
      fits = i == axis || out.get(i) <= in.get(i);
    }
    if (!fits || indices.tensor().isFloating()) {
      throw node.malformed("indices " + out + " do not fit the input " + in);
    }
    int size = indices.tensor().size();
    node.spend(size);
    long[] positions = new long[size];
    for (int i = 0; i < size; i++) {
      long rest = i;
      long stride = 1;
      for (int a = rank - 1; a >= 0; a--) {
        long place = rest % out.get(a);
        rest /= out.get(a);
        if (a == axis) {
          long index = indices.tensor().getLong(i);
          place = index < 0 ? index + in.get(a) : index;
          if (place < 0 || place >= in.get(a)) {
            throw node.malformed("index " + index + " is outside of " + in);
          }
        }
        positions[i] += place * stride;
        stride *= in.get(a);
      }
    }
    return node.layout(Layout.take(PublicTensor.of(positions, out)), x);
  }

  /** The upper or the lower triangle of matrices; zeros elsewhere. */
  private static Partial triangle(NodeView node) {
    Partial x = node.input(0);
    int rank = x.shape().dimension();
    if (rank < 2) {
      throw node.malformed("input " + x.shape() + " is no matrix");
    }
    int rows = Math.toIntExact(x.shape().get(rank - 2));
    int columns = Math.toIntExact(x.shape().get(rank - 1));
    boolean upper = node.flag("upper", true);
    double diagonal = node.knownNumber(1, "diagonal", 0);
    node.spend((long) rows * columns);
    byte[] chosen = new byte[rows * columns];
    for (int i = 0; i < chosen.length; i++) {
      int row = i / columns;
      double above = i % columns - row - diagonal;
      chosen[i] = (byte) (above == 0 || above > 0 == upper ? 1 : 0);
    }
    Partial mask =
        node.constant(PublicTensor.ofBytes(chosen, DataType.BOOLEAN, new Shape(rows, columns)));
    Partial zero = node.constant(PublicTensor.scalar(0, x.dataType()));
    return node.operators().where(mask, x, zero);
  }

  private static Partial expand(NodeView node) {
    Partial x = node.input(0);
    Shape in = x.shape();
    long[] to = node.knownWholes(1, "shape");
    int rank = Math.max(in.dimension(), to.length);
    long[] out = new long[rank];
    for (int i = 0; i < rank; i++) {
      int own = i - rank + in.dimension();
      int wanted = i - rank + to.length;
      long a = own < 0 ? 1 : in.get(own);
      long b = wanted < 0 ? 1 : to[wanted];
      out[i] = b == 1 ? a : b;
      if (b < 0) {
        throw node.malformed("shape is " + GraphImport.text(to));
      }
    }
    Shape wide = new Shape(out);
    return wide.equals(in) ? x : node.layout(Layout.broadcast(wide), x);
  }

  private static Partial tile(NodeView node) {
    long[] counts = node.knownWholes(1, "repeats");
    if (counts.length != node.shape(0).dimension()) {
      throw node.malformed("repeats do not fit " + node.shape(0));
    }
    return node.layout(Layout.tile(counts), node.input(0));
  }

  private static Partial pad(NodeView node) {
    Partial x = node.input(0);
    int rank = x.shape().dimension();
    long @Nullable [] pads = node.wholes("pads", 1, "pads");
    long[] axes = node.has(3) ? node.knownWholes(3, "axes") : null;
    int count = axes == null ? rank : axes.length;
    if (pads == null || pads.length != 2 * count) {
      throw node.malformed("pads do not fit " + x.shape());
    }
    long[] before = new long[rank];
    long[] after = new long[rank];
    for (int i = 0; i < count; i++) {
      int axis = axes == null ? i : node.axis(axes[i], rank);
      before[axis] = pads[i];
      after[axis] = pads[count + i];
    }
    String mode = node.text("mode", "constant");
    if (mode.equals("constant")) {
      double value = node.opset() < 11 ? node.real("value", 0) : node.knownNumber(2, "padding", 0);
      return padded(node, x, before, after, value);
    }
    x = cropped(node, x, before, after);
    for (int axis = 0; axis < rank; axis++) {
      if (before[axis] != 0 || after[axis] != 0) {
        x = repeated(node, x, mode, axis, before[axis], after[axis]);
      }
    }
    return x;
  }

  /** Padding with a constant; negative padding cuts. */
  static Partial padded(NodeView node, Partial x, long[] before, long[] after, double value) {
    Partial rest = cropped(node, x, before, after);
    return isZero(before) && isZero(after)
        ? rest
        : node.layout(Layout.pad(before, after, value), rest);
  }

  /** Negative padding cuts; what was cut counts as no padding afterwards. */
  private static Partial cropped(NodeView node, Partial x, long[] before, long[] after) {
    Shape in = x.shape();
    long[] begin = new long[before.length];
    long[] end = in.getShape().clone();
    long[] step = new long[before.length];
    Arrays.fill(step, 1);
    boolean cut = false;
    for (int i = 0; i < before.length; i++) {
      cut |= before[i] < 0 || after[i] < 0;
      begin[i] = clamp(before[i] < 0 ? -Math.max(before[i], -in.get(i)) : 0, 0, in.get(i));
      end[i] = clamp(in.get(i) + Math.max(Math.min(after[i], 0), -in.get(i)), 0, in.get(i));
      before[i] = Math.max(0, before[i]);
      after[i] = Math.max(0, after[i]);
    }
    return cut ? node.layout(Layout.slice(begin, end, step), x) : x;
  }

  private static boolean isZero(long[] values) {
    return Arrays.stream(values).allMatch(v -> v == 0);
  }

  /** Padding with the elements themselves, as NumPy's {@code pad} does. */
  private static Partial repeated(
      NodeView node, Partial x, String mode, int axis, long before, long after) {
    long length = x.shape().get(axis);
    boolean reflect = mode.equals("reflect");
    long most = mode.equals("edge") ? Integer.MAX_VALUE : length - (reflect ? 1 : 0);
    if (!reflect && !mode.equals("edge") && !mode.equals("wrap")) {
      throw node.malformed("mode is " + mode);
    }
    if (length == 0 || before > most || after > most) {
      throw node.malformed("padding is larger than its input");
    }
    node.spend(before + length + after);
    long[] from = new long[Math.toIntExact(before + length + after)];
    for (int i = 0; i < from.length; i++) {
      long position = i - before;
      if (mode.equals("wrap")) {
        from[i] = Math.floorMod(position, length);
      } else if (reflect) {
        long front = Math.abs(position);
        from[i] = front < length ? front : 2 * (length - 1) - front;
      } else {
        from[i] = clamp(position, 0, length - 1);
      }
    }
    return node.layout(Layout.gather(axis, PublicTensor.of(from, new Shape(from.length))), x);
  }

  private static Partial depthToSpace(NodeView node) {
    Shape in = image(node);
    long b = block(node);
    long channels = in.get(1) / (b * b);
    if (channels * b * b != in.get(1)) {
      throw node.malformed("blocksize does not divide the channels of " + in);
    }
    boolean columnsLast = node.text("mode", "DCR").equals("CRD");
    Partial x = node.input(0);
    x =
        columnsLast
            ? node.reshape(x, in.get(0), channels, b, b, in.get(2), in.get(3))
            : node.reshape(x, in.get(0), b, b, channels, in.get(2), in.get(3));
    x =
        node.layout(
            columnsLast ? Layout.permute(0, 1, 4, 2, 5, 3) : Layout.permute(0, 3, 4, 1, 5, 2), x);
    return node.reshape(x, in.get(0), channels, in.get(2) * b, in.get(3) * b);
  }

  private static Partial spaceToDepth(NodeView node) {
    Shape in = image(node);
    long b = block(node);
    if (in.get(2) % b != 0 || in.get(3) % b != 0) {
      throw node.malformed("blocksize does not divide " + in);
    }
    long rows = in.get(2) / b;
    long columns = in.get(3) / b;
    boolean columnsLast = node.text("mode", "DCR").equals("CRD");
    Partial x = node.reshape(node.input(0), in.get(0), in.get(1), rows, b, columns, b);
    x =
        node.layout(
            columnsLast ? Layout.permute(0, 1, 3, 5, 2, 4) : Layout.permute(0, 3, 5, 1, 2, 4), x);
    return node.reshape(x, in.get(0), in.get(1) * b * b, rows, columns);
  }

  private static Shape image(NodeView node) {
    Shape in = node.shape(0);
    if (in.dimension() != 4) {
      throw node.malformed("input " + in + " is no image");
    }
    return in;
  }

  private static long block(NodeView node) {
    long block = node.whole("blocksize", 0);
    if (block < 1 || block > 1 << 15) {
      throw node.malformed("blocksize is " + block);
    }
    return block;
  }
}
