package org.djlmpc.layers.networks;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;

/**
 * Reads gzipped IDX files of unsigned bytes, the format of MNIST: two zero bytes, the type 8, the
 * number of dimensions, each dimension as a big-endian int, then the values, the last dimension
 * fastest.
 */
final class IdxFile {

  private static final int UNSIGNED_BYTE = 8;

  /** No data set of this format is larger; a forged header must not make us allocate at will. */
  private static final long MAX_VALUES = 1L << 28;

  private IdxFile() {}

  /**
   * Reads values whose dimensions but the first are known.
   *
   * @param stream the gzipped file, read to its end and not closed
   * @param name names the file in errors
   * @param item the dimensions after the first
   * @return the values
   * @throws MpcException with code DATA_FILE if the file is not as expected
   */
  static byte[] read(InputStream stream, String name, int... item) {
    try {
      DataInputStream data = new DataInputStream(new GZIPInputStream(stream, 1 << 16));
      int magic = data.readInt();
      require(magic == (UNSIGNED_BYTE << 8 | item.length + 1), name, "is no such IDX file");
      long size = data.readInt();
      require(size >= 0, name, "has a negative size");
      for (int dimension : item) {
        require(data.readInt() == dimension, name, "has items of another shape");
        size *= dimension;
      }
      require(size <= MAX_VALUES, name, "is larger than any file of this kind");
      byte[] values = data.readNBytes((int) size);
      require(values.length == size, name, "is cut off");
      require(data.read() < 0, name, "is longer than it says");
      return values;
    } catch (IOException e) {
      throw failure(name, "cannot be read: " + e.getMessage(), e);
    }
  }

  static MpcException failure(String name, String what, @Nullable Throwable cause) {
    return new MpcException(
        ErrorCode.DATA_FILE, name + " " + what + ".", "Get the file again.", cause);
  }

  private static void require(boolean condition, String name, String otherwise) {
    if (!condition) {
      throw failure(name, otherwise, null);
    }
  }
}
