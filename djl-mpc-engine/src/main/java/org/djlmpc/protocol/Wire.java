package org.djlmpc.protocol;

import ai.djl.ndarray.types.Shape;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.djlmpc.ring.ConvolutionSpec;

/** Bounded encoding of the public parameters that announcements carry. */
public final class Wire {
  private static final int MAX_DIMENSIONS = 16;

  private Wire() {}

  /** Writes a shape. */
  public static void writeShape(DataOutput out, Shape shape) throws IOException {
    out.writeByte(shape.dimension());
    for (long length : shape.getShape()) {
      out.writeInt(Math.toIntExact(length));
    }
  }

  /** Reads a shape of at most 16 axes and 2^31 - 1 elements. */
  public static Shape readShape(DataInput in) throws IOException {
    int dimensions = in.readByte();
    if (dimensions < 0 || dimensions > MAX_DIMENSIONS) {
      throw new IOException(dimensions + " dimensions");
    }
    long[] lengths = new long[dimensions];
    for (int i = 0; i < dimensions; i++) {
      lengths[i] = in.readInt();
    }
    Shape shape = new Shape(lengths);
    requireArray(shape);
    return shape;
  }

  /** Requires that a shape, computed from shapes that were read, fits into an array as well. */
  public static void requireArray(Shape shape) throws IOException {
    long size = 1;
    for (long length : shape.getShape()) {
      size = length < 0 ? -1 : Math.multiplyExact(size, length);
      if (size < 0 || size > Integer.MAX_VALUE) {
        throw new IOException("a shape of " + size + " elements");
      }
    }
  }

  /** Writes a bilinear map. */
  public static void writeBilinear(DataOutput out, Bilinear map) throws IOException {
    writeEnum(out, map.kind());
    ConvolutionSpec spec = map.convolution();
    if (spec != null) {
      out.writeInt(spec.strideH());
      out.writeInt(spec.strideW());
      out.writeInt(spec.padH());
      out.writeInt(spec.padW());
      out.writeInt(spec.dilationH());
      out.writeInt(spec.dilationW());
      out.writeInt(spec.groups());
    }
  }

  /** Reads a bilinear map. */
  public static Bilinear readBilinear(DataInput in) throws IOException {
    Bilinear.Kind kind = readEnum(in, Bilinear.Kind.class);
    if (kind != Bilinear.Kind.CONVOLUTION) {
      return new Bilinear(kind, null);
    }
    return Bilinear.convolution(
        new ConvolutionSpec(
            in.readInt(),
            in.readInt(),
            in.readInt(),
            in.readInt(),
            in.readInt(),
            in.readInt(),
            in.readInt()));
  }

  /** Writes a constant; the order of constants is part of the wire format. */
  @SuppressWarnings("EnumOrdinal")
  public static void writeEnum(DataOutput out, Enum<?> constant) throws IOException {
    out.writeByte(constant.ordinal());
  }

  /** Reads a constant. */
  public static <E extends Enum<E>> E readEnum(DataInput in, Class<E> type) throws IOException {
    E[] values = type.getEnumConstants();
    int number = in.readByte();
    if (values == null || number < 0 || number >= values.length) {
      throw new IOException("the constant " + number + " of " + type.getSimpleName());
    }
    return values[number];
  }

  /** Reads a number between two bounds. */
  public static int readInt(DataInput in, int min, int max) throws IOException {
    int value = in.readInt();
    if (value < min || value > max) {
      throw new IOException("the number " + value);
    }
    return value;
  }

  /** Elements of a shape that fits into an array. */
  public static int size(Shape shape) {
    return Math.toIntExact(shape.size());
  }

  /** Bytes of this many bits. */
  public static int bitBytes(int bits) {
    return (bits + Byte.SIZE - 1) / Byte.SIZE;
  }
}
