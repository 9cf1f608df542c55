package org.djlmpc.graph;

import java.nio.ByteBuffer;

/** Reads 16-bit floating point. Java 17 has no Float.float16ToFloat. */
final class HalfPrecision {
  private HalfPrecision() {}

  /** Reads IEEE 754 binary16. */
  static void readFloat16(ByteBuffer from, float[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = toFloat(from.getShort());
    }
  }

  /** Reads bfloat16: the upper half of a binary32. */
  static void readBfloat16(ByteBuffer from, float[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = Float.intBitsToFloat(from.getShort() << 16);
    }
  }

  private static float toFloat(short half) {
    int exponent = half >>> 10 & 0x1F;
    int fraction = half & 0x3FF;
    float magnitude;
    if (exponent == 0x1F) {
      magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else if (exponent == 0) {
      magnitude = fraction * 0x1p-24f;
    } else {
      magnitude = Float.intBitsToFloat(exponent + 112 << 23 | fraction << 13);
    }
    return half < 0 ? -magnitude : magnitude;
  }
}
