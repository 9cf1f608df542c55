package org.djlmpc.layers.split.data;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/** The records of a {@link CsvFile}, one after the other. */
final class CsvRecords implements AutoCloseable {
  private final CsvFile file;
  private final CloseableIterator<CsvRecord> records;
  private final List<String> names;
  private CsvRecord record;

  CsvRecords(CsvFile file, CsvReader<CsvRecord> reader) {
    this.file = file;
    records = reader.iterator();
    CsvRecord header = read(0);
    if (header == null) {
      throw file.failure("is empty", "Give a file whose first line names the columns.", null);
    }
    record = header;
    names = names(header);
  }

  private List<String> names(CsvRecord header) {
    List<String> result = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String field : header.getFields()) {
      // Some programs begin their files with a byte order mark.
      String name =
          (result.isEmpty() && field.startsWith("\ufeff") ? field.substring(1) : field).trim();
      if (name.isEmpty()) {
        throw file.failure(
            "has no name for column " + (result.size() + 1), "Name all columns in line 1.", null);
      }
      if (!seen.add(name)) {
        throw file.failure("has two columns named " + name, "Name each column differently.", null);
      }
      result.add(name);
    }
    return List.copyOf(result);
  }

  /** The names of the columns. */
  List<String> names() {
    return names;
  }

  /**
   * The place of a column.
   *
   * @throws MpcException DATA_FILE if there is none of this name
   */
  int column(String name) {
    int column = names.indexOf(name);
    if (column < 0) {
      throw file.failure(
          "has no column " + name, "Correct the schema; the file has " + names + ".", null);
    }
    return column;
  }

  /**
   * Goes to the next record. Blank lines are passed over, unless the file has one column only,
   * where such a line is a missing value.
   *
   * @return false at the end
   * @throws MpcException DATA_FILE, naming the line, if it has more or fewer fields than line 1
   */
  boolean next() {
    CsvRecord next;
    do {
      next = read(record.getStartingLineNumber());
      if (next == null) {
        return false;
      }
    } while (names.size() > 1 && next.getFieldCount() == 1 && next.getField(0).isBlank());
    record = next;
    if (next.getFieldCount() != names.size()) {
      throw file.failure(
          "has "
              + next.getFieldCount()
              + " fields in line "
              + line()
              + " and "
              + names.size()
              + " columns",
          "Correct the line; a field that holds a separator needs quotes.",
          null);
    }
    return true;
  }

  /** A field of the current record, without the blanks around it. */
  String field(int column) {
    return record.getField(column).strip();
  }

  /** Where the current record begins in the file; lines are counted from 1. */
  long line() {
    return record.getStartingLineNumber();
  }

  /** Where a field of the current record is, for messages. */
  String place(int column) {
    return file.name() + ", line " + line() + ", column " + names.get(column);
  }

  /** An error in the current record. */
  MpcException failure(ErrorCode code, int column, String what, String nextStep) {
    return new MpcException(code, place(column) + ": " + what + ".", nextStep);
  }

  /**
   * A field of the current record as a number.
   *
   * @param nextStep what to do if it is none
   * @throws MpcException DATA_FILE if it is no number, NOT_FINITE if it is no finite one
   */
  float number(int column, String nextStep) {
    String text = field(column);
    if (!Numbers.isNumber(text)) {
      boolean notFinite = Numbers.isNotFinite(text);
      throw failure(
          notFinite ? ErrorCode.NOT_FINITE : ErrorCode.DATA_FILE,
          column,
          notFinite ? "the value is NaN or infinite" : "the value is not a number",
          nextStep);
    }
    float value = Numbers.parse(text);
    if (Float.isInfinite(value)) {
      throw failure(
          ErrorCode.NOT_FINITE,
          column,
          "the value is beyond the range of float",
          "Give the column in a larger unit.");
    }
    return value;
  }

  @SuppressWarnings("NullAway") // null at the end is this method's whole contract
  private CsvRecord read(long lineBefore) {
    try {
      return records.hasNext() ? records.next() : null;
    } catch (UncheckedIOException e) {
      throw e.getCause() instanceof CharacterCodingException
          ? file.notDecodable(lineBefore, e)
          : file.failure("cannot be read", "Check the disk, and that the file is whole.", e);
    } catch (CsvParseException e) {
      throw e.getCause() instanceof CharacterCodingException
          ? file.notDecodable(lineBefore, e)
          : file.failure(
              "is malformed after line " + lineBefore,
              "Look for a quote that is not closed, or a field of more than 16 MB.",
              e);
    }
  }

  @Override
  public void close() {
    try {
      records.close();
    } catch (IOException e) {
      // nothing was written
    }
  }
}
