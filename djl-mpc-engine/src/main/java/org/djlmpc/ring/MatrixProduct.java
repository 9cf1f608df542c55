package org.djlmpc.ring;

/** Matrix products of dense matrices, split over threads along their longer side. */
final class MatrixProduct {

  /** Multiply-adds below which a second thread costs more than it brings. */
  private static final long GRAIN = 1 << 20;

  /** Rows and columns of a piece are multiples of this, so that kernels meet few ragged edges. */
  private static final int UNIT = 16;

  private MatrixProduct() {}

  /** Cuts {@code length} rows or columns into pieces of equal size. */
  private static int pieceLength(int length, long work) {
    long pieces = Math.max(1, Math.min(Parallel.parallelism(), work / GRAIN));
    long even = (length + pieces - 1) / pieces;
    return (int) ((even + UNIT - 1) / UNIT * UNIT);
  }

  /** C += A B, A (m, k) from {@code aFrom}, B (k, n) from {@code bFrom}, C (m, n). */
  static void gemm(
      int m, int n, int k, long[] a, int aFrom, long[] b, int bFrom, long[] c, int cFrom) {
    long work = (long) m * n * k;
    if (work == 0) {
      return;
    }
    boolean rows = m > n;
    int length = pieceLength(rows ? m : n, work);
    int pieces = ((rows ? m : n) + length - 1) / length;
    Parallel.pieces(
        pieces,
        piece -> {
          int from = piece * length;
          int i = rows ? from : 0;
          int j = rows ? 0 : from;
          Kernels.best()
              .gemm(
                  rows ? Math.min(length, m - i) : m,
                  rows ? n : Math.min(length, n - j),
                  k,
                  a,
                  aFrom + i * k,
                  k,
                  b,
                  bFrom + j,
                  n,
                  c,
                  cFrom + i * n + j,
                  n);
        });
  }

  /** C += A B^T, A (m, k), B (n, k), C (m, n). */
  static void gemmTransposed(int m, int n, int k, long[] a, long[] b, long[] c) {
    long work = (long) m * n * k;
    if (work == 0) {
      return;
    }
    boolean rows = m > n;
    int length = pieceLength(rows ? m : n, work);
    int pieces = ((rows ? m : n) + length - 1) / length;
    Parallel.pieces(
        pieces,
        piece -> {
          int from = piece * length;
          int i = rows ? from : 0;
          int j = rows ? 0 : from;
          Kernels.best()
              .gemmTransposed(
                  rows ? Math.min(length, m - i) : m,
                  rows ? n : Math.min(length, n - j),
                  k,
                  a,
                  i * k,
                  k,
                  b,
                  j * k,
                  k,
                  c,
                  i * n + j,
                  n);
        });
  }

  /** C += A B, A (m, k) from {@code aFrom}, B (k, n) from {@code bFrom}, C (m, n). */
  static void gemm(
      int m, int n, int k, int[] a, int aFrom, int[] b, int bFrom, int[] c, int cFrom) {
    long work = (long) m * n * k;
    if (work == 0) {
      return;
    }
    boolean rows = m > n;
    int length = pieceLength(rows ? m : n, work);
    int pieces = ((rows ? m : n) + length - 1) / length;
    Parallel.pieces(
        pieces,
        piece -> {
          int from = piece * length;
          int i = rows ? from : 0;
          int j = rows ? 0 : from;
          Kernels.best()
              .gemm(
                  rows ? Math.min(length, m - i) : m,
                  rows ? n : Math.min(length, n - j),
                  k,
                  a,
                  aFrom + i * k,
                  k,
                  b,
                  bFrom + j,
                  n,
                  c,
                  cFrom + i * n + j,
                  n);
        });
  }

  /** C += A B^T, A (m, k), B (n, k), C (m, n). */
  static void gemmTransposed(int m, int n, int k, int[] a, int[] b, int[] c) {
    long work = (long) m * n * k;
    if (work == 0) {
      return;
    }
    boolean rows = m > n;
    int length = pieceLength(rows ? m : n, work);
    int pieces = ((rows ? m : n) + length - 1) / length;
    Parallel.pieces(
        pieces,
        piece -> {
          int from = piece * length;
          int i = rows ? from : 0;
          int j = rows ? 0 : from;
          Kernels.best()
              .gemmTransposed(
                  rows ? Math.min(length, m - i) : m,
                  rows ? n : Math.min(length, n - j),
                  k,
                  a,
                  i * k,
                  k,
                  b,
                  j * k,
                  k,
                  c,
                  i * n + j,
                  n);
        });
  }
}
