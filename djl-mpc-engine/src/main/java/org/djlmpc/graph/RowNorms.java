package org.djlmpc.graph;

import org.jspecify.annotations.Nullable;

/**
 * A known factor of a bilinear map, as its products see it: for each row w the norm ||w||_1 and the
 * norm ||w^ - w||_1 of what encoding changes.
 *
 * <p>With x^ = x + dx and |x| &lt;= X, |dx| &lt;= D: |w x| &lt;= ||w||_1 X, and |w^ x^ - w x| = |w
 * dx + (w^ - w) x^| &lt;= ||w||_1 D + ||w^ - w||_1 (X + D) (Hölder's inequality).
 */
final class RowNorms {
  private final double[] norms;
  private final double[] roundings;

  private RowNorms(double[] norms, double[] roundings) {
    this.norms = norms;
    this.roundings = roundings;
  }

  /**
   * Norms of all rows.
   *
   * @param w (rows before, length, inner): the elements of a row lie {@code inner} apart
   * @param length number of elements of a row
   * @param scale fraction bits with which w is encoded
   */
  static RowNorms of(PublicTensor w, int length, int inner, int scale) {
    int rows = length == 0 ? 0 : w.size() / length;
    double[] norms = new double[rows];
    double[] roundings = new double[rows];
    for (int i = 0; i < w.size(); i++) {
      int row = i / (length * inner) * inner + i % inner;
      double value = w.getDouble(i);
      norms[row] += Math.abs(value);
      roundings[row] += EnclosureMath.rounding(value, scale);
    }
    return new RowNorms(norms, roundings);
  }

  /**
   * The product of every row with values of x, plus one number for each row.
   *
   * @param scale fraction bits of the result
   * @param bias the numbers, or null for none
   * @param biasScale fraction bits to which the numbers are rounded
   */
  Enclosure times(Enclosure x, int scale, @Nullable PublicTensor bias, int biasScale) {
    double magnitude = 0;
    double error = 0;
    for (int i = 0; i < norms.length; i++) {
      double b = bias == null ? 0 : bias.getDouble(i);
      double rounding = bias == null ? 0 : EnclosureMath.rounding(b, biasScale);
      magnitude = Math.max(magnitude, norms[i] * x.magnitude() + Math.abs(b));
      error = Math.max(error, norms[i] * x.error() + roundings[i] * x.reach() + rounding);
    }
    return Enclosure.outward(magnitude, error, scale, x.peak());
  }
}
