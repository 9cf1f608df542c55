package org.djlmpc.zoo.torchscript.operators;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Layout;
import org.djlmpc.ring.ConvolutionSpec;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.PartialOperators;
import org.djlmpc.zoo.TransposedConvolution;
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
    operations.put("conv_transpose1d", a -> transposed(a, 1, 7, 5, 6));
    operations.put("conv_transpose2d", a -> transposed(a, 2, 7, 5, 6));
  }

  /** {@code (input, weight, bias, stride, padding, dilation, groups)}. */
  private static Value plain(Arguments a, int dimensions) {
    return convolution(a, dimensions, a.small(6, "groups", 1));
  }

  /** As traces write it: {@code (..., dilation, transposed, output_padding, groups, ...)}. */
  private static Value general(Arguments a) {
    int dimensions = a.tensor(1, "weight").shape().dimension() - 2;
    if (dimensions != 1 && dimensions != 2) {
      throw new UnsupportedCall(
          a.operator() + " in " + dimensions + " dimensions", "nearest: conv2d");
    }
    if (a.operator().endsWith("_mode")) {
      return plain(a, dimensions);
    }
    return a.flag(6, "transposed", false)
        ? transposed(a, dimensions, 5, 7, 8)
        : convolution(a, dimensions, a.small(8, "groups", 1));
  }

  private static Value convolution(Arguments a, int dimensions, int groups) {
    int[] ones = ones(dimensions);
    int[] stride = a.lengths(3, "stride", dimensions, ones);
    int[] dilation = a.lengths(5, "dilation", dimensions, ones);
    int[] padding =
        a.isText(4)
            ? new int[dimensions]
            : a.lengths(4, "padding", dimensions, new int[dimensions]);
    boolean same = a.isText(4) && a.text(4, "padding", "").equals("same");
    ConvolutionSpec spec =
        new ConvolutionSpec(
            rows(stride, 1),
            columns(stride),
            rows(padding, 0),
            columns(padding),
            rows(dilation, 1),
            columns(dilation),
            groups);
    @Nullable Partial bias = a.optionalTensor(2, "bias");
    return onImages(
        a,
        dimensions,
        (x, weight) ->
            a.operators()
                .convolution(
                    same ? padSame(a.operators(), x, weight.shape(), spec) : x,
                    weight,
                    bias,
                    spec));
  }

  /**
   * {@code (input, weight, bias, stride, padding, ...)}, and where the others are.
   *
   * @param more position of {@code output_padding}
   */
  private static Value transposed(Arguments a, int dimensions, int dilated, int more, int grouped) {
    int[] stride = a.lengths(3, "stride", dimensions, ones(dimensions));
    int[] dilation = a.lengths(dilated, "dilation", dimensions, ones(dimensions));
    int[] padding = a.lengths(4, "padding", dimensions, new int[dimensions]);
    int[] added = a.lengths(more, "output_padding", dimensions, new int[dimensions]);
    TransposedConvolution convolution =
        new TransposedConvolution(
            new int[] {rows(stride, 1), columns(stride)},
            new int[] {rows(dilation, 1), columns(dilation)},
            new int[] {rows(padding, 0), columns(padding)},
            new int[] {rows(padding, 0) - rows(added, 0), columns(padding) - columns(added)},
            a.small(grouped, "groups", 1));
    if (stride[0] < 1 || columns(stride) < 1) {
      throw a.wrong(3, "a stride below 1");
    }
    @Nullable Partial bias = a.optionalTensor(2, "bias");
    return onImages(
        a, dimensions, (x, weight) -> convolution.apply(a.operators(), x, weight, bias));
  }

  /** On an image with a batch axis and two dimensions, whatever the arguments have. */
  private static Value onImages(Arguments a, int dimensions, BinaryOperator<Partial> convolution) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "input");
    Partial weight = a.tensor(1, "weight");
    boolean batched = x.shape().dimension() == dimensions + 2;
    if (!batched) {
      x = o.layout(Layout.expandDims(x.shape(), 0), x);
    }
    if (x.shape().dimension() != dimensions + 2) {
      throw new MpcException(
          ErrorCode.SHAPE,
          a.operator() + " of " + a.tensor(0, "input").shape() + ", a shape without channels.",
          "Give images (N, C, H, W), or the shape that the model was made for.");
    }
    if (weight.shape().dimension() != dimensions + 2) {
      throw a.wrong(1, "a weight " + weight.shape());
    }
    if (dimensions == 1) {
      x = o.layout(Layout.expandDims(x.shape(), 2), x);
      weight = o.layout(Layout.expandDims(weight.shape(), 2), weight);
    }
    Partial y = convolution.apply(x, weight);
    if (dimensions == 1) {
      y = o.layout(Layout.squeeze(y.shape(), 2), y);
    }
    return Results.tensor(batched ? y : o.layout(Layout.squeeze(y.shape(), 0), y));
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
  private static Partial padSame(
      PartialOperators o, Partial x, Shape weight, ConvolutionSpec spec) {
    long rows = spec.dilationH() * (weight.get(2) - 1);
    long columns = spec.dilationW() * (weight.get(3) - 1);
    long[] before = {0, 0, rows / 2, columns / 2};
    long[] after = {0, 0, rows - rows / 2, columns - columns / 2};
    return o.layout(Layout.pad(before, after, 0), x);
  }
}
