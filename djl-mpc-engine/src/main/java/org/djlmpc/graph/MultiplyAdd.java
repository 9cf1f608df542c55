package org.djlmpc.graph;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * The one inner loop of matrix products and convolutions: adds a multiple of a row to another.
 *
 * <p>Each output element is a sum in the order of the calls, in the precision of its type, without
 * fused operations: the same bits on every machine, however the compiler vectorises.
 */
sealed interface MultiplyAdd {
  /** {@code c[cAt + i] += a[aAt] * b[bAt + i * bStep]} for i in [0, length). */
  void row(int aAt, int bAt, int bStep, int cAt, int length);

  /** The loop over three arrays of one type: FLOAT32, FLOAT64 or INT64. */
  static MultiplyAdd over(Elements a, Elements b, Elements c) {
    if (a instanceof Elements.Floats fa
        && b instanceof Elements.Floats fb
        && c instanceof Elements.Floats fc) {
      return new Floats(fa.array(), fb.array(), fc.array());
    }
    if (a instanceof Elements.Doubles da
        && b instanceof Elements.Doubles db
        && c instanceof Elements.Doubles dc) {
      return new Doubles(da.array(), db.array(), dc.array());
    }
    if (a instanceof Elements.Longs la
        && b instanceof Elements.Longs lb
        && c instanceof Elements.Longs lc) {
      return new Longs(la.array(), lb.array(), lc.array());
    }
    throw new MpcException(
        ErrorCode.INTERNAL, "A product of mixed types.", "Report this with the stack trace.");
  }

  /** Single precision. */
  final class Floats implements MultiplyAdd {
    private final float[] a;
    private final float[] b;
    private final float[] c;

    private Floats(float[] a, float[] b, float[] c) {
      this.a = a;
      this.b = b;
      this.c = c;
    }

    @Override
    public void row(int aAt, int bAt, int bStep, int cAt, int length) {
      float factor = a[aAt];
      if (bStep == 1) {
        for (int i = 0; i < length; i++) {
          c[cAt + i] += factor * b[bAt + i];
        }
      } else {
        for (int i = 0; i < length; i++) {
          c[cAt + i] += factor * b[bAt + i * bStep];
        }
      }
    }
  }

  /** Double precision. */
  final class Doubles implements MultiplyAdd {
    private final double[] a;
    private final double[] b;
    private final double[] c;

    private Doubles(double[] a, double[] b, double[] c) {
      this.a = a;
      this.b = b;
      this.c = c;
    }

    @Override
    public void row(int aAt, int bAt, int bStep, int cAt, int length) {
      double factor = a[aAt];
      for (int i = 0; i < length; i++) {
        c[cAt + i] += factor * b[bAt + i * bStep];
      }
    }
  }

  /** Integers modulo 2^64. */
  final class Longs implements MultiplyAdd {
    private final long[] a;
    private final long[] b;
    private final long[] c;

    private Longs(long[] a, long[] b, long[] c) {
      this.a = a;
      this.b = b;
      this.c = c;
    }

    @Override
    public void row(int aAt, int bAt, int bStep, int cAt, int length) {
      long factor = a[aAt];
      for (int i = 0; i < length; i++) {
        c[cAt + i] += factor * b[bAt + i * bStep];
      }
    }
  }
}
