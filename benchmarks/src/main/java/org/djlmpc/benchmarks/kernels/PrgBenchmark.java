package org.djlmpc.benchmarks.kernels;

import ai.djl.ndarray.types.Shape;
import java.util.concurrent.TimeUnit;
import org.djlmpc.crypto.Prg;
import org.djlmpc.crypto.Seed;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Ring elements from an AES stream, in elements a microsecond. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PrgBenchmark {
  private static final int SIZE = 1 << 20;

  /** The ring. */
  @Param({"Z64", "Z32"})
  public Ring ring = Ring.Z64;

  private final Seed seed = Seed.random();
  private Prg prg = new Prg(seed);
  private RingTensor tensor = RingTensor.zeros(Ring.Z64, new Shape(1));

  /** Makes the tensor to fill. */
  @Setup
  public void open() {
    prg.close();
    prg = new Prg(seed);
    tensor = RingTensor.zeros(ring, new Shape(SIZE));
  }

  /** One thread. */
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public void fill() {
    prg.fill(tensor, 0, SIZE);
  }

  /** Erases the stream. */
  @TearDown
  public void close() {
    prg.close();
    tensor.close();
  }
}
