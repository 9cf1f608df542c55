package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Operators of public tensors that combine elements along axes: reductions, argmax, softmax,
 * running sums. Reals are combined in double precision, in order. The shapes were checked before.
 */
final class PublicReductions {
  private PublicReductions() {}

  static PublicTensor reduce(
      Operators.Reduction reduction, PublicTensor x, int[] axes, TensorType result) {
    boolean[] reduced = Shapes.axes(axes, x.shape().dimension());
    PublicTensor rows = reducedLast(x, reduced);
    int count = 1;
    for (int i = 0; i < reduced.length; i++) {
      count *= reduced[i] ? (int) x.shape().get(i) : 1;
    }
    int n = Shapes.size(result.shape());
    if (x.isFloating() || result.dataType().isFloating()) {
      double[] from = rows.doubles();
      double[] to = new double[n];
      for (int i = 0; i < n; i++) {
        to[i] = real(reduction, from, i * count, count);
      }
      return PublicTensor.of(to, result.shape()).cast(result.dataType());
    }
    long[] from = rows.longs();
    long[] to = new long[n];
    for (int i = 0; i < n; i++) {
      to[i] = integer(reduction, from, i * count, count);
    }
    return PublicTensor.of(to, result.shape()).cast(result.dataType());
  }

  /** The tensor with the reduced axes behind all others, so that each result is one run. */
  private static PublicTensor reducedLast(PublicTensor x, boolean[] reduced) {
    List<Integer> order = new ArrayList<>();
    for (boolean last : new boolean[] {false, true}) {
      for (int i = 0; i < reduced.length; i++) {
        if (reduced[i] == last) {
          order.add(i);
        }
      }
    }
    return x.rearrange(new Layout.Permute(order).indexMap(x.shape()));
  }

  private static double real(Operators.Reduction reduction, double[] x, int from, int count) {
    return switch (reduction) {
      case SUM -> sum(x, from, count);
      case MEAN -> sum(x, from, count) / count;
      case MAX -> {
        double max = x[from];
        for (int i = 1; i < count; i++) {
          max = Math.max(max, x[from + i]);
        }
        yield max;
      }
      case MIN -> {
        double min = x[from];
        for (int i = 1; i < count; i++) {
          min = Math.min(min, x[from + i]);
        }
        yield min;
      }
      case PRODUCT -> {
        double product = 1;
        for (int i = 0; i < count; i++) {
          product *= x[from + i];
        }
        yield product;
      }
      case VARIANCE -> {
        double mean = sum(x, from, count) / count;
        double squares = 0;
        for (int i = 0; i < count; i++) {
          squares += (x[from + i] - mean) * (x[from + i] - mean);
        }
        yield squares / count;
      }
      case ALL -> {
        boolean all = true;
        for (int i = 0; i < count; i++) {
          all &= x[from + i] != 0;
        }
        yield all ? 1 : 0;
      }
      case ANY -> {
        boolean any = false;
        for (int i = 0; i < count; i++) {
          any |= x[from + i] != 0;
        }
        yield any ? 1 : 0;
      }
    };
  }

