package org.djlmpc.zoo.torchscript.run;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.zoo.ModelErrors;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.PartialOperators;
import org.jspecify.annotations.Nullable;

/**
 * A tensor of the program: a cell, because operators that end in an underscore change it in place.
 *
 * <p>A view shares the memory of its parent. Changing one changes the other: the change is written
 * back through the layouts up to the tensor that owns the memory, and every other view is computed
 * from it again when it is read. Where PyTorch may share or copy, as {@code reshape} does, the two
 * are entangled: once one of them is changed, reading the other is refused rather than guessed.
 */
public final class TensorValue implements Value {
  /** Each is a few calls deep when the memory below has changed. */
  private static final int MAX_VIEWS = 500;

  private final Memory memory;
  private final @Nullable TensorValue parent;
  private final @Nullable Layout layout;
  private final int views;
  private Partial content;
  private int version;

  private TensorValue(
      Partial content, Memory memory, @Nullable TensorValue parent, @Nullable Layout layout) {
    this.content = content;
    this.memory = memory;
    this.parent = parent;
    this.layout = layout;
    this.views = parent == null ? 0 : parent.views + 1;
    this.version = memory.version;
    if (views > MAX_VIEWS) {
      throw ModelErrors.malformed("More than " + MAX_VIEWS + " views of one another.");
    }
  }

  /** A tensor with memory of its own. */
  public static TensorValue of(Partial content) {
    return new TensorValue(content, new Memory(), null, null);
  }

  /** A view: this tensor under a layout. */
  public TensorValue view(PartialOperators o, Layout viewLayout) {
    Partial seen = o.layout(viewLayout, read(o));
    return seen == content ? this : new TensorValue(seen, memory, this, viewLayout);
  }

  /** A tensor that may or may not share this one's memory. */
  public TensorValue entangled(Partial other) {
    TensorValue entangled = of(other);
    memory.family.add(entangled.memory);
    entangled.memory.family = memory.family;
    return entangled;
  }

  /** Shape, which never changes. */
  public Shape shape() {
    return content.shape();
  }

  /**
   * The elements now.
   *
   * @throws UnsupportedCall if they depend on whether PyTorch shared memory
   */
  public Partial read(PartialOperators o) {
    if (memory.doubtful) {
      throw new UnsupportedCall(
          "an operator on a tensor that may have been changed through another",
          "write the change without the underscore at the end of the operator's name");
    }
    if (version != memory.version && parent != null && layout != null) {
      content = o.layout(layout, parent.read(o));
      version = memory.version;
    }
    return content;
  }

  /**
   * Changes the elements in place.
   *
   * @throws UnsupportedCall if the view repeats or skips elements
   */
  public void change(PartialOperators o, Partial to) {
    if (!to.shape().equals(shape())) {
      throw ModelErrors.malformed(
          "A change in place from shape " + shape() + " to " + to.shape() + ".");
    }
    if (parent != null && layout != null) {
      parent.change(o, written(o, parent.read(o), layout, to));
    } else {
      memory.change();
    }
    content = to;
    version = memory.version;
  }

  /** The parent after its part that the layout shows was replaced. */
  private static Partial written(PartialOperators o, Partial parent, Layout layout, Partial part) {
    Shape shape = parent.shape();
    if (layout instanceof Layout.Reshape) {
      return o.layout(Layout.reshape(shape.getShape()), part);
    }
    if (layout instanceof Layout.Permute permute) {
      int rank = shape.dimension();
      int[] inverse = new int[rank];
      for (int i = 0; i < rank; i++) {
        int axis = permute.axes().get(i);
        inverse[axis < 0 ? axis + rank : axis] = i;
      }
      return o.layout(Layout.permute(inverse), part);
    }
    if (layout instanceof Layout.Slice slice) {
      return written(o, parent, slice, part);
    }
    throw new UnsupportedCall("a change in place of repeated elements", "change a copy");
  }

  /** What is before the slice, the new part, and what is behind it, one axis after the other. */
  private static Partial written(
      PartialOperators o, Partial parent, Layout.Slice slice, Partial part) {
    Shape in = parent.shape();
    Partial whole = part;
    for (int axis = in.dimension() - 1; axis >= 0; axis--) {
      long length = in.get(axis);
      long begin = Math.min(length, fromFront(slice.begin().get(axis), length));
      long end = begin + part.shape().get(axis);
      boolean apart = slice.step().get(axis) != 1 && part.shape().get(axis) > 1;
      if (begin == 0 && end == length && !apart) {
        continue;
      }
      // the axes before this one are still as short as the slice
      long[] from = new long[in.dimension()];
      long[] to = new long[in.dimension()];
      long[] step = new long[in.dimension()];
      Arrays.fill(to, Long.MAX_VALUE);
      Arrays.fill(step, 1);
      for (int i = 0; i < axis; i++) {
        from[i] = fromFront(slice.begin().get(i), in.get(i));
        step[i] = slice.step().get(i);
        to[i] = from[i] + Math.max(0, part.shape().get(i) - 1) * step[i] + 1;
      }
      if (apart) {
        Partial old = o.layout(Layout.slice(from, to, step), parent);
        whole = interleaved(o, old, whole, axis, begin, slice.step().get(axis));
        continue;
      }
      List<Partial> parts = new ArrayList<>();
      if (begin > 0) {
        to[axis] = begin;
        parts.add(o.layout(Layout.slice(from, to, step), parent));
      }
      parts.add(whole);
      if (end < length) {
        from[axis] = end;
        to[axis] = length;
        parts.add(o.layout(Layout.slice(from, to, step), parent));
      }
      whole = o.concat(parts, axis);
    }
    return whole;
  }

  /** {@code old}, with the parts from {@code begin}, {@code step} apart, in place of its own. */
  private static Partial interleaved(
      PartialOperators o, Partial old, Partial parts, int axis, long begin, long step) {
    long length = old.shape().get(axis);
    long[] source = LongStream.range(0, length).toArray();
    for (int i = 0; i < parts.shape().get(axis); i++) {
      source[Math.toIntExact(begin + i * step)] = length + i;
    }
    PublicTensor indices = PublicTensor.of(source, new Shape(length));
    return o.layout(Layout.gather(axis, indices), o.concat(List.of(old, parts), axis));
  }

  private static long fromFront(long index, long length) {
    return Math.max(0, index < 0 ? index + length : index);
  }

  /** Memory that tensors share. */
  private static final class Memory {
    /** Memories that may be one, this one included. */
    private List<Memory> family = new ArrayList<>(List.of(this));

    private int version;
    private boolean doubtful;

    void change() {
      version++;
      family.forEach(other -> other.doubtful |= other != this);
      // what is doubtful stays so, and is never changed again
      family = new ArrayList<>(List.of(this));
    }
  }
}
