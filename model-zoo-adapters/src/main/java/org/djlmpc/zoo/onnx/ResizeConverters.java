package org.djlmpc.zoo.onnx;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.zoo.Partial;
import org.jspecify.annotations.Nullable;

/** Images in other sizes: nearest neighbours, or linear interpolation. */
final class ResizeConverters {
  private ResizeConverters() {}

  static void register(Converters to) {
    to.add("Upsample", node -> resize(node, 1, -1));
    to.add("Resize", node -> node.opset() < 11 ? resize(node, 1, -1) : resize(node, 2, 3));
  }

  private static Partial resize(NodeView node, int scalesAt, int sizesAt) {
    String mode = node.text("mode", "nearest");
    String coordinates = node.text("coordinate_transformation_mode", "half_pixel");
    if (!mode.equals("nearest") && !mode.equals("linear")
        || coordinates.equals("tf_crop_and_resize")
        || node.flag("antialias", false)
        || !node.text("keep_aspect_ratio_policy", "stretch").equals("stretch")) {
      throw new UnsupportedNode(
          node.type() + " with mode = " + mode + " and " + coordinates,
          "Resize with mode = nearest or linear and half_pixel");
    }
    boolean old = node.opset() < 11;
    String rounding = node.text("nearest_mode", "round_prefer_floor");
    Partial x = node.input(0);
    int[] axes = axes(node, x.shape().dimension());
    List<Target> targets = targets(node, axes, scalesAt, sizesAt);
    for (int i = 0; i < axes.length; i++) {
      Target to = targets.get(i);
      long length = x.shape().get(axes[i]);
      if (to.length != length || to.scale != 1) {
        Coordinates map =
            new Coordinates(old ? "asymmetric" : coordinates, length, to.length, to.scale);
        x =
            mode.equals("linear")
                ? interpolated(node, x, axes[i], map)
                : nearest(node, x, axes[i], map, old ? to.scale < 1 ? "ceil" : "floor" : rounding);
      }
    }
    return x;
  }

  /**
   * What an axis becomes.
   *
   * @param length its new length
   * @param scale how many new positions there are for an old one
   */
  private record Target(long length, float scale) {}

  private static List<Target> targets(NodeView node, int[] axes, int scalesAt, int sizesAt) {
    Shape in = node.shape(0);
    PublicTensor scales = node.has(scalesAt) ? node.known(scalesAt, "scales") : null;
    // an empty tensor stands for absent scales in older files
    boolean scaled = scales != null && scales.size() > 0;
    PublicTensor given = scaled || sizesAt < 0 ? scales : node.known(sizesAt, "sizes");
    if (given == null || given.size() != axes.length) {
      throw node.malformed("scales or sizes do not fit " + in);
    }
    List<Target> targets = new ArrayList<>();
    for (int i = 0; i < axes.length; i++) {
      long length = in.get(axes[i]);
      float scale = scaled ? (float) given.getDouble(i) : (float) given.getLong(i) / length;
      double out = scaled ? Math.floor(length * scale) : given.getLong(i);
      if (!(scale > 0) || !(out >= 1) || out > Integer.MAX_VALUE || length < 1) {
        throw node.malformed("scale is " + scale + " for " + in);
      }
      targets.add(new Target((long) out, scale));
    }
    return targets;
  }

  private static int[] axes(NodeView node, int rank) {
    long @Nullable [] given = node.wholes("axes");
    int[] axes = new int[given == null ? rank : given.length];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = given == null ? i : node.axis(given[i], rank);
    }
    return axes;
  }

  /**
   * Where a position of the output lies in the input, for one axis: in single precision, as those
   * compute it with whom the result has to agree where it falls between two pixels.
   */
  private record Coordinates(String mode, long in, long out, float scale) {
    float original(NodeView node, long x) {
      return switch (mode) {
        case "half_pixel" -> (x + 0.5f) / scale - 0.5f;
        case "pytorch_half_pixel" -> out > 1 ? (x + 0.5f) / scale - 0.5f : 0;
        case "align_corners" -> out > 1 ? (float) x * (in - 1) / (out - 1) : 0;
        case "asymmetric" -> x / scale;
        case "tf_half_pixel_for_nn" -> (x + 0.5f) / scale;
        case "half_pixel_symmetric" -> {
          float adjustment = out / (scale * in);
          yield in / 2.0f * (1 - adjustment) + (x + 0.5f) / scale - 0.5f;
        }
        default -> throw node.malformed("coordinate_transformation_mode is " + mode);
      };
    }
  }

  private static Partial nearest(
      NodeView node, Partial x, int axis, Coordinates map, String rounding) {
    int out = Math.toIntExact(map.out);
    node.spend(out);
    long[] from = new long[out];
    for (int i = 0; i < out; i++) {
      double original = map.original(node, i);
      double nearest =
          switch (rounding) {
            case "round_prefer_floor" -> Math.ceil(original - 0.5);
            case "round_prefer_ceil" -> Math.floor(original + 0.5);
            case "floor" -> Math.floor(original);
            case "ceil" -> Math.ceil(original);
            default -> throw node.malformed("nearest_mode is " + rounding);
          };
      from[i] = (long) Math.max(0, Math.min(map.in - 1.0, nearest));
    }
    int times = (int) (out / map.in);
    boolean repeats = times * map.in == out;
    for (int i = 0; i < out && repeats; i++) {
      repeats = from[i] == i / times;
    }
    if (repeats) {
      return node.layout(Layout.repeat(axis, times), x);
    }
    boolean same = Arrays.equals(from, LongStream.range(0, map.in).toArray());
    return same ? x : node.layout(Layout.gather(axis, PublicTensor.of(from, new Shape(out))), x);
  }

  /** Linear in each axis: a product with a public matrix, which is local on shares. */
  private static Partial interpolated(NodeView node, Partial x, int axis, Coordinates map) {
    int out = Math.toIntExact(map.out);
    int in = Math.toIntExact(map.in);
    node.spend((long) out * in);
    float[] matrix = new float[out * in];
    for (int i = 0; i < out; i++) {
      float position = Math.max(0, Math.min(in - 1, map.original(node, i)));
      int low = (int) position;
      float part = position - low;
      matrix[i * in + low] = 1 - part;
      if (part > 0) {
        matrix[i * in + low + 1] = part;
      }
    }
    Partial factor =
        node.cast(node.constant(PublicTensor.of(matrix, new Shape(out, in))), x.dataType());
    int rank = x.shape().dimension();
    int[] swap = IntStream.range(0, rank).toArray();
    swap[axis] = rank - 1;
    swap[rank - 1] = axis;
    boolean last = axis == rank - 1;
    Partial y =
        node.operators().linear(last ? x : node.layout(Layout.permute(swap), x), factor, null);
    return last ? y : node.layout(Layout.permute(swap), y);
  }
}
