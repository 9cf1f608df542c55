package org.djlmpc.zoo.onnx;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.graph.Operators.Reduction;
import org.djlmpc.graph.Operators.Unary;
import org.djlmpc.zoo.Partial;
import org.jspecify.annotations.Nullable;

/** Operators that combine elements along axes. */
final class ReductionConverters {
  private ReductionConverters() {}

  static void register(Converters to) {
    to.add("ReduceSum", node -> reduce(node, node.input(0), Reduction.SUM));
    to.add("ReduceMean", node -> reduce(node, node.input(0), Reduction.MEAN));
    to.add("ReduceMax", node -> reduce(node, node.input(0), Reduction.MAX));
    to.add("ReduceMin", node -> reduce(node, node.input(0), Reduction.MIN));
    to.add("ReduceProd", node -> reduce(node, node.input(0), Reduction.PRODUCT));
    to.add("ReduceL1", node -> reduce(node, node.unary(Unary.ABS, node.input(0)), Reduction.SUM));
    to.add("ReduceSumSquare", ReductionConverters::sumOfSquares);
    to.add("ReduceL2", node -> node.unary(Unary.SQRT, sumOfSquares(node)));
    to.add(
        "ReduceLogSum", node -> node.unary(Unary.LOG, reduce(node, node.input(0), Reduction.SUM)));
    to.add("ReduceLogSumExp", ReductionConverters::logSumExp);
    to.add("CumSum", ReductionConverters::cumSum);
    to.add("ArgMax", node -> argMax(node, false));
    to.add("ArgMin", node -> argMax(node, true));
    to.add("Softmax", node -> softmax(node, false));
    to.add("LogSoftmax", node -> softmax(node, true));
  }

  private static Partial sumOfSquares(NodeView node) {
    return reduce(node, node.unary(Unary.SQUARE, node.input(0)), Reduction.SUM);
  }

  /** The largest exponent is taken out, so that no exponential overflows and no sum vanishes. */
  private static Partial logSumExp(NodeView node) {
    Partial x = node.input(0);
    int @Nullable [] axes = axes(node, x);
    boolean keep = node.flag("keepdims", true);
    if (axes == null) {
      return x;
    }
    Partial largest = node.operators().reduce(Reduction.MAX, x, axes, true);
    Partial exponentials = node.unary(Unary.EXP, node.binary(Binary.SUBTRACT, x, largest));
    Partial sum = node.operators().reduce(Reduction.SUM, exponentials, axes, true);
    Partial y = node.binary(Binary.ADD, node.unary(Unary.LOG, sum), largest);
    Shape shape = y.shape();
    Shape without = axes.length == 0 ? new Shape() : Layout.squeeze(shape, axes).outputShape(shape);
    return keep ? y : node.reshape(y, without);
  }

  /** Sums of the elements up to each; before each where {@code exclusive}, after in reverse. */
  private static Partial cumSum(NodeView node) {
    Partial x = node.input(0);
    int axis = node.axis((long) node.knownNumber(1, "axis", 0), x.shape().dimension());
    boolean reverse = node.flag("reverse", false);
    Partial y = reverse ? node.layout(Layout.flip(axis), x) : x;
    Partial sums = node.cast(node.operators().cumSum(y, axis), x.dataType());
    if (node.flag("exclusive", false)) {
      sums = node.binary(Binary.SUBTRACT, sums, y);
    }
    return reverse ? node.layout(Layout.flip(axis), sums) : sums;
  }

  private static Partial reduce(NodeView node, Partial x, Reduction reduction) {
    int @Nullable [] axes = axes(node, x);
    boolean keep = node.flag("keepdims", true);
    if (axes == null) {
      return x;
    }
    // ONNX keeps the type of integers
    return node.cast(node.operators().reduce(reduction, x, axes, keep), x.dataType());
  }

  /** The axes over which a node reduces, none for all; null if it leaves the input as it is. */
  private static int @Nullable [] axes(NodeView node, Partial x) {
    long @Nullable [] given = node.wholes("axes", 1, "axes");
    int rank = x.shape().dimension();
    boolean none = given == null || given.length == 0;
    boolean noop = node.flag("noop_with_empty_axes", false);
    if (rank == 0 || none && noop) {
      return null;
    }
    return given == null
        ? new int[0]
        : Arrays.stream(given).mapToInt(a -> node.axis(a, rank)).toArray();
  }

  private static Partial argMax(NodeView node, boolean smallest) {
    Partial x = node.input(0);
    Shape shape = x.shape();
    int axis = node.axis(node.whole("axis", 0), shape.dimension());
    Partial y;
    if (node.flag("select_last_index", false)) {
      // the first from behind
      Partial behind = node.operators().argMax(node.layout(Layout.flip(axis), x), axis, smallest);
      y = node.operators().scalar(Binary.SUBTRACT, behind, shape.get(axis) - 1.0, true);
      y = node.cast(y, DataType.INT64);
    } else {
      y = node.operators().argMax(x, axis, smallest);
    }
    return node.flag("keepdims", true)
        ? node.reshape(y, shape.slice(0, axis).add(1).addAll(shape.slice(axis + 1)))
        : y;
  }

  private static Partial softmax(NodeView node, boolean logarithm) {
    Partial x = node.input(0);
    Shape shape = x.shape();
    int rank = shape.dimension();
    if (node.opset() >= 13) {
      int axis = node.axis(node.whole("axis", -1), rank);
      return node.operators().softmax(x, axis, logarithm);
    }
    // before version 13 the axis divides the input into rows and columns
    int axis = node.axis(node.whole("axis", 1), rank);
    if (axis == rank - 1) {
      return node.operators().softmax(x, axis, logarithm);
    }
    Shape matrix = new Shape(shape.slice(0, axis).size(), shape.slice(axis).size());
    Partial y = node.operators().softmax(node.reshape(x, matrix), 1, logarithm);
    return node.reshape(y, shape);
  }
}
