package org.djlmpc.zoo.torchscript.operators;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import org.djlmpc.graph.Layout;
import org.djlmpc.ring.ConvolutionSpec;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.PartialOperators;
import org.djlmpc.zoo.torchscript.run.Arguments;
import org.djlmpc.zoo.torchscript.run.Operation;
import org.djlmpc.zoo.torchscript.run.UnsupportedCall;
import org.djlmpc.zoo.torchscript.run.Value;
import org.jspecify.annotations.Nullable;

/** Convolutions in one and two dimensions; an image without a batch axis gets one. */
final class Convolutions {
  private Convolutions() {}

  static void addTo(Map<String, Operation> operations) {
    operations.put("conv2d", a -> plain(a, 2));
    operations.put("conv1d", a -> plain(a, 1));
    for (String name : List.of("_convolution", "convolution", "_convolution_mode")) {
      operations.put(name, Convolutions::general);
    }
  }

  /** {@code (input, weight, bias, stride, padding, dilation, groups)}. */
  private static Value plain(Arguments a, int dimensions) {
    return Results.tensor(convolve(a, dimensions, a.small(6, "groups", 1)));
  }

  /** As traces write it: {@code (..., dilation, transposed, output_padding, groups, ...)}. */
  private static Value general(Arguments a) {
    int dimensions = a.tensor(1, "weight").shape().dimension() - 2;
    if (dimensions != 1 && dimensions != 2) {
      throw new UnsupportedCall(
          a.operator() + " in " + dimensions + " dimensions", "nearest: conv2d");
    }
    boolean mode = a.operator().endsWith("_mode");
    if (!mode && a.flag(6, "transposed", false)) {
      throw new UnsupportedCall(
          a.operator() + ", transposed", "nearest: upsample_nearest2d followed by conv2d");
    }
    return Results.tensor(
        convolve(a, dimensions, mode ? a.small(6, "groups", 1) : a.small(8, "groups", 1)));
  }

  private static Partial convolve(Arguments a, int dimensions, int groups) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "input");
    Partial weight = a.tensor(1, "weight");
    @Nullable Partial bias = a.optionalTensor(2, "bias");
    int[] ones = ones(dimensions);
    int[] stride = a.lengths(3, "stride", dimensions, ones);
    int[] dilation = a.lengths(5, "dilation", dimensions, ones);
    boolean batched = x.shape().dimension() == dimensions + 2;
    if (!batched) {
      x = o.layout(Layout.expandDims(x.shape(), 0), x);
    }
    int[] padding = new int[dimensions];
    if (!a.isText(4)) {
      padding = a.lengths(4, "padding", dimensions, padding);
    } else if (a.text(4, "padding", "").equals("same")) {
      x = padSame(o, x, weight.shape(), dilation);
    }
    if (dimensions == 1) {
      x = o.layout(Layout.expandDims(x.shape(), 2), x);
      weight = o.layout(Layout.expandDims(weight.shape(), 2), weight);
    }
    Partial y =
        o.convolution(
            x,
            weight,
            bias,
            new ConvolutionSpec(
                rows(stride, 1),
                columns(stride),
                rows(padding, 0),
                columns(padding),
                rows(dilation, 1),
                columns(dilation),
                groups));
    if (dimensions == 1) {
      y = o.layout(Layout.squeeze(y.shape(), 2), y);
    }
    return batched ? y : o.layout(Layout.squeeze(y.shape(), 0), y);
  }

  static int[] ones(int dimensions) {
    return dimensions == 1 ? new int[] {1} : new int[] {1, 1};
  }

  /** Of two numbers the first; one dimension has a single row. */
  static int rows(int[] lengths, int otherwise) {
    return lengths.length == 1 ? otherwise : lengths[0];
  }

  static int columns(int[] lengths) {
    return lengths[lengths.length - 1];
  }

  /** Zeros around, so that the output has the length of the input; the odd one goes behind. */
  private static Partial padSame(PartialOperators o, Partial x, Shape weight, int[] dilation) {
    int rank = x.shape().dimension();
    long[] before = new long[rank];
    long[] after = new long[rank];
    for (int i = 2; i < rank; i++) {
      long total = dilation[i - 2] * (weight.get(i) - 1);
      before[i] = total / 2;
      after[i] = total - before[i];
    }
    return o.layout(Layout.pad(before, after, 0), x);
  }
}
