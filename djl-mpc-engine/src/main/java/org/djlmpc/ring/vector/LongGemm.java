package org.djlmpc.ring.vector;

/**
 * Matrix products over long[], cut into blocks that fit the caches (Goto and van de Geijn, "Anatomy
 * of high-performance matrix multiplication", 2008) and tiles that fit the registers.
 *
 * <p>A block of B, {@link #DEPTH} by {@link #WIDTH}, is packed into panels of a tile's width and
 * stays in the second-level cache; four rows of A at a time are packed and stay in the first.
 */
final class LongGemm {

  private static final int LANES = LongTiles.LANES;

  /** Rows of a tile. */
  private static final int ROWS = 4;

  /**
   * Vectors of a tile: 12 accumulators where there are 32 registers, otherwise 8. With 16
   * accumulators a tile exceeds what the compiler of JDK 17 inlines, and its vectors go to the
   * heap.
   */
  private static final int VECTORS = LongTiles.S.vectorBitSize() >= 512 ? 3 : 2;

  /** Columns of a panel. */
  private static final int PANEL = VECTORS * LANES;

  /** Rows of a block of B. */
  private static final int DEPTH = 256;

  /** Columns of a block of B: about half a mebibyte, and whole panels. */
  private static final int WIDTH = (1 << 19) / Long.BYTES / DEPTH / PANEL * PANEL;

  /** Rows of A below which packing B costs more than it brings. */
  private static final int FEW = 8;

  private LongGemm() {}

  /** C += A B, or C += A B^long if {@code transposed}; see {@code Kernels.gemm}. */
  static void run(
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
    if (m < FEW && transposed) {
      dots(m, n, k, a, aFrom, lda, b, bFrom, ldb, c, cFrom, ldc);
      return;
    }
    int depth = Math.min(k, DEPTH);
    int width = Math.min(n, WIDTH);
    long[] rows = new long[ROWS * depth];
    long[] tile = new long[ROWS * PANEL];
    boolean direct = m < FEW;
    long[] panels = new long[(direct ? LANES : (width + LANES - 1) / LANES * LANES) * depth];
    for (int p = 0; p < k; p += depth) {
      int deep = Math.min(depth, k - p);
      for (int j = 0; j < n; j += width) {
        int wide = Math.min(width, n - j);
        int block = transposed ? bFrom + j * ldb + p : bFrom + p * ldb + j;
        int to = cFrom + j;
        if (direct) {
          // Whole vectors of B are read in place, the ragged end from a packed panel.
          int whole = wide - wide % LANES;
          pack(false, deep, wide - whole, b, block + whole, ldb, panels);
          multiply(m, whole, deep, a, aFrom + p, lda, b, block, ldb, c, to, ldc, rows, tile);
          multiply(
              m,
              wide - whole,
              deep,
              a,
              aFrom + p,
              lda,
              panels,
              0,
              0,
              c,
              to + whole,
              ldc,
              rows,
              tile);
        } else {
          pack(transposed, deep, wide, b, block, ldb, panels);
          multiply(m, wide, deep, a, aFrom + p, lda, panels, 0, 0, c, to, ldc, rows, tile);
        }
      }
    }
  }

  /** Width of the panel that begins {@code left} columns before the end of a block. */
  private static int panelWidth(int left) {
    if (left >= PANEL) {
      return PANEL;
    }
    return left >= 2 * LANES ? 2 * LANES : LANES;
  }

  /** C += A B for one block; {@code ldb} is 0 if B consists of packed panels. */
  private static void multiply(
      int m,
      int n,
      int depth,
      long[] a,
      int aFrom,
      int lda,
      long[] b,
      int bFrom,
      int ldb,
      long[] c,
      int cFrom,
      int ldc,
      long[] rows,
      long[] tile) {
    int i = 0;
    for (; i + 1 < m; i += ROWS) {
      int high = Math.min(ROWS, m - i);
      packRows(high, depth, a, aFrom + i * lda, lda, rows);
      multiplyRows(high, n, depth, rows, 0, b, bFrom, ldb, c, cFrom + i * ldc, ldc, tile);
    }
    if (i < m) {
      multiplyRows(1, n, depth, a, aFrom + i * lda, b, bFrom, ldb, c, cFrom + i * ldc, ldc, tile);
    }
  }

