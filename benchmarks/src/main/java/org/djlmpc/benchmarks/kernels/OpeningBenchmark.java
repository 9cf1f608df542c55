package org.djlmpc.benchmarks.kernels;

import ai.djl.ndarray.types.Shape;
import java.util.concurrent.TimeUnit;
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

/** What an opening costs beside its transport, in elements a microsecond. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class OpeningBenchmark {
  private static final int SIZE = 1 << 20;

  /** The ring. */
  @Param({"Z64", "Z32"})
  public Ring ring = Ring.Z64;

  private RingTensor share = RingTensor.zeros(Ring.Z64, new Shape(1));
  private RingTensor mask = share;
  private RingTensor theirs = share;
  private byte[] wire = new byte[0];

  /** Makes a share, a mask and a frame. */
  @Setup
  public void draw() {
    share = RingTensor.tabulate(ring, new Shape(SIZE), i -> 0x9E3779B97F4A7C15L * i);
    mask = share.negate();
    theirs = RingTensor.zeros(ring, new Shape(SIZE));
    wire = new byte[share.byteLength()];
  }

  /** Masks, writes, reads and adds. */
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public RingTensor open() {
    RingTensor masked = share.add(mask);
    masked.store(wire, 0, 0, SIZE);
    theirs.load(wire, 0, 0, SIZE);
    return masked.addInPlace(theirs);
  }
}
