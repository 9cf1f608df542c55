package org.djlmpc.zoo.onnx;

import java.util.Arrays;

/** A growing array of float. */
final class RealList {
  private float[] values = new float[4];
  private int size;

  void add(float value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, Math.addExact(size, size >> 1));
    }
    values[size++] = value;
  }

  /** Makes room for exactly {@code count} more elements, if there is less. */
  void reserve(int count) {
    if (count > values.length - size) {
      values = Arrays.copyOf(values, Math.addExact(size, count));
    }
  }

  int size() {
    return size;
  }

  /** The elements; the array itself where it is full, so that weights exist once. */
  float[] toArray() {
    return size == values.length ? values : Arrays.copyOf(values, size);
  }
}
