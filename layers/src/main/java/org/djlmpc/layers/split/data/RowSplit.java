package org.djlmpc.layers.split.data;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * Which rows train and which test; both in increasing order, together each row once.
 *
 * @param train rows for training, from 0
 * @param test rows for testing, from 0
 */
public record RowSplit(int[] train, int[] test) {

  /**
   * The same at all parties: depends on the number of rows and a public seed only.
   *
   * @param rows how many there are
   * @param testShare the part that tests, rounded to whole rows
   * @param seed agreed on by all parties
   * @throws MpcException ARGUMENT for a share that is not between 0 and 1
   */
  public static RowSplit random(int rows, double testShare, long seed) {
    boolean[] test = new boolean[rows];
    int[] order = new int[rows];
    Arrays.setAll(order, row -> row);
    draw(order, test, testShare, new SplittableRandom(seed));
    return of(test);
  }

  /**
   * The same share of each class. The label holder makes it and tells the others the rows, which
   * reveals nothing but about how frequent the classes are, provided the seed stays secret: with
   * the seed, anybody could find out which classes lead to these rows.
   *
   * @param labels one a row
   * @param testShare the part of each class that tests, rounded to whole rows
   * @param secretSeed known to the label holder alone
   * @throws MpcException ARGUMENT for a share that is not between 0 and 1
   */
  public static RowSplit stratified(float[] labels, double testShare, long secretSeed) {
    boolean[] test = new boolean[labels.length];
    SplittableRandom random = new SplittableRandom(secretSeed);
    float[] classes = labels.clone();
    Arrays.sort(classes);
    for (int i = 0; i < classes.length; i++) {
      if (i == 0 || classes[i] != classes[i - 1]) {
        draw(rowsOf(labels, classes[i]), test, testShare, random);
      }
    }
    return of(test);
  }

  private static int[] rowsOf(float[] labels, float label) {
    int[] rows = new int[labels.length];
    int count = 0;
    for (int row = 0; row < labels.length; row++) {
      if (labels[row] == label) {
        rows[count++] = row;
      }
    }
    return Arrays.copyOf(rows, count);
  }

  /** Marks a random part of the rows: the first steps of Fisher and Yates's shuffle. */
  private static void draw(int[] rows, boolean[] marked, double share, SplittableRandom random) {
    if (!(share >= 0 && share <= 1)) {
      throw new MpcException(
          ErrorCode.ARGUMENT, "A test share of " + share + " is not possible.", "Give 0 to 1.");
    }
    long count = Math.round(rows.length * share);
    for (int i = 0; i < count; i++) {
      int j = i + random.nextInt(rows.length - i);
      marked[rows[j]] = true;
      rows[j] = rows[i];
    }
  }

  private static RowSplit of(boolean[] isTest) {
    int[] train = new int[isTest.length];
    int[] test = new int[isTest.length];
    int trains = 0;
    int tests = 0;
    for (int row = 0; row < isTest.length; row++) {
      if (isTest[row]) {
        test[tests++] = row;
      } else {
        train[trains++] = row;
      }
    }
    return new RowSplit(Arrays.copyOf(train, trains), Arrays.copyOf(test, tests));
  }

  /** How many rows train and test. */
  @Override
  public String toString() {
    return train.length + " rows train, " + test.length + " test";
  }
}
