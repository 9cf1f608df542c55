package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.ring.IndexMap;

/**
 * A dense array that every party may see, in row-major order.
 *
 * <p>Immutable by convention: the factories that take a primitive array and the accessors that hand
 * one out share it, so that large weights exist once; nobody writes to it afterwards.
 *
 * <p>Data types: FLOAT32, FLOAT64, INT32, INT64, UINT8, INT8 and BOOLEAN. FLOAT16 and BFLOAT16
 * buffers are read as FLOAT32.
 */
public final class PublicTensor {
  private final DataType dataType;
  private final Shape shape;
  private final Elements elements;

  private PublicTensor(DataType dataType, Shape shape, Elements elements) {
    if (Shapes.size(shape) != elements.length()) {
      throw new MpcException(
          ErrorCode.SHAPE,
          elements.length() + " values do not fill the shape " + shape + ".",
          "Give as many values as the shape has elements.");
    }
    this.dataType = dataType;
    this.shape = shape;
    this.elements = elements;
  }

  /** FLOAT32 values; the array is shared, not copied. */
  public static PublicTensor of(float[] values, Shape shape) {
    return new PublicTensor(DataType.FLOAT32, shape, new Elements.Floats(values));
  }

  /** FLOAT64 values; the array is shared, not copied. */
  public static PublicTensor of(double[] values, Shape shape) {
    return new PublicTensor(DataType.FLOAT64, shape, new Elements.Doubles(values));
  }

  /** INT32 values; the array is shared, not copied. */
  public static PublicTensor of(int[] values, Shape shape) {
    return new PublicTensor(DataType.INT32, shape, new Elements.Ints(values));
  }

  /** INT64 values; the array is shared, not copied. */
  public static PublicTensor of(long[] values, Shape shape) {
    return new PublicTensor(DataType.INT64, shape, new Elements.Longs(values));
  }

