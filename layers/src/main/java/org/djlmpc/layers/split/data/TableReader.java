package org.djlmpc.layers.split.data;

import java.util.Set;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.LabelLoss;

/** Reads a {@link Table} from a file in one pass; memory does not grow with the rows on disk. */
final class TableReader {
  private final CsvRecords records;
  private final Schema schema;
  private final TableWriter writer;
  private final LabelReader labels;
  private final int[] fields;

  private TableReader(CsvRecords records, Schema schema, TableWriter writer, LabelReader labels) {
    this.records = records;
    this.schema = schema;
    this.writer = writer;
    this.labels = labels;
    fields = writer.names().stream().mapToInt(records::column).toArray();
  }

  /**
   * See {@link Table#read(CsvFile, Schema)}.
   *
   * @param memoryBytes beyond which rows go to a temporary file
   * @param mostRows what follows is not read
   */
  static Table read(CsvFile file, Schema schema, long memoryBytes, int mostRows) {
    LabelReader labels = new LabelReader(schema, LabelLoss.BINARY, true);
    return read(file, schema, labels, memoryBytes, mostRows);
  }

  /** The same with labels for another loss, or perhaps none. */
  static Table read(
      CsvFile file, Schema schema, LabelReader labels, long memoryBytes, int mostRows) {
    try (CsvRecords records = file.open()) {
      Schema read = labels.columns(file, records.names());
      TableWriter writer = new TableWriter(read, memoryBytes);
      try {
        TableReader reader = new TableReader(records, read, writer, labels);
        for (int row = 0; row < mostRows && records.next(); row++) {
          reader.row();
        }
        return writer.finish(labels.values());
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
        case NUMERIC -> writer.number(cell, absent ? Float.NaN : number(fields[cell]));
        case CATEGORICAL -> category(cell, absent ? Categories.MISSING : text);
        case LABEL -> writer.number(cell, labels.read(records, fields[cell], absent));
        case ID, IGNORE -> {}
      }
    }
    writer.endRow();
  }

  private float number(int column) {
    return records.number(
        column,
        "Correct it, name it among the missing values of the schema, or make the column"
            + " categorical.");
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
}
