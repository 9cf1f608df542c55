package org.djlmpc.layers.split.data;

import java.util.List;
import org.djlmpc.layers.split.LabelLoss;

/**
 * What labels a file has.
 *
 * @param loss which they were read for
 * @param classes by the number that a {@link Table} has for them, where it is for SOFTMAX; for
 *     BINARY the positive value first, whether it occurs or not
 * @param places where each occurs first, for messages
 */
record LabelValues(LabelLoss loss, List<String> classes, List<String> places) {
  LabelValues {
    classes = List.copyOf(classes);
    places = List.copyOf(places);
  }

  /** How many classes there are; not which. */
  @Override
  public String toString() {
    return loss + " with " + classes.size() + " classes";
  }
}
