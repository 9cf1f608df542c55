package org.djlmpc.layers.split.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/** Reads what identifies the rows of a file, for row alignment. */
public final class RowIds {

  private RowIds() {}

  /**
   * The column of kind ID, row by row.
   *
   * @throws MpcException DATA_FILE if the file cannot be read, lacks the column, or lacks the id of
   *     a row, whose line it names; ARGUMENT if the schema has no id
   */
  public static List<String> read(CsvFile file, Schema schema) {
    List<String> names = schema.names(ColumnKind.ID);
    if (names.isEmpty()) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "The schema has no column of kind id.",
          "Mark the column that all holders have in common as id.");
    }
    return read(file, names.get(0), schema.missing());
  }

  /**
   * A column of a file without a schema, row by row.
   *
   * @throws MpcException DATA_FILE if the file cannot be read, lacks the column, or lacks the id of
   *     a row, whose line it names
   */
  public static List<String> read(CsvFile file, String column) {
    return read(file, column, Schema.MISSING);
  }

  private static List<String> read(CsvFile file, String name, Set<String> missing) {
    try (CsvRecords records = file.open()) {
      int column = records.column(name);
      List<String> ids = new ArrayList<>();
      while (records.next()) {
        String id = records.field(column);
        if (missing.contains(id)) {
          throw records.failure(
              ErrorCode.DATA_FILE, column, "the id is missing", "Give every row an id.");
        }
        ids.add(id);
      }
      return ids;
    }
  }
}
