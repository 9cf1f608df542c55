package org.djlmpc.ring;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToLongFunction;

/** Elements of Z32 in one int[], row-major. */
final class IntTensor extends RingTensor {

  private final int[] data;

  IntTensor(Shape shape, int[] data) {
    super(Ring.Z32, shape);
    this.data = data;
  }

  static IntTensor zeros(Shape shape) {
    return new IntTensor(shape, new int[Shapes.size(shape)]);
  }

  static IntTensor tabulate(Shape shape, IntToLongFunction values) {
    IntTensor result = zeros(shape);
    for (int i = 0; i < result.data.length; i++) {
      result.data[i] = (int) values.applyAsLong(i);
    }
    return result;
  }

  static IntTensor outside(IndexMap map, long value) {
    IntTensor result = zeros(map.outputShape());
    map.apply(new int[Shapes.size(map.inputShape())], result.data, (int) value);
    return result;
  }

  static IntTensor concat(Shape shape, List<RingTensor> parts, int axis) {
    IntTensor result = zeros(shape);
    int rows = Shapes.product(shape, 0, axis);
    int width = Shapes.product(shape, axis, shape.dimension());
    int column = 0;
    for (RingTensor part : parts) {
      int[] source = ((IntTensor) part).data;
      int length = Shapes.product(part.shape(), axis, shape.dimension());
      for (int row = 0; row < rows; row++) {
        System.arraycopy(source, row * length, result.data, row * width + column, length);
      }
      column += length;
    }
    return result;
  }

  static IntTensor fromBits(Shape shape, BitTensor bits) {
    IntTensor result = zeros(shape);
    int[] data = result.data;
    for (int i = 0; i < data.length; i++) {
      data[i] = (int) (bits.word(i >>> 6) >>> i & 1);
    }
    return result;
  }

  /** All elements, the first of them at {@code from}. */
  void setNarrow(int[] source, int from) {
    System.arraycopy(source, from, data, 0, data.length);
  }

  @Override
  public boolean isAbsent() {
    return false;
  }

  @Override
  public long getLong(int i) {
    return data[i];
  }

  @Override
  RingTensor view(Shape target) {
    return new IntTensor(target, data);
  }

  @Override
  public RingTensor copy() {
    return new IntTensor(shape(), data.clone());
  }

  @Override
  RingTensor binary(Elementwise.Binary op, RingTensor other) {
    IntTensor result = zeros(shape());
    int[] b = ((IntTensor) other).data;
    each((from, to) -> Kernels.best().binary(op, data, b, result.data, from, to));
    return result;
  }

  @Override
  void binaryInPlace(Elementwise.Binary op, RingTensor other) {
    int[] b = ((IntTensor) other).data;
    each((from, to) -> Kernels.best().binary(op, data, b, data, from, to));
  }

  @Override
  void addProduct(RingTensor a, RingTensor b) {
    int[] left = ((IntTensor) a).data;
    int[] right = ((IntTensor) b).data;
    each((from, to) -> Kernels.best().multiplyAdd(left, right, data, from, to));
  }

  @Override
  RingTensor scalar(Elementwise.Scalar op, long s) {
    IntTensor result = zeros(shape());
    each((from, to) -> Kernels.best().scalar(op, data, (int) s, result.data, from, to));
    return result;
  }

  @Override
  void scalarInPlace(Elementwise.Scalar op, long s) {
    each((from, to) -> Kernels.best().scalar(op, data, (int) s, data, from, to));
  }

  void set(int i, int value) {
    data[i] = value;
  }

  @Override
  BitTensor extract(int k) {
    BitTensor bits = BitTensor.zeros(data.length);
    each((from, to) -> Kernels.best().extractBit(data, k, bits.array(), from, to));
    return bits;
  }

  @Override
  RingTensor masked(Elementwise.Masked op, BitTensor bits) {
    IntTensor result = zeros(shape());
    each((from, to) -> Kernels.best().masked(op, data, bits.array(), result.data, from, to));
    return result;
  }

