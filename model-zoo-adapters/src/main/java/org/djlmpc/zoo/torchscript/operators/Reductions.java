package org.djlmpc.zoo.torchscript.operators;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.graph.Operators.Reduction;
import org.djlmpc.graph.Operators.Unary;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.PartialOperators;
import org.djlmpc.zoo.torchscript.run.Arguments;
import org.djlmpc.zoo.torchscript.run.Operation;
import org.djlmpc.zoo.torchscript.run.UnsupportedCall;
import org.djlmpc.zoo.torchscript.run.Value;

/** Reductions over axes. */
final class Reductions {
  private Reductions() {}

  static void addTo(Map<String, Operation> operations) {
    operations.put("sum", a -> plain(a, Reduction.SUM));
    operations.put("mean", a -> plain(a, Reduction.MEAN));
    operations.put("prod", a -> plain(a, Reduction.PRODUCT));
    operations.put("amax", a -> plain(a, Reduction.MAX));
    operations.put("amin", a -> plain(a, Reduction.MIN));
    operations.put("all", a -> plain(a, Reduction.ALL));
    operations.put("any", a -> plain(a, Reduction.ANY));
    operations.put("max", a -> extreme(a, Reduction.MAX, Binary.MAXIMUM, "maximum"));
    operations.put("min", a -> extreme(a, Reduction.MIN, Binary.MINIMUM, "minimum"));
    operations.put("argmax", a -> argument(a, false));
    operations.put("argmin", a -> argument(a, true));
    operations.put(
        "cumsum",
        a -> Results.tensor(a.operators().cumSum(a.tensor(0, "self"), a.small(1, "dim"))));
    operations.put("var", a -> Results.tensor(variance(a)));
    operations.put("std", a -> Results.tensor(a.operators().unary(Unary.SQRT, variance(a))));
    operations.put("var_mean", a -> withMean(a, variance(a)));
    operations.put("std_mean", a -> withMean(a, a.operators().unary(Unary.SQRT, variance(a))));
    operations.put("logsumexp", Reductions::logSumExp);
    operations.put("cosine_similarity", Reductions::cosine);
    for (String name : new String[] {"norm", "linalg_vector_norm", "frobenius_norm"}) {
      operations.put(name, Reductions::norm);
    }
  }

  /** The axes of an argument; all of them if it names none. */
  private static int[] axes(Arguments a, int position, int rank) {
    if (!a.has(position, "dim")) {
      return IntStream.range(0, rank).toArray();
    }
    int[] axes =
        Arrays.stream(a.integers(position, "dim"))
            .mapToInt(axis -> Results.axis(a, axis, rank))
            .toArray();
    return axes.length == 0 ? IntStream.range(0, rank).toArray() : axes;
  }

  private static boolean keep(Arguments a, int position) {
    return a.flag(position, "keepdim", false);
  }

  private static Value plain(Arguments a, Reduction reduction) {
    if (a.isSequence(0)) {
      return ofList(a, reduction);
    }
    Partial x = a.tensor(0, "self");
    int rank = x.shape().dimension();
    // without axes, the second argument is the data type
    boolean typed = a.count() == 2 && !a.isSequence(1) && !keepsAxes(reduction);
    int[] axes = typed ? axes(a, a.count(), rank) : axes(a, 1, rank);
    return Results.tensor(a.operators().reduce(reduction, x, axes, !typed && keep(a, 2)));
  }

  /** Of a list of numbers or truth values. */
  private static Value ofList(Arguments a, Reduction reduction) {
    double[] all = a.reals(0, "self");
    boolean integers =
        Arguments.items(a.value(0, "self")).orElseThrow().stream()
            .noneMatch(item -> item instanceof Value.Real);
    double sum = Arrays.stream(all).sum();
    return switch (reduction) {
      case ALL -> NumberOperations.truth(Arrays.stream(all).allMatch(item -> item != 0));
      case ANY -> NumberOperations.truth(Arrays.stream(all).anyMatch(item -> item != 0));
      case SUM -> integers ? new Value.Int((long) sum) : new Value.Real(sum);
      default -> throw a.wrong(0, "a list");
    };
  }

  /** Whether a single number behind the tensor is an axis. */
  private static boolean keepsAxes(Reduction reduction) {
    return switch (reduction) {
      case SUM, MEAN -> false;
      default -> true;
    };
  }

  /** Of one tensor, along one of its axes, of two tensors, or of numbers. */
  private static Value extreme(Arguments a, Reduction reduction, Binary function, String name) {
    if (!a.isTensor(0)) {
      return numbers(a, name);
    }
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    if (a.isTensor(1)) {
      return Results.tensor(o.binary(function, x, a.tensor(1, "other")));
    }
    if (!a.has(1, "dim")) {
      return Results.tensor(o.reduce(reduction, x, axes(a, 1, x.shape().dimension()), false));
    }
    int axis = Results.axis(a, a.integer(1, "dim"), x.shape().dimension());
    Partial index = o.argMax(x, axis, reduction == Reduction.MIN);
    if (keep(a, 2)) {
      index = o.layout(Layout.expandDims(index.shape(), axis), index);
    }
    return Value.TupleValue.of(
        Results.tensor(o.reduce(reduction, x, new int[] {axis}, keep(a, 2))),
        Results.tensor(index));
  }

