package org.djlmpc.zoo.onnx;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.djlmpc.graph.PublicTensor;
import org.jspecify.annotations.Nullable;

/**
 * A file in which elements of tensors lie.
 *
 * <p>Elements go from the file through a small buffer into the array where they stay. A mapping of
 * the whole file would do without the buffer, but its pages count as the process's memory until the
 * mapping is collected: the weights would be resident twice.
 */
final class TensorFile implements Closeable {
  private static final int CHUNK = 1 << 20;

  private final FileChannel channel;
  private final long length;
  private final ByteBuffer buffer;

  private TensorFile(FileChannel channel) throws IOException {
    this.channel = channel;
    length = channel.size();
    int size = (int) Math.min(CHUNK, length);
    buffer = ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  static TensorFile open(Path file) throws IOException {
    return new TensorFile(FileChannel.open(file, StandardOpenOption.READ));
  }

  long length() {
    return length;
  }

  /**
   * Reads a tensor, little-endian and row-major.
   *
   * @param offset where its first element lies
   * @param bytes how long it is in the file
   * @param type how its elements are stored
   */
  PublicTensor read(long offset, long bytes, DataType type, Shape shape)
      throws IOException, MalformedModelException {
    int size = Math.toIntExact(shape.size());
    if ((long) size * type.getNumOfBytes() != bytes) {
      throw new MalformedModelException(
          "A tensor of " + bytes + " bytes does not hold " + type + shape + ".");
    }
    if (offset < 0 || bytes > length - offset) {
      throw new MalformedModelException(
          "A tensor lies at bytes " + offset + " to " + (offset + bytes) + " of " + length + ".");
    }
    if (bytes <= CHUNK) {
      return PublicTensor.fromBuffer(chunk(offset, (int) bytes), type, shape);
    }
    int step = CHUNK / type.getNumOfBytes();
    Object whole = null;
    for (int done = 0; done < size; done += step) {
      int count = Math.min(step, size - done);
      long position = offset + (long) done * type.getNumOfBytes();
      ByteBuffer chunk = chunk(position, count * type.getNumOfBytes());
      Object part = array(PublicTensor.fromBuffer(chunk, type, new Shape(count)));
      if (whole == null) {
        whole = Array.newInstance(part.getClass().getComponentType(), size);
      }
      System.arraycopy(part, 0, whole, done, count);
    }
    return tensor(whole, type, shape);
  }

  private ByteBuffer chunk(long offset, int bytes) throws IOException, MalformedModelException {
    buffer.clear().limit(bytes);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw new MalformedModelException("The file became shorter while it was read.");
      }
    }
    return buffer.flip();
  }

  private static Object array(PublicTensor part) {
    return switch (part.dataType()) {
      case FLOAT32 -> part.floats();
      case FLOAT64 -> part.doubles();
      case INT64 -> part.longs();
      case INT32 -> part.ints();
      default -> part.bytes();
    };
  }

  private static PublicTensor tensor(@Nullable Object array, DataType type, Shape shape) {
    if (array instanceof float[] floats) {
      return PublicTensor.of(floats, shape);
    } else if (array instanceof double[] doubles) {
      return PublicTensor.of(doubles, shape);
    } else if (array instanceof long[] longs) {
      return PublicTensor.of(longs, shape);
    } else if (array instanceof int[] ints) {
      return PublicTensor.of(ints, shape);
    }
    return PublicTensor.ofBytes((byte[]) java.util.Objects.requireNonNull(array), type, shape);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