  private static void multiplyRows(
      int high,
      int n,
      int depth,
      long[] rows,
      int rowsFrom,
      long[] b,
      int bFrom,
      int ldb,
      long[] c,
      int cFrom,
      int ldc,
      long[] tile) {
    int from = bFrom;
    for (int j = 0; j < n; ) {
      int wide = panelWidth(n - j);
      int step = ldb == 0 ? wide : ldb;
      if ((high == ROWS || high == 1) && n - j >= wide) {
        addTile(high, wide, depth, rows, rowsFrom, b, from, step, c, cFrom + j, ldc);
      } else {
        java.util.Arrays.fill(tile, 0);
        addTile(high, wide, depth, rows, rowsFrom, b, from, step, tile, 0, wide);
        addCorner(high, Math.min(wide, n - j), tile, wide, c, cFrom + j, ldc);
      }
      from += ldb == 0 ? depth * wide : wide;
      j += wide;
    }
  }

  private static void addTile(
      int high,
      int wide,
      int depth,
      long[] rows,
      int rowsFrom,
      long[] b,
      int bFrom,
      int ldb,
      long[] c,
      int cFrom,
      int ldc) {
    if (high == 1) {
      for (int j = 0; j < wide; ) {
        if (wide - j == 3 * LANES) {
          LongTiles.add1x3(depth, rows, rowsFrom, b, bFrom + j, ldb, c, cFrom + j);
          j += 3 * LANES;
        } else {
          LongTiles.add1x1(depth, rows, rowsFrom, b, bFrom + j, ldb, c, cFrom + j);
          j += LANES;
        }
      }
    } else if (wide == 3 * LANES) {
      LongTiles.add4x3(depth, rows, rowsFrom, b, bFrom, ldb, c, cFrom, ldc);
    } else if (wide == 2 * LANES) {
      LongTiles.add4x2(depth, rows, rowsFrom, b, bFrom, ldb, c, cFrom, ldc);
    } else {
      LongTiles.add4x1(depth, rows, rowsFrom, b, bFrom, ldb, c, cFrom, ldc);
    }
  }

  private static void addCorner(
      int high, int wide, long[] tile, int ldt, long[] c, int cFrom, int ldc) {
    for (int r = 0; r < high; r++) {
      for (int j = 0; j < wide; j++) {
        c[cFrom + r * ldc + j] += tile[r * ldt + j];
      }
    }
  }

  /** Packs up to four rows of A so that a tile reads them in order; missing rows are zero. */
  private static void packRows(int high, int depth, long[] a, int aFrom, int lda, long[] rows) {
    for (int r = 0; r < ROWS; r++) {
      for (int p = 0; p < depth; p++) {
        rows[p * ROWS + r] = r < high ? a[aFrom + r * lda + p] : 0;
      }
    }
  }

  /** Packs a block of B into panels; missing columns of the last vector are zero. */
  private static void pack(
      boolean transposed, int depth, int n, long[] b, int bFrom, int ldb, long[] panels) {
    int to = 0;
    for (int j = 0; j < n; ) {
      int wide = panelWidth(n - j);
      int used = Math.min(wide, n - j);
      if (transposed) {
        packTransposed(depth, used, wide, b, bFrom + j * ldb, ldb, panels, to);
      } else {
        packStraight(depth, used, wide, b, bFrom + j, ldb, panels, to);
      }
      to += depth * wide;
      j += wide;
    }
  }

  private static void packStraight(
      int depth, int used, int wide, long[] b, int bFrom, int ldb, long[] panels, int to) {
    for (int p = 0; p < depth; p++) {
      System.arraycopy(b, bFrom + p * ldb, panels, to + p * wide, used);
      java.util.Arrays.fill(panels, to + p * wide + used, to + (p + 1) * wide, 0);
    }
  }

  private static void packTransposed(
      int depth, int used, int wide, long[] b, int bFrom, int ldb, long[] panels, int to) {
    for (int j = 0; j < wide; j++) {
      for (int p = 0; p < depth; p++) {
        panels[to + p * wide + j] = j < used ? b[bFrom + j * ldb + p] : 0;
      }
    }
  }

  /** C += A B^long for few rows of A: every element of B is read once, in order. */
  private static void dots(
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
    int whole = k - k % LANES;
    for (int j = 0; j < n; j += 4) {
      for (int i = 0; i < m; i++) {
        int row = aFrom + i * lda;
        int to = cFrom + i * ldc + j;
        if (j + 4 <= n) {
          LongTiles.addDots4(whole, a, row, b, bFrom + j * ldb, ldb, c, to);
        } else {
          for (int rest = j; rest < n; rest++) {
            LongTiles.addDot(whole, a, row, b, bFrom + rest * ldb, c, to + rest - j);
          }
        }
        for (int rest = j; rest < Math.min(n, j + 4); rest++) {
          for (int p = whole; p < k; p++) {
            c[to + rest - j] += a[row + p] * b[bFrom + rest * ldb + p];
          }
        }
      }
    }
  }
}
