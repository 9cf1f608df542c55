package org.djlmpc.ring;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * Elements of a small ring: the low n bits of 32-bit words whose upper bits are zero.
 *
 * <p>Computes modulo 2^32 and then reduces, so that what tests enumerate on a small ring runs the
 * same kernels.
 */
final class SmallTensor extends RingTensor {
  private final IntTensor words;

  private SmallTensor(Ring ring, IntTensor words) {
    super(ring, words.shape());
    this.words = words;
  }

  /** The words modulo 2^n; the tensor passes to the result. */
  static SmallTensor reduced(Ring ring, IntTensor words) {
    return new SmallTensor(ring, words).reduceInPlace();
  }

  static SmallTensor joined(Ring ring, Shape shape, List<RingTensor> parts, int axis) {
    List<RingTensor> words = parts.stream().map(SmallTensor::words).toList();
    return new SmallTensor(ring, IntTensor.concat(shape, words, axis));
  }

  private static RingTensor words(RingTensor tensor) {
    return ((SmallTensor) tensor).words;
  }

  private SmallTensor of(RingTensor result) {
    return new SmallTensor(ring(), (IntTensor) result);
  }

  private SmallTensor reduced(RingTensor result) {
    return of(result).reduceInPlace();
  }

  private SmallTensor reduceInPlace() {
    words.scalarInPlace(Elementwise.Scalar.AND, ring().mask());
    return this;
  }

  @Override
  public boolean isAbsent() {
    return false;
  }

  @Override
  public long getLong(int i) {
    int unused = Long.SIZE - ring().bits();
    return words.getLong(i) << unused >> unused;
  }

  @Override
  RingTensor view(Shape target) {
    return of(words.view(target));
  }

  @Override
  public RingTensor copy() {
    return of(words.copy());
  }

  @Override
  RingTensor binary(Elementwise.Binary op, RingTensor other) {
    return reduced(words.binary(op, words(other)));
  }

  @Override
  void binaryInPlace(Elementwise.Binary op, RingTensor other) {
    words.binaryInPlace(op, words(other));
    reduceInPlace();
  }

  @Override
  void addProduct(RingTensor a, RingTensor b) {
    words.addProduct(words(a), words(b));
    reduceInPlace();
  }

  @Override
  void scalarInPlace(Elementwise.Scalar op, long s) {
    words.scalarInPlace(op, s);
    reduceInPlace();
  }

  @Override
  RingTensor scalar(Elementwise.Scalar op, long s) {
    if (op != Elementwise.Scalar.SHIFT_RIGHT_ARITHMETIC) {
      return reduced(words.scalar(op, s));
    }
    int unused = Integer.SIZE - ring().bits();
    RingTensor top = words.scalar(Elementwise.Scalar.SHIFT_LEFT, unused);
    return reduced(top.scalar(op, unused + s));
  }

  @Override
  BitTensor extract(int k) {
    return words.extract(k);
  }

  @Override
  RingTensor masked(Elementwise.Masked op, BitTensor bits) {
    return reduced(words.masked(op, bits));
  }

  @Override
  void addChannels(RingTensor bias, int axis) {
    words.addChannels(words(bias), axis);
    reduceInPlace();
  }

  @Override
  RingTensor rearranged(IndexMap map) {
    return of(words.rearranged(map));
  }

  @Override
  RingTensor summed(int outer, int length, int inner) {
    return reduced(words.summed(outer, length, inner));
  }

  @Override
  RingTensor product(RingTensor other, Shape target, int batch, int m, int n, int k) {
    return reduced(words.product(words(other), target, batch, m, n, k));
  }

  @Override
  RingTensor productTransposed(RingTensor other, Shape target, int m, int n, int k) {
    return reduced(words.productTransposed(words(other), target, m, n, k));
  }

  @Override
  RingTensor convolved(RingTensor weight, Shape target, ConvolutionGeometry geometry) {
    return reduced(words.convolved(words(weight), target, geometry));
  }

  @Override
  void storeElements(byte[] dst, int dstOffset, int from, int count) {
    for (int i = 0; i < count; i++) {
      dst[dstOffset + i] = (byte) words.getLong(from + i);
    }
  }

  @Override
  void loadElements(byte[] src, int srcOffset, int from, int count) {
    for (int i = 0; i < count; i++) {
      words.set(from + i, src[srcOffset + i] & (int) ring().mask());
    }
  }

  @Override
  void copyWordsFrom(long[] dst, int dstOffset, int from, int count) {
    words.copyWordsFrom(dst, dstOffset, from, count);
  }

  @Override
  void setWordsTo(long[] src, int srcOffset, int from, int count) {
    for (int i = 0; i < count; i++) {
      words.set(from + i, (int) (src[srcOffset + i] & ring().mask()));
    }
  }

  void setNarrow(int[] src, int from) {
    words.setNarrow(src, from);
    reduceInPlace();
  }

  @Override
  RingTensor copyOfRange(int from, int count) {
    return of(words.copyOfRange(from, count));
  }

  @Override
  void replaceRange(int from, RingTensor src) {
    words.replaceRange(from, words(src));
  }

  @Override
  public void close() {
    words.close();
  }
}
