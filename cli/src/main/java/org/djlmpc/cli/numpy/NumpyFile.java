package org.djlmpc.cli.numpy;

import ai.djl.ndarray.types.Shape;
import java.io.BufferedInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.PublicOperators;
import org.djlmpc.graph.PublicTensor;

/**
 * Reads and writes {@code .npy} files, which hold one array, and {@code .npz} files, which hold
 * named ones.
 */
public final class NumpyFile {
  private static final String SUFFIX = ".npy";
  private static final int MAX_ARRAYS = 1000;

  private NumpyFile() {}

  /** Whether a file's name says that it holds named arrays. */
  public static boolean isArchive(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".npz");
  }

  /**
   * Reads a file.
   *
   * @return its arrays by name, in the file's order; the array of a {@code .npy} file has the empty
   *     name. Half-precision numbers are FLOAT32.
   * @throws MpcException DATA_FILE if it cannot be read, is broken, or larger than 1 GiB
   */
  public static Map<String, PublicTensor> read(Path file) {
    requireKind(file);
    try {
      return isArchive(file) ? readArchive(file) : Map.of("", readSingle(file));
    } catch (NoSuchFileException e) {
      throw new MpcException(
          ErrorCode.DATA_FILE, "There is no file " + file + ".", "Give a .npy or .npz file.", e);
    } catch (IOException e) {
      throw new MpcException(
          ErrorCode.DATA_FILE,
          "The file " + file + " cannot be read: " + e.getMessage() + ".",
          "Write it with numpy.save or numpy.savez.",
          e);
    }
  }

  /**
   * Requires a name that ends in {@code .npy} or {@code .npz}.
   *
   * @throws MpcException DATA_FILE
   */
  public static void requireKind(Path file) {
    if (!isArchive(file) && !file.toString().toLowerCase(Locale.ROOT).endsWith(SUFFIX)) {
      throw new MpcException(
          ErrorCode.DATA_FILE,
          "The file " + file + " is neither .npy nor .npz.",
          "Name a file that ends so.");
    }
  }

  private static PublicTensor readSingle(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return array(in);
    }
  }

  private static Map<String, PublicTensor> readArchive(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      if (zip.size() == 0 || zip.size() > MAX_ARRAYS) {
        throw new IOException("it holds " + zip.size() + " arrays");
      }
      Map<String, PublicTensor> arrays = new LinkedHashMap<>();
      for (ZipEntry entry : zip.stream().toList()) {
        String name = entry.getName();
        if (!name.endsWith(SUFFIX)) {
          throw new IOException("it holds " + name + ", which is no array");
        }
        try (InputStream in = zip.getInputStream(entry)) {
          arrays.put(name.substring(0, name.length() - SUFFIX.length()), array(in));
        } catch (IOException e) {
          throw new IOException(name + ": " + e.getMessage(), e);
        }
      }
      return arrays;
    } catch (ZipException e) {
      throw new IOException("it is no sound zip archive", e);
    } catch (IllegalArgumentException e) {
      // an entry's name in another encoding
      throw new IOException(String.valueOf(e.getMessage()), e);
    }
  }

  /** One array with its header; nothing may follow. */
  static PublicTensor array(InputStream in) throws IOException {
    NumpyHeader header = NumpyHeader.read(in);
    byte[] elements = NumpyHeader.exactly(in, header.bytes());
    if (in.read() >= 0) {
      throw new IOException("it has more bytes than its shape " + header.shape() + " says");
    }
    ByteBuffer buffer = ByteBuffer.wrap(elements);
    if (!header.columnMajor()) {
      return PublicTensor.fromBuffer(buffer, header.type(), header.shape());
    }
    int rank = header.shape().dimension();
    long[] lengths = new long[rank];
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      lengths[i] = header.shape().get(rank - 1 - i);
      axes.add(rank - 1 - i);
    }
    PublicTensor reversed = PublicTensor.fromBuffer(buffer, header.type(), new Shape(lengths));
    return new PublicOperators().layout(new Layout.Permute(axes), reversed);
  }

  /** Writes a {@code .npy} file; the stream stays open. */
  public static void write(PublicTensor array, OutputStream out) throws IOException {
    out.write(new NumpyHeader(array.dataType(), array.shape(), false).encode());
    out.write(array.toByteBuffer().array());
    out.flush();
  }

  /** Writes a {@code .npz} file; the stream stays open. */
  public static void write(Map<String, PublicTensor> arrays, OutputStream out) throws IOException {
    OutputStream kept =
        new FilterOutputStream(out) {
          @Override
          public void write(byte[] bytes, int from, int count) throws IOException {
            out.write(bytes, from, count);
          }

          @Override
          public void close() throws IOException {
            flush();
          }
        };
    try (ZipOutputStream zip = new ZipOutputStream(kept)) {
      for (Map.Entry<String, PublicTensor> array : arrays.entrySet()) {
        zip.putNextEntry(new ZipEntry(array.getKey() + SUFFIX));
        write(array.getValue(), zip);
        zip.closeEntry();
      }
    }
  }
}
