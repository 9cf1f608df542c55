package org.djlmpc.layers.split;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Arrays of parameters in files: their length, and their elements as big-endian floats. */
final class FloatData {
  private FloatData() {}

  static void write(DataOutput out, float[] values) throws IOException {
    out.writeInt(values.length);
    for (float value : values) {
      out.writeFloat(value);
    }
  }

  /** Fills an array, which must have the written length. */
  static void read(DataInput in, float[] values) throws IOException {
    int length = in.readInt();
    if (length != values.length) {
      throw new IOException(length + " parameters where " + values.length + " were expected");
    }
    for (int i = 0; i < length; i++) {
      values[i] = in.readFloat();
    }
  }
}
