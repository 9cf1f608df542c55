package org.djlmpc.ring;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import java.math.BigInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConvolutionTest {

  private final int threads = Kernels.parallelism();

  @AfterEach
  void restoreParallelism() {
    Kernels.setParallelism(threads);
  }

  /** Random geometries against the sum that defines a convolution. */
  @ParameterizedTest
  @EnumSource(Ring.class)
  void agreesWithItsDefinition(Ring ring) {
    RingOracle oracle = new RingOracle(ring, 21);
    for (int trial = 0; trial < 150; trial++) {
      Kernels.setParallelism(1 + trial % 3);
      int groups = oracle.between(1, 3);
      int channels = groups * oracle.between(1, 3);
      int filters = groups * oracle.between(1, 4);
      int r = oracle.between(1, 4);
      int s = oracle.between(1, 4);
      ConvolutionSpec spec =
          new ConvolutionSpec(
              oracle.between(1, 3),
              oracle.between(1, 3),
              oracle.below(4),
              oracle.below(4),
              oracle.between(1, 2),
              oracle.between(1, 2),
              groups);
      int h = spec.dilationH() * (r - 1) + oracle.between(1, 12);
      int w = spec.dilationW() * (s - 1) + oracle.between(1, 12);
      RingTensor input = oracle.tensor(oracle.between(1, 3), channels, h, w);
      RingTensor weight = oracle.tensor(filters, channels / groups, r, s);
      check(oracle, input, weight, spec);
    }
  }

  /** Deep enough that a tile holds a part of an image, and wide enough for several of them. */
  @ParameterizedTest
  @EnumSource(Ring.class)
  void largeLayersAreTiled(Ring ring) {
    RingOracle oracle = new RingOracle(ring, 22);
    Kernels.setParallelism(2);
    check(
        oracle,
        oracle.tensor(2, 128, 13, 13),
        oracle.tensor(3, 128, 3, 3),
        new ConvolutionSpec(1, 1, 1, 1, 1, 1, 1));
    check(
        oracle,
        oracle.tensor(1, 200, 17, 15),
        oracle.tensor(4, 200, 1, 1),
        new ConvolutionSpec(1, 1, 0, 0, 1, 1, 1));
  }

  private static void check(
      RingOracle oracle, RingTensor input, RingTensor weight, ConvolutionSpec spec) {
    RingTensor output = input.convolution(weight, spec);
    Shape shape = spec.outputShape(input.shape(), weight.shape());
    assertThat(output.shape()).isEqualTo(shape);
    int outH = (int) shape.get(2);
    int outW = (int) shape.get(3);
    int filters = (int) shape.get(1);
    for (int i = 0; i < output.size(); i++) {
      int x = i % outW;
      int y = i / outW % outH;
      int filter = i / outW / outH % filters;
      int image = i / outW / outH / filters;
      BigInteger expected = dot(input, weight, spec, image, filter, y, x);
      if (output.getLong(i) != oracle.reduce(expected)) {
        assertThat(output.getLong(i))
            .as(spec + " of " + input + " with " + weight + " at " + i)
            .isEqualTo(oracle.reduce(expected));
      }
    }
  }

  private static BigInteger dot(
      RingTensor input,
      RingTensor weight,
      ConvolutionSpec spec,
      int image,
      int filter,
      int y,
      int x) {
    int channels = (int) input.shape().get(1);
    int h = (int) input.shape().get(2);
    int w = (int) input.shape().get(3);
    int depth = (int) weight.shape().get(1);
    int r = (int) weight.shape().get(2);
    int s = (int) weight.shape().get(3);
    int firstChannel = filter / ((int) weight.shape().get(0) / spec.groups()) * depth;
    BigInteger sum = BigInteger.ZERO;
    for (int j = 0; j < depth * r * s; j++) {
      int inY = y * spec.strideH() - spec.padH() + j / s % r * spec.dilationH();
      int inX = x * spec.strideW() - spec.padW() + j % s * spec.dilationW();
      if (inY >= 0 && inY < h && inX >= 0 && inX < w) {
        int at = ((image * channels + firstChannel + j / s / r) * h + inY) * w + inX;
        sum =
            sum.add(
                RingOracle.at(input, at)
                    .multiply(RingOracle.at(weight, filter * depth * r * s + j)));
      }
    }
    return sum;
  }
}
