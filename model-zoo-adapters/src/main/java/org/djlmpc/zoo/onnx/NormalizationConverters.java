package org.djlmpc.zoo.onnx;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.graph.Operators.Reduction;
import org.djlmpc.graph.Operators.Unary;
import org.djlmpc.graph.Pooling;
import org.djlmpc.zoo.Partial;
import org.jspecify.annotations.Nullable;

/** Normalizations: by stored statistics, which fold into convolutions, or by the input's own. */
final class NormalizationConverters {
  private NormalizationConverters() {}

  static void register(Converters to) {
    to.add("BatchNormalization", NormalizationConverters::batch);
    to.add("InstanceNormalization", NormalizationConverters::instance);
    to.add("GroupNormalization", NormalizationConverters::group);
    to.addMany("LayerNormalization", NormalizationConverters::layer);
    to.add("LRN", NormalizationConverters::local);
    to.add("MeanVarianceNormalization", NormalizationConverters::meanAndVariance);
    to.add("LpNormalization", NormalizationConverters::byNorm);
  }

  private static Partial batch(NodeView node) {
    if (node.flag("training_mode", false)) {
      throw new UnsupportedNode("BatchNormalization in training mode", "an export for inference");
    }
    if (node.shape(0).dimension() < 2) {
      throw node.malformed("input has no channels");
    }
    double epsilon = node.real("epsilon", 1e-5f);
    return node.operators()
        .batchNorm(
            node.input(0), node.input(3), node.input(4), node.input(1), node.input(2), 1, epsilon);
  }

  private static Partial instance(NodeView node) {
    Partial x = node.input(0);
    int rank = x.shape().dimension();
    if (rank < 3) {
      throw node.malformed("input " + x.shape() + " is no image");
    }
    Partial y = standardized(node, x, IntStream.range(2, rank).toArray()).value;
    return affine(node, y, 1);
  }

  /** Before version 21 there was one scale for each group, since then one for each channel. */
  private static Partial group(NodeView node) {
    Partial x = node.input(0);
    Shape shape = x.shape();
    long groups = node.whole("num_groups", 0);
    if (shape.dimension() < 3 || groups < 1 || shape.get(1) % groups != 0) {
      throw node.malformed("num_groups " + groups + " does not fit the input " + shape);
    }
    long size = shape.slice(2).size() * (shape.get(1) / groups);
    Partial parts = node.reshape(x, shape.get(0), groups, size);
    Partial y = standardized(node, parts, new int[] {2}).value;
    return node.opset() < 21
        ? node.reshape(affine(node, y, 1), shape)
        : affine(node, node.reshape(y, shape), 1);
  }

  private static List<@Nullable Partial> layer(NodeView node) {
    Partial x = node.input(0);
    int rank = x.shape().dimension();
    int[] axes = IntStream.range(node.axis(node.whole("axis", -1), rank), rank).toArray();
    Standardized parts = standardized(node, x, axes);
    Partial y = node.binary(Binary.MULTIPLY, parts.value, node.input(1));
    y = node.has(2) ? node.binary(Binary.ADD, y, node.input(2)) : y;
    return new ArrayList<>(Arrays.asList(y, parts.mean, parts.inverseDeviation));
  }

  /** By mean and variance over some axes, without a scale and a shift. */
  private static Partial meanAndVariance(NodeView node) {
    Partial x = node.input(0);
    long @Nullable [] given = node.wholes("axes");
    long[] axes = given == null ? new long[] {0, 2, 3} : given;
    int rank = x.shape().dimension();
    return standardized(
            node, x, Arrays.stream(axes).mapToInt(a -> node.axis(a, rank)).toArray(), 1e-9)
        .value;
  }

  /** x / norm of x, along an axis. */
  private static Partial byNorm(NodeView node) {
    Partial x = node.input(0);
    int[] axes = {node.axis(node.whole("axis", -1), x.shape().dimension())};
    boolean sum = node.whole("p", 2) == 1;
    Partial terms = node.unary(sum ? Unary.ABS : Unary.SQUARE, x);
    Partial total = node.operators().reduce(Reduction.SUM, terms, axes, true);
    return node.binary(
        Binary.MULTIPLY, x, node.unary(sum ? Unary.RECIPROCAL : Unary.RECIPROCAL_SQRT, total));
  }

  private record Standardized(Partial value, Partial mean, Partial inverseDeviation) {}

  /** (x - mean) / sqrt(variance + epsilon), over some axes. */
  private static Standardized standardized(NodeView node, Partial x, int[] axes) {
    return standardized(node, x, axes, node.real("epsilon", 1e-5f));
  }

  private static Standardized standardized(NodeView node, Partial x, int[] axes, double epsilon) {
    Partial mean = node.operators().reduce(Reduction.MEAN, x, axes, true);
    Partial centred = node.binary(Binary.SUBTRACT, x, mean);
    Partial variance =
        node.operators().reduce(Reduction.MEAN, node.unary(Unary.SQUARE, centred), axes, true);
    Partial inverse = node.unary(Unary.RECIPROCAL_SQRT, node.scalar(Binary.ADD, variance, epsilon));
    return new Standardized(node.binary(Binary.MULTIPLY, centred, inverse), mean, inverse);
  }

  /** The second input as a scale and the third as a shift for each entry of an axis. */
  private static Partial affine(NodeView node, Partial x, int axis) {
    long[] lengths = new long[x.shape().dimension() - axis];
    Arrays.fill(lengths, 1);
    lengths[0] = x.shape().get(axis);
    Partial y = node.binary(Binary.MULTIPLY, x, node.reshape(node.input(1), lengths));
    return node.binary(Binary.ADD, y, node.reshape(node.input(2), lengths));
  }

  /**
   * x / (bias + alpha m)^beta, where m is the mean of x^2 over {@code size} neighbouring channels
   * (Krizhevsky et al., "ImageNet classification with deep convolutional neural networks", NeurIPS
   * 2012, section 3.3): a pooling over the channels.
   */
  private static Partial local(NodeView node) {
    Partial x = node.input(0);
    Shape shape = x.shape();
    long size = node.whole("size", 0);
    if (shape.dimension() < 3 || size < 1 || size > 1 << 15) {
      throw node.malformed("size " + size + " does not fit the input " + shape);
    }
    Partial squares =
        node.reshape(
            node.unary(Unary.SQUARE, x), shape.get(0), 1, shape.get(1), shape.slice(2).size());
    long before = (size - 1) / 2;
    Layout edges =
        Layout.pad(new long[] {0, 0, before, 0}, new long[] {0, 0, size - 1 - before, 0}, 0);
    Partial padded = size == 1 ? squares : node.layout(edges, squares);
    Partial means =
        node.operators()
            .pool(padded, new Pooling(Pooling.Kind.MEAN, (int) size, 1, 1, 1, 0, 0, false, true));
    Partial scaled = node.scalar(Binary.MULTIPLY, means, node.real("alpha", 1e-4f));
    Partial base = node.scalar(Binary.ADD, scaled, node.real("bias", 1));
    Partial factor = node.scalar(Binary.POWER, base, -node.real("beta", 0.75f));
    return node.binary(Binary.MULTIPLY, x, node.reshape(factor, shape));
  }
}
