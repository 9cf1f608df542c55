package org.djlmpc.layers.split.data;

import java.util.Set;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;

/** Reads a {@link Table} from a file in one pass; memory does not grow with the rows on disk. */
final class TableReader {
  private final CsvRecords records;
  private final Schema schema;
  private final TableWriter writer;
  private final int[] fields;
  private @Nullable String negative;

  private TableReader(CsvRecords records, Schema schema, TableWriter writer) {
    this.records = records;
    this.schema = schema;
    this.writer = writer;
    fields = writer.names().stream().mapToInt(records::column).toArray();
  }

  /**
   * See {@link Table#read}.
   *
   * @param memoryBytes beyond which rows go to a temporary file
   * @param mostRows what follows is not read
   */
  static Table read(CsvFile file, Schema schema, long memoryBytes, int mostRows) {
    try (CsvRecords records = file.open()) {
      TableWriter writer = new TableWriter(schema, memoryBytes);
      try {
        TableReader reader = new TableReader(records, schema, writer);
        for (int row = 0; row < mostRows && records.next(); row++) {
          reader.row();
        }
        return writer.finish();
      } catch (MpcException e) {
        writer.abandon();
        throw e;
      }
    }
  }

  private void row() {
    Set<String> missing = schema.missing();
    for (int cell = 0; cell < fields.length; cell++) {
      String text = records.field(fields[cell]);
      boolean absent = missing.contains(text);
      switch (writer.kind(cell)) {
        case NUMERIC -> writer.number(cell, absent ? Float.NaN : number(text, fields[cell]));
        case CATEGORICAL -> category(cell, absent ? Categories.MISSING : text);
        case LABEL -> writer.number(cell, label(text, absent, fields[cell]));
        case ID, IGNORE -> {}
      }
    }
    writer.endRow();
  }

  private float number(String text, int column) {
    if (!Numbers.isNumber(text)) {
      boolean notFinite = Numbers.isNotFinite(text);
      throw records.failure(
          notFinite ? ErrorCode.NOT_FINITE : ErrorCode.DATA_FILE,
          column,
          notFinite ? "the value is NaN or infinite" : "the value is not a number",
          "Correct it, name it among the missing values of the schema, or make the column"
              + " categorical.");
    }
    float value = Numbers.parse(text);
    if (Float.isInfinite(value)) {
      throw records.failure(
          ErrorCode.NOT_FINITE,
          column,
          "the value is beyond the range of float",
          "Give the column in a larger unit.");
    }
    return value;
  }

  private void category(int cell, String text) {
    if (!writer.category(cell, text)) {
      throw records.failure(
          ErrorCode.DATA_FILE,
          fields[cell],
          "the column has more than " + Categories.MOST + " categories",
          "Make it an id or ignore it.");
    }
  }

  private float label(String text, boolean absent, int column) {
    if (absent) {
      throw records.failure(
          ErrorCode.DATA_FILE, column, "the label is missing", "Remove rows without label.");
    }
    if (text.equals(schema.positive())) {
      return 1;
    }
    if (negative == null) {
      negative = text;
    }
    if (!text.equals(negative)) {
      throw records.failure(
          ErrorCode.DATA_FILE,
          column,
          "the label has a third value",
          "Give a label of two classes.");
    }
    return 0;
  }
}
