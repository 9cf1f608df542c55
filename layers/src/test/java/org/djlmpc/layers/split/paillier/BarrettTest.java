package org.djlmpc.layers.split.paillier;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BarrettTest {

  /** Every number that may be divided, for every small modulus. */
  @Test
  void dividesAllSmallNumbers() {
    for (int m = 1; m <= 40; m++) {
      for (int excess = 0; excess <= 5; excess++) {
        BigInteger modulus = BigInteger.valueOf(m);
        Barrett barrett = new Barrett(modulus, excess);
        for (int t = 0; t < m << excess; t++) {
          BigInteger dividend = BigInteger.valueOf(t);
          assertThat(barrett.divide(dividend))
              .as("%d / %d", t, m)
              .containsExactly(BigInteger.valueOf(t / m), BigInteger.valueOf(t % m));
          assertThat(barrett.reduce(dividend)).isEqualTo(t % m);
          assertLoose(barrett.reduceLoosely(dividend), dividend, modulus);
        }
      }
    }
  }

  @Test
  void dividesLongNumbersAndTheirExtremes() {
    Random random = new Random(1);
    BigInteger m = new BigInteger(2048, random).setBit(2047);
    int excess = 2050;
    Barrett barrett = new Barrett(m, excess);
    BigInteger end = m.shiftLeft(excess);
    for (int i = 0; i < 300; i++) {
      // Multiples of m, and their neighbours, are where a quotient is most easily off by one.
      BigInteger multiple = new BigInteger(excess, random).multiply(m);
      for (BigInteger t :
          new BigInteger[] {multiple, multiple.add(m).subtract(BigInteger.ONE), end.subtract(m)}) {
        assertThat(barrett.divide(t)).containsExactly(t.divideAndRemainder(m));
        assertLoose(barrett.reduceLoosely(t), t, m);
      }
    }
    assertThat(barrett.reduce(end.subtract(BigInteger.ONE))).isEqualTo(m.subtract(BigInteger.ONE));
  }

  private static void assertLoose(BigInteger r, BigInteger t, BigInteger m) {
    assertThat(r.mod(m)).isEqualTo(t.mod(m));
    assertThat(r.signum()).isNotNegative();
    assertThat(r).isLessThan(m.multiply(BigInteger.valueOf(3)));
  }
}
