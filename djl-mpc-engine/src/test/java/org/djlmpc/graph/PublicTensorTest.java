package org.djlmpc.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.protocol.functions.RealFunctions;
import org.junit.jupiter.api.Test;

/** Storage of public arrays and the functions that Java lacks. */
final class PublicTensorTest {
  @Test
  void buffersAreThoseOfDjl() {
    Random random = new Random(4);
    try (NDManager manager = Oracle.manager()) {
      for (DataType type :
          List.of(
              DataType.FLOAT32,
              DataType.FLOAT64,
              DataType.INT32,
              DataType.INT64,
              DataType.UINT8,
              DataType.INT8,
              DataType.BOOLEAN)) {
        PublicTensor x = Oracle.random(random, type, 3, 4);
        NDArray array = new DjlOperators(manager).constant(x);
        assertThat(DjlOperators.toPublic(array)).isEqualTo(x);
        assertThat(PublicTensor.fromBuffer(x.toByteBuffer(), type, x.shape())).isEqualTo(x);
      }
      NDArray half =
          manager
              .create(new float[] {1.5f, -65504, 6e-8f, -0f, 1 / 3f, Float.POSITIVE_INFINITY})
              .toType(DataType.FLOAT16, false);
      assertThat(DjlOperators.toPublic(half).floats())
          .isEqualTo(half.toType(DataType.FLOAT32, false).toFloatArray());
    }
    ByteBuffer brain = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    brain.putShort((short) 0x3FC0).putShort((short) 0xC000).flip();
    assertThat(PublicTensor.fromBuffer(brain, DataType.BFLOAT16, new Shape(2)).floats())
        .containsExactly(1.5f, -2);
  }

  @Test
  void largeWeightsExistOnce() {
    float[] values = {1, 2, 3, 4, 5, 6};
    PublicTensor x = PublicTensor.of(values, new Shape(2, 3));
    assertThat(x.floats()).isSameAs(values);
    assertThat(x.reshape(new Shape(6)).floats()).isSameAs(values);
    assertThat(x.cast(DataType.FLOAT32)).isSameAs(x);
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertRefused(ErrorCode.SHAPE, () -> PublicTensor.of(new float[5], new Shape(2, 3)));
    ByteBuffer five = ByteBuffer.allocate(5);
    assertRefused(
        ErrorCode.SHAPE, () -> PublicTensor.fromBuffer(five, DataType.FLOAT32, new Shape(1)));
    assertRefused(
        ErrorCode.DATA_TYPE, () -> PublicTensor.fromBuffer(five, DataType.COMPLEX64, new Shape(0)));
    assertRefused(
        ErrorCode.SHAPE, () -> PublicTensor.zeros(new Shape(1 << 20, 1 << 20), DataType.INT8));
  }

  private static void assertRefused(ErrorCode code, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(MpcException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void doesNotShowValues() {
    assertThat(PublicTensor.scalar(12345, DataType.FLOAT32)).hasToString("PublicTensor() float32");
  }

  /** Values from Abramowitz and Stegun, table 7.1, and from erf's asymptotic expansion. */
  @Test
  void errorFunction() {
    assertThat(RealFunctions.erf(0.5)).isCloseTo(0.5204998778130465, within(1e-15));
    assertThat(RealFunctions.erf(-1)).isCloseTo(-0.8427007929497149, within(1e-15));
    assertThat(RealFunctions.erf(2)).isCloseTo(0.9953222650189527, within(1e-15));
    assertThat(RealFunctions.erf(5.9)).isCloseTo(1, within(1e-15));
    assertThat(RealFunctions.erf(1e-300)).isCloseTo(1.1283791670955126e-300, within(1e-315));
    assertThat(RealFunctions.erf(Double.NEGATIVE_INFINITY)).isEqualTo(-1);
    assertThat(RealFunctions.erf(Double.NaN)).isNaN();
  }
}
