package org.djlmpc.benchmarks.kernels;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
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
 * Convolutions in the ring on one core, in the shapes of ResNet18, a call each. The JVM's option
 * {@code -Ddjlmpc.kernels=plain|vector|torch} chooses the kernels.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ConvolutionBenchmark {
  /** The ring. */
  @Param({"Z64", "Z32"})
  public Ring ring = Ring.Z64;

  /** Input channels, output channels, side, kernel, stride. */
  @Param({
    "3-64-224-7-2",
    "64-64-56-3-1",
    "64-128-56-3-2",
    "128-128-28-3-1",
    "256-256-14-3-1",
    "512-512-7-3-1",
    "256-512-14-1-2"
  })
  public String shape = "64-64-56-3-1";

  private RingTensor x = RingTensor.zeros(Ring.Z64, new Shape(1));
  private RingTensor w = x;
  private ConvolutionSpec spec = new ConvolutionSpec(1, 1, 0, 0, 1, 1, 1);

  /** Draws the factors. */
  @Setup
  public void draw() {
    Kernels.setParallelism(1);
    SplittableRandom random = new SplittableRandom(2);
    int[] parts = parts(shape);
    int in = parts[0];
    int side = parts[2];
    int kernel = parts[3];
    int stride = parts[4];
    spec = new ConvolutionSpec(stride, stride, kernel / 2, kernel / 2, 1, 1, 1);
    x = RingTensor.tabulate(ring, new Shape(1, in, side, side), i -> random.nextLong());
    w = RingTensor.tabulate(ring, new Shape(parts[1], in, kernel, kernel), i -> random.nextLong());
  }

  private static int[] parts(String shape) {
    return Arrays.stream(shape.split("-", -1)).mapToInt(Integer::parseInt).toArray();
  }

  /** Multiply-adds of a shape, padding counted as if it were there. */
  public static double multiplyAdds(String shape) {
    int[] parts = parts(shape);
    double side = Math.ceil((double) parts[2] / parts[4]);
    return side * side * parts[0] * parts[1] * parts[3] * parts[3];
  }

  /** One convolution. */
  @Benchmark
  public RingTensor convolution() {
    return x.convolution(w, spec);
  }
}
