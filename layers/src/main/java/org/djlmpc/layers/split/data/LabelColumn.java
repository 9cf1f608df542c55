package org.djlmpc.layers.split.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.LabelLoss;

/**
 * How the label becomes the number that the loss takes. Kept with the {@link Encoder}, so that a
 * class has the same number in every file.
 *
 * @param name of the column
 * @param loss which says what a label is
 * @param classes for BINARY the positive value, then the other one if the training rows have it;
 *     for SOFTMAX the values of the training rows in alphabetical order, the first being class 0;
 *     none for SQUARED
 */
public record LabelColumn(String name, LabelLoss loss, List<String> classes) {
  /** Checks and copies. */
  public LabelColumn {
    classes = List.copyOf(classes);
    boolean fits =
        switch (loss) {
          case BINARY -> classes.size() == 1 || classes.size() == 2;
          case SOFTMAX -> !classes.isEmpty();
          case SQUARED -> classes.isEmpty();
        };
    if (!fits) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "The label " + name + " has " + classes.size() + " classes for the loss " + loss + ".",
          "Fit the encoder again.");
    }
  }

  /** The label of rows that train. */
  static LabelColumn of(String name, LabelValues values) {
    List<String> classes = new ArrayList<>(values.classes());
    if (values.loss() == LabelLoss.SOFTMAX) {
      Collections.sort(classes);
    }
    return new LabelColumn(name, values.loss(), classes);
  }

  /**
   * The number of each class of a table.
   *
   * @return by the table's number of the class; nothing where the table has the loss's numbers
   *     itself
   * @throws MpcException DATA_FILE, naming the line, for a class that did not train;
   *     CONFIGURATION_MISMATCH if the table was read for another loss or positive value
   */
  int[] numbers(LabelValues values) {
    boolean binary = loss == LabelLoss.BINARY;
    if (values.loss() != loss || binary && !values.classes().get(0).equals(classes.get(0))) {
      throw new MpcException(
          ErrorCode.CONFIGURATION_MISMATCH,
          "The label " + name + " has another loss or another positive value than in training.",
          "Name those that the model was trained with.");
    }
    boolean complete = !binary || classes.size() == 2;
    Map<String, Integer> index = new HashMap<>();
    for (int i = 0; i < classes.size(); i++) {
      index.put(classes.get(i), i);
    }
    int[] numbers = new int[values.classes().size()];
    for (int i = 0; i < numbers.length; i++) {
      Integer number = index.get(values.classes().get(i));
      if (number == null && complete) {
        throw new MpcException(
            ErrorCode.DATA_FILE,
            values.places().get(i) + ": the label is of no class that the training data have.",
            "Correct it, remove the row, or train with rows of its class.");
      }
      numbers[i] = number == null ? -1 : number;
    }
    return loss == LabelLoss.SOFTMAX ? numbers : new int[0];
  }

  /** How many classes there are; not which. */
  @Override
  public String toString() {
    return "LabelColumn(" + name + ", " + loss + ", " + classes.size() + " classes)";
  }
}
