package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/** PyTorch's rules for the data type of a result, on the types that public arrays have. */
final class DataTypes {
  /** From the narrowest to the widest. */
  private static final List<DataType> ORDER =
      List.of(
          DataType.BOOLEAN,
          DataType.UINT8,
          DataType.INT8,
          DataType.INT32,
          DataType.INT64,
          DataType.FLOAT32,
          DataType.FLOAT64);

  private DataTypes() {}

  /** Refuses types that have no public array. */
  static DataType supported(DataType type) {
    if (!ORDER.contains(type)) {
      throw new MpcException(
          ErrorCode.DATA_TYPE,
          "The data type " + type + " is not supported.",
          "Use one of " + ORDER + ".");
    }
    return type;
  }

  /**
   * The common type of two arguments; one without axes counts less than one with axes of the same
   * category.
   */
  static DataType promote(TensorType a, TensorType b) {
    boolean scalarA = a.shape().isScalar();
    boolean scalarB = b.shape().isScalar();
    if (scalarA != scalarB) {
      DataType full = scalarA ? b.dataType() : a.dataType();
      DataType scalar = scalarA ? a.dataType() : b.dataType();
      return category(scalar) > category(full) ? scalar : full;
    }
    return promote(a.dataType(), b.dataType());
  }

  /** The common type of two arrays. */
  static DataType promote(DataType a, DataType b) {
    if (a == DataType.UINT8 && b == DataType.INT8 || a == DataType.INT8 && b == DataType.UINT8) {
      return DataType.INT32;
    }
    return ORDER.indexOf(supported(a)) >= ORDER.indexOf(supported(b)) ? a : b;
  }

  /**
   * The type in which an array meets a number: reals stay, integers become FLOAT32 if the number is
   * no integer.
   */
  static DataType withNumber(DataType type, double number) {
    if (type.isFloating() || !isIntegral(number)) {
      return floating(type);
    }
    return type == DataType.BOOLEAN ? DataType.INT64 : type;
  }

  /** The type of a function whose values are real: FLOAT32 unless the argument is FLOAT64. */
  static DataType floating(DataType type) {
    return supported(type) == DataType.FLOAT64 ? type : DataType.FLOAT32;
  }

  /** The type of a sum or product: INT64 for every integer type. */
  static DataType accumulated(DataType type) {
    return supported(type).isFloating() ? type : DataType.INT64;
  }

  /** Refuses BOOLEAN. */
  static DataType number(DataType type, String operator) {
    if (supported(type) == DataType.BOOLEAN) {
      throw new MpcException(
          ErrorCode.DATA_TYPE,
          "The operator " + operator + " does not take BOOLEAN.",
          "Convert to FLOAT32 or INT32 first.");
    }
    return type;
  }

  static boolean isIntegral(double number) {
    return number == Math.rint(number) && !Double.isInfinite(number);
  }

  private static int category(DataType type) {
    return type == DataType.BOOLEAN ? 0 : supported(type).isFloating() ? 2 : 1;
  }
}
