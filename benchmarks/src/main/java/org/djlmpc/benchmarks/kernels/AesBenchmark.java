package org.djlmpc.benchmarks.kernels;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.djlmpc.crypto.FixedKeyHash;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * AES under a fixed key on one core, in blocks a microsecond: what function keys are limited by.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class AesBenchmark {
  private static final int BLOCKS = 1024;

  private final byte[] in = new byte[BLOCKS * FixedKeyHash.BLOCK];
  private final byte[] out = new byte[in.length];
  private FixedKeyHash hash = FixedKeyHash.random();
  private long left;

  /** Draws the blocks. */
  @Setup
  public void draw() {
    new SplittableRandom(3).nextBytes(in);
  }

  /** A permutation of blocks; one key serves as many as it may. */
  @Benchmark
  @OperationsPerInvocation(BLOCKS)
  public byte[] permute() {
    left -= BLOCKS;
    if (left < 0) {
      hash = FixedKeyHash.random();
      left = FixedKeyHash.MAX_BLOCKS - BLOCKS;
    }
    hash.permute(in, 0, out, 0, BLOCKS);
    return out;
  }
}
