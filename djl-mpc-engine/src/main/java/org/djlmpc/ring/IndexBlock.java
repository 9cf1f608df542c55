package org.djlmpc.ring;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of the output whose source position is a sum over its coordinates; see {@link IndexMap}.
 */
final class IndexBlock {

  /** Runs along the innermost axis. */
  @FunctionalInterface
  interface Rows {
    /** A row begins at {@code dst}; its sources count from {@code src}, or none exist if FILL. */
    void row(int dst, int src);
  }

  final int size;
  final IndexAxis inner;
  private final IndexAxis[] outer;

  IndexBlock(List<IndexAxis> axes) {
    List<IndexAxis> merged = new ArrayList<>();
    int product = 1;
    for (IndexAxis axis : axes) {
      product = Math.toIntExact((long) product * axis.length);
      int last = merged.size() - 1;
      @Nullable IndexAxis joined = last < 0 ? null : merged.get(last).merge(axis);
      if (joined != null) {
        merged.set(last, joined);
      } else {
        merged.add(axis);
      }
    }
    if (merged.isEmpty()) {
      merged.add(IndexAxis.arithmetic(1, 0, 1));
    }
    this.size = product;
    this.inner = merged.remove(merged.size() - 1);
    this.outer = merged.toArray(IndexAxis[]::new);
  }

  boolean isIdentity() {
    return outer.length == 0
        && inner.table == null
        && inner.offset == 0
        && (inner.stride == 1 || inner.length == 1);
  }

  /** Whether some position has no source. */
  boolean isFilled() {
    if (size == 0) {
      return false;
    }
    boolean filled = inner.isFilled();
    for (IndexAxis axis : outer) {
      filled |= axis.isFilled();
    }
    return filled;
  }

  int source(int position) {
    int source = inner.at(position % inner.length);
    int rest = position / inner.length;
    boolean fill = source == IndexAxis.FILL;
    for (int d = outer.length - 1; d >= 0; d--) {
      int step = outer[d].at(rest % outer[d].length);
      rest /= outer[d].length;
      fill |= step == IndexAxis.FILL;
      source += step;
    }
    return fill ? IndexAxis.FILL : source;
  }

  /** Calls {@code rows} for every run along the innermost axis, the first one at {@code dst}. */
  void forEachRow(int dst, Rows rows) {
    if (size > 0) {
      walk(0, dst, 0, rows);
    }
  }

  private int walk(int depth, int dst, int src, Rows rows) {
    if (depth == outer.length) {
      rows.row(dst, src);
      return dst + inner.length;
    }
    IndexAxis axis = outer[depth];
    int next = dst;
    for (int i = 0; i < axis.length; i++) {
      int step = axis.at(i);
      boolean fill = src == IndexAxis.FILL || step == IndexAxis.FILL;
      next = walk(depth + 1, next, fill ? IndexAxis.FILL : src + step, rows);
    }
    return next;
  }
}
