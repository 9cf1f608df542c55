package org.djlmpc.layers.split.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.LabelLoss;
import org.jspecify.annotations.Nullable;

/**
 * Guesses a {@link Schema} from the first rows of a file. Print it and look before training: a
 * postal code looks like a number.
 *
 * <ul>
 *   <li>The label is what the caller names.
 *   <li>A column named {@code id}, or ending in {@code _id}, identifies rows; the first one does,
 *       the others are ignored.
 *   <li>If nine in ten values are numbers, the column is numeric. Reading then names the line of
 *       the first that is none, rather than take prices with one misprint for categories.
 *   <li>If more than half of the values are different, and more than 50 are, or more than 1,000
 *       are, the column is free text and ignored. So are columns with missing values only.
 *   <li>All others are categorical.
 * </ul>
 */
public final class SchemaInference {
  private static final int ROWS = 10_000;
  private static final int MOST_CATEGORIES = 1_000;
  private static final int FEW = 50;
  private static final double MOSTLY = 0.9;

  private SchemaInference() {}

  /**
   * The schema of a file without a label.
   *
   * @throws MpcException DATA_FILE if the file cannot be read
   */
  public static Schema infer(CsvFile file) {
    return infer(file, null, null);
  }

  /**
   * The schema of a file.
   *
   * @param label the column with the two classes, or null
   * @param positive the value that counts as 1; null for 1 itself, where the others are 0
   * @throws MpcException DATA_FILE if the file cannot be read or has no rows, ARGUMENT if it has no
   *     such column or value
   */
  public static Schema infer(CsvFile file, @Nullable String label, @Nullable String positive) {
    return infer(file, label, positive, LabelLoss.BINARY);
  }

  /**
   * The schema of a file.
   *
   * @param label the column to predict, or null
   * @param positive for the loss BINARY the value that counts as 1, null for 1 itself; for other
   *     losses null
   * @param loss says what labels are: of two classes, of several classes, or numbers
   * @throws MpcException as {@link #infer(CsvFile, String, String)}
   */
  public static Schema infer(
      CsvFile file, @Nullable String label, @Nullable String positive, LabelLoss loss) {
    try (CsvRecords records = file.open()) {
      List<Seen> seen = new ArrayList<>();
      records.names().forEach(name -> seen.add(new Seen()));
      int rows = 0;
      while (rows < ROWS && records.next()) {
        rows++;
        for (int i = 0; i < seen.size(); i++) {
          seen.get(i).add(records.field(i));
        }
      }
      if (rows == 0) {
        throw file.failure("has no rows", "Give a file with data.", null);
      }
      boolean choose = positive == null && label != null && loss == LabelLoss.BINARY;
      return schema(records.names(), seen, label, choose ? "1" : positive);
    }
  }

  private static Schema schema(
      List<String> names, List<Seen> seen, @Nullable String label, @Nullable String positive) {
    Map<String, ColumnKind> kinds = new LinkedHashMap<>();
    Map<String, String> notes = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      ColumnKind kind = name.equals(label) ? ColumnKind.LABEL : seen.get(i).kind(name);
      if (kind == ColumnKind.ID && kinds.containsValue(ColumnKind.ID)) {
        kind = ColumnKind.IGNORE;
      }
      kinds.put(name, kind);
      notes.put(name, seen.get(i).note());
    }
    int column = label == null ? -1 : names.indexOf(label);
    if (label != null && column < 0) {
      throw new MpcException(
          ErrorCode.ARGUMENT, "There is no column " + label + ".", "Choose one of " + names + ".");
    }
    if (column >= 0 && positive != null && !seen.get(column).values.contains(positive)) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "The label " + label + " never is " + positive + ".",
          "Say which of its values is the positive one.");
    }
    return new Schema(kinds, positive, Schema.MISSING, notes);
  }

  /** What the first rows of one column hold. */
  private static final class Seen {
    private final Set<String> values = new TreeSet<>();
    private int rows;
    private int missing;
    private int numbers;

    void add(String value) {
      rows++;
      if (Schema.MISSING.contains(value)) {
        missing++;
        return;
      }
      numbers += Numbers.isNumber(value) || Numbers.isNotFinite(value) ? 1 : 0;
      if (values.size() <= MOST_CATEGORIES) {
        values.add(value);
      }
    }

    ColumnKind kind(String name) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (lower.equals("id") || lower.endsWith("_id")) {
        return ColumnKind.ID;
      }
      int present = rows - missing;
      if (present == 0) {
        return ColumnKind.IGNORE;
      }
      if (numbers >= MOSTLY * present) {
        return ColumnKind.NUMERIC;
      }
      boolean text =
          values.size() > MOST_CATEGORIES || (values.size() > FEW && 2 * values.size() > present);
      return text ? ColumnKind.IGNORE : ColumnKind.CATEGORICAL;
    }

    String note() {
      String different =
          values.size() > MOST_CATEGORIES ? "more than " + MOST_CATEGORIES : "" + values.size();
      return different
          + (values.size() == 1 ? " value" : " different values")
          + (missing == 0 ? "" : ", " + missing + " missing")
          + " in "
          + rows
          + " rows";
    }
  }
}
