package org.djlmpc.ring;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/**
 * A tensor that is kept for long and read in pieces. Elements that are small numbers take 32 bits,
 * whatever their ring: encoded weights do, so a large network in clear takes half the memory.
 */
public final class CompactTensor implements AutoCloseable {
  private static final int GRAIN = 1 << 16;

  private final Ring ring;
  private final Shape shape;
  private int[] narrow;
  private long[] wide = {};
  private boolean small = true;

  /** Zeros, to be set piece by piece. */
  public CompactTensor(Ring ring, Shape shape) {
    this.ring = ring;
    this.shape = shape;
    narrow = new int[Shapes.size(shape)];
  }

  /** The ring of the elements. */
  public Ring ring() {
    return ring;
  }

  /** The shape. */
  public Shape shape() {
    return shape;
  }

  /** Bytes that the elements take. */
  public long bytes() {
    return small ? (long) Integer.BYTES * narrow.length : (long) Long.BYTES * wide.length;
  }

  /** Replaces the elements from {@code from} by all those of {@code src}. */
  public void set(int from, RingTensor src) {
    Shapes.requireRange(from, src.size(), Shapes.size(shape));
    if (small && src instanceof LongTensor && !fits(src)) {
      widen();
    }
    Parallel.ranges(
        src.size(),
        GRAIN,
        (first, end) -> {
          for (int i = first; i < end; i++) {
            if (small) {
              narrow[from + i] = (int) src.getLong(i);
            } else {
              wide[from + i] = src.getLong(i);
            }
          }
        });
  }

  /** Copies elements, beginning with {@code from}, to all of {@code dst}. */
  public void copy(int from, RingTensor dst) {
    Shapes.requireRange(from, dst.size(), Shapes.size(shape));
    if (!small) {
      dst.setWords(wide, from, 0, dst.size());
    } else if (dst instanceof LongTensor longs) {
      Parallel.ranges(
          dst.size(), GRAIN, (first, end) -> longs.setNarrow(narrow, from + first, first, end));
    } else if (dst instanceof IntTensor ints) {
      ints.setNarrow(narrow, from);
    } else if (dst instanceof SmallTensor tiny) {
      tiny.setNarrow(narrow, from);
    }
  }

  private static boolean fits(RingTensor src) {
    long outside = 0;
    for (int i = 0; i < src.size(); i++) {
      long value = src.getLong(i);
      outside |= value ^ (int) value;
    }
    return outside == 0;
  }

  private void widen() {
    wide = new long[narrow.length];
    for (int i = 0; i < narrow.length; i++) {
      wide[i] = narrow[i];
    }
    Arrays.fill(narrow, 0);
    narrow = new int[0];
    small = false;
  }

  /** Overwrites the elements with zeros. */
  @Override
  public void close() {
    Arrays.fill(narrow, 0);
    Arrays.fill(wide, 0);
  }

  /** Ring and shape only. */
  @Override
  public String toString() {
    return "CompactTensor(" + ring + ", " + shape + ")";
  }
}
