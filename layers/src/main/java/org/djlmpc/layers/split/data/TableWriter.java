package org.djlmpc.layers.split.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a {@link Table} row by row. */
final class TableWriter {
  private static final long MOST_BYTES = 256 << 20;
  private static final int PART_OF_HEAP = 16;

  /** What a table may take of the heap: a sixteenth, of which other tables, too, need one each. */
  static final long MEMORY_BYTES =
      Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);

  private final RowStore store;
  private final List<String> names = new ArrayList<>();
  private final List<ColumnKind> kinds = new ArrayList<>();
  private final List<Categories> categories = new ArrayList<>();
  private final int[] cells;

  /**
   * Begins a table.
   *
   * @param schema its columns; ids and what is ignored are left out
   * @param memoryBytes beyond which rows go to a temporary file
   */
  TableWriter(Schema schema, long memoryBytes) {
    schema
        .columns()
        .forEach(
            (name, kind) -> {
              if (kind != ColumnKind.ID && kind != ColumnKind.IGNORE) {
                names.add(name);
                kinds.add(kind);
                categories.add(new Categories());
              }
            });
    cells = new int[names.size()];
    store = new RowStore(cells.length, memoryBytes);
  }

  /** The columns, in the order of their cells. */
  List<String> names() {
    return names;
  }

  ColumnKind kind(int cell) {
    return kinds.get(cell);
  }

  /** Sets a number, or a label, of the current row; NaN for a missing number. */
  void number(int cell, float value) {
    cells[cell] = Float.floatToRawIntBits(value);
  }

  /**
   * Sets a category of the current row.
   *
   * @return whether there was room for another value
   */
  boolean category(int cell, String value) {
    cells[cell] = categories.get(cell).number(value);
    return cells[cell] >= 0;
  }

  /** Ends the current row. */
  void endRow() {
    store.add(cells);
  }

  /**
   * The table; nothing can be added any more.
   *
   * @param labels what labels there are; without any the column of labels is left out
   */
  Table finish(@Nullable LabelValues labels) {
    List<Table.Column> columns = new ArrayList<>();
    for (int cell = 0; cell < cells.length; cell++) {
      if (kinds.get(cell) == ColumnKind.LABEL && labels == null) {
        continue;
      }
      columns.add(
          new Table.Column(
              names.get(cell), kinds.get(cell), cell, List.copyOf(categories.get(cell).values())));
    }
    return new Table(store, columns, labels);
  }

  /** Gives up what was written. */
  void abandon() {
    store.close();
  }
}
