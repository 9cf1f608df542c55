package org.djlmpc.layers.split.data;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.stream.IntStream;
import org.djlmpc.error.MpcException;

/** Writes some rows of a file in another order, as a holder does after row alignment. */
public final class RowSelection {

  private RowSelection() {}

  /**
   * Writes the names of the columns and then the rows. Keeps these rows in memory, the others not.
   *
   * @param file with the rows
   * @param rows numbers of different rows, from 0, in the order wanted
   * @param out not closed
   * @throws MpcException DATA_FILE if the file cannot be read
   * @throws IOException if the rows cannot be written
   */
  public static void write(CsvFile file, int[] rows, Writer out) throws IOException {
    try (CsvRecords records = file.open()) {
      int columns = records.names().size();
      String[][] selected = read(records, columns, rows);
      try (CsvWriter csv = CsvWriter.builder().build(keepOpen(out))) {
        csv.writeRecord(records.names());
        for (String[] record : selected) {
          csv.writeRecord(List.of(record));
        }
      }
    }
    out.flush();
  }

  private static String[][] read(CsvRecords records, int columns, int[] rows) {
    int last = IntStream.of(rows).max().orElse(-1);
    int[] places = new int[last + 1];
    for (int i = 0; i < rows.length; i++) {
      places[rows[i]] = i + 1;
    }
    String[][] selected = new String[rows.length][];
    for (int row = 0; row <= last && records.next(); row++) {
      if (places[row] > 0) {
        selected[places[row] - 1] =
            IntStream.range(0, columns).mapToObj(records::field).toArray(String[]::new);
      }
    }
    return selected;
  }

  private static Writer keepOpen(Writer out) {
    return new java.io.FilterWriter(out) {
      @Override
      public void close() throws IOException {
        flush();
      }
    };
  }
}
