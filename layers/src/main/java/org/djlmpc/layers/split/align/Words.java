package org.djlmpc.layers.split.align;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Little-endian words in byte arrays. */
final class Words {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Words() {}

  static long get(byte[] bytes, int offset) {
    return (long) LONG.get(bytes, offset);
  }

  static void put(byte[] bytes, int offset, long word) {
    LONG.set(bytes, offset, word);
  }
}
