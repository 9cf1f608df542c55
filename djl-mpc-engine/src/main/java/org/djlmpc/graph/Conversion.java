package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Conversions between the element types of public tensors. */
final class Conversion {
  private Conversion() {}

  /** The elements of a tensor as another type. */
  static Elements convert(PublicTensor from, DataType type) {
    int n = from.size();
    Elements to = Elements.allocate(type, n);
    if (to instanceof Elements.Floats floats) {
      for (int i = 0; i < n; i++) {
        // a long rounds once, straight to float
        floats.array()[i] = from.isFloating() ? (float) from.getDouble(i) : (float) from.getLong(i);
      }
    } else if (to instanceof Elements.Doubles doubles) {
      for (int i = 0; i < n; i++) {
        doubles.array()[i] = from.getDouble(i);
      }
    } else if (to instanceof Elements.Ints ints) {
      for (int i = 0; i < n; i++) {
        ints.array()[i] = (int) from.getLong(i);
      }
    } else if (to instanceof Elements.Longs longs) {
      for (int i = 0; i < n; i++) {
        longs.array()[i] = from.getLong(i);
      }
    } else if (to instanceof Elements.Bytes bytes) {
      for (int i = 0; i < n; i++) {
        bytes.array()[i] =
            (byte) (type == DataType.BOOLEAN ? from.getDouble(i) != 0 ? 1 : 0 : from.getLong(i));
      }
    }
    return to;
  }

  /** Sets every element to a value. */
  static void fill(Elements to, DataType type, double value) {
    if (to instanceof Elements.Floats floats) {
      Arrays.fill(floats.array(), (float) value);
    } else if (to instanceof Elements.Doubles doubles) {
      Arrays.fill(doubles.array(), value);
    } else if (to instanceof Elements.Ints ints) {
      Arrays.fill(ints.array(), (int) (long) value);
    } else if (to instanceof Elements.Longs longs) {
      Arrays.fill(longs.array(), (long) value);
    } else if (to instanceof Elements.Bytes bytes) {
      Arrays.fill(bytes.array(), (byte) (type == DataType.BOOLEAN ? 1 : (long) value));
    }
  }

  /** Reads little-endian elements. */
  static void read(ByteBuffer from, Elements to, DataType type) {
    if (to instanceof Elements.Floats floats) {
      from.asFloatBuffer().get(floats.array());
    } else if (to instanceof Elements.Doubles doubles) {
      from.asDoubleBuffer().get(doubles.array());
    } else if (to instanceof Elements.Ints ints) {
      from.asIntBuffer().get(ints.array());
    } else if (to instanceof Elements.Longs longs) {
      from.asLongBuffer().get(longs.array());
    } else if (to instanceof Elements.Bytes bytes) {
      from.get(bytes.array());
      if (type == DataType.BOOLEAN) {
        byte[] array = bytes.array();
        for (int i = 0; i < array.length; i++) {
          array[i] = (byte) (array[i] != 0 ? 1 : 0);
        }
      }
    }
  }
}
