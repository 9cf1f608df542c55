package org.djlmpc.layers.split.data;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Records of CSV in a temporary file, written in one order and read in another. In memory each has
 * 12 bytes, whatever its length.
 */
final class SpilledRecords implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final FileChannel file;
  private final OutputStream out;
  private final StringWriter text = new StringWriter();
  private final CsvWriter csv = CsvWriter.builder().bufferSize(0).build(text);
  private final long[] begins;
  private final int[] lengths;
  private long end;

  /** Room for so many records. */
  SpilledRecords(int records) {
    file = RowStore.temporaryFile();
    out = new BufferedOutputStream(Channels.newOutputStream(file), BUFFER);
    begins = new long[records];
    lengths = new int[records];
  }

  /** Writes a record that will be read by this number. */
  void put(int number, List<String> fields) {
    csv.writeRecord(fields);
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    text.getBuffer().setLength(0);
    begins[number] = end;
    lengths[number] = bytes.length;
    end += bytes.length;
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw RowStore.diskFailed(e);
    }
  }

  /** The record with its line break; after the last {@link #put}. */
  String get(int number) {
    ByteBuffer bytes = ByteBuffer.allocate(lengths[number]);
    try {
      out.flush();
      while (bytes.hasRemaining()) {
        if (file.read(bytes, begins[number] + bytes.position()) < 0) {
          throw new EOFException("it has been cut off");
        }
      }
    } catch (IOException e) {
      throw RowStore.diskFailed(e);
    }
    return new String(bytes.array(), StandardCharsets.UTF_8);
  }

  /** Removes the file. */
  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw RowStore.diskFailed(e);
    }
  }
}
