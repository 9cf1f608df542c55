package org.djlmpc.zoo.onnx;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.zoo.Partial;
import org.jspecify.annotations.Nullable;

/** Constants, types, and shapes as values. */
final class ShapeConverters {
  private ShapeConverters() {}

  static void register(Converters to) {
    to.add("Constant", ShapeConverters::constant);
    to.add("ConstantOfShape", ShapeConverters::constantOfShape);
    to.add("Shape", ShapeConverters::shape);
    to.add("Size", ShapeConverters::size);
    to.add("Range", ShapeConverters::range);
    to.add("Cast", ShapeConverters::cast);
    to.add("CastLike", node -> node.cast(node.input(0), node.input(1).dataType()));
  }

  private static Partial constant(NodeView node) {
    PublicTensor tensor = node.tensor("value");
    long @Nullable [] wholes = node.wholes("value_ints");
    float @Nullable [] reals = node.reals("value_floats");
    if (tensor != null) {
      return node.fileConstant(tensor);
    } else if (wholes != null) {
      return node.fileConstant(PublicTensor.of(wholes, new Shape(wholes.length)));
    } else if (reals != null) {
      return node.fileConstant(PublicTensor.of(reals, new Shape(reals.length)));
    } else if (node.hasAttribute("value_int")) {
      return node.constant(PublicTensor.of(new long[] {node.whole("value_int", 0)}, new Shape()));
    } else if (node.hasAttribute("value_float")) {
      double value = node.real("value_float", 0);
      return node.constant(PublicTensor.scalar(value, DataType.FLOAT32));
    }
    throw new UnsupportedNode("Constant of texts or sparse values", "Constant with a dense tensor");
  }

  private static Partial constantOfShape(NodeView node) {
    Shape shape = nonNegative(node, node.knownWholes(0, "shape"));
    PublicTensor value = node.tensor("value");
    if (value != null && value.size() != 1) {
      throw node.malformed("value has " + value.size() + " elements");
    }
    node.spend(size(shape));
    DataType type = value == null ? DataType.FLOAT32 : value.dataType();
    return node.constant(PublicTensor.full(shape, type, value == null ? 0 : value.getDouble(0)));
  }

  private static Shape nonNegative(NodeView node, long[] lengths) {
    if (Arrays.stream(lengths).anyMatch(length -> length < 0) || lengths.length > 32) {
      throw node.malformed("shape is " + GraphImport.text(lengths));
    }
    return new Shape(lengths);
  }

  /** Shapes multiply without a check. */
  private static long size(Shape shape) {
    long size = 1;
    for (long length : shape.getShape()) {
      size = Math.multiplyExact(size, length);
    }
    return size;
  }

  private static Partial shape(NodeView node) {
    long[] lengths = node.shape(0).getShape();
    int rank = lengths.length;
    int start = bound(node.whole("start", 0), rank);
    int end = bound(node.whole("end", rank), rank);
    long[] part = Arrays.copyOfRange(lengths, start, Math.max(start, end));
    return node.constant(PublicTensor.of(part, new Shape(part.length)));
  }

  private static int bound(long index, int rank) {
    return (int) Math.max(0, Math.min(rank, index < 0 ? index + rank : index));
  }

  private static Partial size(NodeView node) {
    return node.constant(PublicTensor.of(new long[] {node.shape(0).size()}, new Shape()));
  }

  private static Partial range(NodeView node) {
    PublicTensor first = node.known(0, "start");
    double start = node.knownNumber(0, "start", 0);
    double step = node.knownNumber(2, "delta", 0);
    double count = Math.ceil((node.knownNumber(1, "limit", 0) - start) / step);
    if (!(count <= Integer.MAX_VALUE)) {
      throw node.malformed("range has no end");
    }
    int n = (int) Math.max(0, count);
    node.spend(n);
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = start + i * step;
    }
    return node.constant(PublicTensor.of(values, new Shape(n)).cast(first.dataType()));
  }

  private static Partial cast(NodeView node) {
    ElementType type = ElementType.of(node.whole("to", 0));
    DataType computed = type.computed();
    if (computed == null) {
      throw new UnsupportedNode("Cast to " + type, "Cast to FLOAT or INT64");
    }
    return node.cast(node.input(0), computed);
  }
}
