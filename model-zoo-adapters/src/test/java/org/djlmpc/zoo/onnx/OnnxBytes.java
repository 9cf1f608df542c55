package org.djlmpc.zoo.onnx;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes protocol buffer messages field by field: models that no exporter would write. */
final class OnnxBytes {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

  private interface Write {
    void run() throws IOException;
  }

  private OnnxBytes write(Write write) {
    try {
      write.run();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  OnnxBytes whole(int field, long value) {
    return write(() -> out.writeInt64(field, value));
  }

  OnnxBytes text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  OnnxBytes bytes(int field, byte[] value) {
    return write(() -> out.writeByteArray(field, value));
  }

  OnnxBytes message(int field, OnnxBytes value) {
    return bytes(field, value.toBytes());
  }

  OnnxBytes raw(byte... value) {
    return write(() -> out.writeRawBytes(value));
  }

  byte[] toBytes() {
    write(out::flush);
    return bytes.toByteArray();
  }

  /** A model of operator set 13 around a graph. */
  static OnnxBytes model(OnnxBytes graph) {
    OnnxBytes opset = new OnnxBytes().text(1, "").whole(2, 13);
    return new OnnxBytes().whole(1, 8).message(7, graph).message(8, opset);
  }

  /** A graph with the input x, FLOAT (batch, 3), and the output y. */
  static OnnxBytes graph(OnnxBytes... nodes) {
    return graph(1, nodes);
  }

  /** The same with an input of another element type. */
  static OnnxBytes graph(int inputType, OnnxBytes... nodes) {
    OnnxBytes graph = new OnnxBytes();
    for (OnnxBytes node : nodes) {
      graph.message(1, node);
    }
    OnnxBytes lengths =
        new OnnxBytes()
            .message(1, new OnnxBytes().text(2, "N"))
            .message(1, new OnnxBytes().whole(1, 3));
    OnnxBytes type =
        new OnnxBytes().message(1, new OnnxBytes().whole(1, inputType).message(2, lengths));
    return graph
        .message(11, new OnnxBytes().text(1, "x").message(2, type))
        .message(12, new OnnxBytes().text(1, "y"));
  }

  /** A node; inputs and outputs separated by blanks. */
  static OnnxBytes node(String domain, String type, String inputs, String outputs) {
    OnnxBytes node = new OnnxBytes();
    for (String input : inputs.split(" ")) {
      node.text(1, input.equals("_") ? "" : input);
    }
    for (String output : outputs.split(" ")) {
      node.text(2, output);
    }
    return node.text(3, "the_" + outputs.split(" ")[0]).text(4, type).text(7, domain);
  }

  static OnnxBytes node(String type, String inputs, String outputs) {
    return node("", type, inputs, outputs);
  }

  /** A tensor with raw data. */
  static OnnxBytes tensor(String name, int type, byte[] raw, long... lengths) {
    OnnxBytes tensor = new OnnxBytes();
    for (long length : lengths) {
      tensor.whole(1, length);
    }
    return tensor.whole(2, type).text(8, name).bytes(9, raw);
  }

  static OnnxBytes floats(String name, float... values) {
    ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return tensor(name, 1, raw.array(), values.length);
  }

  static OnnxBytes longs(String name, long... values) {
    ByteBuffer raw = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asLongBuffer().put(values);
    return tensor(name, 7, raw.array(), values.length);
  }

  /** A tensor whose elements lie in a file. */
  static OnnxBytes external(String name, String location, String offset, long... lengths) {
    OnnxBytes tensor = new OnnxBytes();
    for (long length : lengths) {
      tensor.whole(1, length);
    }
    return tensor
        .whole(2, 1)
        .text(8, name)
        .message(13, new OnnxBytes().text(1, "location").text(2, location))
        .message(13, new OnnxBytes().text(1, "offset").text(2, offset))
        .whole(14, 1);
  }
}
