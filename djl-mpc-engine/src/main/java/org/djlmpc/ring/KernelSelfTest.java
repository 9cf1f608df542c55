package org.djlmpc.ring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A small exact test of kernels, run before they are used. */
final class KernelSelfTest {

  /** m, n, k: all tiles, ragged ends, few rows, and more than a block. */
  private static final int[][] SHAPES = {
    {1, 1, 1}, {1, 53, 70}, {3, 29, 9}, {5, 131, 33}, {33, 97, 64}, {9, 7, 300}, {17, 600, 300}
  };

  private static final int ELEMENTS = 200;

  private KernelSelfTest() {}

  /** What the kernels compute wrongly; empty if they may be used. */
  static List<String> failures(Kernels kernels) {
    List<String> failures = new ArrayList<>();
    for (int[] shape : SHAPES) {
      for (boolean transposed : new boolean[] {false, true}) {
        if (!multiplies(kernels, transposed, shape[0], shape[1], shape[2])) {
          failures.add("gemm " + Arrays.toString(shape));
        }
      }
    }
    if (!elementwise(kernels)) {
      failures.add("elementwise");
    }
    return failures;
  }

  /** Checks a product in both rings: the low half of a product of words is that of the halves. */
  private static boolean multiplies(Kernels kernels, boolean transposed, int m, int n, int k) {
    int lda = k + 1;
    int ldb = (transposed ? k : n) + 2;
    int ldc = n + 3;
    long[] a = words(1 + m * lda, 1);
    long[] b = words(2 + (transposed ? n : k) * ldb, 2);
    long[] c = words(3 + m * ldc, 3);
    long[] expected = c.clone();
    for (int i = 0; i < m; i++) {
      for (int p = 0; p < k; p++) {
        long left = a[1 + i * lda + p];
        for (int j = 0; j < n; j++) {
          expected[3 + i * ldc + j] += left * b[2 + (transposed ? j * ldb + p : p * ldb + j)];
        }
      }
    }
    int[] narrowC = narrow(c);
    if (transposed) {
      kernels.gemmTransposed(m, n, k, a, 1, lda, b, 2, ldb, c, 3, ldc);
      kernels.gemmTransposed(m, n, k, narrow(a), 1, lda, narrow(b), 2, ldb, narrowC, 3, ldc);
    } else {
      kernels.gemm(m, n, k, a, 1, lda, b, 2, ldb, c, 3, ldc);
      kernels.gemm(m, n, k, narrow(a), 1, lda, narrow(b), 2, ldb, narrowC, 3, ldc);
    }
    return Arrays.equals(c, expected) && Arrays.equals(narrowC, narrow(expected));
  }

  private static boolean elementwise(Kernels kernels) {
    long[] a = words(ELEMENTS, 4);
    long[] b = words(ELEMENTS, 5);
    int[] narrowA = narrow(a);
    int[] narrowB = narrow(b);
    long[] bits = words((ELEMENTS + 63) / 64, 6);
    long[] wide = new long[ELEMENTS];
    int[] slim = new int[ELEMENTS];
    boolean right = true;
    for (Elementwise.Binary op : Elementwise.Binary.values()) {
      kernels.binary(op, a, b, wide, 0, ELEMENTS);
      kernels.binary(op, narrowA, narrowB, slim, 0, ELEMENTS);
      for (int i = 0; i < ELEMENTS; i++) {
        long expected =
            switch (op) {
              case ADD -> a[i] + b[i];
              case SUBTRACT -> a[i] - b[i];
              case MULTIPLY -> a[i] * b[i];
            };
        right &= wide[i] == expected && slim[i] == (int) expected;
      }
    }
    for (Elementwise.Masked op : Elementwise.Masked.values()) {
      kernels.masked(op, a, bits, wide, 0, ELEMENTS);
      kernels.masked(op, narrowA, bits, slim, 0, ELEMENTS);
      for (int i = 0; i < ELEMENTS; i++) {
        boolean bit = (bits[i / 64] >>> i & 1) != 0;
        long expected =
            switch (op) {
              case KEEP -> bit ? a[i] : 0;
              case NEGATE -> bit ? -a[i] : a[i];
            };
        right &= wide[i] == expected && slim[i] == (int) expected;
      }
    }
    kernels.extractBit(a, 31, bits, 0, ELEMENTS);
    long[] narrowBits = new long[bits.length];
    kernels.extractBit(narrowA, 31, narrowBits, 0, ELEMENTS);
    for (int i = 0; i < ELEMENTS; i++) {
      right &= (bits[i / 64] >>> i & 1) == (a[i] >>> 31 & 1);
    }
    return right && Arrays.equals(bits, narrowBits);
  }

  /** Runs the products until the JIT has compiled their loops, for a second at most. */
  static void warmUp(Kernels kernels) {
    long[] a = words(64 * 64, 7);
    long[] b = words(128 * 128, 8);
    long[] c = new long[64 * 128];
    int[] narrowA = narrow(a);
    int[] narrowB = narrow(b);
    int[] narrowC = new int[64 * 128];
    long end = System.nanoTime() + 1_000_000_000L;
    for (int i = 0; i < 1500 && System.nanoTime() < end; i++) {
      int m = i % 10 == 0 ? 33 : 1;
      kernels.gemm(m, 49, 64, a, 0, 64, b, 0, 49, c, 0, 49);
      kernels.gemm(m, 97, 64, narrowA, 0, 64, narrowB, 0, 97, narrowC, 0, 97);
      kernels.gemmTransposed(1, 49, 64, a, 0, 64, b, 0, 64, c, 0, 49);
      kernels.gemmTransposed(1, 49, 64, narrowA, 0, 64, narrowB, 0, 64, narrowC, 0, 49);
    }
  }

  /** Whether large products modulo 2^64 take less time with {@code candidate}. */
  static boolean isFaster(Kernels candidate, Kernels reference) {
    long best = Long.MAX_VALUE;
    long bestReference = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      best = Math.min(best, nanos(candidate));
      bestReference = Math.min(bestReference, nanos(reference));
    }
    return best < bestReference;
  }

  private static long nanos(Kernels kernels) {
    int side = 384;
    long[] a = words(side * side, 9);
    long[] c = new long[side * side];
    long start = System.nanoTime();
    kernels.gemm(side, side, side, a, 0, side, a, 0, side, c, 0, side);
    return System.nanoTime() - start;
  }

  /** Numbers without pattern, by the mixing function of SplitMix64; they protect nothing. */
  private static long[] words(int count, long seed) {
    long[] words = new long[count];
    long state = seed;
    for (int i = 0; i < count; i++) {
      state += 0x9e3779b97f4a7c15L;
      long z = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
      z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
      words[i] = z ^ z >>> 31;
    }
    return words;
  }

  private static int[] narrow(long[] words) {
    int[] narrow = new int[words.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (int) words[i];
    }
    return narrow;
  }
}
