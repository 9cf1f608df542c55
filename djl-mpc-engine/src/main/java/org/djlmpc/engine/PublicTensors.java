package org.djlmpc.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;
import org.djlmpc.graph.PublicTensor;

/** Public tensors from what DJL's managers are asked to create. */
final class PublicTensors {
  private PublicTensors() {}

  /** A copy of an array of any engine, which must be readable. */
  static PublicTensor copyOf(NDArray array) {
    if (array instanceof MpcNDArray ours) {
      return ours.readable("copied in plain");
    }
    return PublicTensor.fromBuffer(array.toByteBuffer(), array.getDataType(), array.getShape());
  }

  /** The data type of {@link #copyOf(NDArray)}: half precision is read as single. */
  static DataType typeOf(NDArray array) {
    DataType type = array.getDataType();
    return type == DataType.FLOAT16 || type == DataType.BFLOAT16 ? DataType.FLOAT32 : type;
  }

  /** A copy of the first elements of a buffer, from its position; bytes are little-endian. */
  static PublicTensor copyOf(Buffer data, DataType type, Shape shape) {
    int count = Math.toIntExact(shape.size());
    if (data instanceof ByteBuffer bytes) {
      return PublicTensor.fromBuffer(first(bytes, count * type.getNumOfBytes()), type, shape);
    } else if (data instanceof FloatBuffer floats) {
      float[] values = new float[count];
      floats.duplicate().get(values);
      return PublicTensor.of(values, shape).cast(type);
    } else if (data instanceof DoubleBuffer doubles) {
      double[] values = new double[count];
      doubles.duplicate().get(values);
      return PublicTensor.of(values, shape).cast(type);
    } else if (data instanceof IntBuffer ints) {
      int[] values = new int[count];
      ints.duplicate().get(values);
      return PublicTensor.of(values, shape).cast(type);
    } else if (data instanceof LongBuffer longs) {
      long[] values = new long[count];
      longs.duplicate().get(values);
      return PublicTensor.of(values, shape).cast(type);
    } else if (data instanceof ShortBuffer halves) {
      ByteBuffer bytes = ByteBuffer.allocate(2 * count).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asShortBuffer().put(halves.duplicate().limit(halves.position() + count));
      return PublicTensor.fromBuffer(bytes, type, shape);
    }
    throw new IllegalArgumentException("Buffers of " + data.getClass() + " hold no array.");
  }

  private static ByteBuffer first(ByteBuffer data, int count) {
    ByteBuffer view = data.duplicate();
    return view.limit(view.position() + count);
  }

  /** {@code start, start + step, ...} before {@code stop}. */
  static PublicTensor arange(double start, double stop, double step, DataType type) {
    int count = (int) Math.max(0, Math.ceil((stop - start) / step));
    return generate(new Shape(count), type, i -> start + step * i);
  }

  /** Ones on the k-th diagonal. */
  static PublicTensor eye(int rows, int cols, int k, DataType type) {
    return generate(new Shape(rows, cols), type, i -> i % cols - i / cols == k ? 1 : 0);
  }

  /** {@code count} FLOAT32 values from start to stop at equal distances. */
  static PublicTensor linspace(float start, float stop, int count, boolean endpoint) {
    double step = (stop - (double) start) / Math.max(1, endpoint ? count - 1 : count);
    return generate(new Shape(count), DataType.FLOAT32, i -> start + step * i);
  }

  /** A random order of 0 to n - 1, as INT64. */
  static PublicTensor permutation(int n, RandomGenerator random) {
    long[] order = new long[n];
    for (int i = 0; i < n; i++) {
      // Fisher and Yates, from the inside out
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return PublicTensor.of(order, new Shape(n));
  }

  /** Integers from [low, high). */
  static PublicTensor integers(
      long low, long high, Shape shape, DataType type, RandomGenerator random) {
    long[] values = new long[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextLong(low, high);
    }
    return PublicTensor.of(values, shape).cast(type);
  }

  /** Elements made one by one from their row-major positions, in order. */
  static PublicTensor generate(Shape shape, DataType type, IntToDoubleFunction element) {
    int size = Math.toIntExact(shape.size());
    if (type == DataType.FLOAT32) {
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = (float) element.applyAsDouble(i);
      }
      return PublicTensor.of(values, shape);
    }
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = element.applyAsDouble(i);
    }
    return PublicTensor.of(values, shape).cast(type);
  }
}
