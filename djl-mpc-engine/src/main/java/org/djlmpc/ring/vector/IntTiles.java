package org.djlmpc.ring.vector;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of a matrix product over int[], each held in vector registers.
 *
 * <p>The rows of A are packed: element (r, p) of a tile of R rows is at {@code aFrom + p R + r}. B
 * has {@code ldb} elements between rows. Each tile is a method that is too large to be inlined: the
 * compiler allocates registers well in one such loop and badly in several together.
 */
final class IntTiles {

  static final VectorSpecies<Integer> S = IntVector.SPECIES_PREFERRED;

  /** Elements of one vector. */
  static final int LANES = S.length();

  private IntTiles() {}

  /** C += A B with a tile of 4 rows by 3 vectors of columns. */
  static void add4x3(
      int depth, int[] a, int aFrom, int[] b, int bFrom, int ldb, int[] c, int cFrom, int ldc) {
    int row1 = cFrom + ldc;
    int row2 = cFrom + 2 * ldc;
    int row3 = cFrom + 3 * ldc;
    IntVector c00 = IntVector.fromArray(S, c, cFrom);
    IntVector c01 = IntVector.fromArray(S, c, cFrom + LANES);
    IntVector c02 = IntVector.fromArray(S, c, cFrom + 2 * LANES);
    IntVector c10 = IntVector.fromArray(S, c, row1);
    IntVector c11 = IntVector.fromArray(S, c, row1 + LANES);
    IntVector c12 = IntVector.fromArray(S, c, row1 + 2 * LANES);
    IntVector c20 = IntVector.fromArray(S, c, row2);
    IntVector c21 = IntVector.fromArray(S, c, row2 + LANES);
    IntVector c22 = IntVector.fromArray(S, c, row2 + 2 * LANES);
    IntVector c30 = IntVector.fromArray(S, c, row3);
    IntVector c31 = IntVector.fromArray(S, c, row3 + LANES);
    IntVector c32 = IntVector.fromArray(S, c, row3 + 2 * LANES);
    int from = bFrom;
    for (int p = 0; p < depth; p++) {
      IntVector b0 = IntVector.fromArray(S, b, from);
      IntVector b1 = IntVector.fromArray(S, b, from + LANES);
      IntVector b2 = IntVector.fromArray(S, b, from + 2 * LANES);
      IntVector a0 = IntVector.broadcast(S, a[aFrom + 4 * p]);
      c00 = c00.add(a0.mul(b0));
      c01 = c01.add(a0.mul(b1));
      c02 = c02.add(a0.mul(b2));
      IntVector a1 = IntVector.broadcast(S, a[aFrom + 4 * p + 1]);
      c10 = c10.add(a1.mul(b0));
      c11 = c11.add(a1.mul(b1));
      c12 = c12.add(a1.mul(b2));
      IntVector a2 = IntVector.broadcast(S, a[aFrom + 4 * p + 2]);
      c20 = c20.add(a2.mul(b0));
      c21 = c21.add(a2.mul(b1));
      c22 = c22.add(a2.mul(b2));
      IntVector a3 = IntVector.broadcast(S, a[aFrom + 4 * p + 3]);
      c30 = c30.add(a3.mul(b0));
      c31 = c31.add(a3.mul(b1));
      c32 = c32.add(a3.mul(b2));
      from += ldb;
    }
    c00.intoArray(c, cFrom);
    c01.intoArray(c, cFrom + LANES);
    c02.intoArray(c, cFrom + 2 * LANES);
    c10.intoArray(c, row1);
    c11.intoArray(c, row1 + LANES);
    c12.intoArray(c, row1 + 2 * LANES);
    c20.intoArray(c, row2);
    c21.intoArray(c, row2 + LANES);
    c22.intoArray(c, row2 + 2 * LANES);
    c30.intoArray(c, row3);
    c31.intoArray(c, row3 + LANES);
    c32.intoArray(c, row3 + 2 * LANES);
  }

