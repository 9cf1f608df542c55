package org.djlmpc.zoo.onnx;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.djlmpc.graph.PublicTensor;

/** NumPy's file format, as far as the reference values use it: C order, version 1. */
final class NpyFile {
  private static final Pattern HEADER =
      Pattern.compile("'descr': '([^']+)', 'fortran_order': False, 'shape': \\(([^)]*)\\)");

  private NpyFile() {}

  /** An entry of an archive, or null. */
  static PublicTensor of(ZipFile archive, String entry) {
    ZipEntry found = archive.getEntry(entry);
    if (found == null) {
      return null;
    }
    try {
      return parse(archive.getInputStream(found).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An array of an {@code .npz} file. */
  static PublicTensor of(Path archive, String name) throws IOException {
    try (ZipFile file = new ZipFile(archive.toFile())) {
      return of(file, name + ".npy");
    }
  }

  private static PublicTensor parse(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int length = bytes.getShort(8);
    Matcher header = HEADER.matcher(new String(file, 10, length, StandardCharsets.US_ASCII));
    if (!header.find()) {
      throw new IllegalArgumentException("not a .npy file of version 1");
    }
    long[] shape =
        Arrays.stream(header.group(2).split(","))
            .map(String::strip)
            .filter(text -> !text.isEmpty())
            .mapToLong(Long::parseLong)
            .toArray();
    DataType type =
        switch (header.group(1)) {
          case "<f4" -> DataType.FLOAT32;
          case "<f8" -> DataType.FLOAT64;
          case "<i8" -> DataType.INT64;
          case "<i4" -> DataType.INT32;
          case "|b1" -> DataType.BOOLEAN;
          default -> throw new IllegalArgumentException(header.group(1));
        };
    return PublicTensor.fromBuffer(bytes.position(10 + length), type, new Shape(shape));
  }
}
