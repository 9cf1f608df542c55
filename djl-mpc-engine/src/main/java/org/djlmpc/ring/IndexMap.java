package org.djlmpc.ring;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A public rearrangement of tensor elements: for every output position the input position that it
 * copies, or -1 where it is filled.
 *
 * <p>Positions are not listed one by one. The output is one block, or several blocks along its
 * first axis, and within a block the source is a sum of one term per coordinate. Axes that follow
 * each other in the input too are merged, so that a reshape or a slice of rows is one array copy.
 */
public final class IndexMap {

  private final Shape inputShape;
  private final Shape outputShape;
  private final List<IndexBlock> blocks;

  private IndexMap(Shape inputShape, Shape outputShape, List<IndexBlock> blocks) {
    this.inputShape = inputShape;
    this.outputShape = outputShape;
    this.blocks = blocks;
    Shapes.size(inputShape);
    Shapes.size(outputShape);
  }

  private static IndexMap of(Shape input, Shape output, List<IndexAxis> axes) {
    return new IndexMap(input, output, List.of(new IndexBlock(axes)));
  }

  // ---- factories

  /** Elements in the same order under another shape. */
  public static IndexMap reshape(Shape from, Shape to) {
    int size = Shapes.size(from);
    Shapes.require(
        size == Shapes.size(to),
        "Reshape of " + from + " to " + to + ".",
        "Use a shape with " + size + " elements.");
    return of(from, to, List.of(IndexAxis.arithmetic(size, 0, 1)));
  }

  /**
   * Transposition.
   *
   * @param shape the input's shape
   * @param axes output axis d is input axis {@code axes[d]}
   */
  public static IndexMap permute(Shape shape, int... axes) {
    Shapes.requireArgument(
        axes.length == shape.dimension(),
        "Permutation of " + axes.length + " axes for shape " + shape + ".",
        "Name every axis once.");
    int[] strides = Shapes.strides(shape);
    boolean[] seen = new boolean[axes.length];
    long[] lengths = new long[axes.length];
    List<IndexAxis> sources = new ArrayList<>();
    for (int d = 0; d < axes.length; d++) {
      int axis = Shapes.axis(shape, axes[d]);
      Shapes.requireArgument(
          !seen[axis], "Axis " + axis + " appears twice.", "Name every axis once.");
      seen[axis] = true;
      lengths[d] = shape.get(axis);
      sources.add(IndexAxis.arithmetic((int) lengths[d], 0, strides[axis]));
    }
    return of(shape, new Shape(lengths), sources);
  }

  /**
   * Every axis d from {@code begin[d]} (inclusive) to {@code end[d]} (exclusive) by {@code
   * step[d]}. Nothing is normalised: with a negative step the axis runs down to, and without,
   * {@code end[d]}, which is -1 to include position 0.
   */
  public static IndexMap slice(Shape shape, long[] begin, long[] end, long[] step) {
    int rank = shape.dimension();
    Shapes.requireArgument(
        begin.length == rank && end.length == rank && step.length == rank,
        "A slice of " + begin.length + " axes for shape " + shape + ".",
        "Give begin, end and step for every axis.");
    int[] strides = Shapes.strides(shape);
    long[] lengths = new long[rank];
    List<IndexAxis> sources = new ArrayList<>();
    for (int d = 0; d < rank; d++) {
      lengths[d] = sliceLength(shape, d, begin[d], end[d], step[d]);
      int offset = lengths[d] == 0 ? 0 : (int) begin[d] * strides[d];
      int stride = lengths[d] < 2 ? 0 : (int) step[d] * strides[d];
      sources.add(IndexAxis.arithmetic((int) lengths[d], offset, stride));
    }
    return of(shape, new Shape(lengths), sources);
  }

  private static long sliceLength(Shape shape, int axis, long begin, long end, long step) {
    Shapes.requireArgument(
        step != 0, "A slice with step 0 along axis " + axis + ".", "Use another step.");
    long length =
        Math.max(
            0, step > 0 ? -Math.floorDiv(begin - end, step) : -Math.floorDiv(end - begin, -step));
    if (length > 0) {
      long last = begin + (length - 1) * step;
      Shapes.requireArgument(
          Math.min(begin, last) >= 0 && Math.max(begin, last) < shape.get(axis),
          "A slice from " + begin + " to " + end + " along axis " + axis + " of " + shape + ".",
          "Use positions inside the tensor.");
    }
    return length;
  }

