package org.djlmpc.ring;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToLongFunction;

/** Elements of Z64 in one long[], row-major. */
final class LongTensor extends RingTensor {

  private final long[] data;

  LongTensor(Shape shape, long[] data) {
    super(Ring.Z64, shape);
    this.data = data;
  }

  static LongTensor zeros(Shape shape) {
    return new LongTensor(shape, new long[Shapes.size(shape)]);
  }

  static LongTensor tabulate(Shape shape, IntToLongFunction values) {
    LongTensor result = zeros(shape);
    for (int i = 0; i < result.data.length; i++) {
      result.data[i] = values.applyAsLong(i);
    }
    return result;
  }

  static LongTensor outside(IndexMap map, long value) {
    LongTensor result = zeros(map.outputShape());
    map.apply(new long[Shapes.size(map.inputShape())], result.data, value);
    return result;
  }

  static LongTensor concat(Shape shape, List<RingTensor> parts, int axis) {
    LongTensor result = zeros(shape);
    int rows = Shapes.product(shape, 0, axis);
    int width = Shapes.product(shape, axis, shape.dimension());
    int column = 0;
    for (RingTensor part : parts) {
      long[] source = ((LongTensor) part).data;
      int length = Shapes.product(part.shape(), axis, shape.dimension());
      for (int row = 0; row < rows; row++) {
        System.arraycopy(source, row * length, result.data, row * width + column, length);
      }
      column += length;
    }
    return result;
  }

  static LongTensor fromBits(Shape shape, BitTensor bits) {
    LongTensor result = zeros(shape);
    long[] data = result.data;
    for (int i = 0; i < data.length; i++) {
      data[i] = bits.word(i >>> 6) >>> i & 1;
    }
    return result;
  }

  /**
   * Elements {@code first} to {@code end - 1} from small numbers, the first of them at {@code
   * from}.
   */
  void setNarrow(int[] source, int from, int first, int end) {
    for (int i = first; i < end; i++) {
      data[i] = source[from + i - first];
    }
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
    return new LongTensor(target, data);
  }

  @Override
  public RingTensor copy() {
    return new LongTensor(shape(), data.clone());
  }

  @Override
  RingTensor binary(Elementwise.Binary op, RingTensor other) {
    LongTensor result = zeros(shape());
    long[] b = ((LongTensor) other).data;
    each((from, to) -> Kernels.best().binary(op, data, b, result.data, from, to));
    return result;
  }

  @Override
  void binaryInPlace(Elementwise.Binary op, RingTensor other) {
    long[] b = ((LongTensor) other).data;
    each((from, to) -> Kernels.best().binary(op, data, b, data, from, to));
  }

  @Override
  void addProduct(RingTensor a, RingTensor b) {
    long[] left = ((LongTensor) a).data;
    long[] right = ((LongTensor) b).data;
    each((from, to) -> Kernels.best().multiplyAdd(left, right, data, from, to));
  }

  @Override
  RingTensor scalar(Elementwise.Scalar op, long s) {
    LongTensor result = zeros(shape());
    each((from, to) -> Kernels.best().scalar(op, data, s, result.data, from, to));
    return result;
  }

  @Override
  void scalarInPlace(Elementwise.Scalar op, long s) {
    each((from, to) -> Kernels.best().scalar(op, data, s, data, from, to));
  }

  @Override
  BitTensor extract(int k) {
    BitTensor bits = BitTensor.zeros(data.length);
    each((from, to) -> Kernels.best().extractBit(data, k, bits.array(), from, to));
    return bits;
  }

  @Override
  RingTensor masked(Elementwise.Masked op, BitTensor bits) {
    LongTensor result = zeros(shape());
    each((from, to) -> Kernels.best().masked(op, data, bits.array(), result.data, from, to));
    return result;
  }

  @Override
  void addChannels(RingTensor bias, int axis) {
    long[] values = ((LongTensor) bias).data;
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
      long value = values[channel];
      for (int i = from; i < from + inner; i++) {
        data[i] += value;
      }
      channel = channel + 1 == values.length ? 0 : channel + 1;
    }
  }

  @Override
  RingTensor rearranged(IndexMap map) {
    LongTensor result = zeros(map.outputShape());
    map.apply(data, result.data, 0);
    return result;
  }

  @Override
  RingTensor summed(int outer, int length, int inner) {
    return inner == 1 ? summedRows(outer, length) : summedColumns(outer, length, inner);
  }

  private RingTensor summedRows(int outer, int length) {
    long[] sums = new long[outer];
    for (int o = 0; o < outer; o++) {
      long sum = 0;
      for (int i = o * length; i < (o + 1) * length; i++) {
        sum += data[i];
      }
      sums[o] = sum;
    }
    return new LongTensor(new Shape(outer, 1), sums);
  }

  private RingTensor summedColumns(int outer, int length, int inner) {
    long[] sums = new long[outer * inner];
    for (int o = 0; o < outer; o++) {
      for (int l = 0; l < length; l++) {
        int from = (o * length + l) * inner;
        for (int i = 0; i < inner; i++) {
          sums[o * inner + i] += data[from + i];
        }
      }
    }
    return new LongTensor(new Shape(outer, inner), sums);
  }

  @Override
  RingTensor product(RingTensor other, Shape target, int batch, int m, int n, int k) {
    LongTensor result = zeros(target);
    long[] b = ((LongTensor) other).data;
    for (int i = 0; i < batch; i++) {
      MatrixProduct.gemm(m, n, k, data, i * m * k, b, i * k * n, result.data, i * m * n);
    }
    return result;
  }

  @Override
  RingTensor productTransposed(RingTensor other, Shape target, int m, int n, int k) {
    LongTensor result = zeros(target);
    MatrixProduct.gemmTransposed(m, n, k, data, ((LongTensor) other).data, result.data);
    return result;
  }

  @Override
  RingTensor convolved(RingTensor weight, Shape target, ConvolutionGeometry geometry) {
    LongTensor result = zeros(target);
    LongConvolution.run(geometry, data, ((LongTensor) weight).data, result.data);
    return result;
  }

  @Override
  void storeElements(byte[] dst, int dstOffset, int from, int count) {
    for (int i = 0; i < count; i++) {
      LittleEndian.LONGS.set(dst, dstOffset + i * Long.BYTES, data[from + i]);
    }
  }

  @Override
  void loadElements(byte[] src, int srcOffset, int from, int count) {
    for (int i = 0; i < count; i++) {
      data[from + i] = (long) LittleEndian.LONGS.get(src, srcOffset + i * Long.BYTES);
    }
  }

  @Override
  void copyWordsFrom(long[] dst, int dstOffset, int from, int count) {
    System.arraycopy(data, from, dst, dstOffset, count);
  }

  @Override
  void setWordsTo(long[] src, int srcOffset, int from, int count) {
    System.arraycopy(src, srcOffset, data, from, count);
  }

  @Override
  RingTensor copyOfRange(int from, int count) {
    return new LongTensor(new Shape(count), Arrays.copyOfRange(data, from, from + count));
  }

  @Override
  void replaceRange(int from, RingTensor src) {
    System.arraycopy(((LongTensor) src).data, 0, data, from, src.size());
  }

  @Override
  public void close() {
    Arrays.fill(data, 0);
  }
}
