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

/**
 * Where a secret lies among public thresholds, and what is public for each interval.
 *
 * <p>The bits [x &gt;= k_1], ..., [x &gt;= k_m] are arithmetic shares. So a number that depends on
 * the interval only, c_0 below k_1, c_i from k_i on, is the local sum c_0 + sum [x &gt;= k_i] (c_i
 * - c_(i-1)).
 */
final class Steps {
  private final Protocol protocol;
  private final Share bits;
  private final Shape shape;

  /**
   * Steps that were compared already.
   *
   * @param bits (m, N) with [x &gt;= k_i] in row i
   */
  Steps(Protocol protocol, Share bits) {
    this.protocol = protocol;
    this.bits = bits;
    shape = bits.shape().slice(1);
  }

  /**
   * Compares in one call.
   *
   * @param x (N)
   * @param thresholds ascending, at least one
   */
  static Steps of(SecretMath math, Share x, double[] thresholds) {
    double largest = Math.max(Math.abs(thresholds[0]), Math.abs(thresholds[thresholds.length - 1]));
    return new Steps(math.protocol(), compare(math, differences(math, x, thresholds), largest));
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
    Protocol protocol = math.protocol();
    Shape row = new Shape(1).addAll(differences.get(0).shape());
    List<Share> rows = differences.stream().map(d -> protocol.reshape(d, row)).toList();
    return math.nonNegativeMoved(protocol.concat(rows, 0), moved);
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
    int m = (int) bits.shape().get(0);
    long[] first = new long[values.length];
    long[] differences = new long[values.length * m];
    for (int v = 0; v < values.length; v++) {
      long before = encode(values[v][0], scales[v]);
      first[v] = before;
      for (int i = 1; i <= m; i++) {
        long here = encode(values[v][i], scales[v]);
        differences[v * m + i - 1] = here - before;
        before = here;
      }
    }
    RingTensor matrix =
        RingTensor.tabulate(protocol.ring(), new Shape(values.length, m), i -> differences[i]);
    Share changes = protocol.multiplyPublic(Bilinear.MATMUL, bits, matrix, 0, true);
    List<Share> selected = new ArrayList<>();
    for (int v = 0; v < values.length; v++) {
      Share change = row(protocol, changes, v);
      selected.add(
          protocol.withScale(
              protocol.addPublic(change, RingTensor.full(protocol.ring(), shape, first[v])),
              scales[v]));
    }
    return selected;
  }

  /** round(value 2^scale). */
  static long encode(double value, int scale) {
    return Math.round(Math.scalb(value, scale));
  }
}
