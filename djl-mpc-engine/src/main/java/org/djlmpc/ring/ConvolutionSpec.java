package org.djlmpc.ring;

import ai.djl.ndarray.types.Shape;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * Public geometry of a 2-D convolution: input (N, C, H, W), weight (K, C / groups, R, S), output
 * (N, K, H', W').
 *
 * @param strideH vertical stride
 * @param strideW horizontal stride
 * @param padH rows of zeros above and below
 * @param padW columns of zeros left and right
 * @param dilationH vertical dilation
 * @param dilationW horizontal dilation
 * @param groups number of groups; depthwise when it equals C
 */
public record ConvolutionSpec(
    int strideH, int strideW, int padH, int padW, int dilationH, int dilationW, int groups) {

  /** Checks the geometry. */
  public ConvolutionSpec {
    if (strideH < 1
        || strideW < 1
        || padH < 0
        || padW < 0
        || dilationH < 1
        || dilationW < 1
        || groups < 1) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A convolution needs stride, dilation and groups >= 1 and padding >= 0.",
          "Correct the convolution's arguments.");
    }
  }

  /** Output shape (N, K, H', W') for an input (N, C, H, W) and a weight (K, C / groups, R, S). */
  public Shape outputShape(Shape input, Shape weight) {
    if (input.dimension() != 4
        || weight.dimension() != 4
        || input.get(1) != weight.get(1) * groups
        || weight.get(0) % groups != 0) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "Convolution of input "
              + input
              + " with weight "
              + weight
              + " and "
              + groups
              + " groups.",
          "Use input (N, C, H, W) and weight (K, C / groups, R, S).");
    }
    long h = outputLength(input.get(2), weight.get(2), strideH, padH, dilationH);
    long w = outputLength(input.get(3), weight.get(3), strideW, padW, dilationW);
    if (h < 1 || w < 1) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "The kernel of weight " + weight + " is larger than the padded input " + input + ".",
          "Use a larger image or more padding.");
    }
    return new Shape(input.get(0), weight.get(0), h, w);
  }

  private static long outputLength(long length, long kernel, int stride, int pad, int dilation) {
    return Math.floorDiv(length + 2L * pad - dilation * (kernel - 1) - 1, stride) + 1;
  }
}
