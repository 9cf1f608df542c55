package org.djlmpc.benchmarks.kernels;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.djlmpc.crypto.FixedKeyHash;
import org.djlmpc.fss.Dpf;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Keys of point functions on one core: pairs made and points compared, per microsecond. As in the
 * protocols, each call is a chunk with a hash key of its own.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class DpfBenchmark {
  private static final int GATES = 8192;

  /** Bits of the compared values: a comparison of n bits needs a domain of n - 1. */
  @Param({"20", "32", "64"})
  public int n;

  private final byte[] roots0 = new byte[GATES * FixedKeyHash.BLOCK];
  private final byte[] roots1 = new byte[GATES * FixedKeyHash.BLOCK];
  private final long[] alpha = new long[GATES];
  private final long[] y = new long[GATES];
  private final long[] bits = new long[GATES / Long.SIZE];
  private byte[] corrections = new byte[0];
  private byte[] publicKey = new byte[0];

  /** Draws points and makes the keys that are evaluated. */
  @Setup
  public void draw() {
    SplittableRandom random = new SplittableRandom(1);
    random.nextBytes(roots0);
    random.nextBytes(roots1);
    long mask = -1L >>> (Long.SIZE - (n - 1));
    for (int i = 0; i < GATES; i++) {
      alpha[i] = random.nextLong() & mask;
      y[i] = random.nextLong() & mask;
    }
    corrections = new byte[Dpf.correctionBytes(n - 1, GATES)];
    generate();
  }

  /** Both parties' keys. */
  @Benchmark
  @OperationsPerInvocation(GATES)
  public void generate() {
    FixedKeyHash hash = FixedKeyHash.random();
    publicKey = hash.publicKey();
    Dpf.generate(n - 1, alpha, 0, GATES, roots0, 0, roots1, 0, hash, corrections, 0);
  }

  /** One party's shares of [y &lt; alpha]. */
  @Benchmark
  @OperationsPerInvocation(GATES)
  public void lessThan() {
    FixedKeyHash hash = FixedKeyHash.of(publicKey);
    Dpf.lessThan(0, n - 1, y, 0, GATES, roots0, 0, corrections, 0, hash, bits, 0);
  }
}
