package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.ring.IndexMap;

/**
 * A rearrangement of elements by public positions: where each output element comes from depends on
 * shapes alone.
 *
 * <p>Every layout is local on shares, whatever the protocol.
 */
public sealed interface Layout {
  /**
   * The shape that the layout makes of another.
   *
   * @throws MpcException SHAPE or ARGUMENT if the layout does not fit the shape
   */
  Shape outputShape(Shape in);

  /** Where each output element comes from: a map from {@code in} to {@link #outputShape}. */
  IndexMap indexMap(Shape in);

  /** The value of output elements that come from nowhere. */
  default double fill() {
    return 0;
  }

  /** Same elements, same order, another shape. */
  static Layout reshape(long... lengths) {
    return new Reshape(new Shape(lengths));
  }

  /** Axes in another order, as NumPy's {@code transpose(axes)}. */
  static Layout permute(int... axes) {
    return new Permute(list(axes));
  }

  /**
   * Part of each axis, as NumPy's {@code x[begin:end:step, ...]}; {@code Long.MAX_VALUE} is an end
   * without limit.
   */
  static Layout slice(long[] begin, long[] end, long[] step) {
    return new Slice(list(begin), list(end), list(step));
  }

  /** Part [begin, end) of one axis of {@code in}. */
  static Layout slice(Shape in, int axis, long begin, long end) {
    int rank = in.dimension();
    long[] from = new long[rank];
    long[] to = new long[rank];
    long[] step = new long[rank];
    Arrays.fill(to, Long.MAX_VALUE);
    Arrays.fill(step, 1);
    from[Shapes.axis(axis, rank)] = begin;
    to[Shapes.axis(axis, rank)] = end;
    return slice(from, to, step);
  }

  /** Elements repeated along axes of length one and along new leading axes. */
  static Layout broadcast(Shape to) {
    return new Broadcast(to);
  }

  /** A constant around the elements. */
  static Layout pad(long[] before, long[] after, double value) {
    return new Pad(list(before), list(after), value);
  }

  /** The order along some axes turned round. */
  static Layout flip(int... axes) {
    return new Flip(list(axes));
  }

  /** Each element {@code count} times in a row along an axis. */
  static Layout repeat(int axis, int count) {
    return new Repeat(axis, count);
  }

  /** The whole repeated along each axis, as NumPy's {@code tile}. */
  static Layout tile(long... counts) {
    return new Tile(list(counts));
  }

  /** The entries of an axis that INT64 indices name, as NumPy's {@code take(indices, axis)}. */
  static Layout gather(int axis, PublicTensor indices) {
    return new Gather(axis, indices);
  }

  /** The elements at INT64 row-major positions, as NumPy's {@code take(positions)}. */
  static Layout take(PublicTensor positions) {
    return new Take(positions);
  }

  /** A new axis of length one before {@code axis} of {@code in}. */
  static Layout expandDims(Shape in, int axis) {
    int at = Shapes.axis(axis, in.dimension() + 1);
    return new Reshape(in.slice(0, at).add(1).addAll(in.slice(at)));
  }

  /** Axes of length one removed: the named ones, or all of them. */
  static Layout squeeze(Shape in, int... axes) {
    boolean[] named = Shapes.axes(axes, in.dimension());
    Shape out = new Shape();
    for (int i = 0; i < named.length; i++) {
      if (named[i] && axes.length > 0 && in.get(i) != 1) {
        throw new MpcException(
            ErrorCode.SHAPE,
            "Axis " + i + " of " + in + " has not length 1.",
            "Squeeze axes of length 1 only.");
      }
      if (!named[i] || in.get(i) != 1) {
        out = out.add(in.get(i));
      }
    }
    return new Reshape(out);
  }

