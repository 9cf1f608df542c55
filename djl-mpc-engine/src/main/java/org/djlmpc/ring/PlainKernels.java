package org.djlmpc.ring;

import java.util.Arrays;

/**
 * Kernels in plain Java loops, written so that the JIT compiler can vectorise them; correct
 * everywhere and the reference that others are tested against.
 *
 * <p>JDK 17 vectorises a sum of two rows, not of four, and only if both, and the result, begin at
 * the start of an array: hence the blocks below are arrays of rows.
 */
public class PlainKernels implements Kernels {

  /** Rows of A below which copying blocks of B costs more than it brings. */
  private static final int FEW = 4;

  /** Rows of a block of B. */
  private static final int DEPTH = 64;

  /** Columns of a block of B. */
  private static final int WIDTH = 512;

  /** Creates the kernels; they have no state. */
  public PlainKernels() {}

  @Override
  public String name() {
    return "plain";
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
    if (m >= FEW) {
      blocks(false, m, n, k, a, aFrom, lda, b, bFrom, ldb, c, cFrom, ldc);
      return;
    }
    for (int i = 0; i < m; i++) {
      for (int p = 0; p < k; p++) {
        addRow(a[aFrom + i * lda + p], b, bFrom + p * ldb, c, cFrom + i * ldc, n);
      }
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
    if (m >= FEW) {
      blocks(true, m, n, k, a, aFrom, lda, b, bFrom, ldb, c, cFrom, ldc);
      return;
    }
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < m; i++) {
        c[cFrom + i * ldc + j] += dot(a, aFrom + i * lda, b, bFrom + j * ldb, k);
      }
    }
  }

  /** Copies a block of B to the second-level cache, then lets all rows of A meet it. */
  private static void blocks(
      boolean transposed,
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
    long[][] rows = new long[Math.min(k, DEPTH)][Math.min(n, WIDTH)];
    long[] sums = new long[Math.min(n, WIDTH)];
    for (int j = 0; j < n; j += WIDTH) {
      int wide = Math.min(WIDTH, n - j);
      for (int p = 0; p < k; p += DEPTH) {
        int deep = Math.min(DEPTH, k - p);
        copyBlock(
            transposed,
            deep,
            wide,
            b,
            transposed ? bFrom + j * ldb + p : bFrom + p * ldb + j,
            ldb,
            rows);
        for (int i = 0; i < m; i++) {
          Arrays.fill(sums, 0, wide, 0);
          sumRows(deep, wide, a, aFrom + i * lda + p, rows, sums);
          addRow(1, sums, 0, c, cFrom + i * ldc + j, wide);
        }
      }
    }
  }

  private static void copyBlock(
      boolean transposed, int deep, int wide, long[] b, int bFrom, int ldb, long[][] rows) {
    for (int p = 0; p < deep; p++) {
      if (transposed) {
        for (int j = 0; j < wide; j++) {
          rows[p][j] = b[bFrom + j * ldb + p];
        }
      } else {
        System.arraycopy(b, bFrom + p * ldb, rows[p], 0, wide);
      }
    }
  }

  private static void sumRows(int deep, int wide, long[] a, int aFrom, long[][] rows, long[] sums) {
    int p = 0;
    for (; p + 1 < deep; p += 2) {
      addRows(a[aFrom + p], a[aFrom + p + 1], rows[p], rows[p + 1], sums, wide);
    }
    if (p < deep) {
      addRow(a[aFrom + p], rows[p], 0, sums, 0, wide);
    }
  }

  private static void addRows(long a0, long a1, long[] b0, long[] b1, long[] c, int width) {
    for (int j = 0; j < width; j++) {
      c[j] += a0 * b0[j] + a1 * b1[j];
    }
  }

  private static void addRow(long a0, long[] b, int bFrom, long[] c, int cFrom, int width) {
    for (int j = 0; j < width; j++) {
      c[cFrom + j] += a0 * b[bFrom + j];
    }
  }

  private static long dot(long[] a, int aFrom, long[] b, int bFrom, int k) {
    long sum = 0;
    for (int p = 0; p < k; p++) {
      sum += a[aFrom + p] * b[bFrom + p];
    }
    return sum;
  }

  @Override
  public void binary(Elementwise.Binary op, long[] a, long[] b, long[] dst, int from, int to) {
    switch (op) {
      case ADD -> add(a, b, dst, from, to);
      case SUBTRACT -> subtract(a, b, dst, from, to);
      case MULTIPLY -> multiply(a, b, dst, from, to);
    }
  }

  private static void add(long[] a, long[] b, long[] dst, int from, int to) {
    for (int i = from; i < to; i++) {
      dst[i] = a[i] + b[i];
    }
  }

  private static void subtract(long[] a, long[] b, long[] dst, int from, int to) {
    for (int i = from; i < to; i++) {
      dst[i] = a[i] - b[i];
    }
  }

  private static void multiply(long[] a, long[] b, long[] dst, int from, int to) {
    for (int i = from; i < to; i++) {
      dst[i] = a[i] * b[i];
    }
  }

  @Override
  public void multiplyAdd(long[] a, long[] b, long[] dst, int from, int to) {
    for (int i = from; i < to; i++) {
      dst[i] += a[i] * b[i];
    }
  }

  @Override
  public void scalar(Elementwise.Scalar op, long[] a, long s, long[] dst, int from, int to) {
    switch (op) {
      case ADD -> addScalar(a, s, dst, from, to);
      case MULTIPLY -> multiplyScalar(a, s, dst, from, to);
      case SHIFT_LEFT -> shiftLeft(a, (int) s, dst, from, to);
      case SHIFT_RIGHT -> shiftRight(a, (int) s, dst, from, to);
      case SHIFT_RIGHT_ARITHMETIC -> shiftRightArithmetic(a, (int) s, dst, from, to);
      case AND -> and(a, s, dst, from, to);
    }
  }

  private static void addScalar(long[] a, long s, long[] dst, int from, int to) {
    for (int i = from; i < to; i++) {
      dst[i] = a[i] + s;
    }
  }

  private static void multiplyScalar(long[] a, long s, long[] dst, int from, int to) {
    for (int i = from; i < to; i++) {
      dst[i] = a[i] * s;
    }
  }

  private static void shiftLeft(long[] a, int s, long[] dst, int from, int to) {
    for (int i = from; i < to; i++) {
      dst[i] = a[i] << s;
    }
  }

  private static void shiftRight(long[] a, int s, long[] dst, int from, int to) {
    for (int i = from; i < to; i++) {
      dst[i] = a[i] >>> s;
    }
  }

  private static void shiftRightArithmetic(long[] a, int s, long[] dst, int from, int to) {
    for (int i = from; i < to; i++) {
      dst[i] = a[i] >> s;
    }
  }

  private static void and(long[] a, long s, long[] dst, int from, int to) {
    for (int i = from; i < to; i++) {
      dst[i] = a[i] & s;
    }
  }

  @Override
  public void extractBit(long[] a, int k, long[] words, int from, int to) {
    for (int i = from; i < to; i += Long.SIZE) {
      int length = Math.min(Long.SIZE, to - i);
      long word = 0;
      for (int j = 0; j < length; j++) {
        word |= (a[i + j] >>> k & 1L) << j;
      }
      words[i >>> 6] = word;
    }
  }

  @Override
  public void masked(Elementwise.Masked op, long[] a, long[] words, long[] dst, int from, int to) {
    switch (op) {
      case KEEP -> keep(a, words, dst, from, to);
      case NEGATE -> negate(a, words, dst, from, to);
    }
  }

  private static void keep(long[] a, long[] words, long[] dst, int from, int to) {
    for (int i = from; i < to; i++) {
      dst[i] = a[i] & -(words[i >>> 6] >>> i & 1);
    }
  }

  private static void negate(long[] a, long[] words, long[] dst, int from, int to) {
    for (int i = from; i < to; i++) {
      long mask = -(words[i >>> 6] >>> i & 1);
      dst[i] = (a[i] ^ mask) - mask;
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
    if (m >= FEW) {
      blocks(false, m, n, k, a, aFrom, lda, b, bFrom, ldb, c, cFrom, ldc);
      return;
    }
    for (int i = 0; i < m; i++) {
      for (int p = 0; p < k; p++) {
        addRow(a[aFrom + i * lda + p], b, bFrom + p * ldb, c, cFrom + i * ldc, n);
      }
    }
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
    if (m >= FEW) {
      blocks(true, m, n, k, a, aFrom, lda, b, bFrom, ldb, c, cFrom, ldc);
      return;
    }
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < m; i++) {
        c[cFrom + i * ldc + j] += dot(a, aFrom + i * lda, b, bFrom + j * ldb, k);
      }
    }
  }

  /** Copies a block of B to the second-level cache, then lets all rows of A meet it. */
  private static void blocks(
      boolean transposed,
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
    int[][] rows = new int[Math.min(k, DEPTH)][Math.min(n, WIDTH)];
    int[] sums = new int[Math.min(n, WIDTH)];
    for (int j = 0; j < n; j += WIDTH) {
      int wide = Math.min(WIDTH, n - j);
      for (int p = 0; p < k; p += DEPTH) {
        int deep = Math.min(DEPTH, k - p);
        copyBlock(
            transposed,
            deep,
            wide,
            b,
            transposed ? bFrom + j * ldb + p : bFrom + p * ldb + j,
            ldb,
            rows);
        for (int i = 0; i < m; i++) {
          Arrays.fill(sums, 0, wide, 0);
          sumRows(deep, wide, a, aFrom + i * lda + p, rows, sums);
          addRow(1, sums, 0, c, cFrom + i * ldc + j, wide);
        }
      }
    }
  }

  private static void copyBlock(
      boolean transposed, int deep, int wide, int[] b, int bFrom, int ldb, int[][] rows) {
    for (int p = 0; p < deep; p++) {
      if (transposed) {
        for (int j = 0; j < wide; j++) {
          rows[p][j] = b[bFrom + j * ldb + p];
        }
      } else {
        System.arraycopy(b, bFrom + p * ldb, rows[p], 0, wide);
      }
    }
  }

  private static void sumRows(int deep, int wide, int[] a, int aFrom, int[][] rows, int[] sums) {
    int p = 0;
    for (; p + 1 < deep; p += 2) {
      addRows(a[aFrom + p], a[aFrom + p + 1], rows[p], rows[p + 1], sums, wide);
    }
    if (p < deep) {
      addRow(a[aFrom + p], rows[p], 0, sums, 0, wide);
    }
  }

  private static void addRows(int a0, int a1, int[] b0, int[] b1, int[] c, int width) {
    for (int j = 0; j < width; j++) {
      c[j] += a0 * b0[j] + a1 * b1[j];
    }
  }

  private static void addRow(int a0, int[] b, int bFrom, int[] c, int cFrom, int width) {
    for (int j = 0; j < width; j++) {
      c[cFrom + j] += a0 * b[bFrom + j];
    }
  }

  private static int dot(int[] a, int aFrom, int[] b, int bFrom, int k) {
    int sum = 0;
    for (int p = 0; p < k; p++) {
      sum += a[aFrom + p] * b[bFrom + p];
    }
    return sum;
  }

  @Override
  public void binary(Elementwise.Binary op, int[] a, int[] b, int[] dst, int from, int to) {
    switch (op) {
      case ADD -> add(a, b, dst, from, to);
      case SUBTRACT -> subtract(a, b, dst, from, to);
      case MULTIPLY -> multiply(a, b, dst, from, to);
    }
  }

  private static void add(int[] a, int[] b, int[] dst, int from, int to) {
    for (int i = from; i < to; i++) {
      dst[i] = a[i] + b[i];
    }
  }

  private static void subtract(int[] a, int[] b, int[] dst, int from, int to) {
    for (int i = from; i < to; i++) {
      dst[i] = a[i] - b[i];
    }
  }

  private static void multiply(int[] a, int[] b, int[] dst, int from, int to) {
    for (int i = from; i < to; i++) {
      dst[i] = a[i] * b[i];
    }
  }

  @Override
  public void multiplyAdd(int[] a, int[] b, int[] dst, int from, int to) {
    for (int i = from; i < to; i++) {
      dst[i] += a[i] * b[i];
    }
  }

  @Override
  public void scalar(Elementwise.Scalar op, int[] a, int s, int[] dst, int from, int to) {
    switch (op) {
      case ADD -> addScalar(a, s, dst, from, to);
      case MULTIPLY -> multiplyScalar(a, s, dst, from, to);
      case SHIFT_LEFT -> shiftLeft(a, s, dst, from, to);
      case SHIFT_RIGHT -> shiftRight(a, s, dst, from, to);
      case SHIFT_RIGHT_ARITHMETIC -> shiftRightArithmetic(a, s, dst, from, to);
      case AND -> and(a, s, dst, from, to);
    }
  }

  private static void addScalar(int[] a, int s, int[] dst, int from, int to) {
    for (int i = from; i < to; i++) {
      dst[i] = a[i] + s;
    }
  }

  private static void multiplyScalar(int[] a, int s, int[] dst, int from, int to) {
    for (int i = from; i < to; i++) {
      dst[i] = a[i] * s;
    }
  }

  private static void shiftLeft(int[] a, int s, int[] dst, int from, int to) {
    for (int i = from; i < to; i++) {
      dst[i] = a[i] << s;
    }
  }

  private static void shiftRight(int[] a, int s, int[] dst, int from, int to) {
    for (int i = from; i < to; i++) {
      dst[i] = a[i] >>> s;
    }
  }

  private static void shiftRightArithmetic(int[] a, int s, int[] dst, int from, int to) {
    for (int i = from; i < to; i++) {
      dst[i] = a[i] >> s;
    }
  }

  private static void and(int[] a, int s, int[] dst, int from, int to) {
    for (int i = from; i < to; i++) {
      dst[i] = a[i] & s;
    }
  }

  @Override
  public void extractBit(int[] a, int k, long[] words, int from, int to) {
    for (int i = from; i < to; i += Long.SIZE) {
      int length = Math.min(Long.SIZE, to - i);
      long word = 0;
      for (int j = 0; j < length; j++) {
        word |= (a[i + j] >>> k & 1L) << j;
      }
      words[i >>> 6] = word;
    }
  }

  @Override
  public void masked(Elementwise.Masked op, int[] a, long[] words, int[] dst, int from, int to) {
    switch (op) {
      case KEEP -> keep(a, words, dst, from, to);
      case NEGATE -> negate(a, words, dst, from, to);
    }
  }

  private static void keep(int[] a, long[] words, int[] dst, int from, int to) {
    for (int i = from; i < to; i++) {
      dst[i] = a[i] & -(int) (words[i >>> 6] >>> i & 1);
    }
  }

  private static void negate(int[] a, long[] words, int[] dst, int from, int to) {
    for (int i = from; i < to; i++) {
      int mask = -(int) (words[i >>> 6] >>> i & 1);
      dst[i] = (a[i] ^ mask) - mask;
    }
  }
}