  /** NumPy's broadcasting: axes are aligned at the end, axes of length 1 are repeated. */
  public static IndexMap broadcast(Shape from, Shape to) {
    int missing = to.dimension() - from.dimension();
    boolean fits = missing >= 0;
    int[] strides = Shapes.strides(from);
    List<IndexAxis> sources = new ArrayList<>();
    for (int d = 0; fits && d < to.dimension(); d++) {
      long have = d < missing ? 1 : from.get(d - missing);
      fits = have == to.get(d) || have == 1;
      int stride = have == 1 ? 0 : strides[d - missing];
      sources.add(IndexAxis.arithmetic((int) to.get(d), 0, stride));
    }
    Shapes.require(
        fits,
        "Shape " + from + " does not broadcast to " + to + ".",
        "Axes, aligned at the end, must be equal or 1.");
    return of(from, to, sources);
  }

  /**
   * The input with {@code before[d]} filled positions in front of and {@code after[d]} behind every
   * axis d.
   */
  public static IndexMap pad(Shape shape, long[] before, long[] after) {
    int rank = shape.dimension();
    Shapes.requireArgument(
        before.length == rank && after.length == rank,
        "Padding of " + before.length + " axes for shape " + shape + ".",
        "Give the padding of every axis.");
    int[] strides = Shapes.strides(shape);
    long[] lengths = new long[rank];
    List<IndexAxis> sources = new ArrayList<>();
    for (int d = 0; d < rank; d++) {
      Shapes.requireArgument(
          before[d] >= 0 && after[d] >= 0,
          "Negative padding along axis " + d + ".",
          "Use slice to remove elements.");
      lengths[d] = before[d] + shape.get(d) + after[d];
      sources.add(line((int) lengths[d], (int) shape.get(d), (int) -before[d], 1, strides[d]));
    }
    return of(shape, new Shape(lengths), sources);
  }

  /** Positions start, start + step, ... of an axis; those that do not exist are filled. */
  private static IndexAxis line(int count, int length, int start, int step, int stride) {
    int last = start + (count - 1) * step;
    if (count == 0 || start >= 0 && last < length) {
      return IndexAxis.arithmetic(count, start * stride, step * stride);
    }
    int[] table = new int[count];
    for (int i = 0; i < count; i++) {
      int position = start + i * step;
      table[i] = position >= 0 && position < length ? position * stride : IndexAxis.FILL;
    }
    return IndexAxis.table(table);
  }

  /** The input with the order along {@code axes} reversed. */
  public static IndexMap flip(Shape shape, int... axes) {
    boolean[] flipped = new boolean[shape.dimension()];
    for (int axis : axes) {
      flipped[Shapes.axis(shape, axis)] = true;
    }
    int[] strides = Shapes.strides(shape);
    List<IndexAxis> sources = new ArrayList<>();
    for (int d = 0; d < flipped.length; d++) {
      int length = (int) shape.get(d);
      int last = Math.max(0, length - 1) * strides[d];
      sources.add(
          flipped[d]
              ? IndexAxis.arithmetic(length, last, -strides[d])
              : IndexAxis.arithmetic(length, 0, strides[d]));
    }
    return of(shape, shape, sources);
  }

  /** Every position along {@code axis} {@code times} times in a row (NumPy's repeat). */
  public static IndexMap repeat(Shape shape, int axis, long times) {
    int along = Shapes.axis(shape, axis);
    requireTimes(times);
    int[] strides = Shapes.strides(shape);
    List<IndexAxis> sources = new ArrayList<>();
    for (int d = 0; d < strides.length; d++) {
      sources.add(IndexAxis.arithmetic((int) shape.get(d), 0, strides[d]));
      if (d == along) {
        sources.add(IndexAxis.arithmetic((int) times, 0, 0));
      }
    }
    return of(shape, Shapes.with(shape, along, shape.get(along) * times), sources);
  }