  /** BOOLEAN values. */
  public static PublicTensor of(boolean[] values, Shape shape) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    return new PublicTensor(DataType.BOOLEAN, shape, new Elements.Bytes(bytes));
  }

  /** UINT8, INT8 or BOOLEAN (0 and 1) values; the array is shared, not copied. */
  public static PublicTensor ofBytes(byte[] values, DataType type, Shape shape) {
    if (type != DataType.UINT8 && type != DataType.INT8 && type != DataType.BOOLEAN) {
      throw new MpcException(
          ErrorCode.DATA_TYPE, "Bytes are not values of type " + type + ".", "Use fromBuffer.");
    }
    return new PublicTensor(type, shape, new Elements.Bytes(values));
  }

  /** A scalar (shape {@code ()}). */
  public static PublicTensor scalar(double value, DataType type) {
    return full(new Shape(), type, value);
  }

  /** One value everywhere. */
  public static PublicTensor full(Shape shape, DataType type, double value) {
    Elements elements = Elements.allocate(type, Shapes.size(shape));
    if (value != 0) {
      Conversion.fill(elements, type, value);
    }
    return new PublicTensor(type, shape, elements);
  }

  /** Zeros. */
  public static PublicTensor zeros(Shape shape, DataType type) {
    return full(shape, type, 0);
  }

  /** Elements of any kind that already fit the type. */
  static PublicTensor of(Elements elements, DataType type, Shape shape) {
    return new PublicTensor(type, shape, elements);
  }

  /**
   * Reads the bytes that {@code NDArray.toByteBuffer} gives: little-endian, row-major, from the
   * buffer's position.
   *
   * @param buffer the bytes; its position does not move
   * @param type the data type; FLOAT16 and BFLOAT16 become FLOAT32
   * @param shape the shape
   * @throws MpcException SHAPE if the buffer does not hold exactly these elements, DATA_TYPE if the
   *     type is unsupported
   */
  public static PublicTensor fromBuffer(ByteBuffer buffer, DataType type, Shape shape) {
    boolean half = type == DataType.FLOAT16 || type == DataType.BFLOAT16;
    DataType stored = half ? DataType.FLOAT32 : DataTypes.supported(type);
    int length = Shapes.size(shape);
    if ((long) length * type.getNumOfBytes() != buffer.remaining()) {
      throw new MpcException(
          ErrorCode.SHAPE,
          buffer.remaining() + " bytes do not hold " + type + " values of shape " + shape + ".",
          "Give the whole array.");
    }
    ByteBuffer bytes = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    Elements elements = Elements.allocate(stored, length);
    if (type == DataType.FLOAT16) {
      HalfPrecision.readFloat16(bytes, ((Elements.Floats) elements).array());
    } else if (type == DataType.BFLOAT16) {
      HalfPrecision.readBfloat16(bytes, ((Elements.Floats) elements).array());
    } else {
      Conversion.read(bytes, elements, stored);
    }
    return new PublicTensor(stored, shape, elements);
  }

  /**
   * The elements as little-endian bytes in a new heap buffer, as {@code NDArray.toByteBuffer} gives
   * them.
   */
  public ByteBuffer toByteBuffer() {
    long bytes = (long) size() * dataType.getNumOfBytes();
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "A buffer cannot hold " + bytes + " bytes.",
          "Split the array along an axis.");
    }
    ByteBuffer buffer = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    elements.put(buffer);
    return buffer;
  }

  /** Data type of the elements. */
  public DataType dataType() {
    return dataType;
  }

  /** Shape. */
  public Shape shape() {
    return shape;
  }

  /** Shape and data type. */
  public TensorType type() {
    return new TensorType(shape, dataType);
  }

  /** Number of elements. */
  public int size() {
    return elements.length();
  }

  /** Whether the elements are real numbers. */
  public boolean isFloating() {
    return dataType.isFloating();
  }

  /** Element at a row-major position as a real number. */
  public double getDouble(int position) {
    return elements.getDouble(position, dataType);
  }

  /** Element at a row-major position as an integer; a real one is truncated toward zero. */
  public long getLong(int position) {
    return elements.getLong(position, dataType);
  }

  /** Element at a row-major position as a truth value. */
  public boolean getBoolean(int position) {
    return elements.getDouble(position, dataType) != 0;
  }

  /** The values as FLOAT32: the array itself if they are, a converted copy otherwise. */
  public float[] floats() {
    return ((Elements.Floats) cast(DataType.FLOAT32).elements).array();
  }

  /** The values as FLOAT64: the array itself if they are, a converted copy otherwise. */
  public double[] doubles() {
    return ((Elements.Doubles) cast(DataType.FLOAT64).elements).array();
  }

  /** The values as INT64: the array itself if they are, a converted copy otherwise. */
  public long[] longs() {
    return ((Elements.Longs) cast(DataType.INT64).elements).array();
  }

  /** The values as INT32: the array itself if they are, a converted copy otherwise. */
  public int[] ints() {
    return ((Elements.Ints) cast(DataType.INT32).elements).array();
  }

  /** The bytes of a UINT8, INT8 or BOOLEAN tensor: the array itself. */
  public byte[] bytes() {
    if (elements instanceof Elements.Bytes bytes) {
      return bytes.array();
    }
    throw new MpcException(
        ErrorCode.DATA_TYPE,
        "A tensor of type " + dataType + " has no bytes.",
        "Cast it to UINT8 or BOOLEAN first.");
  }

  /** The same elements in another shape of the same size. */
  public PublicTensor reshape(Shape to) {
    return new PublicTensor(dataType, to, elements);
  }

  /** The elements at the positions of a map, zero where the map points outside. */
  public PublicTensor rearrange(IndexMap map) {
    return rearrange(map, 0);
  }

  /** The elements at the positions of a map, {@code fill} where the map points outside. */
  public PublicTensor rearrange(IndexMap map, double fill) {
    Shape to = map.outputShape();
    return new PublicTensor(dataType, to, elements.rearrange(map, Shapes.size(to), fill));
  }

  /**
   * The values as another type, as C and PyTorch convert: reals truncate toward zero, integers wrap
   * to the narrower type, and everything but zero is true.
   */
  public PublicTensor cast(DataType type) {
    return type == dataType ? this : new PublicTensor(type, shape, Conversion.convert(this, type));
  }

  Elements elements() {
    return elements;
  }

  /** Same type, shape and elements, bit for bit (all NaN are the same). */
  @Override
  public boolean equals(Object other) {
    return other instanceof PublicTensor that
        && dataType == that.dataType
        && shape.equals(that.shape)
        && elements.equals(that.elements);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + elements.hashCode();
  }

  /**
   * Type and shape only: a public array may still be somebody's weights, which do not belong in a
   * log.
   */
  @Override
  public String toString() {
    return "PublicTensor" + shape + " " + dataType;
  }
}
