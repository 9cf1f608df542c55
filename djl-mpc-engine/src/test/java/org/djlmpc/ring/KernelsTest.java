package org.djlmpc.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.djlmpc.error.MpcException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelsTest {

  private static final long[] EDGES = {
    0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, Integer.MAX_VALUE, Integer.MIN_VALUE
  };

  private final Random random = new Random(31);

  /** Products of random shapes inside larger arrays, against three loops. */
  @ParameterizedTest
  @ValueSource(strings = {"plain", "vector", "torch"})
  void productsAgreeWithTheirDefinition(String name) {
    Kernels kernels = load(name);
    KernelSelfTest.warmUp(kernels);
    for (int trial = 0; trial < 150; trial++) {
      int m = 1 + random.nextInt(trial % 3 == 0 ? 3 : 40);
      int n = 1 + random.nextInt(trial % 5 == 0 ? 3 : 120);
      int k = random.nextInt(trial % 7 == 0 ? 600 : 90);
      checkProduct(kernels, m, n, k, random.nextBoolean());
    }
    // Larger than all blocks, and large enough for native code.
    checkProduct(kernels, 70, 530, 460, false);
    checkProduct(kernels, 70, 530, 460, true);
    checkProduct(kernels, 2, 1100, 300, false);
    checkProduct(kernels, 2, 1100, 300, true);
  }

  private void checkProduct(Kernels kernels, int m, int n, int k, boolean transposed) {
    int aFrom = random.nextInt(5);
    int bFrom = random.nextInt(5);
    int cFrom = random.nextInt(5);
    int lda = k + random.nextInt(3);
    int ldb = (transposed ? k : n) + random.nextInt(3);
    int ldc = n + random.nextInt(3);
    long[] a = words(aFrom + m * lda);
    long[] b = words(bFrom + (transposed ? n : k) * ldb);
    long[] c = words(cFrom + m * ldc);
    long[] expected = c.clone();
    for (int i = 0; i < m; i++) {
      for (int p = 0; p < k; p++) {
        for (int j = 0; j < n; j++) {
          expected[cFrom + i * ldc + j] +=
              a[aFrom + i * lda + p] * b[bFrom + (transposed ? j * ldb + p : p * ldb + j)];
        }
      }
    }
    int[] ai = narrow(a);
    int[] bi = narrow(b);
    int[] ci = narrow(c);
    if (transposed) {
      kernels.gemmTransposed(m, n, k, a, aFrom, lda, b, bFrom, ldb, c, cFrom, ldc);
      kernels.gemmTransposed(m, n, k, ai, aFrom, lda, bi, bFrom, ldb, ci, cFrom, ldc);
    } else {
      kernels.gemm(m, n, k, a, aFrom, lda, b, bFrom, ldb, c, cFrom, ldc);
      kernels.gemm(m, n, k, ai, aFrom, lda, bi, bFrom, ldb, ci, cFrom, ldc);
    }
    String what = kernels.name() + " " + m + " " + n + " " + k + " " + transposed;
    assertThat(Arrays.equals(c, expected)).as(what + ", 64 bits").isTrue();
    assertThat(Arrays.equals(ci, narrow(expected))).as(what + ", 32 bits").isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "vector", "torch"})
  void everyImplementationPassesTheSelfTest(String name) {
    assertThat(KernelSelfTest.failures(load(name))).isEmpty();
  }

  /** Kernels that err in one element, in one shape, or that throw, are dropped. */
  @Test
  void theSelfTestFindsFaults() {
    assertThat(
            KernelRegistry.tested(
                new PlainKernels() {
                  @Override
                  public void gemm(
                      int m,
                      int n,
                      int k,
                      int[] a,
                      int aFrom,
                      int lda,
                      int[] b,
                      int bFrom,
                      int ldb,
                      int[] c,
                      int cFrom,
                      int ldc) {
                    super.gemm(m, n, k, a, aFrom, lda, b, bFrom, ldb, c, cFrom, ldc);
                    if (n == 29) {
                      c[cFrom + ldc + 28]++;
                    }
                  }
                }))
        .isFalse();
    assertThat(
            KernelRegistry.tested(
                new PlainKernels() {
                  @Override
                  public void masked(
                      Elementwise.Masked op, long[] a, long[] words, long[] dst, int from, int to) {
                    throw new UnsupportedOperationException("no such instruction");
                  }
                }))
        .isFalse();
    assertThat(KernelRegistry.tested(new PlainKernels())).isTrue();
  }

  @Test
  void aUserCanNameTheKernels() {
    assertThat(KernelRegistry.forced("plain").name()).isEqualTo("plain");
    assertThat(KernelRegistry.forced("vector").name()).isEqualTo("vector");
    assertThatThrownBy(() -> KernelRegistry.forced("fastest"))
        .isInstanceOf(MpcException.class)
        .hasMessageContaining("djlmpc.kernels");
  }

  private static Kernels load(String name) {
    Kernels kernels = KernelRegistry.load(name);
    if (kernels == null) {
      throw new AssertionError("The tests run with everything that " + name + " kernels need.");
    }
    return kernels;
  }

  private long[] words(int count) {
    long[] words = new long[count];
    for (int i = 0; i < count; i++) {
      words[i] = random.nextInt(8) == 0 ? EDGES[random.nextInt(EDGES.length)] : random.nextLong();
    }
    return words;
  }

  private static int[] narrow(long[] words) {
    return Arrays.stream(words).mapToInt(word -> (int) word).toArray();
  }
}
