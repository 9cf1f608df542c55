package org.djlmpc.layers.split.data;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlmpc.layers.split.ColumnRange;
import org.djlmpc.layers.split.LabelLoss;

/** Turns made-up rows into a table or a file; both hold the same values. */
final class Synthetic {
  private static final String LABEL = "Class";

  /** Values have four decimals, as in a file. */
  private static final int DECIMALS = 10_000;

  private final RowGenerator generator;
  private final double[] numbers;
  private final String[] categories;

  Synthetic(RowGenerator generator) {
    this.generator = generator;
    numbers = new double[generator.numericColumns().size()];
    categories = new String[generator.categoricalColumns().size()];
  }

  /** What the columns are: numbers, categories, then the label, which is 0 or 1. */
  Schema schema() {
    Map<String, ColumnKind> columns = new LinkedHashMap<>();
    generator.numericColumns().forEach(name -> columns.put(name, ColumnKind.NUMERIC));
    generator.categoricalColumns().forEach(name -> columns.put(name, ColumnKind.CATEGORICAL));
    columns.put(LABEL, ColumnKind.LABEL);
    return new Schema(columns, "1", Schema.MISSING);
  }

  Table table(int rows) {
    TableWriter writer = new TableWriter(schema(), TableWriter.MEMORY_BYTES);
    for (int row = 0; row < rows; row++) {
      boolean positive = generator.next(numbers, categories);
      int cell = 0;
      for (double number : numbers) {
        writer.number(cell++, (float) (fixed(number) / (double) DECIMALS));
      }
      for (String category : categories) {
        writer.category(cell++, category);
      }
      writer.number(cell, positive ? 1 : 0);
      writer.endRow();
    }
    return writer.finish(new LabelValues(LabelLoss.BINARY, List.of("1", "0"), List.of("", "")));
  }

  /**
   * Writes some of the columns.
   *
   * @param features numbers and then categories
   * @param withLabel whether the label follows
   */
  void writeCsv(OutputStream stream, int rows, ColumnRange features, boolean withLabel)
      throws IOException {
    List<String> names =
        new ArrayList<>(schema().features().subList(features.from(), features.to()));
    if (withLabel) {
      names.add(LABEL);
    }
    Writer out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
    out.write(String.join(",", names) + "\n");
    StringBuilder line = new StringBuilder();
    for (int row = 0; row < rows; row++) {
      boolean positive = generator.next(numbers, categories);
      line.setLength(0);
      for (int i = features.from(); i < features.to(); i++) {
        line.append(i == features.from() ? "" : ",");
        append(line, i);
      }
      if (withLabel) {
        line.append(positive ? ",1" : ",0");
      }
      out.append(line.append('\n'));
    }
    out.flush();
  }

  private void append(StringBuilder line, int feature) {
    if (feature < numbers.length) {
      appendDecimal(line, fixed(numbers[feature]));
    } else {
      line.append(categories[feature - numbers.length]);
    }
  }

  private static long fixed(double number) {
    return (long) Math.rint(number * DECIMALS);
  }

  /** Writes the decimals as they are; String.format takes fifty times as long. */
  private static void appendDecimal(StringBuilder line, long fixed) {
    long size = Math.abs(fixed);
    line.append(fixed < 0 ? "-" : "").append(size / DECIMALS).append('.');
    // The leading 1 keeps the zeros behind the point.
    line.append(Long.toString(size % DECIMALS + DECIMALS), 1, 5);
  }
}
