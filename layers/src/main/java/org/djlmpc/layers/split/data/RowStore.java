package org.djlmpc.layers.split.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Rows of four-byte cells. The first ones are kept in memory, those beyond a limit in a temporary
 * file that only this user can read and that goes with the store. Written once from first to last,
 * then read in any order.
 *
 * <p>Row by row, because training reads whole rows in a shuffled order. The file is mapped: the
 * operating system keeps as much of it in memory as there is room for.
 */
final class RowStore {
  private static final int CHUNK_BYTES = 4 << 20;

  private final int columns;
  private final int chunkRows;
  private final long memoryBytes;
  private final List<ByteBuffer> chunks = new ArrayList<>();
  private @Nullable FileChannel file;
  private int rows;

  /**
   * An empty store.
   *
   * @param columns cells of a row
   * @param memoryBytes what may be kept in memory
   */
  RowStore(int columns, long memoryBytes) {
    this.columns = columns;
    this.memoryBytes = memoryBytes;
    chunkRows = CHUNK_BYTES / Integer.BYTES / Math.max(1, columns);
  }

  /** Appends a row; the cells are copied. */
  void add(int[] cells) {
    if (rows == Integer.MAX_VALUE) {
      throw new MpcException(
          ErrorCode.ARGUMENT, "There are more than 2^31 - 1 rows.", "Divide the file.");
    }
    if (rows == chunks.size() * (long) chunkRows) {
      chunks.add(chunk());
    }
    ByteBuffer chunk = chunks.get(rows / chunkRows);
    int at = at(rows, 0);
    for (int cell : cells) {
      chunk.putInt(at, cell);
      at += Integer.BYTES;
    }
    rows++;
  }

  private ByteBuffer chunk() {
    int bytes = chunkRows * columns * Integer.BYTES;
    long before = (long) chunks.size() * bytes;
    if (before + bytes <= memoryBytes) {
      return ByteBuffer.allocate(bytes);
    }
    try {
      if (file == null) {
        file = temporaryFile();
      }
      return file.map(FileChannel.MapMode.READ_WRITE, file.size(), bytes);
    } catch (IOException e) {
      throw diskFailed(e);
    }
  }

  /** A file that only this user can read, gone as soon as it is closed or this process ends. */
  static FileChannel temporaryFile() {
    try {
      return FileChannel.open(
          Files.createTempFile("djl-mpc-", ".rows"),
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException e) {
      throw diskFailed(e);
    }
  }

  /** A temporary file cannot be made, written or read. */
  static MpcException diskFailed(IOException cause) {
    return new MpcException(
        ErrorCode.DATA_FILE,
        "The temporary file for the rows cannot be used: " + Reason.of(cause) + ".",
        "Make room, or name another folder with -Djava.io.tmpdir.",
        cause);
  }

  int rows() {
    return rows;
  }

  /** A cell that was written as an int. */
  int getInt(int row, int column) {
    return chunks.get(row / chunkRows).getInt(at(row, column));
  }

  /** A cell that was written as the bits of a float. */
  float getFloat(int row, int column) {
    return chunks.get(row / chunkRows).getFloat(at(row, column));
  }

  private int at(int row, int column) {
    return (row % chunkRows * columns + column) * Integer.BYTES;
  }

  /** Gives up the memory, or removes the file. */
  void close() {
    chunks.clear();
    rows = 0;
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw diskFailed(e);
      }
    }
  }
}