  private static Value numbers(Arguments a, String name) {
    if (!a.isSequence(0)) {
      return NumberOperations.combine(name, a);
    }
    double[] all = a.reals(0, "self");
    if (all.length == 0) {
      throw a.wrong(0, "an empty list");
    }
    double extreme =
        name.equals("maximum")
            ? Arrays.stream(all).max().orElseThrow()
            : Arrays.stream(all).min().orElseThrow();
    boolean integers =
        Arguments.items(a.value(0, "self")).orElseThrow().stream()
            .allMatch(item -> item instanceof Value.Int);
    return integers ? new Value.Int((long) extreme) : new Value.Real(extreme);
  }

  private static Value argument(Arguments a, boolean smallest) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    if (!a.has(1, "dim")) {
      Partial flat = o.layout(Layout.reshape(-1), x);
      return Results.tensor(o.argMax(flat, 0, smallest));
    }
    int axis = Results.axis(a, a.integer(1, "dim"), x.shape().dimension());
    Partial index = o.argMax(x, axis, smallest);
    return Results.tensor(
        keep(a, 2) ? o.layout(Layout.expandDims(index.shape(), axis), index) : index);
  }

  /**
   * {@code var(x, unbiased)}, {@code var(x, dim, unbiased, keepdim)} or {@code var(x, dim,
   * correction=, keepdim=)}.
   */
  private static Partial variance(Arguments a) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    int rank = x.shape().dimension();
    boolean whole = a.value(1, "dim") instanceof Value.Bool;
    int[] axes = whole ? IntStream.range(0, rank).toArray() : axes(a, 1, rank);
    double correction = a.flag(whole ? 1 : 2, "unbiased", true) ? 1 : 0;
    if (a.has(a.count(), "correction")) {
      correction = a.real(a.count(), "correction");
    }
    double count = 1;
    for (int axis : axes) {
      count *= x.shape().get(axis);
    }
    Partial variance = o.reduce(Reduction.VARIANCE, x, axes, !whole && keep(a, 3));
    return correction == 0
        ? variance
        : o.scalar(Binary.MULTIPLY, variance, count / (count - correction), false);
  }

  /** Beside a variance, over the axes of the same arguments. */
  private static Value withMean(Arguments a, Partial variance) {
    Partial x = a.tensor(0, "self");
    boolean whole = a.value(1, "dim") instanceof Value.Bool;
    int[] axes = axes(a, whole ? a.count() : 1, x.shape().dimension());
    Partial mean = a.operators().reduce(Reduction.MEAN, x, axes, !whole && keep(a, 3));
    return Value.TupleValue.of(Results.tensor(variance), Results.tensor(mean));
  }

  private static Value logSumExp(Arguments a) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    int[] axes = axes(a, 1, x.shape().dimension());
    Partial largest = o.reduce(Reduction.MAX, x, axes, true);
    Partial powers = o.unary(Unary.EXP, o.binary(Binary.SUBTRACT, x, largest));
    Partial sum = o.unary(Unary.LOG, o.reduce(Reduction.SUM, powers, axes, true));
    Partial y = o.binary(Binary.ADD, sum, largest);
    if (keep(a, 2)) {
      return Results.tensor(y);
    }
    Shape out = new Shape();
    for (int i = 0; i < x.shape().dimension(); i++) {
      int axis = i;
      if (Arrays.stream(axes).noneMatch(reduced -> reduced == axis)) {
        out = out.add(x.shape().get(i));
      }
    }
    return Results.tensor(o.layout(Layout.reshape(out.getShape()), y));
  }

  /** {@code (x, y, dim, eps)}: x y / sqrt(max(x^2 y^2, eps^2)), with sums over an axis. */
  private static Value cosine(Arguments a) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "x1");
    Partial y = a.tensor(1, "x2");
    Partial product = o.binary(Binary.MULTIPLY, x, y);
    int[] axes = {Results.axis(a, a.integer(2, "dim", 1), product.shape().dimension())};
    Partial norms = o.binary(Binary.MULTIPLY, inverseNorm(a, x, axes), inverseNorm(a, y, axes));
    return Results.tensor(
        o.binary(Binary.MULTIPLY, o.reduce(Reduction.SUM, product, axes, false), norms));
  }

  /** One at a time: the product of two squared norms may be too small to be told from zero. */
  private static Partial inverseNorm(Arguments a, Partial x, int[] axes) {
    PartialOperators o = a.operators();
    double epsilon = a.real(3, "eps", 1e-8);
    Partial squares = o.reduce(Reduction.SUM, o.unary(Unary.SQUARE, x), axes, false);
    return o.unary(
        Unary.RECIPROCAL_SQRT, o.clip(squares, epsilon * epsilon, Double.POSITIVE_INFINITY));
  }

  /** {@code (x, order, dim, keepdim)}: orders 1 and 2. */
  private static Value norm(Arguments a) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    int rank = x.shape().dimension();
    boolean frobenius = a.operator().endsWith("frobenius_norm");
    double order = frobenius ? 2 : a.real(1, "p", 2);
    int first = frobenius ? 1 : 2;
    int[] axes = axes(a, first, rank);
    boolean keep = keep(a, first + 1);
    if (order == 2) {
      Partial sum = o.reduce(Reduction.SUM, o.unary(Unary.SQUARE, x), axes, keep);
      return Results.tensor(o.unary(Unary.SQRT, sum));
    }
    if (order == 1) {
      return Results.tensor(o.reduce(Reduction.SUM, o.unary(Unary.ABS, x), axes, keep));
    }
    throw new UnsupportedCall(a.operator() + " of order " + order, "nearest: order 1 or 2");
  }
}
