package org.djlmpc.fixedpoint;

import ai.djl.ndarray.types.Shape;
import java.util.function.IntToDoubleFunction;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;

/**
 * Real numbers as integers modulo 2^n: x is stored as round(x 2^s) with s fraction bits, negative
 * numbers as their two's complement.
 *
 * <p>The error of one encoding is at most 2^-(s+1). A product of two values carries 2 f fraction
 * bits; it survives rescaling while it stays below 2^(n-2), hence {@link #maxAbs}.
 *
 * @param ring the ring Z_2^n
 * @param fractionBits f, from 0 to n / 2 - 1
 */
public record FixedPoint(Ring ring, int fractionBits) {

  /** Checks the number of fraction bits. */
  public FixedPoint {
    if (fractionBits < 0 || fractionBits > ring.bits() / 2 - 1) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          fractionBits + " fraction bits in " + ring + ".",
          "Use 0 to " + (ring.bits() / 2 - 1) + " fraction bits.");
    }
  }

  /**
   * The bound of every value and every product of values: 2^(n-2-2f). Values must be smaller in
   * absolute value, after rounding; then a product at 2 f fraction bits is below 2^(n-2) if the
   * real product is below this bound too.
   */
  public double maxAbs() {
    return Math.scalb(1.0, ring.bits() - 2 - 2 * fractionBits);
  }

  /**
   * Encodes with f fraction bits.
   *
   * @param values finite, smaller than {@link #maxAbs} in absolute value
   * @param shape shape of the result
   * @throws MpcException NOT_FINITE, OUT_OF_RANGE, or SHAPE
   */
  public RingTensor encode(float[] values, Shape shape) {
    return encode(values.length, i -> values[i], shape, fractionBits, maxAbs());
  }

  /**
   * Encodes with f fraction bits.
   *
   * @param values finite, smaller than {@link #maxAbs} in absolute value
   * @param shape shape of the result
   * @throws MpcException NOT_FINITE, OUT_OF_RANGE, or SHAPE
   */
  public RingTensor encode(double[] values, Shape shape) {
    return encode(values.length, i -> values[i], shape, fractionBits, maxAbs());
  }

  /**
   * Encodes with another number of fraction bits, such as 2 f for what is added to products.
   *
   * @param values finite, smaller than 2^(n-2-scaleBits) in absolute value
   * @param shape shape of the result
   * @param scaleBits fraction bits, from 0 to n - 2
   * @throws MpcException NOT_FINITE, OUT_OF_RANGE, SHAPE, or ARGUMENT
   */
  public RingTensor encode(float[] values, Shape shape, int scaleBits) {
    return encode(values.length, i -> values[i], shape, scaleBits, limit(scaleBits));
  }

  /**
   * Encodes with another number of fraction bits, such as 2 f for what is added to products.
   *
   * @param values finite, smaller than 2^(n-2-scaleBits) in absolute value
   * @param shape shape of the result
   * @param scaleBits fraction bits, from 0 to n - 2
   * @throws MpcException NOT_FINITE, OUT_OF_RANGE, SHAPE, or ARGUMENT
   */
  public RingTensor encode(double[] values, Shape shape, int scaleBits) {
    return encode(values.length, i -> values[i], shape, scaleBits, limit(scaleBits));
  }

  /** The real numbers that the elements stand for, with {@code scaleBits} fraction bits. */
  public double[] decode(RingTensor encoded, int scaleBits) {
    requireRing(encoded);
    double unit = Math.scalb(1.0, -requireScale(scaleBits));
    double[] values = new double[encoded.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = encoded.getLong(i) * unit;
    }
    return values;
  }

  /** As {@link #decode}, rounded to float. */
  public float[] decodeFloats(RingTensor encoded, int scaleBits) {
    requireRing(encoded);
    double unit = Math.scalb(1.0, -requireScale(scaleBits));
    float[] values = new float[encoded.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (encoded.getLong(i) * unit);
    }
    return values;
  }

  /**
   * Encodes some of the values, which {@link #requireInside(float[], int)} has checked.
   *
   * @param from the first of them
   * @param scaleBits fraction bits
   * @param part receives as many as it has
   */
  public void encode(float[] values, int from, int scaleBits, RingTensor part) {
    double scale = Math.scalb(1.0, scaleBits);
    try (RingTensor encoded =
        RingTensor.tabulate(
            ring, part.shape(), i -> (long) Math.rint((double) values[from + i] * scale))) {
      part.setRange(0, encoded);
    }
  }

  /**
   * Checks that values can be encoded: those with f fraction bits also multiplied.
   *
   * @throws MpcException NOT_FINITE, OUT_OF_RANGE or ARGUMENT
   */
  public void requireInside(float[] values, int scaleBits) {
    double limit = scaleBits == fractionBits ? maxAbs() : limit(scaleBits);
    requireInside(values.length, i -> values[i], scaleBits, limit);
  }

  private RingTensor encode(
      int count, IntToDoubleFunction values, Shape shape, int scaleBits, double limit) {
    if (shape.size() != count) {
      throw new MpcException(
          ErrorCode.SHAPE,
          count + " values for shape " + shape + ".",
          "Give one value per element.");
    }
    requireInside(count, values, scaleBits, limit);
    double scale = Math.scalb(1.0, scaleBits);
    return RingTensor.tabulate(ring, shape, i -> (long) Math.rint(values.applyAsDouble(i) * scale));
  }

  private void requireInside(int count, IntToDoubleFunction values, int scaleBits, double limit) {
    double scale = Math.scalb(1.0, scaleBits);
    int strange = 0;
    int outside = 0;
    for (int i = 0; i < count; i++) {
      double value = Math.abs(values.applyAsDouble(i));
      if (!(value < Double.POSITIVE_INFINITY)) {
        strange++;
      } else if (Math.rint(value * scale) >= limit * scale) {
        outside++;
      }
    }
    if (strange > 0) {
      throw new MpcException(
          ErrorCode.NOT_FINITE,
          strange + " of " + count + " values are NaN or infinite.",
          "Clean the data; fixed-point numbers have no NaN.");
    }
    if (outside > 0) {
      throw new MpcException(
          ErrorCode.OUT_OF_RANGE,
          outside
              + " of "
              + count
              + " values are not between -"
              + limit
              + " and "
              + limit
              + ", the range of "
              + ring
              + " with "
              + scaleBits
              + " fraction bits"
              + (scaleBits == fractionBits ? " (products carry twice as many)." : "."),
          "Scale the data down, choose fewer fraction bits (each gives two more bits of range), or"
              + " use a wider ring.");
    }
  }

  private double limit(int scaleBits) {
    return Math.scalb(1.0, ring.bits() - 2 - requireScale(scaleBits));
  }

  private int requireScale(int scaleBits) {
    if (scaleBits < 0 || scaleBits > ring.bits() - 2) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          scaleBits + " fraction bits in " + ring + ".",
          "Use 0 to " + (ring.bits() - 2) + " fraction bits.");
    }
    return scaleBits;
  }

  private void requireRing(RingTensor encoded) {
    if (encoded.ring() != ring) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A tensor in " + encoded.ring() + " for a fixed point in " + ring + ".",
          "Use the fixed point that encoded the tensor.");
    }
  }
}
