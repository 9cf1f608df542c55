package org.djlmpc.graph;

import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.protocol.Precision;

/** Appends the elements of an encoded graph; {@link EncodingReader} reads the same. */
final class EncodingWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  byte[] bytes() {
    return out.toByteArray();
  }

  void bool(boolean value) {
    out.write(value ? 1 : 0);
  }

  void int32(int value) {
    out.writeBytes(ByteBuffer.allocate(4).putInt(value).array());
  }

  void int64(long value) {
    out.writeBytes(ByteBuffer.allocate(8).putLong(value).array());
  }

  void real(double value) {
    int64(Double.doubleToLongBits(value));
  }

  void text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > EncodingReader.MAX_TEXT) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A name of "
              + utf8.length
              + " bytes in the graph, "
              + EncodingReader.MAX_TEXT
              + " are allowed.",
          "Use shorter names for blocks and weights.");
    }
    int32(utf8.length);
    out.writeBytes(utf8);
  }

  void name(Enum<?> value) {
    text(value.name());
  }

  void integers(List<Integer> values) {
    int32(values.size());
    values.forEach(this::int32);
  }

  void longs(List<Long> values) {
    int32(values.size());
    values.forEach(this::int64);
  }

  void shape(Shape shape) {
    int32(shape.dimension());
    for (long length : shape.getShape()) {
      int64(length);
    }
  }

  void type(TensorType type) {
    name(type.dataType());
    shape(type.shape());
  }

  void precision(Precision precision) {
    int32(precision.magnitudeBits());
    int32(precision.fractionBits());
    int32(precision.weightBits());
    int32(precision.wireBits());
  }

  void tensor(PublicTensor tensor) {
    type(tensor.type());
    out.writeBytes(tensor.toByteBuffer().array());
  }
}
