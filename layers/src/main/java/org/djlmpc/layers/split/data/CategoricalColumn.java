package org.djlmpc.layers.split.data;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.djlmpc.layers.split.RowBatch;

/**
 * How a categorical column becomes features: one for each value that the training rows have, in
 * alphabetical order, a missing value being one of them. A value that they do not have has none.
 *
 * @param name of the column
 * @param values by index
 */
record CategoricalColumn(String name, List<String> values) {
  CategoricalColumn {
    values = List.copyOf(values);
  }

  /**
   * The column with the values that occur.
   *
   * @param all values that the table has numbers for
   * @param present which of them the training rows have
   */
  static CategoricalColumn of(String name, List<String> all, BitSet present) {
    List<String> values = new ArrayList<>();
    present.stream().mapToObj(all::get).forEach(values::add);
    Collections.sort(values);
    return new CategoricalColumn(name, values);
  }

  /** From a table's numbers of categories to indices of features. */
  int[] indices(List<String> categories) {
    Map<String, Integer> index = new HashMap<>();
    for (int i = 0; i < values.size(); i++) {
      index.put(values.get(i), i);
    }
    return categories.stream()
        .mapToInt(category -> index.getOrDefault(category, RowBatch.NO_CATEGORY))
        .toArray();
  }
}