  /** The whole input repeated {@code times[d]} times along every axis d (NumPy's tile). */
  public static IndexMap tile(Shape shape, long[] times) {
    Shapes.requireArgument(
        times.length == shape.dimension(),
        "A tiling of " + times.length + " axes for shape " + shape + ".",
        "Give a count for every axis.");
    int[] strides = Shapes.strides(shape);
    long[] lengths = new long[times.length];
    List<IndexAxis> sources = new ArrayList<>();
    for (int d = 0; d < times.length; d++) {
      requireTimes(times[d]);
      lengths[d] = shape.get(d) * times[d];
      sources.add(IndexAxis.arithmetic((int) times[d], 0, 0));
      sources.add(IndexAxis.arithmetic((int) shape.get(d), 0, strides[d]));
    }
    return of(shape, new Shape(lengths), sources);
  }

  private static void requireTimes(long times) {
    Shapes.requireArgument(
        times >= 0 && times <= Integer.MAX_VALUE,
        "Repetition by " + times + ".",
        "Use a count from 0 to 2^31 - 1.");
  }

  /** The positions {@code indices} along {@code axis}, in that order. */
  public static IndexMap gather(Shape shape, int axis, long[] indices) {
    int along = Shapes.axis(shape, axis);
    int[] strides = Shapes.strides(shape);
    int[] table = new int[indices.length];
    for (int i = 0; i < table.length; i++) {
      Shapes.requireArgument(
          indices[i] >= 0 && indices[i] < shape.get(along),
          "Index " + indices[i] + " along axis " + along + " of " + shape + ".",
          "Use positions inside the tensor.");
      table[i] = (int) indices[i] * strides[along];
    }
    List<IndexAxis> sources = new ArrayList<>();
    for (int d = 0; d < strides.length; d++) {
      sources.add(
          d == along
              ? IndexAxis.table(table)
              : IndexAxis.arithmetic((int) shape.get(d), 0, strides[d]));
    }
    return of(shape, Shapes.with(shape, along, indices.length), sources);
  }

  /**
   * The elements that pooling windows see: (N, C, H, W) becomes (kH kW, N, C, outH, outW), window
   * position first, filled where a window reaches into the padding.
   *
   * @param nchw input shape (N, C, H, W)
   * @param kH window height
   * @param kW window width
   * @param sH vertical stride
   * @param sW horizontal stride
   * @param pH padding above
   * @param pW padding left
   * @param outH output height; together with stride and padding it fixes the padding below
   * @param outW output width
   */
  public static IndexMap windows(
      Shape nchw, int kH, int kW, int sH, int sW, int pH, int pW, int outH, int outW) {
    Shapes.requireRank(nchw, 4, "Pooling");
    Shapes.requireArgument(
        kH > 0 && kW > 0 && sH > 0 && sW > 0 && pH >= 0 && pW >= 0 && outH >= 0 && outW >= 0,
        "Pooling with a negative or zero length.",
        "Use a window and stride >= 1 and padding >= 0.");
    int[] strides = Shapes.strides(nchw);
    int h = (int) nchw.get(2);
    int w = (int) nchw.get(3);
    List<IndexBlock> blocks = new ArrayList<>();
    for (int y = 0; y < kH; y++) {
      for (int x = 0; x < kW; x++) {
        blocks.add(
            new IndexBlock(
                List.of(
                    IndexAxis.arithmetic((int) nchw.get(0), 0, strides[0]),
                    IndexAxis.arithmetic((int) nchw.get(1), 0, strides[1]),
                    line(outH, h, y - pH, sH, strides[2]),
                    line(outW, w, x - pW, sW, strides[3]))));
      }
    }
    Shape output = new Shape((long) kH * kW, nchw.get(0), nchw.get(1), outH, outW);
    return new IndexMap(nchw, output, List.copyOf(blocks));
  }

  /**
   * The same positions between tensors of other shapes: a row-major position means the same under
   * every shape of its size, so that a gather by an index tensor or a tiling into new axes need no
   * maps of their own.
   */
  public IndexMap between(Shape input, Shape output) {
    Shapes.require(
        Shapes.size(input) == Shapes.size(inputShape)
            && Shapes.size(output) == Shapes.size(outputShape),
        "A rearrangement of "
            + inputShape
            + " to "
            + outputShape
            + " seen as "
            + input
            + " to "
            + output
            + ".",
        "Keep both sizes.");
    return new IndexMap(input, output, blocks);
  }

