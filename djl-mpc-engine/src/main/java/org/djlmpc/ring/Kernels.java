package org.djlmpc.ring;

/**
 * The inner loops of ring arithmetic on raw arrays: long[] for Z_2^64, int[] for Z_2^32.
 *
 * <p>All implementations agree bit for bit. They run on the calling thread; whoever calls them
 * splits the work.
 */
public interface Kernels {

  /** The name that the system property {@code djlmpc.kernels} selects this by. */
  String name();

  /**
   * C += A B modulo 2^64, A (m, k), B (k, n), C (m, n), each row-major with its own row length.
   *
   * @param m rows of A and C
   * @param n columns of B and C
   * @param k columns of A, rows of B
   * @param a array that holds A
   * @param aFrom position of A's first element
   * @param lda distance of A's rows
   * @param b array that holds B
   * @param bFrom position of B's first element
   * @param ldb distance of B's rows
   * @param c array that holds C
   * @param cFrom position of C's first element
   * @param ldc distance of C's rows
   */
  void gemm(
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
      int ldc);

  /** As the other {@code gemm}, modulo 2^32. */
  void gemm(
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
      int ldc);

  /** C += A B^T modulo 2^64, with B (n, k); otherwise as {@code gemm}. */
  void gemmTransposed(
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
      int ldc);

  /** C += A B^T modulo 2^32, with B (n, k); otherwise as {@code gemm}. */
  void gemmTransposed(
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
      int ldc);

  /** dst[i] = a[i] op b[i] for from &lt;= i &lt; to; dst may be a or b. */
  void binary(Elementwise.Binary op, long[] a, long[] b, long[] dst, int from, int to);

  /** dst[i] = a[i] op b[i] for from &lt;= i &lt; to; dst may be a or b. */
  void binary(Elementwise.Binary op, int[] a, int[] b, int[] dst, int from, int to);

  /** dst[i] += a[i] b[i] for from &lt;= i &lt; to. */
  void multiplyAdd(long[] a, long[] b, long[] dst, int from, int to);

  /** dst[i] += a[i] b[i] for from &lt;= i &lt; to. */
  void multiplyAdd(int[] a, int[] b, int[] dst, int from, int to);

  /** dst[i] = a[i] op s for from &lt;= i &lt; to; dst may be a. */
  void scalar(Elementwise.Scalar op, long[] a, long s, long[] dst, int from, int to);

  /** dst[i] = a[i] op s for from &lt;= i &lt; to; dst may be a. */
  void scalar(Elementwise.Scalar op, int[] a, int s, int[] dst, int from, int to);

  /**
   * Packs bit k of a[i] into bit i of the words, for from &lt;= i &lt; to; {@code from} is a
   * multiple of 64 and the rest of the last word becomes zero.
   */
  void extractBit(long[] a, int k, long[] words, int from, int to);

  /** As the other {@code extractBit}, for elements of 32 bits. */
  void extractBit(int[] a, int k, long[] words, int from, int to);

  /**
   * dst[i] = op(a[i], bit i of the words) for from &lt;= i &lt; to, without a branch on the bit;
   * {@code from} is a multiple of 64; dst may be a.
   */
  void masked(Elementwise.Masked op, long[] a, long[] words, long[] dst, int from, int to);

  /** As the other {@code masked}, for elements of 32 bits. */
  void masked(Elementwise.Masked op, int[] a, long[] words, int[] dst, int from, int to);

  /** The fastest implementation that works here, chosen and tested on first use. */
  static Kernels best() {
    return KernelRegistry.best();
  }

  /** How many threads one operation may use at most; the number of processors unless set. */
  static int parallelism() {
    return Parallel.parallelism();
  }

  /** Sets how many threads one operation may use at most; 1 keeps all work on the caller. */
  static void setParallelism(int threads) {
    Parallel.setParallelism(threads);
  }
}