  /** C += A B with a tile of 4 rows by 2 vectors of columns. */
  static void add4x2(
      int depth, int[] a, int aFrom, int[] b, int bFrom, int ldb, int[] c, int cFrom, int ldc) {
    int row1 = cFrom + ldc;
    int row2 = cFrom + 2 * ldc;
    int row3 = cFrom + 3 * ldc;
    IntVector c00 = IntVector.fromArray(S, c, cFrom);
    IntVector c01 = IntVector.fromArray(S, c, cFrom + LANES);
    IntVector c10 = IntVector.fromArray(S, c, row1);
    IntVector c11 = IntVector.fromArray(S, c, row1 + LANES);
    IntVector c20 = IntVector.fromArray(S, c, row2);
    IntVector c21 = IntVector.fromArray(S, c, row2 + LANES);
    IntVector c30 = IntVector.fromArray(S, c, row3);
    IntVector c31 = IntVector.fromArray(S, c, row3 + LANES);
    int from = bFrom;
    for (int p = 0; p < depth; p++) {
      IntVector b0 = IntVector.fromArray(S, b, from);
      IntVector b1 = IntVector.fromArray(S, b, from + LANES);
      IntVector a0 = IntVector.broadcast(S, a[aFrom + 4 * p]);
      c00 = c00.add(a0.mul(b0));
      c01 = c01.add(a0.mul(b1));
      IntVector a1 = IntVector.broadcast(S, a[aFrom + 4 * p + 1]);
      c10 = c10.add(a1.mul(b0));
      c11 = c11.add(a1.mul(b1));
      IntVector a2 = IntVector.broadcast(S, a[aFrom + 4 * p + 2]);
      c20 = c20.add(a2.mul(b0));
      c21 = c21.add(a2.mul(b1));
      IntVector a3 = IntVector.broadcast(S, a[aFrom + 4 * p + 3]);
      c30 = c30.add(a3.mul(b0));
      c31 = c31.add(a3.mul(b1));
      from += ldb;
    }
    c00.intoArray(c, cFrom);
    c01.intoArray(c, cFrom + LANES);
    c10.intoArray(c, row1);
    c11.intoArray(c, row1 + LANES);
    c20.intoArray(c, row2);
    c21.intoArray(c, row2 + LANES);
    c30.intoArray(c, row3);
    c31.intoArray(c, row3 + LANES);
  }

  /** C += A B with a tile of 4 rows by 1 vector of columns. */
  static void add4x1(
      int depth, int[] a, int aFrom, int[] b, int bFrom, int ldb, int[] c, int cFrom, int ldc) {
    int row1 = cFrom + ldc;
    int row2 = cFrom + 2 * ldc;
    int row3 = cFrom + 3 * ldc;
    IntVector c00 = IntVector.fromArray(S, c, cFrom);
    IntVector c10 = IntVector.fromArray(S, c, row1);
    IntVector c20 = IntVector.fromArray(S, c, row2);
    IntVector c30 = IntVector.fromArray(S, c, row3);
    int from = bFrom;
    for (int p = 0; p < depth; p++) {
      IntVector b0 = IntVector.fromArray(S, b, from);
      IntVector a0 = IntVector.broadcast(S, a[aFrom + 4 * p]);
      c00 = c00.add(a0.mul(b0));
      IntVector a1 = IntVector.broadcast(S, a[aFrom + 4 * p + 1]);
      c10 = c10.add(a1.mul(b0));
      IntVector a2 = IntVector.broadcast(S, a[aFrom + 4 * p + 2]);
      c20 = c20.add(a2.mul(b0));
      IntVector a3 = IntVector.broadcast(S, a[aFrom + 4 * p + 3]);
      c30 = c30.add(a3.mul(b0));
      from += ldb;
    }
    c00.intoArray(c, cFrom);
    c10.intoArray(c, row1);
    c20.intoArray(c, row2);
    c30.intoArray(c, row3);
  }

