package org.djlmpc.benchmarks.kernels;

import ai.djl.ndarray.types.Shape;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.djlmpc.ring.ConvolutionSpec;
import org.djlmpc.ring.Kernels;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Products in the ring on one core: the shapes of ResNet18 and a matrix product of 1024^3
 * multiply-adds, in milliseconds. The JVM's option {@code -Ddjlmpc.kernels=plain|vector|torch}
 * chooses the kernels.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ProductBenchmark {
  private static final int SIDE = 1024;

  /** The ring. */
  @Param({"Z64", "Z32"})
  public Ring ring = Ring.Z64;

  /** Input channels, output channels, side, kernel, stride; or the matrix product. */
  @Param({
    "matmul",
    "3-64-224-7-2",
    "64-64-56-3-1",
    "64-128-56-3-2",
    "128-128-28-3-1",
    "256-256-14-3-1",
    "512-512-7-3-1",
    "256-512-14-1-2"
  })
  public String shape = "matmul";

  private RingTensor x = RingTensor.zeros(Ring.Z64, new Shape(1));
  private RingTensor w = x;
  private ConvolutionSpec spec = new ConvolutionSpec(1, 1, 0, 0, 1, 1, 1);

  /** Draws the factors. */
  @Setup
  public void draw() {
    Kernels.setParallelism(1);
    SplittableRandom random = new SplittableRandom(2);
    Shape left = new Shape(SIDE, SIDE);
    Shape right = left;
    if (!shape.equals("matmul")) {
      String[] parts = shape.split("-", -1);
      int in = Integer.parseInt(parts[0]);
      int side = Integer.parseInt(parts[2]);
      int kernel = Integer.parseInt(parts[3]);
      int stride = Integer.parseInt(parts[4]);
      left = new Shape(1, in, side, side);
      right = new Shape(Integer.parseInt(parts[1]), in, kernel, kernel);
      spec = new ConvolutionSpec(stride, stride, kernel / 2, kernel / 2, 1, 1, 1);
    }
    x = RingTensor.tabulate(ring, left, i -> random.nextLong());
    w = RingTensor.tabulate(ring, right, i -> random.nextLong());
  }

  /** One product. */
  @Benchmark
  public RingTensor product() {
    return shape.equals("matmul") ? x.matmul(w) : x.convolution(w, spec);
  }
}
