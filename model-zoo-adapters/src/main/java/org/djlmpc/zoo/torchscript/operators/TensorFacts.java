package org.djlmpc.zoo.torchscript.operators;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.torchscript.run.Arguments;
import org.djlmpc.zoo.torchscript.run.Operation;
import org.djlmpc.zoo.torchscript.run.TensorValue;
import org.djlmpc.zoo.torchscript.run.Value;

/** Shapes, types and devices of tensors, and operators that change nothing else. */
final class TensorFacts {
  private TensorFacts() {}

  static void addTo(Map<String, Operation> operations) {
    operations.put("size", TensorFacts::size);
    operations.put("shape", a -> Value.ListValue.integers(shape(a).getShape()));
    operations.put("dim", a -> new Value.Int(shape(a).dimension()));
    operations.put("ndim", a -> new Value.Int(shape(a).dimension()));
    operations.put("numel", a -> new Value.Int(shape(a).size()));
    operations.put("len", TensorFacts::length);
    operations.put("dtype", a -> new Value.Int(code(a.tensor(0, "self").dataType())));
    operations.put("device", TensorFacts::device);
    operations.put("is_floating_point", a -> NumberOperations.truth(isFloating(a)));
    operations.put("requires_grad", a -> NumberOperations.truth(false));
    for (String name :
        List.of("is_cuda", "is_sparse", "is_quantized", "is_mkldnn", "is_complex", "is_nested")) {
      operations.put(name, a -> NumberOperations.truth(false));
    }
    operations.put("is_contiguous", a -> NumberOperations.truth(true));
    operations.put("is_autocast_enabled", a -> NumberOperations.truth(false));
    operations.put("is_scripting", a -> NumberOperations.truth(true));
    operations.put("is_grad_enabled", a -> NumberOperations.truth(false));
    operations.put("NumToTensor", a -> Results.tensor(a.tensor(0, "a")));
    operations.put("to", TensorFacts::to);
    operations.put("type_as", a -> cast(a, a.tensor(1, "other").dataType()));
    operations.put("float", a -> cast(a, DataType.FLOAT32));
    operations.put("double", a -> cast(a, DataType.FLOAT64));
    operations.put("long", a -> cast(a, DataType.INT64));
    operations.put("_autocast_to_full_precision", Results::same);
    operations.put("_autocast_to_reduced_precision", Results::same);
    operations.put("clone", a -> Results.tensor(a.tensor(0, "self")));
    for (String name : List.of("detach", "alias", "data", "cpu")) {
      operations.put(name, Results::same);
    }
    for (String name : List.of("contiguous", "cuda", "half")) {
      operations.put(name, a -> a.cell(0).entangled(a.tensor(0, "self")));
    }
    for (String name : List.of("requires_grad_", "positive", "identity")) {
      operations.put(name, Results::same);
    }
  }

  private static Shape shape(Arguments a) {
    return a.isTensor(0) ? a.cell(0).shape() : a.tensor(0, "self").shape();
  }

  private static Value size(Arguments a) {
    Shape shape = shape(a);
    if (!a.has(1, "dim")) {
      return Value.ListValue.integers(shape.getShape());
    }
    return new Value.Int(shape.get(Results.axis(a, a.integer(1, "dim"), shape.dimension())));
  }

  private static Value length(Arguments a) {
    Value value = a.value(0, "a");
    if (value instanceof TensorValue tensor) {
      return new Value.Int(tensor.shape().get(0));
    }
    if (value instanceof Value.Text text) {
      return new Value.Int(text.value().length());
    }
    if (value instanceof Value.DictionaryValue dictionary) {
      return new Value.Int(dictionary.entries().size());
    }
    return new Value.Int(
        Arguments.items(value).orElseThrow(() -> a.wrong(0, "nothing that has a length")).size());
  }

  private static Value device(Arguments a) {
    return new Value.Text(a.isText(0) ? a.text(0, "type", "cpu") : "cpu");
  }

  private static boolean isFloating(Arguments a) {
    return a.tensor(0, "self").dataType().isFloating();
  }

  /** PyTorch's number of a data type. */
  static long code(DataType type) {
    return switch (type) {
      case UINT8 -> 0;
      case INT8 -> 1;
      case INT32 -> 3;
      case INT64 -> 4;
      case FLOAT64 -> 7;
      case BOOLEAN -> 11;
      default -> 6;
    };
  }

  /** The data type of PyTorch's number; 16-bit types become the next wider one. */
  static DataType type(Arguments a, long code) {
    return switch ((int) code) {
      case 0 -> DataType.UINT8;
      case 1 -> DataType.INT8;
      case 2, 3 -> DataType.INT32;
      case 4 -> DataType.INT64;
      case 5, 6, 15 -> DataType.FLOAT32;
      case 7 -> DataType.FLOAT64;
      case 11 -> DataType.BOOLEAN;
      default -> throw a.wrong(1, "the data type " + code);
    };
  }

  /** The data type of an optional argument. */
  static DataType type(Arguments a, int position, DataType otherwise) {
    return a.has(position, "dtype") ? type(a, a.integer(position, "dtype")) : otherwise;
  }

  static Value cast(Arguments a, DataType type) {
    Partial x = a.tensor(0, "self");
    return x.dataType() == type ? Results.same(a) : Results.tensor(a.operators().cast(x, type));
  }

  /** {@code to(x, dtype)}, {@code to(x, device, dtype)} or {@code to(x, other)}. */
  private static Value to(Arguments a) {
    if (!a.isTensor(0)) {
      return a.value(0, "self");
    }
    if (a.isTensor(1)) {
      return cast(a, a.tensor(1, "other").dataType());
    }
    for (int position = 1; position <= 2; position++) {
      if (a.isInteger(position)) {
        return cast(a, type(a, a.integer(position, "dtype")));
      }
    }
    return cast(a, type(a, a.count(), a.tensor(0, "self").dataType()));
  }
}
