package org.djlmpc.cli;

import java.util.ArrayList;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/** A table with aligned columns for a terminal. Text is aligned left, numbers right. */
final class TextTable {

  private static final String GAP = "  ";

  private final List<String> titles = new ArrayList<>();
  private final List<Boolean> alignedRight = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  /** Adds a column of text. */
  TextTable text(String title) {
    return column(title, false);
  }

  /** Adds a column of numbers. */
  TextTable number(String title) {
    return column(title, true);
  }

  /** Adds a row with a cell for every column. */
  TextTable row(Object... cells) {
    if (cells.length != titles.size()) {
      throw new MpcException(
          ErrorCode.INTERNAL,
          "A row has " + cells.length + " cells for " + titles.size() + " columns.",
          "Report this.");
    }
    List<String> row = new ArrayList<>(cells.length);
    for (Object cell : cells) {
      row.add(cell.toString());
    }
    rows.add(row);
    return this;
  }

  /** Adds a line across the table, as above a total. */
  TextTable line() {
    rows.add(List.of());
    return this;
  }

  /** The table, each row ended by a newline. */
  @Override
  public String toString() {
    int[] widths = widths();
    StringBuilder text = new StringBuilder();
    append(text, titles, widths);
    appendLine(text, widths);
    for (List<String> row : rows) {
      if (row.isEmpty()) {
        appendLine(text, widths);
      } else {
        append(text, row, widths);
      }
    }
    return text.toString();
  }

  /** The same as a table of Markdown; lines across are left out. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    appendMarkdown(text, titles);
    text.append('|');
    alignedRight.forEach(right -> text.append(right ? "--:|" : "---|"));
    text.append('\n');
    rows.stream().filter(row -> !row.isEmpty()).forEach(row -> appendMarkdown(text, row));
    return text.toString();
  }

  private static void appendMarkdown(StringBuilder text, List<String> cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private TextTable column(String title, boolean right) {
    titles.add(title);
    alignedRight.add(right);
    return this;
  }

  private int[] widths() {
    int[] widths = new int[titles.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = titles.get(column).length();
      for (List<String> row : rows) {
        if (!row.isEmpty()) {
          widths[column] = Math.max(widths[column], row.get(column).length());
        }
      }
    }
    return widths;
  }

  private void append(StringBuilder text, List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = row.get(column);
      String blanks = " ".repeat(widths[column] - cell.length());
      line.append(column == 0 ? "" : GAP);
      line.append(alignedRight.get(column) ? blanks + cell : cell + blanks);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  private static void appendLine(StringBuilder text, int[] widths) {
    for (int column = 0; column < widths.length; column++) {
      text.append(column == 0 ? "" : GAP).append("-".repeat(widths[column]));
    }
    text.append('\n');
  }
}
