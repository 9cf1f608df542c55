package org.djlmpc.cli;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.SplittableRandom;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.protocol.Bilinear;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.SecretMath;
import org.djlmpc.protocol.Share;
import org.djlmpc.ring.ConvolutionSpec;
import org.djlmpc.ring.IndexMap;
import org.djlmpc.ring.RingTensor;

/**
 * The operators of {@code bench}: ReLU, a square matrix product, a 3 x 3 convolution with 64
 * channels, 2 x 2 max-pooling.
 */
record OperatorWorkload(JobSpec spec) implements Workload {
  private static final int CHANNELS = 64;
  private static final int POOL_SIDE = 32;

  @Override
  public List<Shape> shapes() {
    long n = spec.size();
    return switch (spec.kind()) {
      case RELU -> List.of(new Shape(n));
      case MATMUL -> List.of(new Shape(n, n), new Shape(n, n));
      case CONV -> List.of(new Shape(1, CHANNELS, n, n), new Shape(CHANNELS, CHANNELS, 3, 3));
      case MAXPOOL ->
          List.of(new Shape(1, Math.max(1, n / (POOL_SIDE * POOL_SIDE)), POOL_SIDE, POOL_SIDE));
      case INFER, OPS -> throw noOperator();
    };
  }

  /** What a user calls the size: elements, or the length of a side. */
  long size() {
    return spec.kind() == JobSpec.Kind.MAXPOOL ? shapes().get(0).size() : spec.size();
  }

  static ConvolutionSpec convolution() {
    return new ConvolutionSpec(1, 1, 1, 1, 1, 1, 1);
  }

  /**
   * ReLU over the whole range of a comparison; the maximum over half of it, because it compares
   * differences; products of numbers in [-1, 1).
   */
  @Override
  public RingTensor values(int argument, int run) {
    SplittableRandom random = new SplittableRandom(31L * run + argument);
    int range =
        spec.comparisonBits() == 0
            ? spec.ringBits()
            : Math.min(spec.comparisonBits(), spec.ringBits());
    int bits =
        switch (spec.kind()) {
          case RELU -> range;
          case MAXPOOL -> range - 1;
          default -> spec.fractionBits() + 1;
        };
    return RingTensor.tabulate(
        spec.ring(), shapes().get(argument), i -> random.nextLong() >> (Long.SIZE - bits));
  }

  @Override
  public Share compute(Protocol protocol, List<Share> in) {
    SecretMath math = new SecretMath(protocol);
    return switch (spec.kind()) {
      case RELU -> protocol.relu(in.get(0), 0);
      case MATMUL -> math.rescale(math.multiply(Bilinear.MATMUL, in.get(0), in.get(1)));
      case CONV ->
          math.rescale(math.multiply(Bilinear.convolution(convolution()), in.get(0), in.get(1)));
      case MAXPOOL -> math.maximumOfFirstAxis(protocol.rearrange(in.get(0), windows()));
      case INFER, OPS -> throw noOperator();
    };
  }

  private IndexMap windows() {
    return IndexMap.windows(shapes().get(0), 2, 2, 2, 2, 0, 0, POOL_SIDE / 2, POOL_SIDE / 2);
  }

  @Override
  public RingTensor exact(List<RingTensor> in) {
    RingTensor x = in.get(0);
    return switch (spec.kind()) {
      case RELU -> RingTensor.tabulate(spec.ring(), x.shape(), i -> Math.max(0, x.getLong(i)));
      case MATMUL -> x.matmul(in.get(1));
      case CONV -> x.convolution(in.get(1), convolution());
      case MAXPOOL -> largestOfFirstAxis(x.rearrange(windows()));
      case INFER, OPS -> throw noOperator();
    };
  }

  /** The largest element over the first axis. */
  static RingTensor largestOfFirstAxis(RingTensor x) {
    Shape shape = x.shape().slice(1);
    int inner = Math.toIntExact(shape.size());
    return RingTensor.tabulate(
        x.ring(),
        shape,
        i -> {
          long largest = x.getLong(i);
          for (int j = i + inner; j < x.size(); j += inner) {
            largest = Math.max(largest, x.getLong(j));
          }
          return largest;
        });
  }

  @Override
  public int rescaledBits() {
    return switch (spec.kind()) {
      case MATMUL, CONV -> spec.fractionBits();
      default -> 0;
    };
  }

  private static MpcException noOperator() {
    return new MpcException(
        ErrorCode.INTERNAL, "This job is no single operator.", "Report this with the stack trace.");
  }
}
