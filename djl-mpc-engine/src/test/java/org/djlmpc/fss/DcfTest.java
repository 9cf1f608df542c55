package org.djlmpc.fss;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.djlmpc.crypto.FixedKeyHash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Comparison functions pay beta where y &lt; alpha and nothing elsewhere. */
class DcfTest {
  private final Random random = new Random(3);
  private final FixedKeyHash hash = FixedKeyHash.random();

  private final class Functions {
    final int n;
    final Payload payload;
    final int count;
    final byte[] roots0;
    final byte[] roots1;
    final byte[] corrections;

    Functions(int n, Payload payload, long[] alpha, long[] beta) {
      this.n = n;
      this.payload = payload;
      count = alpha.length;
      roots0 = Keys.roots(count, random);
      roots1 = Keys.roots(count, random);
      corrections = new byte[Dcf.correctionBytes(n, payload, count)];
      Dcf.generate(
          n, payload, alpha, 0, beta, 0, count, roots0, 0, roots1, 0, hash, corrections, 0);
    }

    long[] evaluate(int party, long[] y) {
      long[] out = new long[count * payload.words()];
      byte[] roots = party == 0 ? roots0 : roots1;
      Dcf.evaluate(party, n, payload, y, 0, count, roots, 0, corrections, 0, hash, out, 0);
      return out;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 8})
  void everyPointOfASmallDomain(int n) {
    int points = 1 << n;
    for (Payload payload :
        new Payload[] {new Payload(64, 1), new Payload(13, 2), new Payload(60, 3)}) {
      long[] alpha = new long[points];
      Arrays.setAll(alpha, i -> i);
      long[] beta = random.longs((long) points * payload.words()).toArray();
      Functions f = new Functions(n, payload, alpha, beta);
      long[] y = new long[points];
      for (int point = 0; point < points; point++) {
        Arrays.fill(y, point);
        assertPays(f, y, alpha, beta);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"31,32,1", "32,64,1", "63,64,2", "64,1,1", "64,33,2", "63,64,3", "31,30,3"})
  void pointsOfALargeDomain(int n, int m, int words) {
    int count = Workspace.GATES + 77;
    long[] alpha = random.longs(count).toArray();
    long[] y = alpha.clone();
    for (int i = 0; i < count; i++) {
      y[i] = i % 3 == 0 ? random.nextLong() : y[i] + i % 5 - 2;
    }
    long[] beta = random.longs((long) count * words).toArray();
    assertPays(new Functions(n, new Payload(m, words), alpha, beta), y, alpha, beta);
  }

  private static void assertPays(Functions f, long[] y, long[] alpha, long[] beta) {
    long[] share0 = f.evaluate(0, y);
    long[] share1 = f.evaluate(1, y);
    long domain = -1L >>> (64 - f.n);
    long mask = f.payload.mask();
    int words = f.payload.words();
    for (int i = 0; i < share0.length; i++) {
      int g = i / words;
      boolean less = Long.compareUnsigned(y[g] & domain, alpha[g] & domain) < 0;
      assertThat(share0[i] + share1[i] & mask).isEqualTo(less ? beta[i] & mask : 0);
      assertThat(share0[i] & ~mask).isZero();
    }
  }

  /** Shares and every word of the corrections are balanced bits whatever alpha and beta are. */
  @Test
  void oneKeyLooksRandom() {
    int count = 1 << 12;
    Functions f = new Functions(20, new Payload(64, 1), new long[count], new long[count]);
    long[] share = f.evaluate(1, new long[count]);
    for (int bit = 0; bit < 64; bit++) {
      int position = bit;
      long ones = Arrays.stream(share).filter(s -> (s >>> position & 1) != 0).count();
      assertThat(Math.abs(ones - count / 2.0) / Math.sqrt(count / 4.0)).isLessThan(7);
    }
    int blocks = f.corrections.length / 8 / count;
    for (int word = 0; word < blocks; word++) {
      int ones = 0;
      for (int i = 0; i < 8 * count; i++) {
        ones += Integer.bitCount(f.corrections[8 * count * word + i] & 255);
      }
      assertThat(Math.abs(ones - 32.0 * count) / Math.sqrt(16.0 * count)).isLessThan(7);
    }
  }

  @Test
  void keySize() {
    assertThat(16 + Dcf.correctionBytes(32, new Payload(32, 1), 1)).isEqualTo(660);
  }
}
