package org.djlmpc.layers.split;

import java.util.Arrays;

/**
 * The area under the ROC curve: the probability that a positive row scores higher than a negative
 * one, a tie counting half (Hanley and McNeil, Radiology 143, 1982: the Mann-Whitney statistic).
 *
 * <p>Exact: wins and ties are counted in integers, so the result does not depend on the order of
 * the rows.
 */
public final class Auc {

  private Auc() {}

  /**
   * The area for scores of any scale, logits and probabilities alike.
   *
   * @param scores one a row; higher means more likely positive
   * @param labels 0 or 1 for each row
   * @return 0 to 1; NaN if all labels are equal, because there is no pair to compare
   * @throws org.djlmpc.error.MpcException ARGUMENT if the arrays do not fit or a label is neither 0
   *     nor 1, NOT_FINITE if a score is NaN
   */
  public static double of(float[] scores, float[] labels) {
    Labels.check(scores, labels);
    long[] rows = new long[scores.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (long) ordered(scores[i]) << 1 | (labels[i] == 1 ? 1 : 0);
    }
    Arrays.sort(rows);
    long positives = 0;
    long negatives = 0;
    long halfWins = 0;
    for (int from = 0, to; from < rows.length; from = to) {
      long score = rows[from] >> 1;
      int tiedPositives = 0;
      for (to = from; to < rows.length && rows[to] >> 1 == score; to++) {
        tiedPositives += (int) (rows[to] & 1);
      }
      int tiedNegatives = to - from - tiedPositives;
      halfWins += tiedPositives * (2 * negatives + tiedNegatives);
      positives += tiedPositives;
      negatives += tiedNegatives;
    }
    return halfWins / (2.0 * positives * negatives);
  }

  /** An integer that compares as the score does; adding zero makes -0 and 0 a tie. */
  private static int ordered(float score) {
    int bits = Float.floatToIntBits(score + 0f);
    return bits >= 0 ? bits : ~bits ^ Integer.MIN_VALUE;
  }
}
