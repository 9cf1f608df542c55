package org.djlmpc.zoo.torchscript.operators;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Map;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.Pooling;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.PartialOperators;
import org.djlmpc.zoo.Resampling;
import org.djlmpc.zoo.torchscript.run.Arguments;
import org.djlmpc.zoo.torchscript.run.Operation;
import org.djlmpc.zoo.torchscript.run.UnsupportedCall;
import org.djlmpc.zoo.torchscript.run.Value;

/** Pooling in one and two dimensions. */
final class Poolings {
  private Poolings() {}

  static void addTo(Map<String, Operation> operations) {
    for (int d = 1; d <= 2; d++) {
      int dimensions = d;
      operations.put("max_pool" + d + "d", a -> Results.tensor(max(a, dimensions)));
      operations.put("max_pool" + d + "d_with_indices", a -> withoutIndices(max(a, dimensions)));
      operations.put("avg_pool" + d + "d", a -> Results.tensor(mean(a, dimensions)));
      operations.put(
          "adaptive_avg_pool" + d + "d", a -> Results.tensor(adaptiveMean(a, dimensions)));
      operations.put(
          "adaptive_max_pool" + d + "d", a -> withoutIndices(adaptiveMax(a, dimensions)));
    }
    operations.put("_adaptive_avg_pool2d", a -> Results.tensor(adaptiveMean(a, 2)));
  }

  /** Where the maximum was is not computed; models that return it rarely use it. */
  private static Value withoutIndices(Partial values) {
    return Value.TupleValue.of(Results.tensor(values), Value.Single.NONE);
  }

  private static Partial max(Arguments a, int dimensions) {
    int[] dilation = a.lengths(4, "dilation", dimensions, Convolutions.ones(dimensions));
    if (Arrays.stream(dilation).anyMatch(step -> step != 1)) {
      throw new UnsupportedCall(
          a.operator() + " with dilation " + Arrays.toString(dilation), "nearest: dilation 1");
    }
    return pool(a, dimensions, Pooling.Kind.MAX, a.flag(5, "ceil_mode", false), false);
  }

  private static Partial mean(Arguments a, int dimensions) {
    if (a.has(6, "divisor_override")) {
      throw new UnsupportedCall(
          a.operator() + " with divisor_override", "nearest: avg_pool2d followed by mul");
    }
    boolean countPadding = a.flag(5, "count_include_pad", true);
    return pool(a, dimensions, Pooling.Kind.MEAN, a.flag(4, "ceil_mode", false), countPadding);
  }

  private static Partial pool(
      Arguments a, int dimensions, Pooling.Kind kind, boolean ceil, boolean countPadding) {
    int[] kernel = a.lengths(1, "kernel_size", dimensions, Convolutions.ones(dimensions));
    int[] stride = a.lengths(2, "stride", dimensions, kernel);
    int[] padding = a.lengths(3, "padding", dimensions, new int[dimensions]);
    Pooling pooling =
        new Pooling(
            kind,
            Convolutions.rows(kernel, 1),
            Convolutions.columns(kernel),
            Convolutions.rows(stride, 1),
            Convolutions.columns(stride),
            Convolutions.rows(padding, 0),
            Convolutions.columns(padding),
            ceil,
            countPadding);
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    return restored(o, x, o.pool(image(o, x, dimensions), pooling), dimensions);
  }

  /** As (N, C, H, W): with a batch axis, and with one row in one dimension. */
  private static Partial image(PartialOperators o, Partial x, int dimensions) {
    Shape in = x.shape();
    if (in.dimension() < dimensions || in.dimension() > dimensions + 2) {
      return x;
    }
    long[] shape = {1, 1, 1, 1};
    for (int i = 1; i <= in.dimension(); i++) {
      boolean space = i <= dimensions;
      shape[space ? 4 - i : 4 - i - (2 - dimensions)] = in.get(in.dimension() - i);
    }
    return o.layout(Layout.reshape(shape), x);
  }

  /** With the axes that {@code x} had. */
  private static Partial restored(PartialOperators o, Partial x, Partial y, int dimensions) {
    Shape shape = x.shape().slice(0, x.shape().dimension() - dimensions);
    return o.layout(Layout.reshape(shape.addAll(y.shape().slice(4 - dimensions)).getShape()), y);
  }

  /** The wanted lengths; those that are not given stay. */
  private static long[] target(Arguments a, Shape image, int dimensions) {
    long[] out = {image.get(2), image.get(3)};
    Value sizes = a.value(1, "output_size");
    var items = Arguments.items(sizes);
    for (int i = 0; i < dimensions; i++) {
      Value size = items.isEmpty() ? sizes : items.get().get(i % items.get().size());
      if (size != Value.Single.NONE) {
        if (!(size instanceof Value.Int length) || length.value() < 1) {
          throw a.wrong(1, "no list of lengths");
        }
        out[2 - dimensions + i] = length.value();
      }
    }
    return out;
  }

  private static Partial adaptiveMean(Arguments a, int dimensions) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    Partial image = image(o, x, dimensions);
    long[] out = target(a, image.shape(), dimensions);
    a.charge(
        Math.addExact(
            Math.multiplyExact(out[0], image.shape().get(2)),
            Math.multiplyExact(out[1], image.shape().get(3))));
    return restored(o, x, Resampling.adaptiveMean(o, image, out[0], out[1]), dimensions);
  }

  private static Partial adaptiveMax(Arguments a, int dimensions) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    Partial image = image(o, x, dimensions);
    long[] out = target(a, image.shape(), dimensions);
    a.charge(Math.addExact(image.shape().get(2), image.shape().get(3)));
    a.charge(Math.multiplyExact(2L, Math.addExact(out[0], out[1])));
    return restored(o, x, Resampling.adaptiveMax(o, image, out[0], out[1]), dimensions);
  }
}
