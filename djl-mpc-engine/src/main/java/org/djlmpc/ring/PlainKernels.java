package org.djlmpc.ring;

/**
 * Kernels in plain Java loops, written so that the JIT compiler can vectorise them; correct
 * everywhere and the reference that others are tested against.
 */
public class PlainKernels implements Kernels {

  /** Columns of a row block that stay in the first-level cache while rows of B pass. */
  private static final int COLUMNS = 1024;

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
    for (int j = 0; j < n; j += COLUMNS) {
      int width = Math.min(COLUMNS, n - j);
      for (int i = 0; i < m; i++) {
        int row = aFrom + i * lda;
        int p = 0;
        for (; p + 3 < k; p += 4) {
          addRows(
              a[row + p],
              a[row + p + 1],
              a[row + p + 2],
              a[row + p + 3],
              b,
              bFrom + p * ldb + j,
              ldb,
              c,
              cFrom + i * ldc + j,
              width);
        }
        for (; p < k; p++) {
          addRow(a[row + p], b, bFrom + p * ldb + j, c, cFrom + i * ldc + j, width);
        }
      }
    }
  }

  private static void addRows(
      long a0,
      long a1,
      long a2,
      long a3,
      long[] b,
      int bFrom,
      int ldb,
      long[] c,
      int cFrom,
      int width) {
    int b1 = bFrom + ldb;
    int b2 = b1 + ldb;
    int b3 = b2 + ldb;
    for (int j = 0; j < width; j++) {
      c[cFrom + j] += a0 * b[bFrom + j] + a1 * b[b1 + j] + a2 * b[b2 + j] + a3 * b[b3 + j];
    }
  }

  private static void addRow(long a0, long[] b, int bFrom, long[] c, int cFrom, int width) {
    for (int j = 0; j < width; j++) {
      c[cFrom + j] += a0 * b[bFrom + j];
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
    for (int j = 0; j < n; j++) {
      int row = bFrom + j * ldb;
      for (int i = 0; i < m; i++) {
        c[cFrom + i * ldc + j] += dot(a, aFrom + i * lda, b, row, k);
      }
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
    for (int j = 0; j < n; j += COLUMNS) {
      int width = Math.min(COLUMNS, n - j);
      for (int i = 0; i < m; i++) {
        int row = aFrom + i * lda;
        int p = 0;
        for (; p + 3 < k; p += 4) {
          addRows(
              a[row + p],
              a[row + p + 1],
              a[row + p + 2],
              a[row + p + 3],
              b,
              bFrom + p * ldb + j,
              ldb,
              c,
              cFrom + i * ldc + j,
              width);
        }
        for (; p < k; p++) {
          addRow(a[row + p], b, bFrom + p * ldb + j, c, cFrom + i * ldc + j, width);
        }
      }
    }
  }

  private static void addRows(
      int a0, int a1, int a2, int a3, int[] b, int bFrom, int ldb, int[] c, int cFrom, int width) {
    int b1 = bFrom + ldb;
    int b2 = b1 + ldb;
    int b3 = b2 + ldb;
    for (int j = 0; j < width; j++) {
      c[cFrom + j] += a0 * b[bFrom + j] + a1 * b[b1 + j] + a2 * b[b2 + j] + a3 * b[b3 + j];
    }
  }

  private static void addRow(int a0, int[] b, int bFrom, int[] c, int cFrom, int width) {
    for (int j = 0; j < width; j++) {
      c[cFrom + j] += a0 * b[bFrom + j];
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
    for (int j = 0; j < n; j++) {
      int row = bFrom + j * ldb;
      for (int i = 0; i < m; i++) {
        c[cFrom + i * ldc + j] += dot(a, aFrom + i * lda, b, row, k);
      }
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
