package org.djlmpc.ring.vector;

import org.djlmpc.ring.PlainKernels;

/**
 * Matrix products on the JDK's Vector API; everything else as in {@link PlainKernels}, whose loops
 * the compiler vectorises by itself.
 *
 * <p>Only 512-bit vectors multiply 64-bit integers at speed; without them these products stay on
 * plain loops.
 */
public final class VectorKernels extends PlainKernels {

  private static final boolean WIDE_MULTIPLY = LongTiles.S.vectorBitSize() >= 512;

  /** Creates the kernels; found by name, hence public. */
  public VectorKernels() {}

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public void gemm(
      int m,
      int n,
      int k,
      long[] a,
      int aFrom,
      int lda,
      long[] b,
      int bFrom,
      int ldb,
      long[] c,
      int cFrom,
      int ldc) {
    if (WIDE_MULTIPLY) {
      LongGemm.run(false, m, n, k, a, aFrom, lda, b, bFrom, ldb, c, cFrom, ldc);
    } else {
      super.gemm(m, n, k, a, aFrom, lda, b, bFrom, ldb, c, cFrom, ldc);
    }
  }

  @Override
  public void gemmTransposed(
      int m,
      int n,
      int k,
      long[] a,
      int aFrom,
      int lda,
      long[] b,
      int bFrom,
      int ldb,
      long[] c,
      int cFrom,
      int ldc) {
    if (WIDE_MULTIPLY) {
      LongGemm.run(true, m, n, k, a, aFrom, lda, b, bFrom, ldb, c, cFrom, ldc);
    } else {
      super.gemmTransposed(m, n, k, a, aFrom, lda, b, bFrom, ldb, c, cFrom, ldc);
    }
  }

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
    IntGemm.run(false, m, n, k, a, aFrom, lda, b, bFrom, ldb, c, cFrom, ldc);
  }

  @Override
  public void gemmTransposed(
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
    IntGemm.run(true, m, n, k, a, aFrom, lda, b, bFrom, ldb, c, cFrom, ldc);
  }
}
