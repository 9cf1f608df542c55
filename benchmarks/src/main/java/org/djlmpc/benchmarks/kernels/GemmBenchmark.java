package org.djlmpc.benchmarks.kernels;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.djlmpc.ring.Kernels;
import org.djlmpc.ring.PlainKernels;
import org.djlmpc.ring.vector.VectorKernels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A matrix product of 1024^3 multiply-adds on one core: by the Vector API, by what the engine falls
 * back to without it, and by plain loops in two orders.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class GemmBenchmark {
  private static final int SIDE = 1024;

  /** Multiply-adds of a call. */
  public static final double MULTIPLY_ADDS = (double) SIDE * SIDE * SIDE;

  /** Which loops. */
  public enum Loops {
    /** {@link VectorKernels}. */
    VECTOR,
    /** {@link PlainKernels}: packed in blocks, so that the compiler vectorises them. */
    PACKED,
    /** Plain loops in the order that suits the cache: rows of B are added to rows of C. */
    PLAIN,
    /** Plain loops as the product is defined: for each row and column a sum. */
    TEXTBOOK
  }

  /** The loops. */
  @Param({"VECTOR", "PACKED", "PLAIN", "TEXTBOOK"})
  public Loops loops = Loops.VECTOR;

  private final long[] a64 = new long[SIDE * SIDE];
  private final long[] b64 = new long[SIDE * SIDE];
  private final long[] c64 = new long[SIDE * SIDE];
  private final int[] a32 = new int[SIDE * SIDE];
  private final int[] b32 = new int[SIDE * SIDE];
  private final int[] c32 = new int[SIDE * SIDE];
  private Kernels kernels = new PlainKernels();

  /** Draws the factors. */
  @Setup
  public void draw() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < SIDE * SIDE; i++) {
      a64[i] = random.nextLong();
      b64[i] = random.nextLong();
      a32[i] = random.nextInt();
      b32[i] = random.nextInt();
    }
    kernels = loops == Loops.VECTOR ? new VectorKernels() : new PlainKernels();
  }

  /** Modulo 2^64. */
  @Benchmark
  public long[] gemm64() {
    switch (loops) {
      case VECTOR, PACKED ->
          kernels.gemm(SIDE, SIDE, SIDE, a64, 0, SIDE, b64, 0, SIDE, c64, 0, SIDE);
      case PLAIN -> rows(a64, b64, c64);
      case TEXTBOOK -> textbook(a64, b64, c64);
    }
    return c64;
  }

  /** Modulo 2^32. */
  @Benchmark
  public int[] gemm32() {
    switch (loops) {
      case VECTOR, PACKED ->
          kernels.gemm(SIDE, SIDE, SIDE, a32, 0, SIDE, b32, 0, SIDE, c32, 0, SIDE);
      case PLAIN -> rows(a32, b32, c32);
      case TEXTBOOK -> textbook(a32, b32, c32);
    }
    return c32;
  }

  private static void rows(long[] a, long[] b, long[] c) {
    for (int i = 0; i < SIDE; i++) {
      for (int k = 0; k < SIDE; k++) {
        long factor = a[i * SIDE + k];
        for (int j = 0; j < SIDE; j++) {
          c[i * SIDE + j] += factor * b[k * SIDE + j];
        }
      }
    }
  }

  private static void rows(int[] a, int[] b, int[] c) {
    for (int i = 0; i < SIDE; i++) {
      for (int k = 0; k < SIDE; k++) {
        int factor = a[i * SIDE + k];
        for (int j = 0; j < SIDE; j++) {
          c[i * SIDE + j] += factor * b[k * SIDE + j];
        }
      }
    }
  }

  private static void textbook(long[] a, long[] b, long[] c) {
    for (int i = 0; i < SIDE; i++) {
      for (int j = 0; j < SIDE; j++) {
        long sum = c[i * SIDE + j];
        for (int k = 0; k < SIDE; k++) {
          sum += a[i * SIDE + k] * b[k * SIDE + j];
        }
        c[i * SIDE + j] = sum;
      }
    }
  }

  private static void textbook(int[] a, int[] b, int[] c) {
    for (int i = 0; i < SIDE; i++) {
      for (int j = 0; j < SIDE; j++) {
        int sum = c[i * SIDE + j];
        for (int k = 0; k < SIDE; k++) {
          sum += a[i * SIDE + k] * b[k * SIDE + j];
        }
        c[i * SIDE + j] = sum;
      }
    }
  }
}