  /** C += A B with a tile of 1 row by 3 vectors of columns. */
  static void add1x3(
      int depth, int[] a, int aFrom, int[] b, int bFrom, int ldb, int[] c, int cFrom) {
    IntVector c00 = IntVector.fromArray(S, c, cFrom);
    IntVector c01 = IntVector.fromArray(S, c, cFrom + LANES);
    IntVector c02 = IntVector.fromArray(S, c, cFrom + 2 * LANES);
    int from = bFrom;
    for (int p = 0; p < depth; p++) {
      IntVector b0 = IntVector.fromArray(S, b, from);
      IntVector b1 = IntVector.fromArray(S, b, from + LANES);
      IntVector b2 = IntVector.fromArray(S, b, from + 2 * LANES);
      IntVector a0 = IntVector.broadcast(S, a[aFrom + p]);
      c00 = c00.add(a0.mul(b0));
      c01 = c01.add(a0.mul(b1));
      c02 = c02.add(a0.mul(b2));
      from += ldb;
    }
    c00.intoArray(c, cFrom);
    c01.intoArray(c, cFrom + LANES);
    c02.intoArray(c, cFrom + 2 * LANES);
  }

  /** C += A B with a tile of 1 row by 1 vector of columns. */
  static void add1x1(
      int depth, int[] a, int aFrom, int[] b, int bFrom, int ldb, int[] c, int cFrom) {
    IntVector c00 = IntVector.fromArray(S, c, cFrom);
    int from = bFrom;
    for (int p = 0; p < depth; p++) {
      IntVector b0 = IntVector.fromArray(S, b, from);
      IntVector a0 = IntVector.broadcast(S, a[aFrom + p]);
      c00 = c00.add(a0.mul(b0));
      from += ldb;
    }
    c00.intoArray(c, cFrom);
  }

  /**
   * c[cFrom + j] += a . b_j for four rows b_0 to b_3 that lie {@code ldb} apart; {@code length} is
   * a multiple of LANES.
   */
  static void addDots4(
      int length, int[] a, int aFrom, int[] b, int bFrom, int ldb, int[] c, int cFrom) {
    IntVector s0 = IntVector.zero(S);
    IntVector s1 = IntVector.zero(S);
    IntVector s2 = IntVector.zero(S);
    IntVector s3 = IntVector.zero(S);
    for (int p = 0; p < length; p += LANES) {
      IntVector x = IntVector.fromArray(S, a, aFrom + p);
      s0 = s0.add(x.mul(IntVector.fromArray(S, b, bFrom + p)));
      s1 = s1.add(x.mul(IntVector.fromArray(S, b, bFrom + ldb + p)));
      s2 = s2.add(x.mul(IntVector.fromArray(S, b, bFrom + 2 * ldb + p)));
      s3 = s3.add(x.mul(IntVector.fromArray(S, b, bFrom + 3 * ldb + p)));
    }
    c[cFrom] += s0.reduceLanes(VectorOperators.ADD);
    c[cFrom + 1] += s1.reduceLanes(VectorOperators.ADD);
    c[cFrom + 2] += s2.reduceLanes(VectorOperators.ADD);
    c[cFrom + 3] += s3.reduceLanes(VectorOperators.ADD);
  }

  /** c[cFrom] += a . b; {@code length} is a multiple of LANES. */
  static void addDot(int length, int[] a, int aFrom, int[] b, int bFrom, int[] c, int cFrom) {
    IntVector sum = IntVector.zero(S);
    for (int p = 0; p < length; p += LANES) {
      sum = sum.add(IntVector.fromArray(S, a, aFrom + p).mul(IntVector.fromArray(S, b, bFrom + p)));
    }
    c[cFrom] += sum.reduceLanes(VectorOperators.ADD);
  }
}
