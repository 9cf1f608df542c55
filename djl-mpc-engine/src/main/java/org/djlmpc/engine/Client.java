package org.djlmpc.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.djlmpc.crypto.Prg;
import org.djlmpc.crypto.Seed;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.graph.TensorType;
import org.djlmpc.ring.RingTensor;
import org.jspecify.annotations.Nullable;

/**
 * The owner of inputs and outputs outside of the parties: splits each input into two shares, one
 * for each share holder, and adds the two parts of each output. Erases every copy of the values
 * that it makes.
 */
final class Client {
  private final FixedPoint fixedPoint;

  Client(FixedPoint fixedPoint) {
    this.fixedPoint = fixedPoint;
  }

  /** Encoded inputs, erased on close. */
  record Encoded(List<RingTensor> values) implements AutoCloseable {
    /** Splits each input: x - r for P0 and r for P1, r uniform. */
    Shares split() {
      Shares shares = new Shares(new ArrayList<>(), new ArrayList<>());
      try (Seed seed = Seed.random();
          Prg prg = new Prg(seed)) {
        for (RingTensor x : values) {
          RingTensor r = prg.tensor(x.ring(), x.shape());
          shares.p1.add(r);
          shares.p0.add(x.subtract(r));
        }
      }
      return shares;
    }

    @Override
    public void close() {
      values.forEach(RingTensor::close);
    }
  }

  /** One share of each input for P0 and one for P1, erased on close. */
  record Shares(List<RingTensor> p0, List<RingTensor> p1) implements AutoCloseable {
    @Override
    public void close() {
      p0.forEach(RingTensor::close);
      p1.forEach(RingTensor::close);
    }
  }

  /**
   * One party's part of an output.
   *
   * @param value its summand
   * @param scale fraction bits
   */
  record Part(RingTensor value, int scale) {}

  /**
   * Refuses inputs without which no model runs.
   *
   * @throws MpcException ARGUMENT if there is no list or an array is null, SHAPE if the list is
   *     empty
   */
  static void requireArrays(@Nullable NDList inputs) {
    if (inputs == null) {
      throw new MpcException(
          ErrorCode.ARGUMENT, "The model's input is null.", "Give an NDList with its arrays.");
    }
    if (inputs.isEmpty()) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "The model's input is an NDList without arrays.",
          "Give the arrays that the model was made for.");
    }
    int missing = inputs.indexOf(null);
    if (missing >= 0) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Input " + missing + ": The array is null.",
          "Give an array of floating-point numbers.");
    }
  }

  /**
   * Shapes of the inputs, as FLOAT32.
   *
   * @throws MpcException CLOSED
   */
  static List<TensorType> types(NDList inputs) {
    try {
      return inputs.stream().map(x -> new TensorType(x.getShape(), DataType.FLOAT32)).toList();
    } catch (IllegalStateException e) {
      throw closed("An input", e);
    }
  }

  /**
   * Checks and encodes inputs.
   *
   * @throws MpcException DATA_TYPE, SHAPE, NOT_FINITE, OUT_OF_RANGE or CLOSED, saying which input
   */
  Encoded encode(NDList inputs) {
    Encoded encoded = new Encoded(new ArrayList<>());
    for (int i = 0; i < inputs.size(); i++) {
      try {
        encoded.values.add(encode(inputs.get(i)));
      } catch (MpcException e) {
        encoded.close();
        throw e.at("Input " + i);
      } catch (IllegalStateException e) {
        encoded.close();
        throw closed("Input " + i, e);
      }
    }
    return encoded;
  }

  /** What an IllegalStateException of DJL's arrays means. */
  static MpcException closed(String which, IllegalStateException cause) {
    return new MpcException(
        ErrorCode.CLOSED,
        which + " is closed.",
        "Keep the arrays, and the manager that made them, open until the prediction is done.",
        cause);
  }

  private RingTensor encode(NDArray input) {
    if (!input.getDataType().isFloating()) {
      throw new MpcException(
          ErrorCode.DATA_TYPE,
          "The type is " + input.getDataType() + ".",
          "Convert the array with toType(DataType.FLOAT32, false).");
    }
    if (input.getShape().size() == 0) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "An array of shape " + input.getShape() + " has no elements.",
          "Give at least one.");
    }
    float[] values;
    if (input.getDataType() == DataType.FLOAT32) {
      values = input.toFloatArray();
    } else {
      try (NDArray single = input.toType(DataType.FLOAT32, true)) {
        values = single.toFloatArray();
      }
    }
    try {
      return fixedPoint.encode(values, input.getShape());
    } finally {
      Arrays.fill(values, 0);
    }
  }

  /** Adds both parts of each output; the parts are erased. */
  NDList combine(List<Part> p0, List<Part> p1, List<TensorType> types, NDManager manager) {
    NDList outputs = new NDList();
    for (int i = 0; i < p0.size(); i++) {
      try (RingTensor a = p0.get(i).value();
          RingTensor b = p1.get(i).value();
          RingTensor sum = a.add(b)) {
        float[] values = fixedPoint.decodeFloats(sum, p0.get(i).scale());
        outputs.add(typed(manager.create(values, sum.shape()), types.get(i).dataType()));
        Arrays.fill(values, 0);
      }
    }
    return outputs;
  }

  /** Adds both parts of a bit, which are erased. */
  static boolean bit(Part p0, Part p1) {
    try (RingTensor a = p0.value();
        RingTensor b = p1.value();
        RingTensor sum = a.add(b)) {
      return sum.getLong(0) != 0;
    }
  }

  private static NDArray typed(NDArray values, DataType type) {
    if (type.isFloating()) {
      return values;
    }
    try (values) {
      return values.toType(type, true);
    }
  }
}
