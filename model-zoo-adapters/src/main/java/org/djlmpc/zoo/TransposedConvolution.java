package org.djlmpc.zoo;

import ai.djl.ndarray.types.Shape;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.Operators;
import org.djlmpc.ring.ConvolutionSpec;
import org.jspecify.annotations.Nullable;

/**
 * A transposed convolution as a convolution: of the input with zeros between its elements, with the
 * kernel turned round.
 *
 * <p>For stride s, kernel k, dilation d and padding p, the input gets s - 1 zeros between
 * neighbours and d (k - 1) - p zeros around it (where this is negative it is cut), and the kernel
 * moves by one. The lists have an entry for the height and one for the width.
 *
 * @param stride of the output
 * @param dilation of the kernel
 * @param begin rows and columns that are cut from the front of the output
 * @param end rows and columns that are cut from its back; negative to add some
 * @param groups of channels
 */
public record TransposedConvolution(
    int[] stride, int[] dilation, int[] begin, int[] end, int groups) {

  /**
   * Computes it.
   *
   * @param x (N, C, H, W)
   * @param weight (C, K / groups, R, S)
   * @param bias (K), or null
   * @return (N, K, s (H - 1) + d (R - 1) + 1 - begin - end, ...)
   * @throws org.djlmpc.error.MpcException MALFORMED_MODEL if the groups do not fit the weight
   */
  public <V> V apply(Operators<V> o, V x, V weight, @Nullable V bias) {
    V image = surrounded(o, spread(o, x), o.shape(weight));
    ConvolutionSpec spec = new ConvolutionSpec(1, 1, 0, 0, dilation[0], dilation[1], groups);
    return o.convolution(image, turned(o, weight), bias, spec);
  }

  /** Zeros between neighbours, and as many behind the last row and column. */
  private <V> V spread(Operators<V> o, V x) {
    int down = stride[0];
    int right = stride[1];
    if (down == 1 && right == 1) {
      return x;
    }
    Shape in = o.shape(x);
    long rows = in.get(2);
    long columns = in.get(3);
    V apart = o.layout(Layout.reshape(in.get(0), in.get(1), rows, 1, columns, 1), x);
    long[] after = {0, 0, 0, down - 1L, 0, right - 1L};
    apart = o.layout(Layout.pad(new long[6], after, 0), apart);
    return o.layout(
        Layout.reshape(
            in.get(0),
            in.get(1),
            Math.multiplyExact(rows, (long) down),
            Math.multiplyExact(columns, (long) right)),
        apart);
  }

  /** Zeros around, of which {@link #spread} has put some behind the last row and column. */
  private <V> V surrounded(Operators<V> o, V x, Shape weight) {
    long[] before = new long[4];
    long[] after = new long[4];
    V cut = x;
    for (int i = 0; i < 2; i++) {
      int axis = 2 + i;
      long reach = (weight.get(axis) - 1) * dilation[i];
      long front = reach - begin[i];
      long back = reach - end[i] - (stride[i] - 1L);
      long length = o.shape(cut).get(axis);
      if (front < 0 || back < 0) {
        long from = Math.min(length, Math.max(0, -front));
        long to = Math.max(from, length - Math.max(0, -back));
        cut = o.layout(Layout.slice(o.shape(cut), axis, from, to), cut);
      }
      before[axis] = Math.max(0, front);
      after[axis] = Math.max(0, back);
    }
    return o.layout(Layout.pad(before, after, 0), cut);
  }

  /** (C, K / groups, R, S) as (K, C / groups, R, S), each kernel turned by half a turn. */
  private <V> V turned(Operators<V> o, V weight) {
    Shape in = o.shape(weight);
    if (groups < 1 || in.get(0) % groups != 0) {
      throw ModelErrors.malformed(
          groups + " groups do not fit the weight " + in + " of a transposed convolution.");
    }
    long each = in.get(0) / groups;
    V kernel = o.layout(Layout.reshape(groups, each, in.get(1), in.get(2), in.get(3)), weight);
    kernel = o.layout(Layout.permute(0, 2, 1, 3, 4), kernel);
    kernel = o.layout(Layout.reshape(groups * in.get(1), each, in.get(2), in.get(3)), kernel);
    return o.layout(Layout.flip(2, 3), kernel);
  }
}
