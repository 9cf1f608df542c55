package org.djlmpc.ring;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * Large matrix products modulo 2^64 on the integer GEMM of DJL's PyTorch engine, everything else on
 * plain loops (the engine's 32-bit product is slower than these). The native copies of operands and
 * result are overwritten before they are released.
 */
final class TorchKernels extends PlainKernels {

  private static final String ENGINE = "PyTorch";

  /** Multiply-adds below which copying to native memory costs more than it brings. */
  private static final long LARGE = 1 << 24;

  /** Rows or columns below which a product is bound by memory, which copying does not help. */
  private static final int WIDE = 32;

  /** Whether DJL's PyTorch engine is on the class path; loads nothing. */
  static boolean available() {
    return Engine.hasEngine(ENGINE);
  }

  @Override
  public String name() {
    return "torch";
  }

  private static boolean worthwhile(int m, int n, int k) {
    return Math.min(m, n) >= WIDE && (long) m * n * k >= LARGE;
  }

  private static void erase(NDArray... arrays) {
    for (NDArray array : arrays) {
      array.subi(array);
    }
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
    if (!worthwhile(m, n, k)) {
      super.gemm(m, n, k, a, aFrom, lda, b, bFrom, ldb, c, cFrom, ldc);
      return;
    }
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), ENGINE)) {
      NDArray left = matrix(manager, m, k, a, aFrom, lda);
      NDArray right = matrix(manager, k, n, b, bFrom, ldb);
      NDArray product = left.matMul(right);
      addTo(m, n, product.toLongArray(), c, cFrom, ldc);
      erase(left, right, product);
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
    if (!worthwhile(m, n, k)) {
      super.gemmTransposed(m, n, k, a, aFrom, lda, b, bFrom, ldb, c, cFrom, ldc);
      return;
    }
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), ENGINE)) {
      NDArray left = matrix(manager, m, k, a, aFrom, lda);
      NDArray right = matrix(manager, n, k, b, bFrom, ldb);
      NDArray product = left.matMul(right.transpose());
      addTo(m, n, product.toLongArray(), c, cFrom, ldc);
      erase(left, right, product);
    }
  }

  private static NDArray matrix(
      NDManager manager, int rows, int columns, long[] x, int from, int ld) {
    NDArray matrix = manager.create(new Shape(rows, columns), DataType.INT64);
    if (ld == columns) {
      matrix.set(LongBuffer.wrap(x, from, rows * columns));
      return matrix;
    }
    long[] dense = new long[rows * columns];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(x, from + row * ld, dense, row * columns, columns);
    }
    matrix.set(LongBuffer.wrap(dense));
    Arrays.fill(dense, 0);
    return matrix;
  }

  private static void addTo(int rows, int columns, long[] product, long[] c, int cFrom, int ldc) {
    for (int row = 0; row < rows; row++) {
      int to = cFrom + row * ldc;
      int from = row * columns;
      for (int j = 0; j < columns; j++) {
        c[to + j] += product[from + j];
      }
    }
    Arrays.fill(product, 0);
  }
}
