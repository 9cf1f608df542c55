package org.djlmpc.zoo.onnx;

import java.util.Arrays;

/** A growing array of long. */
final class WholeList {
  private long[] values = new long[4];
  private int size;

  void add(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, Math.addExact(size, size >> 1));
    }
    values[size++] = value;
  }

  int size() {
    return size;
  }

  /** The elements; the array itself where it is full, so that weights exist once. */
  long[] toArray() {
    return size == values.length ? values : Arrays.copyOf(values, size);
  }
}
