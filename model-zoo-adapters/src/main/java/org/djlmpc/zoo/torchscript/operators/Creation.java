package org.djlmpc.zoo.torchscript.operators;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.PartialOperators;
import org.djlmpc.zoo.torchscript.run.Arguments;
import org.djlmpc.zoo.torchscript.run.Numbers;
import org.djlmpc.zoo.torchscript.run.Operation;
import org.djlmpc.zoo.torchscript.run.Value;

/** New tensors, which belong to the architecture. */
final class Creation {
  /** Of the named arguments {@code dtype}, {@code layout}, {@code device}, {@code pin_memory}. */
  private static final int TYPE_AFTER_SIZE = 1;

  private Creation() {}

  static void addTo(Map<String, Operation> operations) {
    Map<String, Double> values = Map.of("zeros", 0.0, "ones", 1.0, "empty", 0.0);
    values.forEach(
        (name, value) -> {
          operations.put(
              name, a -> filled(a, shape(a, 0), TYPE_AFTER_SIZE, DataType.FLOAT32, value));
          operations.put(name + "_like", a -> like(a, 1, value));
          operations.put("new_" + name, a -> filled(a, shape(a, 1), 2, type(a), value));
        });
    operations.put(
        "full", a -> filled(a, shape(a, 0), 2, numberType(a, 1), a.real(1, "fill_value")));
    operations.put("full_like", a -> like(a, 2, a.real(1, "fill_value")));
    operations.put("new_full", a -> filled(a, shape(a, 1), 3, type(a), a.real(2, "fill_value")));
    operations.put("fill", Creation::refilled);
    operations.put("zero", a -> like(a, 9, 0));
    operations.put("arange", Creation::range);
    operations.put("linspace", Creation::linearSpace);
    operations.put("tensor", Creation::tensor);
    operations.put("scalar_tensor", Creation::tensor);
  }

  private static Shape shape(Arguments a, int position) {
    return new Shape(a.integers(position, "size"));
  }

  private static DataType type(Arguments a) {
    return a.tensor(0, "self").dataType();
  }

  private static DataType numberType(Arguments a, int position) {
    return a.isInteger(position) ? DataType.INT64 : DataType.FLOAT32;
  }

  private static Value filled(
      Arguments a, Shape shape, int typePosition, DataType otherwise, double value) {
    DataType type = TensorFacts.type(a, typePosition, otherwise);
    return Results.tensor(full(a.operators(), shape, type, value));
  }

  private static Value like(Arguments a, int typePosition, double value) {
    Partial x = a.tensor(0, "self");
    return filled(a, x.shape(), typePosition, x.dataType(), value);
  }

  /** The value keeps whether it is a weight: it may be one without axes. */
  private static Value refilled(Arguments a) {
    Partial x = a.tensor(0, "self");
    PartialOperators o = a.operators();
    Partial value = o.cast(a.tensor(1, "value"), x.dataType());
    Partial number = o.layout(Layout.reshape(), value);
    return Results.tensor(o.layout(Layout.broadcast(x.shape()), number));
  }

  /** One number everywhere; a large tensor is never made here. */
  static Partial full(PartialOperators o, Shape shape, DataType type, double value) {
    Partial number = PartialOperators.architecture(PublicTensor.scalar(value, type));
    return o.layout(Layout.broadcast(shape), number);
  }

  /** {@code (end)}, {@code (begin, end)} or {@code (begin, end, step)}, then named arguments. */
  private static Value range(Arguments a) {
    int numbers = Math.min(3, a.count());
    boolean integers = true;
    for (int i = 0; i < numbers; i++) {
      integers &= NumberOperations.number(a, i) instanceof Long;
    }
    double begin = numbers == 1 ? 0 : a.real(0, "start");
    double end = a.real(numbers == 1 ? 0 : 1, "end");
    double step = numbers == 3 ? a.real(2, "step") : 1;
    double length = Math.ceil((end - begin) / step);
    if (!(length >= 0)) {
      throw a.wrong(0, "a range without end");
    }
    a.charge((long) length);
    DataType type = TensorFacts.type(a, numbers, integers ? DataType.INT64 : DataType.FLOAT32);
    double[] values = new double[(int) length];
    for (int i = 0; i < values.length; i++) {
      values[i] = begin + i * step;
    }
    return Results.tensor(
        PartialOperators.architecture(
            PublicTensor.of(values, new Shape(values.length)).cast(type)));
  }

  /** {@code (start, end, steps)}: numbers at equal distances, both ends included. */
  private static Value linearSpace(Arguments a) {
    double begin = a.real(0, "start");
    double end = a.real(1, "end");
    int steps = a.small(2, "steps");
    a.charge(steps);
    double[] values = new double[steps];
    for (int i = 0; i < steps; i++) {
      values[i] = steps == 1 ? begin : begin + i * ((end - begin) / (steps - 1));
    }
    DataType type = TensorFacts.type(a, 3, DataType.FLOAT32);
    return Results.tensor(
        PartialOperators.architecture(PublicTensor.of(values, new Shape(steps)).cast(type)));
  }

  /** A number, or a list of numbers, or a list of such lists. */
  private static Value tensor(Arguments a) {
    List<Double> values = new ArrayList<>();
    List<Long> lengths = new ArrayList<>();
    boolean integers = collect(a, a.value(0, "data"), 0, lengths, values);
    double[] all = values.stream().mapToDouble(v -> v).toArray();
    Shape shape = new Shape(lengths.stream().mapToLong(n -> n).toArray());
    DataType type = TensorFacts.type(a, 1, integers ? DataType.INT64 : DataType.FLOAT32);
    return Results.tensor(PartialOperators.architecture(PublicTensor.of(all, shape).cast(type)));
  }

  /** Appends all numbers; returns whether they are integers. */
  private static boolean collect(
      Arguments a, Value value, int depth, List<Long> lengths, List<Double> values) {
    Optional<List<Value>> items = Arguments.items(value);
    a.charge(1);
    if (items.isEmpty()) {
      values.add(
          Numbers.number(value, a.operators())
              .orElseThrow(() -> a.wrong(0, "no list of numbers"))
              .doubleValue());
      return value instanceof Value.Int;
    }
    if (depth >= 8) {
      throw a.wrong(0, "a list nested too deep");
    }
    if (lengths.size() == depth) {
      lengths.add((long) items.get().size());
    }
    boolean integers = true;
    for (Value item : items.get()) {
      integers &= collect(a, item, depth + 1, lengths, values);
    }
    return integers;
  }
}