  @Override
  void addChannels(RingTensor bias, int axis) {
    int[] values = ((IntTensor) bias).data;
    int inner = Shapes.product(shape(), axis + 1, shape().dimension());
    if (inner == 1) {
      for (int from = 0; from < data.length; from += values.length) {
        for (int c = 0; c < values.length; c++) {
          data[from + c] += values[c];
        }
      }
      return;
    }
    int channel = 0;
    for (int from = 0; from < data.length; from += inner) {
      int value = values[channel];
      for (int i = from; i < from + inner; i++) {
        data[i] += value;
      }
      channel = channel + 1 == values.length ? 0 : channel + 1;
    }
  }

  @Override
  RingTensor rearranged(IndexMap map) {
    IntTensor result = zeros(map.outputShape());
    map.apply(data, result.data, 0);
    return result;
  }

  @Override
  RingTensor summed(int outer, int length, int inner) {
    return inner == 1 ? summedRows(outer, length) : summedColumns(outer, length, inner);
  }

  private RingTensor summedRows(int outer, int length) {
    int[] sums = new int[outer];
    for (int o = 0; o < outer; o++) {
      int sum = 0;
      for (int i = o * length; i < (o + 1) * length; i++) {
        sum += data[i];
      }
      sums[o] = sum;
    }
    return new IntTensor(new Shape(outer, 1), sums);
  }

  private RingTensor summedColumns(int outer, int length, int inner) {
    int[] sums = new int[outer * inner];
    for (int o = 0; o < outer; o++) {
      for (int l = 0; l < length; l++) {
        int from = (o * length + l) * inner;
        for (int i = 0; i < inner; i++) {
          sums[o * inner + i] += data[from + i];
        }
      }
    }
    return new IntTensor(new Shape(outer, inner), sums);
  }

  @Override
  RingTensor product(RingTensor other, Shape target, int batch, int m, int n, int k) {
    IntTensor result = zeros(target);
    int[] b = ((IntTensor) other).data;
    for (int i = 0; i < batch; i++) {
      MatrixProduct.gemm(m, n, k, data, i * m * k, b, i * k * n, result.data, i * m * n);
    }
    return result;
  }

  @Override
  RingTensor productTransposed(RingTensor other, Shape target, int m, int n, int k) {
    IntTensor result = zeros(target);
    MatrixProduct.gemmTransposed(m, n, k, data, ((IntTensor) other).data, result.data);
    return result;
  }

  @Override
  RingTensor convolved(RingTensor weight, Shape target, ConvolutionGeometry geometry) {
    IntTensor result = zeros(target);
    IntConvolution.run(geometry, data, ((IntTensor) weight).data, result.data);
    return result;
  }

  @Override
  void storeElements(byte[] dst, int dstOffset, int from, int count) {
    for (int i = 0; i < count; i++) {
      LittleEndian.INTS.set(dst, dstOffset + i * Integer.BYTES, data[from + i]);
    }
  }

  @Override
  void loadElements(byte[] src, int srcOffset, int from, int count) {
    for (int i = 0; i < count; i++) {
      data[from + i] = (int) LittleEndian.INTS.get(src, srcOffset + i * Integer.BYTES);
    }
  }

  @Override
  void copyWordsFrom(long[] dst, int dstOffset, int from, int count) {
    for (int i = 0; i < count; i++) {
      dst[dstOffset + i] = Integer.toUnsignedLong(data[from + i]);
    }
  }

  @Override
  void setWordsTo(long[] src, int srcOffset, int from, int count) {
    for (int i = 0; i < count; i++) {
      data[from + i] = (int) src[srcOffset + i];
    }
  }

  @Override
  RingTensor copyOfRange(int from, int count) {
    return new IntTensor(new Shape(count), Arrays.copyOfRange(data, from, from + count));
  }

  @Override
  void replaceRange(int from, RingTensor src) {
    System.arraycopy(((IntTensor) src).data, 0, data, from, src.size());
  }

  @Override
  public void close() {
    Arrays.fill(data, 0);
  }
}
