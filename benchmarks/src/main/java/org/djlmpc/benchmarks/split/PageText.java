package org.djlmpc.benchmarks.split;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.djlmpc.benchmarks.Report;

/** The page while it is written: sections with tables, and charts beside it. */
final class PageText {
  private static final double MEGA = 1e6;

  private final Path folder;
  private final SplitResults results;
  private final StringBuilder page = new StringBuilder();

  /** An empty page. */
  PageText(Path folder, SplitResults results) {
    this.folder = folder;
    this.results = results;
  }

  void paragraph(String text) {
    page.append(text).append("\n\n");
  }

  void head(String names) {
    page.append("| ").append(names).append(" |\n|");
    page.append("--:|".repeat(names.split("\\|", -1).length)).append("\n");
  }

  void endTable() {
    page.append("\n");
  }

  /** A row of the table whose head was written last. */
  void row(Object... cells) {
    for (Object cell : cells) {
      page.append("| ").append(cell).append(' ');
    }
    page.append("|\n");
  }

  /**
   * A section with a table, if anything of it is measured.
   *
   * @param head names of columns, with bars between them
   * @param rows writes the rows, from the results that are there
   */
  void section(
      SplitSubset subset,
      String title,
      String text,
      String head,
      Consumer<List<SplitResult>> rows) {
    List<SplitResult> found = results.of(subset.cells());
    if (found.isEmpty()) {
      return;
    }
    paragraph("## " + title);
    paragraph(text);
    head(head);
    rows.accept(found);
    if (found.size() < subset.cells().size()) {
      page.append("\n").append(found.size()).append(" of ").append(subset.cells().size());
      page.append(" trainings are measured.\n");
    }
    endTable();
  }

  /** A chart beside the page, of the subset's name. */
  void chart(
      SplitSubset subset,
      String title,
      String x,
      String y,
      Map<String, List<double[]>> lines,
      boolean logarithmic)
      throws IOException {
    chart(subset.name().toLowerCase(Locale.ROOT), title, x, y, lines, logarithmic);
  }

  /** A chart beside the page. */
  void chart(
      String name,
      String title,
      String x,
      String y,
      Map<String, List<double[]>> lines,
      boolean logarithmic)
      throws IOException {
    if (!lines.isEmpty()) {
      new Report(folder, "split-" + name).chart(title, x, y, lines, logarithmic);
    }
  }

  /** A line of points for each name, in the order of the results. */
  static Map<String, List<double[]>> lines(
      List<SplitResult> found,
      Function<SplitResult, String> name,
      Function<SplitResult, double[]> point) {
    Map<String, List<double[]>> lines = new LinkedHashMap<>();
    found.forEach(
        r -> lines.computeIfAbsent(name.apply(r), key -> new ArrayList<>()).add(point.apply(r)));
    return lines;
  }

  static List<List<SplitResult>> groups(
      List<SplitResult> found, Function<SplitResult, String> key) {
    Map<String, List<SplitResult>> groups = new LinkedHashMap<>();
    found.forEach(r -> groups.computeIfAbsent(key.apply(r), k -> new ArrayList<>()).add(r));
    return List.copyOf(groups.values());
  }

  /** The trainings that differ in their seeds alone, where data and methods are all there is. */
  static List<List<SplitResult>> byMethod(List<SplitResult> found) {
    return groups(found, r -> r.cell().data() + r.cell().method());
  }

  static double mean(List<SplitResult> group, ToDoubleFunction<SplitResult> value) {
    return group.stream().mapToDouble(value).average().orElse(Double.NaN);
  }

  static double least(List<SplitResult> group, ToDoubleFunction<SplitResult> value) {
    return group.stream().mapToDouble(value).min().orElse(Double.NaN);
  }

  static double most(List<SplitResult> group, ToDoubleFunction<SplitResult> value) {
    return group.stream().mapToDouble(value).max().orElse(Double.NaN);
  }

  static String megabytes(SplitResult r) {
    return String.format(Locale.ROOT, "%.2f", r.bytes() / MEGA);
  }

  static String decimals(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.4f", value);
  }

  static String seconds(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.3f" : "%.1f", value);
  }

  static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  @Override
  public String toString() {
    return page.toString();
  }
}
