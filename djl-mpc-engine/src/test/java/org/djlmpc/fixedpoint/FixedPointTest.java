package org.djlmpc.fixedpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FixedPointTest {

  @ParameterizedTest
  @CsvSource({"Z64, 16", "Z64, 0", "Z64, 20", "Z32, 8", "Z32, 12", "Z32, 0"})
  void roundTripsUpToItsLimits(Ring ring, int f) {
    FixedPoint fixed = new FixedPoint(ring, f);
    double limit = fixed.maxAbs();
    assertThat(limit).isEqualTo(Math.pow(2, ring.bits() - 2 - 2 * f));
    double half = Math.scalb(1.0, -(f + 1));
    Random random = new Random(5);
    double[] values = new double[1000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (2 * random.nextDouble() - 1) * Math.scalb(limit, -i % 40);
    }
    values[0] = Math.min(limit - 1.01 * half, Math.nextDown(limit));
    values[1] = -values[0];
    values[2] = half;
    values[3] = -0.0;
    values[4] = Double.MIN_VALUE;
    Shape shape = new Shape(10, 100);
    RingTensor encoded = fixed.encode(values, shape);
    assertThat(encoded.shape()).isEqualTo(shape);
    double[] decoded = fixed.decode(encoded, f);
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      // Decoding adds the rounding of a double, far below the half unit.
      assertThat(decoded[i]).isCloseTo(values[i], within(half + Math.ulp(values[i])));
      floats[i] = (float) values[i] * 0.5f;
    }
    float[] back = fixed.decodeFloats(fixed.encode(floats, shape), f);
    for (int i = 0; i < floats.length; i++) {
      assertThat((double) back[i]).isCloseTo(floats[i], within(half + Math.ulp(floats[i])));
    }
  }

  /** Products at 2 f bits stay below 2^(n-2) while the real product is below the limit. */
  @Test
  void productsAtTheLimitSurvive() {
    FixedPoint fixed = new FixedPoint(Ring.Z64, 16);
    double[] left = {fixed.maxAbs() - 1, -32767.75, 1.5};
    double[] right = {0.999, 32767.75, -2.25};
    RingTensor product =
        fixed.encode(left, new Shape(3)).multiply(fixed.encode(right, new Shape(3)));
    double[] decoded = fixed.decode(product, 32);
    for (int i = 0; i < 3; i++) {
      assertThat(Math.abs(product.getLong(i))).isLessThan(1L << 62);
      assertThat(decoded[i] / (left[i] * right[i])).isCloseTo(1, within(1e-4));
    }
  }

  @Test
  void otherScalesHaveTheirOwnRange() {
    FixedPoint fixed = new FixedPoint(Ring.Z32, 10);
    assertThat(fixed.encode(new double[] {3.25}, new Shape(1), 20).getLong(0)).isEqualTo(13L << 18);
    double[] largest = {1024 - Math.scalb(1.0, -20)};
    assertThat(fixed.encode(largest, new Shape(1), 20).getLong(0)).isEqualTo((1L << 30) - 1);
    double[] roundsToTheLimit = {Math.nextDown(1024.0)};
    expect(ErrorCode.OUT_OF_RANGE, () -> fixed.encode(roundsToTheLimit, new Shape(1), 20), "20");
    expect(ErrorCode.ARGUMENT, () -> fixed.encode(new double[] {0}, new Shape(1), 31), "31");
  }

  @Test
  void roundsToNearest() {
    FixedPoint fixed = new FixedPoint(Ring.Z64, 2);
    double[] values = {0.124, 0.126, -0.124, -0.126, 5.37, -5.38};
    RingTensor encoded = fixed.encode(values, new Shape(6));
    long[] expected = {0, 1, 0, -1, 21, -22};
    for (int i = 0; i < 6; i++) {
      assertThat(encoded.getLong(i)).isEqualTo(expected[i]);
    }
  }

  @Test
  void errorsCountValuesAndNeverShowThem() {
    FixedPoint fixed = new FixedPoint(Ring.Z32, 12);
    float limit = (float) fixed.maxAbs();
    assertThat(limit).isEqualTo(64);
    float[] large = {1, 64, -777, 2};
    expect(
        ErrorCode.OUT_OF_RANGE, () -> fixed.encode(large, new Shape(4)), "2 of 4", "64.0", "fewer");
    float[] strange = {Float.NaN, 1, Float.NEGATIVE_INFINITY, 777};
    expect(ErrorCode.NOT_FINITE, () -> fixed.encode(strange, new Shape(4)), "2 of 4");
    expect(ErrorCode.SHAPE, () -> fixed.encode(large, new Shape(5)), "(5)");
    expect(ErrorCode.ARGUMENT, () -> new FixedPoint(Ring.Z32, 16), "15");
    expect(
        ErrorCode.ARGUMENT,
        () -> fixed.decode(RingTensor.zeros(Ring.Z64, new Shape(1)), 12),
        "Z64");
  }

  private static void expect(ErrorCode code, ThrowingCallable call, String... texts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(MpcException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContainingAll(texts)
        .hasMessageNotContaining("777");
  }
}