  // ---- what it is

  /** Shape of what is rearranged. */
  public Shape inputShape() {
    return inputShape;
  }

  /** Shape of the result. */
  public Shape outputShape() {
    return outputShape;
  }

  /** Whether the elements keep their order and number, so that only the shape changes. */
  public boolean isIdentity() {
    return blocks.size() == 1
        && blocks.get(0).isIdentity()
        && blocks.get(0).size == Shapes.size(inputShape);
  }

  /** Whether some output position copies nothing and is filled. */
  public boolean isFilled() {
    return blocks.stream().anyMatch(IndexBlock::isFilled);
  }

  /** The row-major input position that output position {@code i} copies, or -1 if it is filled. */
  public int source(int i) {
    Shapes.requireRange(i, 1, Shapes.size(outputShape));
    int position = i;
    for (IndexBlock block : blocks) {
      if (position < block.size) {
        return block.source(position);
      }
      position -= block.size;
    }
    return IndexAxis.FILL;
  }

  /** All sources, for callers that need them one by one. */
  public int[] sources() {
    int[] from = new int[Shapes.size(inputShape)];
    Arrays.setAll(from, i -> i);
    int[] result = new int[Shapes.size(outputShape)];
    apply(from, result, IndexAxis.FILL);
    return result;
  }

  private void requireArrays(int src, int dst) {
    Shapes.require(
        src >= Shapes.size(inputShape) && dst >= Shapes.size(outputShape),
        "Arrays of " + src + " and " + dst + " elements for " + inputShape + " to " + outputShape,
        "Use arrays that hold the shapes.");
  }

  /**
   * Rearranges raw data.
   *
   * @param src elements of the input shape
   * @param dst receives elements of the output shape; not {@code src}
   * @param fill what filled positions receive
   */
  public void apply(long[] src, long[] dst, long fill) {
    requireArrays(src.length, dst.length);
    int from = 0;
    for (IndexBlock block : blocks) {
      IndexAxis inner = block.inner;
      block.forEachRow(from, (to, base) -> row(src, base, dst, to, inner, fill));
      from += block.size;
    }
  }

  private static void row(long[] src, int base, long[] dst, int to, IndexAxis inner, long fill) {
    int length = inner.length;
    int[] table = inner.table;
    if (base == IndexAxis.FILL) {
      Arrays.fill(dst, to, to + length, fill);
    } else if (table != null) {
      for (int i = 0; i < length; i++) {
        dst[to + i] = table[i] == IndexAxis.FILL ? fill : src[base + table[i]];
      }
    } else if (inner.stride == 1) {
      System.arraycopy(src, base + inner.offset, dst, to, length);
    } else if (inner.stride == 0) {
      Arrays.fill(dst, to, to + length, src[base + inner.offset]);
    } else {
      int position = base + inner.offset;
      for (int i = 0; i < length; i++) {
        dst[to + i] = src[position + i * inner.stride];
      }
    }
  }

  /**
   * Rearranges raw data.
   *
   * @param src elements of the input shape
   * @param dst receives elements of the output shape; not {@code src}
   * @param fill what filled positions receive
   */
  public void apply(int[] src, int[] dst, int fill) {
    requireArrays(src.length, dst.length);
    int from = 0;
    for (IndexBlock block : blocks) {
      IndexAxis inner = block.inner;
      block.forEachRow(from, (to, base) -> row(src, base, dst, to, inner, fill));
      from += block.size;
    }
  }

  private static void row(int[] src, int base, int[] dst, int to, IndexAxis inner, int fill) {
    int length = inner.length;
    int[] table = inner.table;
    if (base == IndexAxis.FILL) {
      Arrays.fill(dst, to, to + length, fill);
    } else if (table != null) {
      for (int i = 0; i < length; i++) {
        dst[to + i] = table[i] == IndexAxis.FILL ? fill : src[base + table[i]];
      }
    } else if (inner.stride == 1) {
      System.arraycopy(src, base + inner.offset, dst, to, length);
    } else if (inner.stride == 0) {
      Arrays.fill(dst, to, to + length, src[base + inner.offset]);
    } else {
      int position = base + inner.offset;
      for (int i = 0; i < length; i++) {
        dst[to + i] = src[position + i * inner.stride];
      }
    }
  }

