package org.djlmpc.ring;

import ai.djl.ndarray.types.Shape;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/** A ring and a shape without elements: planning runs the same code on it as computing. */
final class AbsentTensor extends RingTensor {

  AbsentTensor(Ring ring, Shape shape) {
    super(ring, shape);
    Shapes.size(shape);
  }

  private AbsentTensor absent(Shape shape) {
    return new AbsentTensor(ring(), shape);
  }

  @Override
  public boolean isAbsent() {
    return true;
  }

  @Override
  public long getLong(int i) {
    throw new MpcException(
        ErrorCode.INTERNAL,
        "A value of an absent tensor was asked for.",
        "Report this with the stack trace.");
  }

  @Override
  RingTensor view(Shape target) {
    return absent(target);
  }

  @Override
  public RingTensor copy() {
    return this;
  }

  @Override
  RingTensor binary(Elementwise.Binary op, RingTensor other) {
    return this;
  }

  @Override
  void binaryInPlace(Elementwise.Binary op, RingTensor other) {}

  @Override
  void addProduct(RingTensor a, RingTensor b) {}

  @Override
  RingTensor scalar(Elementwise.Scalar op, long s) {
    return this;
  }

  @Override
  void scalarInPlace(Elementwise.Scalar op, long s) {}

  @Override
  BitTensor extract(int k) {
    return BitTensor.absent(size());
  }

  @Override
  RingTensor masked(Elementwise.Masked op, BitTensor bits) {
    return this;
  }

  @Override
  void addChannels(RingTensor bias, int axis) {}

  @Override
  RingTensor rearranged(IndexMap map) {
    return absent(map.outputShape());
  }

  @Override
  RingTensor summed(int outer, int length, int inner) {
    return absent(new Shape(outer, inner));
  }

  @Override
  RingTensor product(RingTensor other, Shape target, int batch, int m, int n, int k) {
    return absent(target);
  }

  @Override
  RingTensor productTransposed(RingTensor other, Shape target, int m, int n, int k) {
    return absent(target);
  }

  @Override
  RingTensor convolved(RingTensor weight, Shape target, ConvolutionGeometry geometry) {
    return absent(target);
  }

  @Override
  void storeElements(byte[] dst, int dstOffset, int from, int count) {}

  @Override
  void loadElements(byte[] src, int srcOffset, int from, int count) {}

  @Override
  void copyWordsFrom(long[] dst, int dstOffset, int from, int count) {}

  @Override
  void setWordsTo(long[] src, int srcOffset, int from, int count) {}

  @Override
  RingTensor copyOfRange(int from, int count) {
    return absent(new Shape(count));
  }

  @Override
  void replaceRange(int from, RingTensor src) {}

  @Override
  public void close() {}
}
