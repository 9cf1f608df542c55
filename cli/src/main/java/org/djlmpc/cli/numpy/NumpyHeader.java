package org.djlmpc.cli.numpy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What stands before the elements of an array in a file (NumPy Enhancement Proposal 1, versions 1
 * to 3).
 *
 * @param type type of the elements, little-endian
 * @param shape shape of the array
 * @param columnMajor whether the first index changes fastest
 */
record NumpyHeader(DataType type, Shape shape, boolean columnMajor) {
  /** Bytes of the elements. */
  private static final long MAX_BYTES = 1L << 30;

  private static final int MAX_RANK = 32;
  private static final int MAX_HEADER = 1 << 16;
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64;

  private static final Map<String, DataType> TYPES =
      Map.of(
          "<f2", DataType.FLOAT16,
          "<f4", DataType.FLOAT32,
          "<f8", DataType.FLOAT64,
          "<i4", DataType.INT32,
          "<i8", DataType.INT64,
          "|i1", DataType.INT8,
          "|u1", DataType.UINT8,
          "|b1", DataType.BOOLEAN);

  private static final String ENTRY =
      "'(?:descr'\\s*:\\s*'(?<descr>[^']{1,16})'"
          + "|fortran_order'\\s*:\\s*(?<order>True|False)"
          + "|shape'\\s*:\\s*\\((?<shape>[0-9, ]{0,1000})\\))";
  private static final Pattern ONE = Pattern.compile(ENTRY);
  private static final Pattern WHOLE =
      Pattern.compile(
          "\\{\\s*E,\\s*E,\\s*E,?\\s*\\}\\s*".replace("E", ENTRY.replaceAll("\\?<[a-z]+>", "?:")));

  /** Bytes of the elements. */
  int bytes() {
    return (int) (shape.size() * type.getNumOfBytes());
  }

  /**
   * Reads a header and leaves the stream at the elements.
   *
   * @throws IOException with a sentence that says what is wrong
   */
  static NumpyHeader read(InputStream in) throws IOException {
    byte[] start = in.readNBytes(MAGIC.length + 2);
    if (start.length < MAGIC.length + 2
        || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new IOException("it is no NumPy array");
    }
    int version = start[MAGIC.length];
    if (version < 1 || version > 3) {
      throw new IOException("it has version " + version + " of NumPy's format");
    }
    byte[] text = exactly(in, length(in, version == 1 ? Short.BYTES : Integer.BYTES));
    return parse(new String(text, StandardCharsets.UTF_8));
  }

  private static int length(InputStream in, int width) throws IOException {
    byte[] bytes = exactly(in, width);
    long length = 0;
    for (int i = width - 1; i >= 0; i--) {
      length = length << Byte.SIZE | Byte.toUnsignedInt(bytes[i]);
    }
    if (length > MAX_HEADER) {
      throw new IOException("its header has " + length + " bytes");
    }
    return (int) length;
  }

  /** Reads bytes that have to be there. */
  static byte[] exactly(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new IOException("it is cut off");
    }
    return bytes;
  }

  private static NumpyHeader parse(String text) throws IOException {
    if (!WHOLE.matcher(text).matches()) {
      throw new IOException("its header is broken");
    }
    String descr = null;
    String order = null;
    String shape = null;
    Matcher entries = ONE.matcher(text);
    while (entries.find()) {
      descr = entries.group("descr") == null ? descr : entries.group("descr");
      order = entries.group("order") == null ? order : entries.group("order");
      shape = entries.group("shape") == null ? shape : entries.group("shape");
    }
    if (descr == null || order == null || shape == null) {
      throw new IOException("its header is incomplete");
    }
    DataType type = TYPES.get(descr);
    if (type == null) {
      throw new IOException(
          "its elements are "
              + descr
              + "; save it with astype(), as one of "
              + TYPES.keySet().stream().sorted().collect(Collectors.joining(", ")));
    }
    return new NumpyHeader(type, shape(shape, type), order.equals("True"));
  }

  private static Shape shape(String text, DataType type) throws IOException {
    String list = text.strip();
    String[] parts = list.isEmpty() ? new String[0] : list.split("\\s*,\\s*");
    if (parts.length > MAX_RANK) {
      throw new IOException("it has " + parts.length + " axes");
    }
    long[] lengths = new long[parts.length];
    long bytes = type.getNumOfBytes();
    try {
      for (int i = 0; i < lengths.length; i++) {
        lengths[i] = Long.parseLong(parts[i].strip());
        bytes = Math.multiplyExact(bytes, Math.max(1, lengths[i]));
      }
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IOException("its shape is (" + list + ")", e);
    }
    if (bytes > MAX_BYTES) {
      throw new IOException("it has " + bytes + " bytes, more than " + MAX_BYTES);
    }
    return new Shape(lengths);
  }

  /** The header of an array, padded so that the elements are aligned. */
  byte[] encode() {
    String descr =
        TYPES.entrySet().stream()
            .filter(entry -> entry.getValue() == type)
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no NumPy type for " + type));
    String lengths =
        LongStream.of(shape.getShape())
            .mapToObj(length -> length + ",")
            .collect(Collectors.joining(" "));
    String text =
        "{'descr': '"
            + descr
            + "', 'fortran_order': "
            + (columnMajor ? "True" : "False")
            + ", 'shape': ("
            + lengths
            + "), }";
    int before = MAGIC.length + 2 + Short.BYTES;
    int total = (before + text.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    byte[] header = new byte[total];
    Arrays.fill(header, (byte) ' ');
    System.arraycopy(MAGIC, 0, header, 0, MAGIC.length);
    header[MAGIC.length] = 1;
    header[MAGIC.length + 1] = 0;
    header[before - 2] = (byte) (total - before);
    header[before - 1] = (byte) (total - before >> Byte.SIZE);
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, header, before, ascii.length);
    header[total - 1] = '\n';
    return header;
  }
}
