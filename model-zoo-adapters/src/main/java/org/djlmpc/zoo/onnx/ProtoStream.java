package org.djlmpc.zoo.onnx;

import ai.djl.MalformedModelException;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The fields of protocol buffer messages, one after the other, within bounds.
 *
 * <p>{@link CodedInputStream} reads the wire format. This class adds what a file from a stranger
 * needs: a depth, a number of parts and a length of texts that cannot be exceeded, and types of
 * fields that are checked. It reads from a stream, not from memory, so that the elements of large
 * tensors are passed over and later read straight into the array where they stay.
 */
final class ProtoStream {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_PARTS = 2_000_000;
  private static final int MAX_TEXT = 1 << 16;

  /** In all lists. They are one byte in the file and eight in memory; weights are not kept so. */
  private static final int MAX_WHOLES = 1 << 27;

  private static final int BUFFER = 1 << 16;

  private final CodedInputStream in;
  private int depth;
  private int parts;
  private int integers;
  private int tag;

  /**
   * Reads a file's messages.
   *
   * @param stream the file, from its beginning
   * @param length how long it is
   */
  ProtoStream(InputStream stream, int length) throws InvalidProtocolBufferException {
    in = CodedInputStream.newInstance(stream, BUFFER);
    // whatever claims to be longer than the file is refused before anything is allocated for it
    in.pushLimit(length);
  }

  /** Reads the fields of one message. */
  @FunctionalInterface
  interface MessageParser<T> {
    T parse(ProtoStream in) throws IOException, MalformedModelException;
  }

  /**
   * A stretch of the file.
   *
   * @param offset where it begins
   * @param length how many bytes it has
   */
  record Region(long offset, int length) {}

  /** Number of the next field, or 0 at the end of the message. */
  int nextField() throws IOException, MalformedModelException {
    tag = in.readTag();
    int type = WireFormat.getTagWireType(tag);
    if (type == WireFormat.WIRETYPE_START_GROUP || type == WireFormat.WIRETYPE_END_GROUP) {
      throw new MalformedModelException("It uses groups, which ONNX does not have.");
    }
    return WireFormat.getTagFieldNumber(tag);
  }

  /** Passes over the value of the field. */
  void skip() throws IOException, MalformedModelException {
    if (isLengthDelimited()) {
      region();
    } else if (!in.skipField(tag)) {
      throw wrongType();
    }
  }

  /** The field's value as a message. */
  <T> T message(MessageParser<T> parser) throws IOException, MalformedModelException {
    if (++depth > MAX_DEPTH) {
      throw new MalformedModelException("It is nested more than " + MAX_DEPTH + " levels deep.");
    }
    int outer = in.pushLimit(length());
    T message = parser.parse(this);
    in.checkLastTagWas(0);
    in.popLimit(outer);
    depth--;
    return message;
  }

  /** The field's value as an integer. */
  long whole() throws IOException, MalformedModelException {
    expect(WireFormat.WIRETYPE_VARINT);
    return in.readRawVarint64();
  }

  /** The field's value as a real number. */
  float real() throws IOException, MalformedModelException {
    expect(WireFormat.WIRETYPE_FIXED32);
    return in.readFloat();
  }

  /** The field's value as text. */
  String text() throws IOException, MalformedModelException {
    int length = length();
    if (length > MAX_TEXT) {
      throw new MalformedModelException("A name or text has " + length + " bytes.");
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(in.readRawBytes(length)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new MalformedModelException("A name or text is not UTF-8.", e);
    }
  }

  /** Where the field's bytes lie; they are passed over. */
  Region region() throws IOException, MalformedModelException {
    int length = length();
    Region region = new Region(in.getTotalBytesRead(), length);
    in.skipRawBytes(length);
    return region;
  }

  /** Appends the field's integers: one, or packed many. */
  void wholes(WholeList to) throws IOException, MalformedModelException {
    if (!isLengthDelimited()) {
      to.add(whole());
      return;
    }
    int outer = in.pushLimit(length());
    while (!in.isAtEnd()) {
      if (++integers > MAX_WHOLES) {
        throw new MalformedModelException("Its lists have more than " + MAX_WHOLES + " integers.");
      }
      to.add(in.readRawVarint64());
    }
    in.popLimit(outer);
  }

  /** Appends the field's FLOAT32 numbers: one, or packed many. */
  void reals(RealList to) throws IOException, MalformedModelException {
    if (!isLengthDelimited()) {
      to.add(real());
      return;
    }
    int length = length();
    to.reserve(length / Float.BYTES);
    int outer = in.pushLimit(length);
    while (!in.isAtEnd()) {
      to.add(in.readFloat());
    }
    in.popLimit(outer);
  }

  /** Appends the field's FLOAT64 numbers: one, or packed many. */
  void doubles(DoubleList to) throws IOException, MalformedModelException {
    if (!isLengthDelimited()) {
      expect(WireFormat.WIRETYPE_FIXED64);
      to.add(in.readDouble());
      return;
    }
    int length = length();
    to.reserve(length / Double.BYTES);
    int outer = in.pushLimit(length);
    while (!in.isAtEnd()) {
      to.add(in.readDouble());
    }
    in.popLimit(outer);
  }

  private boolean isLengthDelimited() {
    return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  /** The length of a field of bytes, which the message around it holds. */
  private int length() throws IOException, MalformedModelException {
    expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    if (++parts > MAX_PARTS) {
      throw new MalformedModelException("It has more than " + MAX_PARTS + " parts.");
    }
    int length = in.readRawVarint32();
    if (length < 0 || length > in.getBytesUntilLimit()) {
      throw new MalformedModelException(
          "It is cut off, or a length is wrong: "
              + Integer.toUnsignedString(length)
              + " bytes are announced at byte "
              + in.getTotalBytesRead()
              + " and "
              + in.getBytesUntilLimit()
              + " follow.");
    }
    return length;
  }

  private void expect(int wireType) throws MalformedModelException {
    if (WireFormat.getTagWireType(tag) != wireType) {
      throw wrongType();
    }
  }

  private MalformedModelException wrongType() {
    return new MalformedModelException(
        "Field "
            + WireFormat.getTagFieldNumber(tag)
            + " before byte "
            + in.getTotalBytesRead()
            + " has the wrong type.");
  }
}