  /**
   * Rearranges raw data.
   *
   * @param src elements of the input shape
   * @param dst receives elements of the output shape; not {@code src}
   * @param fill what filled positions receive
   */
  public void apply(float[] src, float[] dst, float fill) {
    requireArrays(src.length, dst.length);
    int from = 0;
    for (IndexBlock block : blocks) {
      IndexAxis inner = block.inner;
      block.forEachRow(from, (to, base) -> row(src, base, dst, to, inner, fill));
      from += block.size;
    }
  }

  private static void row(float[] src, int base, float[] dst, int to, IndexAxis inner, float fill) {
    int length = inner.length;
    int[] table = inner.table;
    if (base == IndexAxis.FILL) {
      Arrays.fill(dst, to, to + length, fill);
    } else if (table != null) {
      for (int i = 0; i < length; i++) {
        dst[to + i] = table[i] == IndexAxis.FILL ? fill : src[base + table[i]];
      }
    } else if (inner.stride == 1) {
      System.arraycopy(src, base + inner.offset, dst, to, length);
    } else if (inner.stride == 0) {
      Arrays.fill(dst, to, to + length, src[base + inner.offset]);
    } else {
      int position = base + inner.offset;
      for (int i = 0; i < length; i++) {
        dst[to + i] = src[position + i * inner.stride];
      }
    }
  }

  /**
   * Rearranges raw data.
   *
   * @param src elements of the input shape
   * @param dst receives elements of the output shape; not {@code src}
   * @param fill what filled positions receive
   */
  public void apply(double[] src, double[] dst, double fill) {
    requireArrays(src.length, dst.length);
    int from = 0;
    for (IndexBlock block : blocks) {
      IndexAxis inner = block.inner;
      block.forEachRow(from, (to, base) -> row(src, base, dst, to, inner, fill));
      from += block.size;
    }
  }

  private static void row(
      double[] src, int base, double[] dst, int to, IndexAxis inner, double fill) {
    int length = inner.length;
    int[] table = inner.table;
    if (base == IndexAxis.FILL) {
      Arrays.fill(dst, to, to + length, fill);
    } else if (table != null) {
      for (int i = 0; i < length; i++) {
        dst[to + i] = table[i] == IndexAxis.FILL ? fill : src[base + table[i]];
      }
    } else if (inner.stride == 1) {
      System.arraycopy(src, base + inner.offset, dst, to, length);
    } else if (inner.stride == 0) {
      Arrays.fill(dst, to, to + length, src[base + inner.offset]);
    } else {
      int position = base + inner.offset;
      for (int i = 0; i < length; i++) {
        dst[to + i] = src[position + i * inner.stride];
      }
    }
  }

  /**
   * Rearranges raw data.
   *
   * @param src elements of the input shape
   * @param dst receives elements of the output shape; not {@code src}
   * @param fill what filled positions receive
   */
  public void apply(byte[] src, byte[] dst, byte fill) {
    requireArrays(src.length, dst.length);
    int from = 0;
    for (IndexBlock block : blocks) {
      IndexAxis inner = block.inner;
      block.forEachRow(from, (to, base) -> row(src, base, dst, to, inner, fill));
      from += block.size;
    }
  }

  private static void row(byte[] src, int base, byte[] dst, int to, IndexAxis inner, byte fill) {
    int length = inner.length;
    int[] table = inner.table;
    if (base == IndexAxis.FILL) {
      Arrays.fill(dst, to, to + length, fill);
    } else if (table != null) {
      for (int i = 0; i < length; i++) {
        dst[to + i] = table[i] == IndexAxis.FILL ? fill : src[base + table[i]];
      }
    } else if (inner.stride == 1) {
      System.arraycopy(src, base + inner.offset, dst, to, length);
    } else if (inner.stride == 0) {
      Arrays.fill(dst, to, to + length, src[base + inner.offset]);
    } else {
      int position = base + inner.offset;
      for (int i = 0; i < length; i++) {
        dst[to + i] = src[position + i * inner.stride];
      }
    }
  }
}
