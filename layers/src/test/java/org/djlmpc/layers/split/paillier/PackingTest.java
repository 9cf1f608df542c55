package org.djlmpc.layers.split.paillier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PackingTest {
  /** Only the length of the key matters here. */
  private static final PaillierPublicKey KEY =
      new PaillierPublicKey(BigInteger.ONE.shiftLeft(2048).subtract(BigInteger.ONE));

  @ParameterizedTest
  @CsvSource({"1, 43", "2, 42", "3, 41", "4, 41", "5, 40", "8, 40", "9, 39"})
  void hasFortySixSlotsIn2048Bits(int holders, int valueBits) {
    Packing packing = Packing.of(KEY, holders);
    assertThat(packing.slots()).isEqualTo(46);
    assertThat(packing.slotBits()).isEqualTo(44);
    assertThat(packing.valueBits()).isEqualTo(valueBits);
    assertThat(packing.plaintexts(0)).isZero();
    assertThat(packing.plaintexts(46)).isEqualTo(1);
    assertThat(packing.plaintexts(47)).isEqualTo(2);
  }

  /** Values v0, v1 in slots of b + 1 + 1 bits are v0 + 2^(b-1) + (v1 + 2^(b-1))·2^(b+2). */
  @Test
  void putsTheFirstValueLowest() {
    Packing packing = Packing.of(KEY, 4, 2);
    assertThat(packing.pack(new long[] {99, -8, 7, 0}, 1, 3))
        .containsExactly(BigInteger.valueOf(0 + (15 << 6) + (8 << 12)));
  }

  /** Three slots, three holders, all values: 4^9 cases. */
  @Test
  void addsAllTinyValues() {
    Packing packing = Packing.of(new PaillierPublicKey(BigInteger.valueOf(1 << 15)), 2, 3);
    assertThat(packing.slots()).isEqualTo(3);
    BigInteger[] packed = new BigInteger[64];
    long[][] values = new long[64][];
    for (int i = 0; i < 64; i++) {
      values[i] = new long[] {(i & 3) - 2, (i >> 2 & 3) - 2, (i >> 4) - 2};
      packed[i] = packing.pack(values[i], 0, 3)[0];
    }
    for (int a = 0; a < 64; a++) {
      for (int b = 0; b < 64; b++) {
        for (int c = 0; c < 64; c++) {
          BigInteger sum = packed[a].add(packed[b]).add(packed[c]);
          long[] unpacked = packing.unpack(new BigInteger[] {sum}, 3);
          for (int slot = 0; slot < 3; slot++) {
            if (unpacked[slot] != values[a][slot] + values[b][slot] + values[c][slot]) {
              throw new AssertionError(a + " " + b + " " + c + ": " + Arrays.toString(unpacked));
            }
          }
        }
      }
    }
  }

  /** All holders at their limits at once, next to each other, in every slot. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 15})
  void addsExtremesOfAllHolders(int holders) {
    Packing packing = Packing.of(KEY, holders);
    long max = (1L << (packing.valueBits() - 1)) - 1;
    long min = -max - 1;
    int count = 3 * 46 + 5;
    long[] values = IntStream.range(0, count).mapToLong(i -> i % 2 == 0 ? max : min).toArray();
    BigInteger[] sums = packing.pack(values, 0, count);
    for (int i = 0; i < sums.length; i++) {
      sums[i] = sums[i].multiply(BigInteger.valueOf(holders));
      assertThat(sums[i].bitLength()).isLessThan(2048);
    }
    assertThat(packing.unpack(sums, count))
        .containsExactly(Arrays.stream(values).map(v -> v * holders).toArray());
  }

  @ParameterizedTest
  @CsvSource({"62, 1", "61, 2", "61, 1", "31, 2", "1, 1", "13, 5", "60, 4"})
  void keepsRandomValuesOfAnyWidth(int valueBits, int holders) {
    Packing packing = Packing.of(KEY, valueBits, holders);
    Random random = new Random(valueBits);
    long[] values = random.longs(200).map(v -> v >> (Long.SIZE - valueBits)).toArray();
    BigInteger[] sums = packing.pack(values, 0, values.length);
    BigInteger[] others = packing.pack(new long[values.length], 0, values.length);
    for (int i = 0; i < sums.length; i++) {
      for (int holder = 1; holder < holders; holder++) {
        sums[i] = sums[i].add(others[i]);
      }
    }
    assertThat(packing.unpack(sums, values.length)).containsExactly(values);
  }

  @Test
  void refusesValuesThatDoNotFit() {
    Packing packing = Packing.of(KEY, 42, 2);
    for (long value : new long[] {1L << 41, -(1L << 41) - 1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> packing.pack(new long[] {0, value}, 0, 2))
          .isInstanceOfSatisfying(
              MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_RANGE))
          .hasMessageNotContaining(Long.toString(value));
    }
  }

  @Test
  void refusesSlotsThatDoNotFit() {
    int[][] wrong = {{0, 2}, {63, 1}, {62, 2}, {40, 0}, {40, -1}, {40, 1 << 30}};
    for (int[] bitsAndHolders : wrong) {
      assertThatThrownBy(() -> Packing.of(KEY, bitsAndHolders[0], bitsAndHolders[1]))
          .isInstanceOfSatisfying(
              MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ARGUMENT));
    }
  }

  /** A foreign key, more holders, other slots: what comes out is no sum of packed values. */
  @Test
  void refusesWhatIsNoSumOfPackedValues() {
    Packing packing = Packing.of(KEY, 42, 2);
    BigInteger largest = packing.pack(new long[] {(1L << 41) - 1}, 0, 1)[0];
    assertNoSum(packing, largest.multiply(BigInteger.TWO).add(BigInteger.ONE), 1);
    assertNoSum(packing, BigInteger.ONE.shiftLeft(44), 1);
    assertNoSum(packing, BigInteger.ONE.shiftLeft(2047), 46);
    assertNoSum(packing, new BigInteger(2046, new Random(5)), 46);
    assertThat(packing.unpack(new BigInteger[] {largest.multiply(BigInteger.TWO)}, 1))
        .containsExactly((1L << 42) - 2);
  }

  private static void assertNoSum(Packing packing, BigInteger sum, int count) {
    assertThatThrownBy(() -> packing.unpack(new BigInteger[] {sum}, count))
        .isInstanceOfSatisfying(
            MpcException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION_MISMATCH));
  }
}
