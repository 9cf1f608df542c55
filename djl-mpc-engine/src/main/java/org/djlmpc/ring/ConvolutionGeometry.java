package org.djlmpc.ring;

import ai.djl.ndarray.types.Shape;

/**
 * The lengths of one convolution as ints.
 *
 * @param spec stride, padding, dilation, groups
 * @param images N
 * @param channels C
 * @param inH input height
 * @param inW input width
 * @param filters K
 * @param kernelH R
 * @param kernelW S
 * @param outH output height
 * @param outW output width
 */
record ConvolutionGeometry(
    ConvolutionSpec spec,
    int images,
    int channels,
    int inH,
    int inW,
    int filters,
    int kernelH,
    int kernelW,
    int outH,
    int outW) {

  /** Bytes of a tile of the unrolled input: half of a common second-level cache. */
  private static final int TILE_BYTES = 1 << 19;

  static ConvolutionGeometry of(Shape input, Shape weight, ConvolutionSpec spec) {
    Shape output = spec.outputShape(input, weight);
    return new ConvolutionGeometry(
        spec,
        (int) input.get(0),
        (int) input.get(1),
        (int) input.get(2),
        (int) input.get(3),
        (int) weight.get(0),
        (int) weight.get(2),
        (int) weight.get(3),
        (int) output.get(2),
        (int) output.get(3));
  }

  int groups() {
    return spec.groups();
  }

  int channelsPerGroup() {
    return channels / spec.groups();
  }

  int filtersPerGroup() {
    return filters / spec.groups();
  }

  /** R S. */
  int kernelSize() {
    return kernelH * kernelW;
  }

  /** Length of one output's dot product: C / groups R S. */
  int depth() {
    return channelsPerGroup() * kernelSize();
  }

  /** Output positions of one image. */
  int plane() {
    return outH * outW;
  }

  /** Output positions of all images. */
  int positions() {
    return images * plane();
  }

  /** Output positions of one tile. */
  int tile(int elementBytes) {
    int fitting = Math.max(64, TILE_BYTES / elementBytes / Math.max(1, depth()) & -64);
    int share = (positions() / Parallel.parallelism() + 63) & -64;
    return Math.max(64, Math.min(fitting, share));
  }

  /** First output column whose input column, at {@code offsetW} from the stride grid, exists. */
  int firstInside(int offsetW) {
    return offsetW >= 0 ? 0 : (-offsetW + spec.strideW() - 1) / spec.strideW();
  }

  /** One past the last output column whose input column exists. */
  int endInside(int offsetW) {
    return Math.max(0, Math.floorDiv(inW - 1 - offsetW, spec.strideW()) + 1);
  }
}
