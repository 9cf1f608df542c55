package org.djlmpc.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RingTensorTest {

  /** Long enough for several threads and a ragged end. */
  private static final int MANY = (1 << 17) + 77;

  @ParameterizedTest
  @EnumSource(Ring.class)
  void elementwiseOperationsAreModularArithmetic(Ring ring) {
    RingOracle oracle = new RingOracle(ring, 1);
    RingTensor a = oracle.tensor(MANY);
    RingTensor b = oracle.tensor(MANY);
    RingTensor c = oracle.tensor(MANY);
    long s = -3_000_000_019L;
    check(oracle, a.add(b), i -> RingOracle.at(a, i).add(RingOracle.at(b, i)));
    check(oracle, a.subtract(b), i -> RingOracle.at(a, i).subtract(RingOracle.at(b, i)));
    check(oracle, a.multiply(b), i -> RingOracle.at(a, i).multiply(RingOracle.at(b, i)));
    check(oracle, a.negate(), i -> RingOracle.at(a, i).negate());
    check(oracle, a.addScalar(s), i -> RingOracle.at(a, i).add(BigInteger.valueOf(s)));
    check(oracle, a.multiplyScalar(s), i -> RingOracle.at(a, i).multiply(BigInteger.valueOf(s)));
    check(oracle, a.copy().addInPlace(b), i -> RingOracle.at(a, i).add(RingOracle.at(b, i)));
    check(
        oracle,
        a.copy().subtractInPlace(b),
        i -> RingOracle.at(a, i).subtract(RingOracle.at(b, i)));
    check(
        oracle,
        a.copy().multiplyAddInPlace(b, c),
        i -> RingOracle.at(a, i).add(RingOracle.at(b, i).multiply(RingOracle.at(c, i))));
  }

  @ParameterizedTest
  @EnumSource(Ring.class)
  void shiftsAndLowBits(Ring ring) {
    RingOracle oracle = new RingOracle(ring, 2);
    RingTensor a = oracle.tensor(100);
    for (int k = 0; k < ring.bits(); k++) {
      int bits = k;
      check(oracle, a.shiftLeft(k), i -> RingOracle.at(a, i).shiftLeft(bits));
      check(oracle, a.shiftRight(k), i -> oracle.unsignedAt(a, i).shiftRight(bits));
      check(oracle, a.shiftRightArithmetic(k), i -> RingOracle.at(a, i).shiftRight(bits));
      check(oracle, a.low(k), i -> RingOracle.at(a, i).mod(BigInteger.ONE.shiftLeft(bits)));
    }
    check(oracle, a.low(ring.bits()), i -> RingOracle.at(a, i));
  }

  @ParameterizedTest
  @EnumSource(Ring.class)
  void bitsSelectAndNegate(Ring ring) {
    RingOracle oracle = new RingOracle(ring, 3);
    for (int size : new int[] {1, 63, 64, 65, 200, MANY}) {
      RingTensor a = oracle.tensor(size);
      BitTensor b = oracle.bits(size);
      check(oracle, a.multiplyBits(b), i -> b.get(i) ? RingOracle.at(a, i) : BigInteger.ZERO);
      check(
          oracle,
          a.negateWhere(b),
          i -> b.get(i) ? RingOracle.at(a, i).negate() : RingOracle.at(a, i));
      check(
          oracle,
          RingTensor.fromBits(ring, new Shape(size), b),
          i -> b.get(i) ? BigInteger.ONE : BigInteger.ZERO);
      for (int k : new int[] {0, 1, ring.bits() / 2 + 1, ring.bits() - 1}) {
        BitTensor bit = a.bit(k);
        for (int i = 0; i < size; i++) {
          assertThat(bit.get(i)).isEqualTo(oracle.unsignedAt(a, i).testBit(k));
        }
        assertThat(bit.word(bit.wordCount() - 1) >>> 1 >>> (size - 1 & 63)).isZero();
      }
      assertThat(a.msb().get(size - 1)).isEqualTo(a.getLong(size - 1) < 0);
    }
  }

  @ParameterizedTest
  @EnumSource(Ring.class)
  void sumsOverAnyAxes(Ring ring) {
    RingOracle oracle = new RingOracle(ring, 4);
    RingTensor a = oracle.tensor(3, 4, 5);
    for (int subset = 0; subset < 8; subset++) {
      List<Integer> axes = new ArrayList<>();
      for (int axis = 0; axis < 3; axis++) {
        if ((subset >> axis & 1) != 0) {
          axes.add(axis == 1 ? -2 : axis);
        }
      }
      RingTensor sum = a.sum(axes.stream().mapToInt(Integer::intValue).toArray(), true);
      long[] shape = {(subset & 1) != 0 ? 1 : 3, (subset & 2) != 0 ? 1 : 4, subset > 3 ? 1 : 5};
      assertThat(sum.shape()).isEqualTo(new Shape(shape));
      BigInteger[] expected = new BigInteger[sum.size()];
      java.util.Arrays.fill(expected, BigInteger.ZERO);
      for (int i = 0; i < a.size(); i++) {
        long[] at = {i / 20 % shape[0], i / 5 % 4 % shape[1], i % 5 % shape[2]};
        int to = (int) ((at[0] * shape[1] + at[1]) * shape[2] + at[2]);
        expected[to] = expected[to].add(RingOracle.at(a, i));
      }
      check(oracle, sum, i -> expected[i]);
    }
    assertThat(a.sum(new int[] {0, 2}, false).shape()).isEqualTo(new Shape(4));
    assertThat(a.sum(new int[] {0, 1, 2}, false).shape()).isEqualTo(new Shape());
    RingTensor untouched = a.sum(new int[0], false);
    untouched.addInPlace(untouched.copy());
    assertThat(untouched.getLong(7)).isNotEqualTo(a.getLong(7));
  }

  @ParameterizedTest
  @EnumSource(Ring.class)
  void concatBiasRangesAndViews(Ring ring) {
    RingOracle oracle = new RingOracle(ring, 5);
    RingTensor a = oracle.tensor(2, 3, 4);
    RingTensor b = oracle.tensor(2, 1, 4);
    RingTensor joined = RingTensor.concat(List.of(a, b), -2);
    assertThat(joined.shape()).isEqualTo(new Shape(2, 4, 4));
    for (int i = 0; i < joined.size(); i++) {
      int row = i / 4 % 4;
      long expected =
          row < 3 ? a.getLong(i / 16 * 12 + row * 4 + i % 4) : b.getLong(i / 16 * 4 + i % 4);
      assertThat(joined.getLong(i)).isEqualTo(expected);
    }
    for (int axis = 0; axis < 3; axis++) {
      RingTensor bias = oracle.tensor(a.shape().get(axis));
      int[] divisor = {12, 4, 1};
      int d = divisor[axis];
      check(
          oracle,
          a.copy().addChannelInPlace(bias, axis),
          i -> RingOracle.at(a, i).add(RingOracle.at(bias, i / d % bias.size())));
    }
    RingTensor part = a.range(5, 7);
    RingTensor target = RingTensor.zeros(ring, new Shape(4, 5));
    target.setRange(9, part);
    check(oracle, target, i -> i < 9 || i > 15 ? BigInteger.ZERO : RingOracle.at(a, i - 4));

    RingTensor view = a.reshape(new Shape(24));
    view.addInPlace(oracle.tensor(24));
    check(oracle, a, i -> RingOracle.at(view, i));
    RingTensor copy = a.copy();
    a.close();
    check(oracle, view, i -> BigInteger.ZERO);
    assertThat(copy.sum(new int[] {0, 1, 2}, false).getLong(0)).isNotZero();
  }

  @ParameterizedTest
  @EnumSource(Ring.class)
  void packedBitsHaveNoGaps(Ring ring) {
    RingOracle oracle = new RingOracle(ring, 7);
    int size = 9001; // more than one piece
    RingTensor a = oracle.tensor(size);
    for (int bits = 1; bits < ring.bits(); bits++) {
      int from = 2;
      int count = size - 5;
      int length = (count * bits + 7) / 8;
      assertThat(RingTensor.packedBytes(count, bits)).isEqualTo(length);
      byte[] bytes = new byte[3 + length];
      a.storePacked(bits, bytes, 3, from, count);
      byte[] reversed = new byte[length];
      for (int i = 0; i < length; i++) {
        reversed[length - 1 - i] = bytes[3 + i];
      }
      BigInteger stream = new BigInteger(1, reversed);
      BigInteger mask = BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
      for (int i : new int[] {0, 1, 7, 8, 63, 64, 4095, 4096, 8192, count - 2, count - 1}) {
        assertThat(stream.shiftRight(i * bits).and(mask))
            .isEqualTo(oracle.unsignedAt(a, from + i).and(mask));
      }
      assertThat(stream.bitLength()).isLessThanOrEqualTo(count * bits);
      RingTensor loaded = RingTensor.full(ring, new Shape(size), -1);
      loaded.loadPacked(bits, bytes, 3, from, count);
      RingTensor low = a.low(bits);
      for (int i = 0; i < size; i++) {
        boolean inside = i >= from && i < from + count;
        assertThat(loaded.getLong(i)).isEqualTo(inside ? low.getLong(i) : -1);
      }
      assertThat(a.copy().lowInPlace(bits).getLong(5)).isEqualTo(low.getLong(5));
    }
    assertThatThrownBy(() -> a.storePacked(1, new byte[2], 0, 0, 17))
        .isInstanceOf(MpcException.class)
        .hasMessageContaining("do not fit");
  }

  @ParameterizedTest
  @EnumSource(Ring.class)
  void bytesAndWords(Ring ring) {
    RingOracle oracle = new RingOracle(ring, 6);
    RingTensor a = oracle.tensor(9);
    byte[] bytes = new byte[3 + a.byteLength()];
    a.store(bytes, 3, 0, 9);
    for (int i = 0; i < 9; i++) {
      BigInteger value = BigInteger.ZERO;
      for (int j = ring.bytes() - 1; j >= 0; j--) {
        value = value.shiftLeft(8).or(BigInteger.valueOf(bytes[3 + i * ring.bytes() + j] & 0xff));
      }
      assertThat(value).isEqualTo(oracle.unsignedAt(a, i));
    }
    RingTensor loaded = RingTensor.zeros(ring, new Shape(9));
    loaded.load(bytes, 3 + 2 * ring.bytes(), 2, 4);
    check(oracle, loaded, i -> i < 2 || i > 5 ? BigInteger.ZERO : RingOracle.at(a, i));

    long[] words = new long[11];
    a.copyWords(words, 2, 1, 8);
    for (int i = 1; i < 9; i++) {
      assertThat(words[i + 1]).isEqualTo(a.getLong(i) & ring.mask());
    }
    RingTensor set = RingTensor.zeros(ring, new Shape(9));
    words[2] |= ~ring.mask();
    set.setWords(words, 2, 1, 8);
    check(oracle, set, i -> i == 0 ? BigInteger.ZERO : RingOracle.at(a, i));
  }

  @ParameterizedTest
  @EnumSource(Ring.class)
  void productsOfMatrices(Ring ring) {
    RingOracle oracle = new RingOracle(ring, 7);
    int[][] sizes = {
      {1, 1, 1}, {1, 300, 70}, {300, 1, 70}, {37, 41, 43}, {150, 130, 70}, {2, 3, 0}
    };
    for (int[] size : sizes) {
      int m = size[0];
      int n = size[1];
      int k = size[2];
      RingTensor a = oracle.tensor(m, k);
      RingTensor b = oracle.tensor(k, n);
      RingTensor transposed = b.rearrange(IndexMap.permute(b.shape(), 1, 0));
      RingTensor product = a.matmul(b);
      RingTensor other = a.matmulTransposed(transposed);
      assertThat(product.shape()).isEqualTo(new Shape(m, n));
      for (int i = 0; i < m * n; i++) {
        BigInteger sum = BigInteger.ZERO;
        for (int p = 0; p < k; p++) {
          sum = sum.add(RingOracle.at(a, i / n * k + p).multiply(RingOracle.at(b, p * n + i % n)));
        }
        assertThat(product.getLong(i)).isEqualTo(oracle.reduce(sum));
        assertThat(other.getLong(i)).isEqualTo(oracle.reduce(sum));
      }
    }
    RingTensor a = oracle.tensor(3, 4, 5);
    RingTensor b = oracle.tensor(3, 5, 2);
    RingTensor batched = a.matmul(b);
    assertThat(batched.shape()).isEqualTo(new Shape(3, 4, 2));
    for (int i = 0; i < 3; i++) {
      RingTensor one =
          a.range(i * 20, 20)
              .reshape(new Shape(4, 5))
              .matmul(b.range(i * 10, 10).reshape(new Shape(5, 2)));
      int at = i;
      check(oracle, batched.range(i * 8, 8), j -> RingOracle.at(one, j), "matrix " + at);
    }
  }

  @ParameterizedTest
  @EnumSource(Ring.class)
  void absentTensorsKeepShapesAndComputeNothing(Ring ring) {
    RingTensor absent = RingTensor.absent(ring, new Shape(1000, 1000));
    RingTensor present = RingTensor.zeros(ring, new Shape(1000, 1000));
    RingTensor row = RingTensor.absent(ring, new Shape(1000));
    ConvolutionSpec spec = new ConvolutionSpec(1, 1, 1, 1, 1, 1, 1);
    List<RingTensor> results =
        List.of(
            absent.add(present),
            present.add(absent),
            absent.multiply(absent),
            absent.negate().shiftRight(3).low(4),
            present.multiplyBits(absent.msb()),
            absent.negateWhere(BitTensor.zeros(1_000_000)),
            absent.addInPlace(present).multiplyAddInPlace(present, absent),
            absent.addChannelInPlace(row, 0),
            present.matmul(absent),
            absent.matmulTransposed(present),
            absent.rearrange(IndexMap.permute(absent.shape(), 1, 0)),
            absent.rearrange(IndexMap.flip(absent.shape(), 1)),
            RingTensor.concat(List.of(absent, present), 0)
                .range(0, 1_000_000)
                .reshape(absent.shape()),
            RingTensor.fromBits(ring, absent.shape(), BitTensor.absent(1_000_000)));
    assertThat(results)
        .allSatisfy(
            result -> {
              assertThat(result.isAbsent()).isTrue();
              assertThat(result.ring()).isEqualTo(ring);
              assertThat(result.shape()).isEqualTo(absent.shape());
            });
    assertThat(absent.sum(new int[] {0}, true).shape()).isEqualTo(new Shape(1, 1000));
    RingTensor image = absent.reshape(new Shape(1, 1, 1000, 1000));
    RingTensor weight = RingTensor.absent(ring, new Shape(7, 1, 3, 3));
    assertThat(image.convolution(weight, spec).shape()).isEqualTo(new Shape(1, 7, 1000, 1000));
    assertThat(absent.byteLength()).isEqualTo(1_000_000 * ring.bytes());
    byte[] bytes = {1, 2, 3};
    absent.store(bytes, 0, 0, 1_000_000);
    assertThat(bytes).containsExactly(1, 2, 3);
    assertThatThrownBy(() -> absent.getLong(0)).isInstanceOf(MpcException.class);
    assertThatThrownBy(() -> present.addInPlace(absent)).isInstanceOf(MpcException.class);
  }

  @Test
  void errorsNameShapesAndNeverElements() {
    RingTensor a = RingTensor.full(Ring.Z64, new Shape(2, 3), 123_456_789);
    RingTensor b = RingTensor.full(Ring.Z64, new Shape(3, 2), 123_456_789);
    RingTensor narrow = RingTensor.zeros(Ring.Z32, new Shape(2, 3));
    expect(ErrorCode.SHAPE, "(3, 2)", () -> a.add(b));
    expect(ErrorCode.SHAPE, "(2, 3)", () -> a.matmul(a));
    expect(ErrorCode.SHAPE, "5", () -> a.reshape(new Shape(5)));
    expect(ErrorCode.SHAPE, "7 bits", () -> a.multiplyBits(BitTensor.zeros(7)));
    expect(ErrorCode.ARGUMENT, "Z32", () -> a.add(narrow));
    expect(ErrorCode.ARGUMENT, "64", () -> a.shiftLeft(64));
    expect(ErrorCode.ARGUMENT, "32", () -> narrow.bit(32));
    expect(ErrorCode.ARGUMENT, "Range", () -> a.range(4, 3));
    expect(ErrorCode.ARGUMENT, "twice", () -> a.sum(new int[] {1, -1}, false));
    expect(
        ErrorCode.SHAPE, "many", () -> RingTensor.zeros(Ring.Z64, new Shape(1L << 40, 1L << 40)));
    expect(ErrorCode.SHAPE, "unknown", () -> RingTensor.zeros(Ring.Z64, new Shape(-1, 2)));
    assertThat(a.toString()).isEqualTo("RingTensor(Z64, (2, 3))");
    assertThat(a).isNotEqualTo(a.copy());
  }

  private static void expect(
      ErrorCode code, String text, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(MpcException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(text)
        .hasMessageNotContaining("123456789");
  }

  private static void check(
      RingOracle oracle, RingTensor actual, IntFunction<BigInteger> expected) {
    check(oracle, actual, expected, "element");
  }

  private static void check(
      RingOracle oracle, RingTensor actual, IntFunction<BigInteger> expected, String what) {
    for (int i = 0; i < actual.size(); i++) {
      if (actual.getLong(i) != oracle.reduce(expected.apply(i))) {
        assertThat(actual.getLong(i))
            .as(what + " " + i)
            .isEqualTo(oracle.reduce(expected.apply(i)));
      }
    }
  }
}
