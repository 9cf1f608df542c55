package org.djlmpc.layers.split.data;

import java.io.IOException;
import java.io.Writer;
import java.util.stream.IntStream;
import org.djlmpc.error.MpcException;

/** Writes some rows of a file in another order, as a holder does after row alignment. */
public final class RowSelection {

  private RowSelection() {}

  /**
   * Writes the names of the columns and then the rows. The rows wait in a temporary file that only
   * this user can read; memory holds 16 bytes for each, however long they are.
   *
   * @param file with the rows
   * @param rows numbers of different rows, from 0, in the order wanted
   * @param out not closed
   * @throws MpcException DATA_FILE if the file cannot be read, has fewer rows than are asked for,
   *     or there is no room for a temporary file
   * @throws IOException if the rows cannot be written
   */
  public static void write(CsvFile file, int[] rows, Writer out) throws IOException {
    try (CsvRecords records = file.open();
        SpilledRecords selected = new SpilledRecords(1 + rows.length)) {
      selected.put(0, records.names());
      spill(file, records, rows, selected);
      for (int i = 0; i <= rows.length; i++) {
        out.write(selected.get(i));
      }
    }
    out.flush();
  }

  private static void spill(CsvFile file, CsvRecords records, int[] rows, SpilledRecords selected) {
    int columns = records.names().size();
    int[] places = new int[IntStream.of(rows).max().orElse(-1) + 1];
    for (int i = 0; i < rows.length; i++) {
      places[rows[i]] = i + 1;
    }
    for (int row = 0; row < places.length; row++) {
      if (!records.next()) {
        throw file.failure(
            "has lost rows since its ids were read",
            "Leave the file as it is while rows are aligned.",
            null);
      }
      if (places[row] > 0) {
        selected.put(places[row], IntStream.range(0, columns).mapToObj(records::field).toList());
      }
    }
  }
}
