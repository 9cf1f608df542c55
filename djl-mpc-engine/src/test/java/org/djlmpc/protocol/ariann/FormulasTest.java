package org.djlmpc.protocol.ariann;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * The algebra of protocols.md, sections 2 to 4, restated on plain numbers and checked for all
 * values and masks of a small ring, which no test of the implementation can do: its rings have 32
 * and 64 bits. Where a gate stands an ideal comparison.
 */
class FormulasTest {
  private static final int N = 8;
  private static final int SIZE = 1 << N;
  private static final int MASK = SIZE - 1;

  private static int signed(int x) {
    return (x << (Integer.SIZE - N)) >> (Integer.SIZE - N);
  }

  private static int msb(int x) {
    return (x >> (N - 1)) & 1;
  }

  /** The masked bit of DReLU on k bits from x^ = x + r. */
  private static int dRelu(int masked, int r, int k, int rho) {
    int low = (1 << k) - 1;
    int half = (1 << (k - 1)) - 1;
    int a = -r & low;
    int c = 1 ^ (a >> (k - 1)) ^ rho;
    int y = (-masked - 1) & half;
    int lessThan = y < (a & half) ? 1 : 0;
    return lessThan ^ c ^ ((masked >> (k - 1)) & 1);
  }

  @Test
  void dReluIsTheSignOnEveryWidth() {
    for (int k = 2; k <= N; k++) {
      for (int x = -(1 << (k - 1)); x < 1 << (k - 1); x++) {
        for (int r = 0; r < SIZE; r++) {
          for (int rho = 0; rho < 2; rho++) {
            int bit = dRelu((x + r) & MASK, r, k, rho) ^ rho;
            assertThat(bit).isEqualTo(x >= 0 ? 1 : 0);
          }
        }
      }
    }
  }

  @Test
  void selectionIsTheProductWithTheBit() {
    for (int x = 0; x < SIZE; x++) {
      for (int r = 0; r < SIZE; r++) {
        for (int bits = 0; bits < 4; bits++) {
          int s = bits & 1;
          int rho = bits >> 1;
          int opened = s ^ rho;
          int masked = (x + r) & MASK;
          int result = opened * (masked - r) + (1 - 2 * opened) * (rho * masked - rho * r);
          assertThat(result & MASK).isEqualTo(s * x);
        }
      }
    }
  }

  private static int quarter() {
    return 1 << (N - 2);
  }

  @Test
  void truncationIsOffByOneAtMostAndRightOnAverage() {
    for (int s = 1; s <= N - 3; s++) {
      for (int x = -quarter() + 1; x < quarter(); x++) {
        int sum = 0;
        for (int r = 0; r < SIZE; r++) {
          int x1 = (x + quarter() + r) & MASK;
          int y =
              (x1 >> s) - (1 << (N - 2 - s)) - (r >> s) + (1 << (N - s)) * msb(r) * (1 - msb(x1));
          y = signed(y & MASK);
          assertThat(y).isBetween(x >> s, (x >> s) + 1);
          sum += y;
        }
        assertThat(sum).as("2^n times the mean").isEqualTo(x << (N - s));
      }
    }
  }

  @Test
  void fusedTruncationAndReluAgreesWithBoth() {
    for (int s = 1; s <= N - 3; s++) {
      for (int k = 2; k <= N - s; k++) {
        for (int x = -quarter() + 1; x < quarter(); x++) {
          int floor = x >> s;
          if (floor >= -(1 << (k - 1)) && floor + 1 < 1 << (k - 1)) {
            for (int r = 0; r < SIZE; r++) {
              fused(x, r, s, k);
            }
          }
        }
      }
    }
  }

  private static void fused(int x, int r, int s, int k) {
    int shifted = r >> s;
    int m = msb(r);
    int x1 = (x + quarter() + r) & MASK;
    int p = ((x1 >> s) - (1 << (N - 2 - s))) & MASK;
    int q = (1 << (N - s)) * (1 - msb(x1));
    for (int rho = 0; rho < 2; rho++) {
      int opened = dRelu(p, shifted, k, rho);
      int y = p - shifted + q * m;
      int result = opened * y + (1 - 2 * opened) * (p * rho - rho * shifted + q * (rho * m));
      int floor = x >> s;
      assertThat(signed(result & MASK)).isBetween(Math.max(0, floor), Math.max(0, floor + 1));
    }
  }

  /** Erratum (a) of AriaNN: exactly |x| of the 2^n masks give the wrong sign. */
  @Test
  void thePapersComparisonFailsForAsManyMasksAsTheValueIsLarge() {
    for (int x = -SIZE / 2; x < SIZE / 2; x++) {
      int wrong = 0;
      for (int r = 0; r < SIZE; r++) {
        boolean nonNegative = ((x + r) & MASK) >= r;
        wrong += nonNegative == x >= 0 ? 0 : 1;
      }
      assertThat(wrong).isEqualTo(Math.abs(x));
    }
  }
}
