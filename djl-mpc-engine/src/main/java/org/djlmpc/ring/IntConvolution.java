package org.djlmpc.ring;

/**
 * Convolution over int[] as products of the weight with tiles of the unrolled input.
 *
 * <p>A tile holds some output positions of one group, possibly of several images, and is small
 * enough for the second-level cache; the whole unrolled matrix never exists.
 */
final class IntConvolution {

  private IntConvolution() {}

  static void run(ConvolutionGeometry g, int[] input, int[] weight, int[] output) {
    int tile = g.tile(Integer.BYTES);
    int tiles = (g.positions() + tile - 1) / tile;
    Parallel.pieces(
        tiles * g.groups(),
        piece -> {
          int from = piece % tiles * tile;
          int count = Math.min(tile, g.positions() - from);
          tile(g, piece / tiles, from, count, input, weight, output);
        });
  }

  private static void tile(
      ConvolutionGeometry g,
      int group,
      int from,
      int count,
      int[] input,
      int[] weight,
      int[] output) {
    int depth = g.depth();
    int filters = g.filtersPerGroup();
    int[] unrolled = new int[depth * count];
    for (int row = 0; row < depth; row++) {
      unrollRow(g, group, row, from, count, input, unrolled, row * count);
    }
    int[] product = new int[filters * count];
    Kernels.best()
        .gemm(
            filters,
            count,
            depth,
            weight,
            group * filters * depth,
            depth,
            unrolled,
            0,
            count,
            product,
            0,
            count);
    scatter(g, group, from, count, product, output);
  }

  /** Writes what weight position {@code row} of the group meets at the tile's output positions. */
  private static void unrollRow(
      ConvolutionGeometry g,
      int group,
      int row,
      int from,
      int count,
      int[] input,
      int[] unrolled,
      int target) {
    int channel = group * g.channelsPerGroup() + row / g.kernelSize();
    int offsetH = row % g.kernelSize() / g.kernelW() * g.spec().dilationH() - g.spec().padH();
    int offsetW = row % g.kernelW() * g.spec().dilationW() - g.spec().padW();
    int first = g.firstInside(offsetW);
    int end = g.endInside(offsetW);
    int position = from;
    while (position < from + count) {
      int image = position / g.plane();
      int y = position % g.plane() / g.outW();
      int x = position % g.outW();
      int length = Math.min(g.outW() - x, from + count - position);
      int sourceY = y * g.spec().strideH() + offsetH;
      if (sourceY >= 0 && sourceY < g.inH()) {
        int source = ((image * g.channels() + channel) * g.inH() + sourceY) * g.inW() + offsetW;
        int begin = Math.max(x, first);
        int stop = Math.min(x + length, end);
        copy(
            input,
            source + begin * g.spec().strideW(),
            g.spec().strideW(),
            unrolled,
            target + position - from + begin - x,
            stop - begin);
      }
      position += length;
    }
  }

  private static void copy(int[] src, int from, int stride, int[] dst, int to, int count) {
    if (stride == 1 && count > 0) {
      System.arraycopy(src, from, dst, to, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      dst[to + i] = src[from + i * stride];
    }
  }

  /** Copies a tile's results (filters, positions) to their images. */
  private static void scatter(
      ConvolutionGeometry g, int group, int from, int count, int[] product, int[] output) {
    int filters = g.filtersPerGroup();
    int position = from;
    while (position < from + count) {
      int image = position / g.plane();
      int offset = position % g.plane();
      int length = Math.min(g.plane() - offset, from + count - position);
      for (int filter = 0; filter < filters; filter++) {
        System.arraycopy(
            product,
            filter * count + position - from,
            output,
            (image * g.filters() + group * filters + filter) * g.plane() + offset,
            length);
      }
      position += length;
    }
  }
}
