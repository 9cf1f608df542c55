package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.ring.IndexMap;

/**
 * The primitive array behind a {@link PublicTensor}: one record for each width, so that no element
 * is ever boxed.
 *
 * <p>Bytes serve UINT8, INT8 and BOOLEAN; the data type says how they read.
 */
@SuppressWarnings("ArrayRecordComponent") // equality by content is defined below
sealed interface Elements {
  /** The primitive array itself. */
  Object array();

  /** Number of elements. */
  int length();

  /** Element {@code i} as a real number. */
  double getDouble(int i, DataType type);

  /** Element {@code i} as an integer; a real one is truncated toward zero. */
  long getLong(int i, DataType type);

  /** The elements at the positions of a map; positions outside the source become {@code fill}. */
  Elements rearrange(IndexMap map, int length, double fill);

  /** Appends every element to a little-endian buffer. */
  void put(ByteBuffer buffer);

  /** Elements of zeros for a data type. */
  static Elements allocate(DataType type, int length) {
    return switch (type) {
      case FLOAT32 -> new Floats(new float[length]);
      case FLOAT64 -> new Doubles(new double[length]);
      case INT32 -> new Ints(new int[length]);
      case INT64 -> new Longs(new long[length]);
      case UINT8, INT8, BOOLEAN -> new Bytes(new byte[length]);
      default ->
          throw new MpcException(
              ErrorCode.DATA_TYPE,
              "Public arrays of type " + type + " are not supported.",
              "Convert to FLOAT32, FLOAT64, INT32, INT64, UINT8, INT8 or BOOLEAN.");
    };
  }

  /** FLOAT32. */
  record Floats(float[] array) implements Elements {
    @Override
    public int length() {
      return array.length;
    }

    @Override
    public double getDouble(int i, DataType type) {
      return array[i];
    }

    @Override
    public long getLong(int i, DataType type) {
      return (long) array[i];
    }

    @Override
    public Elements rearrange(IndexMap map, int length, double fill) {
      float[] out = new float[length];
      map.apply(array, out, (float) fill);
      return new Floats(out);
    }

    @Override
    public void put(ByteBuffer buffer) {
      buffer.asFloatBuffer().put(array);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Floats that && Arrays.equals(array, that.array);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(array);
    }
  }

  /** FLOAT64. */
  record Doubles(double[] array) implements Elements {
    @Override
    public int length() {
      return array.length;
    }

    @Override
    public double getDouble(int i, DataType type) {
      return array[i];
    }

    @Override
    public long getLong(int i, DataType type) {
      return (long) array[i];
    }

    @Override
    public Elements rearrange(IndexMap map, int length, double fill) {
      double[] out = new double[length];
      map.apply(array, out, fill);
      return new Doubles(out);
    }

    @Override
    public void put(ByteBuffer buffer) {
      buffer.asDoubleBuffer().put(array);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Doubles that && Arrays.equals(array, that.array);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(array);
    }
  }

  /** INT32. */
  record Ints(int[] array) implements Elements {
    @Override
    public int length() {
      return array.length;
    }

    @Override
    public double getDouble(int i, DataType type) {
      return array[i];
    }

    @Override
    public long getLong(int i, DataType type) {
      return array[i];
    }

    @Override
    public Elements rearrange(IndexMap map, int length, double fill) {
      int[] out = new int[length];
      map.apply(array, out, (int) fill);
      return new Ints(out);
    }

    @Override
    public void put(ByteBuffer buffer) {
      buffer.asIntBuffer().put(array);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Ints that && Arrays.equals(array, that.array);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(array);
    }
  }

  /** INT64. */
  record Longs(long[] array) implements Elements {
    @Override
    public int length() {
      return array.length;
    }

    @Override
    public double getDouble(int i, DataType type) {
      return array[i];
    }

    @Override
    public long getLong(int i, DataType type) {
      return array[i];
    }

    @Override
    public Elements rearrange(IndexMap map, int length, double fill) {
      long[] out = new long[length];
      map.apply(array, out, (long) fill);
      return new Longs(out);
    }

    @Override
    public void put(ByteBuffer buffer) {
      buffer.asLongBuffer().put(array);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Longs that && Arrays.equals(array, that.array);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(array);
    }
  }

  /** UINT8, INT8 or BOOLEAN. */
  record Bytes(byte[] array) implements Elements {
    @Override
    public int length() {
      return array.length;
    }

    @Override
    public double getDouble(int i, DataType type) {
      return getLong(i, type);
    }

    @Override
    public long getLong(int i, DataType type) {
      return type == DataType.UINT8 ? array[i] & 0xFF : array[i];
    }

    @Override
    public Elements rearrange(IndexMap map, int length, double fill) {
      byte[] out = new byte[length];
      map.apply(array, out, (byte) (int) fill);
      return new Bytes(out);
    }

    @Override
    public void put(ByteBuffer buffer) {
      buffer.duplicate().put(array);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes that && Arrays.equals(array, that.array);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(array);
    }
  }
}
