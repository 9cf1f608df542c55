package org.djlmpc.protocol.functions;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.djlmpc.protocol.Bilinear;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.SecretMath;
import org.djlmpc.protocol.Share;
import org.djlmpc.ring.IndexMap;
import org.djlmpc.ring.RingTensor;
import org.jspecify.annotations.Nullable;

/**
 * Where a secret lies among public thresholds, and what is public for each interval.
 *
 * <p>The bits [x &gt;= k_1], ..., [x &gt;= k_m] are arithmetic shares. So a number that depends on
 * the interval only, c_0 below k_1, c_i from k_i on, is the local sum c_0 + sum [x &gt;= k_i] (c_i
 * - c_(i-1)).
 */
final class Steps {
  private final Protocol protocol;
  private final @Nullable Share bits;
  private final Shape shape;

  /**
   * Steps that were compared already.
   *
   * @param bits (m, N) with [x &gt;= k_i] in row i
   */
  Steps(Protocol protocol, Share bits) {
    this(protocol, bits, bits.shape().slice(1));
  }

  private Steps(Protocol protocol, @Nullable Share bits, Shape shape) {
    this.protocol = protocol;
    this.bits = bits;
    this.shape = shape;
  }

  /**
   * Compares in one call of gates that are no wider than need be.
   *
   * @param x (N)
   * @param thresholds ascending; none gives one interval
   * @param magnitude bound of |x|, and of the thresholds
   */
  static Steps within(SecretMath math, Share x, double[] thresholds, double magnitude) {
    Protocol protocol = math.protocol();
    if (thresholds.length == 0) {
      return new Steps(protocol, null, x.shape());
    }
    Share rows = rows(protocol, differences(math, x, thresholds));
    return new Steps(protocol, narrow(protocol, x.scale(), 2 * magnitude).nonNegative(rows));
  }

  /** Comparisons of values below {@code magnitude}, with two units to spare. */
  static Protocol narrow(Protocol protocol, int scale, double magnitude) {
    return protocol.within(Room.log2(Math.scalb(magnitude, scale) + 2) + 1);
  }

  /** x - k_1, ..., x - k_m. */
  static List<Share> differences(SecretMath math, Share x, double[] thresholds) {
    List<Share> differences = new ArrayList<>();
    for (double threshold : thresholds) {
      Share difference = math.addPublic(x, -threshold);
      differences.add(math.atScale(difference, Math.max(difference.scale(), x.scale())));
    }
    return differences;
  }

  /**
   * [d &gt;= 0] for m vectors of length N and of one scale, in one call: (m, N).
   *
   * @param moved how far they are from an argument of the operator at most
   */
  static Share compare(SecretMath math, List<Share> differences, double moved) {
    return math.nonNegativeMoved(rows(math.protocol(), differences), moved);
  }

  /** Vectors as rows of a matrix. */
  static Share rows(Protocol protocol, List<Share> vectors) {
    Shape row = new Shape(1).addAll(vectors.get(0).shape());
    return protocol.concat(vectors.stream().map(v -> protocol.reshape(v, row)).toList(), 0);
  }

  /** Row i of a matrix. */
  static Share row(Protocol protocol, Share matrix, int i) {
    return protocol.reshape(rows(protocol, matrix, i, i + 1), matrix.shape().slice(1));
  }

  /** Rows of a matrix. */
  static Share rows(Protocol protocol, Share matrix, long from, long to) {
    long[] begin = new long[matrix.shape().dimension()];
    long[] end = matrix.shape().getShape().clone();
    long[] step = new long[begin.length];
    Arrays.fill(step, 1);
    begin[0] = from;
    end[0] = to;
    return protocol.rearrange(matrix, IndexMap.slice(matrix.shape(), begin, end, step));
  }

  /**
   * Public numbers for each interval, as secrets.
   *
   * @param values for each number its m + 1 values, from below the first threshold to above the
   *     last
   * @param scales the fraction bits of each number
   * @return each number, of shape (N)
   */
  List<Share> select(double[][] values, int... scales) {
    List<Share> selected = new ArrayList<>();
    Share changes = bits == null ? null : changes(bits, values, scales);
    for (int v = 0; v < values.length; v++) {
      RingTensor first = RingTensor.full(protocol.ring(), shape, encode(values[v][0], scales[v]));
      selected.add(
          changes == null
              ? protocol.constant(first, scales[v])
              : protocol.withScale(
                  protocol.addPublic(row(protocol, changes, v), first), scales[v]));
    }
    return selected;
  }

  /** What each number differs by from its value below the first threshold: (numbers, N). */
  private Share changes(Share compared, double[][] values, int[] scales) {
    int m = (int) compared.shape().get(0);
    RingTensor matrix =
        RingTensor.tabulate(
            protocol.ring(),
            new Shape(values.length, m),
            i -> {
              double[] number = values[i / m];
              int scale = scales[i / m];
              return encode(number[i % m + 1], scale) - encode(number[i % m], scale);
            });
    return protocol.multiplyPublic(Bilinear.MATMUL, compared, matrix, 0, true);
  }

  /** round(value 2^scale). */
  static long encode(double value, int scale) {
    return Math.round(Math.scalb(value, scale));
  }
}
