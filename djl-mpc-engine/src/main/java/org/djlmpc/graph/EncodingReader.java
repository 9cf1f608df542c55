package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.djlmpc.protocol.Precision;

/**
 * Reads the elements of an encoded graph, which may come from anybody. Throws {@link
 * BufferUnderflowException} or {@link IllegalArgumentException} on anything else.
 */
final class EncodingReader {
  /** Longest name in bytes. */
  static final int MAX_TEXT = 4096;

  private final ByteBuffer in;

  EncodingReader(ByteBuffer in) {
    this.in = in;
  }

  boolean bool() {
    return in.get() != 0;
  }

  int int32() {
    return in.getInt();
  }

  long int64() {
    return in.getLong();
  }

  double real() {
    return Double.longBitsToDouble(in.getLong());
  }

  /** A number of elements of at least four bytes each. */
  int count() {
    int count = in.getInt();
    if (count < 0 || count > in.remaining() / 4) {
      throw new BufferUnderflowException();
    }
    return count;
  }

  String text() {
    int length = in.getInt();
    if (length < 0 || length > MAX_TEXT || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] utf8 = new byte[length];
    in.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  <E extends Enum<E>> E name(Class<E> type) {
    return Enum.valueOf(type, text());
  }

  List<Integer> integers() {
    List<Integer> values = new ArrayList<>();
    for (int i = count(); i > 0; i--) {
      values.add(in.getInt());
    }
    return values;
  }

  List<Long> longs() {
    List<Long> values = new ArrayList<>();
    for (int i = count(); i > 0; i--) {
      values.add(in.getLong());
    }
    return values;
  }

  /** A shape; a reshape's may have one unknown length. */
  Shape shape() {
    long[] lengths = longs().stream().mapToLong(Long::longValue).toArray();
    for (long length : lengths) {
      if (length < -1) {
        throw new IllegalArgumentException("negative length");
      }
    }
    return new Shape(lengths);
  }

  TensorType type() {
    DataType dataType = DataTypes.supported(name(DataType.class));
    return new TensorType(shape(), dataType);
  }

  Precision precision() {
    return new Precision(in.getInt(), in.getInt(), in.getInt(), in.getInt());
  }

  PublicTensor tensor() {
    TensorType type = type();
    long bytes = (long) Shapes.size(type.shape()) * type.dataType().getNumOfBytes();
    if (bytes > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer elements = in.slice(in.position(), (int) bytes);
    in.position(in.position() + (int) bytes);
    return PublicTensor.fromBuffer(elements, type.dataType(), type.shape());
  }
}
