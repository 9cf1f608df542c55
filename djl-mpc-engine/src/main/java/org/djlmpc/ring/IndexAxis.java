package org.djlmpc.ring;

import org.jspecify.annotations.Nullable;

/**
 * What one coordinate of the output adds to the source position.
 *
 * <p>Either arithmetic, {@code offset + i * stride}, or a table; a table entry of {@link #FILL}
 * says that no source exists.
 */
final class IndexAxis {

  /** No source. */
  static final int FILL = -1;

  final int length;
  final int offset;
  final int stride;
  final int @Nullable [] table;

  private IndexAxis(int length, int offset, int stride, int @Nullable [] table) {
    this.length = length;
    this.offset = offset;
    this.stride = stride;
    this.table = table;
  }

  static IndexAxis arithmetic(int length, int offset, int stride) {
    return new IndexAxis(length, offset, stride, null);
  }

  static IndexAxis table(int[] positions) {
    int length = positions.length;
    int offset = length == 0 ? 0 : positions[0];
    int stride = length < 2 ? 0 : positions[1] - offset;
    for (int i = 0; i < length; i++) {
      if (positions[i] == FILL || positions[i] != offset + i * stride) {
        return new IndexAxis(length, 0, 0, positions);
      }
    }
    return arithmetic(length, offset, stride);
  }

  int at(int i) {
    return table == null ? offset + i * stride : table[i];
  }

  boolean isFilled() {
    if (table != null) {
      for (int position : table) {
        if (position == FILL) {
          return true;
        }
      }
    }
    return false;
  }

  /** One axis for this one and the next inner one, or null where no arithmetic one exists. */
  @Nullable IndexAxis merge(IndexAxis inner) {
    if (table != null || inner.table != null) {
      return null;
    }
    if (length == 1) {
      return arithmetic(inner.length, offset + inner.offset, inner.stride);
    }
    if (inner.length == 1) {
      return arithmetic(length, offset + inner.offset, stride);
    }
    return stride == inner.stride * inner.length
        ? arithmetic(length * inner.length, offset + inner.offset, inner.stride)
        : null;
  }
}
