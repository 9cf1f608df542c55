package org.djlmpc.layers.split.data;

import java.util.List;

/** Makes up rows, one after the other: the same for the same seed, on every machine. */
interface RowGenerator {
  /** Names of the numeric columns. */
  List<String> numericColumns();

  /** Names of the categorical columns. */
  List<String> categoricalColumns();

  /**
   * Makes the next row.
   *
   * @param numbers to be filled, one for each numeric column
   * @param categories to be filled, one for each categorical column
   * @return whether the row is positive
   */
  boolean next(double[] numbers, String[] categories);
}