  private static List<Integer> list(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  private static List<Long> list(long[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }

  private static long[] longs(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  private static void checkRank(String name, int given, Shape in) {
    if (given != in.dimension()) {
      throw new MpcException(
          ErrorCode.SHAPE,
          name + " for " + given + " axes of the shape " + in + ".",
          "Give one entry for each axis.");
    }
  }

  private static PublicTensor checkIndices(PublicTensor indices) {
    if (!indices.dataType().isInteger()) {
      throw new MpcException(
          ErrorCode.DATA_TYPE, "Indices of type " + indices.dataType() + ".", "Use INT64 indices.");
    }
    return indices.cast(DataType.INT64);
  }

  /** Counts negative indices from the end and refuses those outside [0, length). */
  private static long[] resolve(PublicTensor indices, long length) {
    long[] resolved = new long[indices.size()];
    for (int i = 0; i < resolved.length; i++) {
      long index = indices.getLong(i);
      long positive = index < 0 ? index + length : index;
      if (positive < 0 || positive >= length) {
        throw new MpcException(
            ErrorCode.ARGUMENT,
            "Index " + index + " is outside [0, " + length + ").",
            "Use indices that exist.");
      }
      resolved[i] = positive;
    }
    return resolved;
  }

  /**
   * Same elements, same order, another shape.
   *
   * @param shape the shape; one length may be -1 and follows from the size
   */
  record Reshape(Shape shape) implements Layout {
    @Override
    public Shape outputShape(Shape in) {
      long[] out = shape.getShape().clone();
      int open = -1;
      long known = 1;
      for (int i = 0; i < out.length; i++) {
        if (out[i] == -1 && open < 0) {
          open = i;
        } else if (out[i] < 0) {
          throw mismatch(in);
        } else {
          known = Math.multiplyExact(known, out[i]);
        }
      }
      if (open >= 0) {
        if (known == 0) {
          throw mismatch(in);
        }
        out[open] = in.size() / known;
        known *= out[open];
      }
      if (known != in.size()) {
        throw mismatch(in);
      }
      return new Shape(out);
    }

    private MpcException mismatch(Shape in) {
      return new MpcException(
          ErrorCode.SHAPE,
          "The shape " + in + " cannot be reshaped to " + shape + ".",
          "Keep the number of elements; at most one length may be -1.");
    }

    @Override
    public IndexMap indexMap(Shape in) {
      return IndexMap.reshape(in, outputShape(in));
    }
  }

  /**
   * Axes in another order.
   *
   * @param axes output axis i is input axis {@code axes[i]}
   */
  record Permute(List<Integer> axes) implements Layout {
    /** Copies the list. */
    public Permute {
      axes = List.copyOf(axes);
    }

    private int[] resolved(Shape in) {
      checkRank("A permutation", axes.size(), in);
      int[] resolved = ints(axes);
      boolean[] seen = new boolean[resolved.length];
      for (int i = 0; i < resolved.length; i++) {
        resolved[i] = Shapes.axis(resolved[i], resolved.length);
        if (seen[resolved[i]]) {
          throw new MpcException(
              ErrorCode.ARGUMENT, axes + " is not a permutation.", "Name every axis once.");
        }
        seen[resolved[i]] = true;
      }
      return resolved;
    }

    @Override
    public Shape outputShape(Shape in) {
      return new Shape(Arrays.stream(resolved(in)).mapToLong(in::get).toArray());
    }

    @Override
    public IndexMap indexMap(Shape in) {
      return IndexMap.permute(in, resolved(in));
    }
  }

  /**
   * Part of each axis.
   *
   * @param begin first index; counted from the end if negative
   * @param end index after the last; counted from the end if negative; beyond the length means the
   *     length
   * @param step distance, at least 1
   */
  record Slice(List<Long> begin, List<Long> end, List<Long> step) implements Layout {
    /** Copies the lists. */
    public Slice {
      begin = List.copyOf(begin);
      end = List.copyOf(end);
      step = List.copyOf(step);
      if (begin.size() != end.size()
          || begin.size() != step.size()
          || step.stream().anyMatch(s -> s < 1)) {
        throw new MpcException(
            ErrorCode.ARGUMENT,
            "A slice from " + begin + " to " + end + " by " + step + ".",
            "Give begin, end and step >= 1 for each axis; use flip for a reversed order.");
      }
    }

    private static long bound(long index, long length) {
      return Math.max(0, Math.min(length, index < 0 ? index + length : index));
    }

    /** First index on an axis of {@code in}, in [0, length]. */
    long first(Shape in, int axis) {
      return bound(begin.get(axis), in.get(axis));
    }

    /** Index after the last on an axis of {@code in}, in [0, length]. */
    long last(Shape in, int axis) {
      return bound(end.get(axis), in.get(axis));
    }

    @Override
    public Shape outputShape(Shape in) {
      checkRank("A slice", begin.size(), in);
      long[] out = new long[in.dimension()];
      for (int i = 0; i < out.length; i++) {
        long span = Math.max(0, last(in, i) - first(in, i));
        out[i] = span == 0 ? 0 : (span - 1) / step.get(i) + 1;
      }
      return new Shape(out);
    }

    @Override
    public IndexMap indexMap(Shape in) {
      outputShape(in);
      long[] first = new long[in.dimension()];
      long[] last = new long[in.dimension()];
      for (int i = 0; i < first.length; i++) {
        first[i] = first(in, i);
        last[i] = Math.max(first[i], last(in, i));
      }
      return IndexMap.slice(in, first, last, longs(step));
    }
  }

  /**
   * Elements repeated along axes of length one and along new leading axes.
   *
   * @param shape the shape to fill
   */
  record Broadcast(Shape shape) implements Layout {
    @Override
    public Shape outputShape(Shape in) {
      if (!Shapes.broadcast(in, shape).equals(shape)) {
        throw new MpcException(
            ErrorCode.SHAPE,
            "The shape " + in + " does not broadcast to " + shape + ".",
            "Only axes of length 1 and missing leading axes broadcast.");
      }
      return shape;
    }

    @Override
    public IndexMap indexMap(Shape in) {
      return IndexMap.broadcast(in, outputShape(in));
    }
  }

  /**
   * A constant around the elements.
   *
   * @param before how many before the first element of each axis
   * @param after how many after the last element of each axis
   * @param value the constant
   */
  record Pad(List<Long> before, List<Long> after, double value) implements Layout {
    /** Copies the lists. */
    public Pad {
      before = List.copyOf(before);
      after = List.copyOf(after);
      if (before.size() != after.size()
          || before.stream().anyMatch(n -> n < 0)
          || after.stream().anyMatch(n -> n < 0)) {
        throw new MpcException(
            ErrorCode.ARGUMENT,
            "Padding of " + before + " and " + after + ".",
            "Give lengths >= 0 for each axis; use slice to cut.");
      }
    }

    @Override
    public Shape outputShape(Shape in) {
      checkRank("Padding", before.size(), in);
      long[] out = new long[in.dimension()];
      for (int i = 0; i < out.length; i++) {
        out[i] = Math.addExact(in.get(i), Math.addExact(before.get(i), after.get(i)));
      }
      return new Shape(out);
    }

    @Override
    public IndexMap indexMap(Shape in) {
      outputShape(in);
      return IndexMap.pad(in, longs(before), longs(after));
    }

    @Override
    public double fill() {
      return value;
    }
  }

  /**
   * The order along some axes turned round.
   *
   * @param axes the axes; none turns all of them
   */
  record Flip(List<Integer> axes) implements Layout {
    /** Copies the list. */
    public Flip {
      axes = List.copyOf(axes);
    }

    @Override
    public Shape outputShape(Shape in) {
      Shapes.axes(ints(axes), in.dimension());
      return in;
    }

    @Override
    public IndexMap indexMap(Shape in) {
      boolean[] named = Shapes.axes(ints(axes), in.dimension());
      List<Integer> flipped = new ArrayList<>();
      for (int i = 0; i < named.length; i++) {
        if (named[i]) {
          flipped.add(i);
        }
      }
      return IndexMap.flip(in, ints(flipped));
    }
  }

  /**
   * Each element several times in a row along an axis.
   *
   * @param axis the axis; counted from the end if negative
   * @param count how often
   */
  record Repeat(int axis, int count) implements Layout {
    /** Checks the count. */
    public Repeat {
      if (count < 0) {
        throw new MpcException(
            ErrorCode.ARGUMENT, count + " repetitions.", "Repeat zero times or more.");
      }
    }

    @Override
    public Shape outputShape(Shape in) {
      long[] out = in.getShape().clone();
      int at = Shapes.axis(axis, out.length);
      out[at] = Math.multiplyExact(out[at], (long) count);
      return new Shape(out);
    }

    @Override
    public IndexMap indexMap(Shape in) {
      return IndexMap.repeat(in, Shapes.axis(axis, in.dimension()), count);
    }
  }

  /**
   * The whole repeated along each axis; missing leading entries of either list count as 1.
   *
   * @param counts how often along each axis, the last entry for the last axis
   */
  record Tile(List<Long> counts) implements Layout {
    /** Copies the list. */
    public Tile {
      counts = List.copyOf(counts);
      if (counts.stream().anyMatch(n -> n < 0)) {
        throw new MpcException(
            ErrorCode.ARGUMENT, counts + " repetitions.", "Repeat zero times or more.");
      }
    }

    private int rank(Shape in) {
      return Math.max(counts.size(), in.dimension());
    }

    private Shape widened(Shape in) {
      long[] ones = new long[rank(in) - in.dimension()];
      Arrays.fill(ones, 1);
      return new Shape(ones).addAll(in);
    }

    private long[] widenedCounts(Shape in) {
      long[] all = new long[rank(in)];
      Arrays.fill(all, 1);
      for (int i = 0; i < counts.size(); i++) {
        all[all.length - counts.size() + i] = counts.get(i);
      }
      return all;
    }

    @Override
    public Shape outputShape(Shape in) {
      long[] out = widened(in).getShape().clone();
      long[] all = widenedCounts(in);
      for (int i = 0; i < out.length; i++) {
        out[i] = Math.multiplyExact(out[i], all[i]);
      }
      return new Shape(out);
    }

    @Override
    public IndexMap indexMap(Shape in) {
      return IndexMap.tile(widened(in), widenedCounts(in)).between(in, outputShape(in));
    }
  }

  /**
   * The entries of an axis that public indices name: {@code out[.., i.., ..] = in[.., indices[i..],
   * ..]}.
   *
   * @param axis the axis; counted from the end if negative
   * @param indices INT64 indices of any shape, which replaces the axis; counted from the end if
   *     negative
   */
  record Gather(int axis, PublicTensor indices) implements Layout {
    /** Makes the indices INT64. */
    public Gather {
      indices = checkIndices(indices);
    }

    @Override
    public Shape outputShape(Shape in) {
      int at = Shapes.axis(axis, in.dimension());
      return in.slice(0, at).addAll(indices.shape()).addAll(in.slice(at + 1));
    }

    @Override
    public IndexMap indexMap(Shape in) {
      int at = Shapes.axis(axis, in.dimension());
      return IndexMap.gather(in, at, resolve(indices, in.get(at))).between(in, outputShape(in));
    }
  }

  /**
   * The elements at public row-major positions: {@code out = flatten(in)[positions]}.
   *
   * @param positions INT64 positions of any shape, which the output takes; counted from the end if
   *     negative
   */
  record Take(PublicTensor positions) implements Layout {
    /** Makes the positions INT64. */
    public Take {
      positions = checkIndices(positions);
    }

    @Override
    public Shape outputShape(Shape in) {
      return positions.shape();
    }

    @Override
    public IndexMap indexMap(Shape in) {
      return IndexMap.gather(new Shape(in.size()), 0, resolve(positions, in.size()))
          .between(in, positions.shape());
    }
  }
}