  private static double sum(double[] x, int from, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += x[from + i];
    }
    return sum;
  }

  private static long integer(Operators.Reduction reduction, long[] x, int from, int count) {
    long result =
        switch (reduction) {
          case MAX, MIN -> x[from];
          case PRODUCT, ALL -> 1;
          default -> 0;
        };
    for (int i = from; i < from + count; i++) {
      result =
          switch (reduction) {
            case MAX -> Math.max(result, x[i]);
            case MIN -> Math.min(result, x[i]);
            case PRODUCT -> result * x[i];
            case ALL -> x[i] == 0 ? 0 : result;
            case ANY -> x[i] == 0 ? result : 1;
            default -> result + x[i];
          };
    }
    return result;
  }

  /** The lengths of (axes before, the axis, axes behind). */
  private record Lanes(int outer, int length, int inner) {
    static Lanes of(Shape shape, int axis) {
      int at = Shapes.axis(axis, shape.dimension());
      return new Lanes(
          Shapes.product(shape, 0, at),
          (int) shape.get(at),
          Shapes.product(shape, at + 1, shape.dimension()));
    }

    /** How many lanes there are. */
    int count() {
      return outer * inner;
    }

    /** Position of the first element of a lane; the others follow at a distance of inner. */
    int first(int lane) {
      return lane / inner * length * inner + lane % inner;
    }
  }

  static PublicTensor argMax(PublicTensor x, int axis, boolean smallest, TensorType result) {
    Lanes lanes = Lanes.of(x.shape(), axis);
    long[] to = new long[lanes.count()];
    boolean real = x.isFloating();
    double[] reals = real ? x.doubles() : new double[0];
    long[] integers = real ? new long[0] : x.longs();
    for (int lane = 0; lane < to.length; lane++) {
      int first = lanes.first(lane);
      int best = 0;
      for (int i = 1; i < lanes.length(); i++) {
        int at = first + i * lanes.inner();
        int bestAt = first + best * lanes.inner();
        boolean better =
            real
                ? better(reals[at], reals[bestAt], smallest)
                : smallest ? integers[at] < integers[bestAt] : integers[at] > integers[bestAt];
        best = better ? i : best;
      }
      to[lane] = best;
    }
    return PublicTensor.of(to, result.shape());
  }

  /** NaN beats everything, as in NumPy and PyTorch. */
  private static boolean better(double candidate, double best, boolean smallest) {
    if (Double.isNaN(candidate) || Double.isNaN(best)) {
      return !Double.isNaN(best);
    }
    return smallest ? candidate < best : candidate > best;
  }

  static PublicTensor softmax(PublicTensor x, int axis, boolean logarithm, TensorType result) {
    Lanes lanes = Lanes.of(x.shape(), axis);
    double[] from = x.doubles();
    double[] to = new double[from.length];
    for (int lane = 0; lane < lanes.count(); lane++) {
      softmax(from, to, lanes.first(lane), lanes.length(), lanes.inner(), logarithm);
    }
    return PublicTensor.of(to, result.shape()).cast(result.dataType());
  }

  private static void softmax(
      double[] from, double[] to, int first, int length, int step, boolean logarithm) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < length; i++) {
      max = Math.max(max, from[first + i * step]);
    }
    double sum = 0;
    for (int i = 0; i < length; i++) {
      double e = StrictMath.exp(from[first + i * step] - max);
      to[first + i * step] = e;
      sum += e;
    }
    double logSum = max + StrictMath.log(sum);
    for (int i = 0; i < length; i++) {
      int at = first + i * step;
      to[at] = logarithm ? from[at] - logSum : to[at] / sum;
    }
  }

  static PublicTensor cumSum(PublicTensor x, int axis, TensorType result) {
    Lanes lanes = Lanes.of(x.shape(), axis);
    if (!x.isFloating()) {
      long[] sums = x.cast(DataType.INT64).longs().clone();
      for (int lane = 0; lane < lanes.count(); lane++) {
        int first = lanes.first(lane);
        for (int i = 1; i < lanes.length(); i++) {
          sums[first + i * lanes.inner()] += sums[first + (i - 1) * lanes.inner()];
        }
      }
      return PublicTensor.of(sums, result.shape());
    }
    double[] from = x.doubles();
    double[] to = new double[from.length];
    for (int lane = 0; lane < lanes.count(); lane++) {
      int first = lanes.first(lane);
      double sum = 0;
      for (int i = 0; i < lanes.length(); i++) {
        sum += from[first + i * lanes.inner()];
        to[first + i * lanes.inner()] = sum;
      }
    }
    return PublicTensor.of(to, result.shape()).cast(result.dataType());
  }
}
