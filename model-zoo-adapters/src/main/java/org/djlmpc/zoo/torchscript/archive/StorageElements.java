package org.djlmpc.zoo.torchscript.archive;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.djlmpc.graph.PublicTensor;

/**
 * Turns the little-endian bytes of a storage into the primitive array of a tensor, a chunk at a
 * time: the elements exist once, in the array that stays.
 */
final class StorageElements {
  private static final int CHUNK_BYTES = 1 << 16;

  private final StorageType type;
  private final int count;
  private final PublicTensor tensor;

  StorageElements(StorageType type, int count) {
    this.type = type;
    this.count = count;
    this.tensor = PublicTensor.zeros(new Shape(count), type.tensorType());
  }

  PublicTensor tensor() {
    return tensor;
  }

  void read(TorchArchive.CheckedEntry in) throws IOException {
    byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, (long) count * type.bytes())];
    for (int done = 0; done < count; ) {
      int n = Math.min(count - done, CHUNK_BYTES / type.bytes());
      in.fill(chunk, n * type.bytes());
      store(ByteBuffer.wrap(chunk, 0, n * type.bytes()).order(ByteOrder.LITTLE_ENDIAN), done, n);
      done += n;
    }
  }

  private void store(ByteBuffer from, int at, int n) {
    switch (type) {
      case DOUBLE -> from.asDoubleBuffer().get(tensor.doubles(), at, n);
      case FLOAT -> from.asFloatBuffer().get(tensor.floats(), at, n);
      case HALF, BFLOAT16 -> {
        DataType half = type == StorageType.HALF ? DataType.FLOAT16 : DataType.BFLOAT16;
        float[] wide = PublicTensor.fromBuffer(from, half, new Shape(n)).floats();
        System.arraycopy(wide, 0, tensor.floats(), at, n);
      }
      case LONG -> from.asLongBuffer().get(tensor.longs(), at, n);
      case INT -> from.asIntBuffer().get(tensor.ints(), at, n);
      case SHORT -> {
        for (int i = 0; i < n; i++) {
          tensor.ints()[at + i] = from.getShort();
        }
      }
      case CHAR, BYTE, QUANTIZED -> from.get(tensor.bytes(), at, n);
      case BOOL -> {
        for (int i = 0; i < n; i++) {
          tensor.bytes()[at + i] = (byte) (from.get() != 0 ? 1 : 0);
        }
      }
    }
  }
}
