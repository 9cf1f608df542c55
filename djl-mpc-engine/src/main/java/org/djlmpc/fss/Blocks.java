package org.djlmpc.fss;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * 16-byte blocks in byte arrays: lo in bytes 0 to 7, hi in bytes 8 to 15, little endian.
 *
 * <p>The handle is a constant; otherwise each access costs ten times as much.
 */
final class Blocks {
  /** Bytes of a block. */
  static final int BLOCK = 16;

  /** What a seed keeps of the high half of a block: its two highest bits carry control bits. */
  static final long SEED = -1L >>> 2;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private Blocks() {}

  static long get(byte[] bytes, int offset) {
    return (long) LONG.get(bytes, offset);
  }

  static void set(byte[] bytes, int offset, long value) {
    LONG.set(bytes, offset, value);
  }

  static int getInt(byte[] bytes, int offset) {
    return (int) INT.get(bytes, offset);
  }

  static void setInt(byte[] bytes, int offset, int value) {
    INT.set(bytes, offset, value);
  }
}
