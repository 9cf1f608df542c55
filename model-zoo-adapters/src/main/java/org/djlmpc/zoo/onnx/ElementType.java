package org.djlmpc.zoo.onnx;

import ai.djl.ndarray.types.DataType;
import org.jspecify.annotations.Nullable;

/** The element types of ONNX tensors ({@code TensorProto.DataType}). */
enum ElementType {
  FLOAT(1, DataType.FLOAT32),
  UINT8(2, DataType.UINT8),
  INT8(3, DataType.INT8),
  UINT16(4, null),
  INT16(5, null),
  INT32(6, DataType.INT32),
  INT64(7, DataType.INT64),
  STRING(8, null),
  BOOL(9, DataType.BOOLEAN),
  FLOAT16(10, DataType.FLOAT16),
  DOUBLE(11, DataType.FLOAT64),
  UINT32(12, null),
  UINT64(13, null),
  BFLOAT16(16, DataType.BFLOAT16),
  /** Complex, 8-bit and 4-bit types, and those that do not exist yet. */
  OTHER(-1, null);

  private final int code;
  private final @Nullable DataType stored;

  ElementType(int code, @Nullable DataType stored) {
    this.code = code;
    this.stored = stored;
  }

  static ElementType of(long code) {
    for (ElementType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    return OTHER;
  }

  /** How the elements lie in a file, or null where the engine has no such arrays. */
  @Nullable DataType stored() {
    return stored;
  }

  /** The type that the engine computes with: 16-bit floating point becomes FLOAT32. */
  @Nullable DataType computed() {
    return this == FLOAT16 || this == BFLOAT16 ? DataType.FLOAT32 : stored;
  }
}
