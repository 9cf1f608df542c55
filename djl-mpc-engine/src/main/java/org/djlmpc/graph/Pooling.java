package org.djlmpc.graph;

import ai.djl.ndarray.types.Shape;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * Public geometry of a pooling over (N, C, H, W).
 *
 * @param kind maximum or mean
 * @param kernelH rows of the window
 * @param kernelW columns of the window
 * @param strideH vertical stride
 * @param strideW horizontal stride
 * @param padH rows of padding above and below
 * @param padW columns of padding left and right
 * @param ceil whether the output length is rounded up
 * @param countPadding whether padding counts in a mean's divisor
 */
public record Pooling(
    Kind kind,
    int kernelH,
    int kernelW,
    int strideH,
    int strideW,
    int padH,
    int padW,
    boolean ceil,
    boolean countPadding) {

  /** Checks the geometry. */
  public Pooling {
    if (kernelH < 1
        || kernelW < 1
        || strideH < 1
        || strideW < 1
        || padH < 0
        || padW < 0
        || 2L * padH > kernelH
        || 2L * padW > kernelW) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A pooling needs window and stride >= 1 and padding of at most half the window.",
          "Correct the pooling's arguments.");
    }
  }

  /** What a window becomes. */
  public enum Kind {
    /** Its maximum. */
    MAX,
    /** Its mean. */
    MEAN
  }

  /** The pooling of a whole (N, C, H, W) image into (N, C, 1, 1). */
  public static Pooling global(Kind kind, Shape input) {
    int h = (int) input.get(2);
    int w = (int) input.get(3);
    return new Pooling(kind, h, w, h, w, 0, 0, false, true);
  }

  /** Output shape (N, C, H', W'). */
  public Shape outputShape(Shape input) {
    return new Shape(
        input.get(0),
        input.get(1),
        length(input.get(2), kernelH, strideH, padH),
        length(input.get(3), kernelW, strideW, padW));
  }

  private long length(long in, int kernel, int stride, int pad) {
    long span = in + 2L * pad - kernel;
    long out = (ceil ? Math.floorDiv(span + stride - 1, stride) : Math.floorDiv(span, stride)) + 1;
    // PyTorch: in ceil mode the last window must start inside the image or its left padding
    return ceil && (out - 1) * stride >= in + pad ? out - 1 : out;
  }
}
