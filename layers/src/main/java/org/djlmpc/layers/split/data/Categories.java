package org.djlmpc.layers.split.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers the values of a categorical column in the order in which they appear. */
final class Categories {
  /** What stands for a missing value among the others. */
  static final String MISSING = "";

  /** More values than this are no categories, and would fill the memory. */
  static final int MOST = 100_000;

  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> values = new ArrayList<>();

  /** The number of a value; -1 if it is new and there is no room for it. */
  int number(String value) {
    Integer number = numbers.get(value);
    if (number != null) {
      return number;
    }
    if (values.size() == MOST) {
      return -1;
    }
    numbers.put(value, values.size());
    values.add(value);
    return values.size() - 1;
  }

  /** The values by number. */
  List<String> values() {
    return values;
  }
}
