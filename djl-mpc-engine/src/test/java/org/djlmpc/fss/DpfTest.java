package org.djlmpc.fss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.djlmpc.crypto.FixedKeyHash;
import org.djlmpc.error.MpcException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Point functions give [y = alpha] and [y &lt; alpha]. */
class DpfTest {
  private final Random random = new Random(1);

  /** All alpha and all y; around seven bits the tree has no level, one level, several. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 6, 7, 8, 9, 10})
  void everyPointOfASmallDomain(int n) {
    int points = 1 << n;
    long[] alpha = new long[points];
    Arrays.setAll(alpha, i -> i);
    Keys keys = new Keys(n, alpha, random);
    long[] y = new long[points];
    for (int point = 0; point < points; point++) {
      Arrays.fill(y, point);
      long[] less0 = keys.lessThan(0, y);
      long[] less1 = keys.lessThan(1, y);
      long[] equal0 = keys.equal(0, y);
      long[] equal1 = keys.equal(1, y);
      for (int a = 0; a < points; a++) {
        assertThat(Keys.bit(less0, less1, a)).as("%d < %d", point, a).isEqualTo(point < a);
        assertThat(Keys.bit(equal0, equal1, a)).as("%d = %d", point, a).isEqualTo(point == a);
      }
    }
  }

  /** Points that differ late, early or not at all, in a number that fills no chunk or word. */
  @ParameterizedTest
  @ValueSource(ints = {31, 32, 63, 64})
  void pointsOfALargeDomain(int n) {
    int count = 2 * Workspace.GATES + 77;
    long mask = -1L >>> (64 - n);
    long[] alpha = new long[count];
    long[] y = new long[count];
    for (int i = 0; i < count; i++) {
      alpha[i] = random.nextLong();
      y[i] =
          switch (i % 4) {
            case 0 -> alpha[i];
            case 1 -> alpha[i] ^ 1L << random.nextInt(n);
            case 2 -> alpha[i] + random.nextInt(5) - 2;
            default -> random.nextLong();
          };
    }
    long[] edges = {0, -1, mask, mask >>> 1, (mask >>> 1) + 1, 127, 128};
    for (int i = 0; i < edges.length * edges.length; i++) {
      alpha[i] = edges[i / edges.length];
      y[i] = edges[i % edges.length];
    }
    Keys keys = new Keys(n, alpha, random);
    long[] less0 = keys.lessThan(0, y);
    long[] less1 = keys.lessThan(1, y);
    long[] equal0 = keys.equal(0, y);
    long[] equal1 = keys.equal(1, y);
    for (int i = 0; i < count; i++) {
      int order = Long.compareUnsigned(y[i] & mask, alpha[i] & mask);
      assertThat(Keys.bit(less0, less1, i)).isEqualTo(order < 0);
      assertThat(Keys.bit(equal0, equal1, i)).isEqualTo(order == 0);
    }
    long unused = -1L << count;
    assertThat(less0[less0.length - 1] & unused).isZero();
    assertThat(equal1[equal1.length - 1] & unused).isZero();
  }

  /** Arrays may hold more than one call's keys. */
  @Test
  void offsets() {
    int n = 20;
    long[] alpha = {0, 0, 5, 700, 1L << 19};
    long[] y = {0, 4, 700, 3, 9};
    byte[] roots = Keys.roots(8, random);
    FixedKeyHash hash = FixedKeyHash.random();
    byte[] corrections = new byte[5 + Dpf.correctionBytes(n, 3) + 3];
    Dpf.generate(n, alpha, 2, 3, roots, 16, roots, 80, hash, corrections, 5);
    long[] bits = {7, 7, 7};
    Dpf.lessThan(0, n, y, 1, 3, roots, 16, corrections, 5, hash, bits, 1);
    long share = bits[1];
    Dpf.lessThan(1, n, y, 1, 3, roots, 80, corrections, 5, hash, bits, 1);
    assertThat(share ^ bits[1]).isEqualTo(0b101);
    assertThat(bits[0]).isEqualTo(7);
    assertThat(bits[2]).isEqualTo(7);
    assertThat(Arrays.copyOf(corrections, 5)).containsOnly(0);
  }

  /** 128 bits a level of the tree, and the block of leaves. */
  @Test
  void keySize() {
    assertThat(16 + Dpf.correctionBytes(31, 1)).isEqualTo(416);
    assertThat(16 + Dpf.correctionBytes(63, 1)).isEqualTo(928);
    assertThat(Dpf.correctionBytes(7, 10)).isEqualTo(160);
    assertThat(Dpf.correctionBytes(1, 10)).isEqualTo(160);
  }

  /** One party's results, and all of its correction words, are balanced bits whatever alpha is. */
  @ParameterizedTest
  @ValueSource(longs = {0, 0x7fffffffL, 0x2aaaaaaaL})
  void oneKeyLooksRandom(long point) {
    int count = 1 << 14;
    long[] alpha = new long[count];
    Arrays.fill(alpha, point);
    Keys keys = new Keys(31, alpha, random);
    long[] y = new long[count];
    Arrays.fill(y, point / 3);
    for (long[] share :
        new long[][] {
          keys.lessThan(0, y), keys.lessThan(1, y), keys.equal(0, alpha), keys.equal(1, alpha)
        }) {
      int ones = Arrays.stream(share).mapToInt(Long::bitCount).sum();
      assertThat(deviations(ones, count)).isLessThan(7);
    }
    for (int level = 0; level < 25; level++) {
      for (int bit = 0; bit < 128; bit++) {
        int ones = 0;
        for (int i = 0; i < count; i++) {
          int group = i / Workspace.GATES * Workspace.GATES;
          int gates = Math.min(Workspace.GATES, count - group);
          int block = group * 25 + level * gates + i - group;
          ones += keys.corrections[block * 16 + bit / 8] >>> bit % 8 & 1;
        }
        assertThat(deviations(ones, count)).as("level %d bit %d", level, bit).isLessThan(7);
      }
    }
  }

  private static double deviations(int ones, int count) {
    return Math.abs(ones - count / 2.0) / Math.sqrt(count / 4.0);
  }

  @Test
  void wrongArguments() {
    Keys keys = new Keys(10, new long[3], random);
    assertThatThrownBy(() -> Dpf.correctionBytes(65, 1)).isInstanceOf(MpcException.class);
    assertThatThrownBy(() -> Dpf.correctionBytes(64, 1 << 22)).isInstanceOf(MpcException.class);
    assertThatThrownBy(() -> keys.lessThan(2, new long[3])).isInstanceOf(MpcException.class);
    assertThatThrownBy(() -> keys.lessThan(0, new long[2])).isInstanceOf(MpcException.class);
  }
}
