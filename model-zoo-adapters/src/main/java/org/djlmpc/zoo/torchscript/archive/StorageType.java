package org.djlmpc.zoo.torchscript.archive;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.types.DataType;

/** Element types of stored tensors, named as PyTorch names its storages. */
public enum StorageType {
  /** IEEE 754 binary64. */
  DOUBLE(8, DataType.FLOAT64),
  /** IEEE 754 binary32. */
  FLOAT(4, DataType.FLOAT32),
  /** IEEE 754 binary16. */
  HALF(2, DataType.FLOAT32),
  /** The upper half of a binary32. */
  BFLOAT16(2, DataType.FLOAT32),
  /** 64-bit integers. */
  LONG(8, DataType.INT64),
  /** 32-bit integers. */
  INT(4, DataType.INT32),
  /** 16-bit integers. */
  SHORT(2, DataType.INT32),
  /** Signed bytes. */
  CHAR(1, DataType.INT8),
  /** Unsigned bytes. */
  BYTE(1, DataType.UINT8),
  /** Truth values, a byte each. */
  BOOL(1, DataType.BOOLEAN),
  /** What quantized tensors are made of; never read. */
  QUANTIZED(1, DataType.INT8);

  private final int bytes;
  private final DataType tensorType;

  StorageType(int bytes, DataType tensorType) {
    this.bytes = bytes;
    this.tensorType = tensorType;
  }

  /** Bytes of one stored element. */
  public int bytes() {
    return bytes;
  }

  /** The data type that the elements get: the stored one, or the next wider one that exists. */
  public DataType tensorType() {
    return tensorType;
  }

  /** Bytes of one element in memory. */
  public int memoryBytes() {
    return tensorType.getNumOfBytes();
  }

  /**
   * The type behind a name such as {@code FloatStorage}.
   *
   * @throws MalformedModelException if it is complex or unknown
   */
  static StorageType named(String name) throws MalformedModelException {
    return switch (name) {
      case "DoubleStorage" -> DOUBLE;
      case "FloatStorage" -> FLOAT;
      case "HalfStorage" -> HALF;
      case "BFloat16Storage" -> BFLOAT16;
      case "LongStorage" -> LONG;
      case "IntStorage" -> INT;
      case "ShortStorage" -> SHORT;
      case "CharStorage" -> CHAR;
      case "ByteStorage" -> BYTE;
      case "BoolStorage" -> BOOL;
      case "QInt8Storage", "QUInt8Storage", "QInt32Storage", "QUInt4x2Storage", "QUInt2x4Storage" ->
          QUANTIZED;
      default ->
          throw new MalformedModelException(
              "it holds tensors of the type torch."
                  + name
                  + "; only real, integer and boolean tensors can be read");
    };
  }
}
