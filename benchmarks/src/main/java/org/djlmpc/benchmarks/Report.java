package org.djlmpc.benchmarks;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.IChart;
import org.knowm.xchart.style.Styler;

/** The files of an experiment: a table and a chart of the same name. */
public final class Report {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 560;
  private static final double LEAST = 0.01;

  private final Path folder;
  private final String name;

  /**
   * Files in a folder, which is made if it does not exist.
   *
   * @param name of the files, without ending
   */
  public Report(Path folder, String name) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.name = name;
  }

  /**
   * Writes the table, as CSV and as a page to read.
   *
   * @param title what the table shows
   * @param text how the numbers came about
   */
  public void table(String title, String text, List<String> head, List<List<String>> rows)
      throws IOException {
    String page = "# " + title + "\n\n" + text + "\n\n" + markdown(head, rows);
    Files.writeString(folder.resolve(name + ".md"), page);
    try (CsvWriter csv = CsvWriter.builder().build(folder.resolve(name + ".csv"))) {
      csv.writeRecord(head);
      rows.forEach(csv::writeRecord);
    }
  }

  /** A share of 1 in percent, as a cell of a table. */
  public static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f", 100 * share);
  }

  /** A table of Markdown, numbers aligned right. */
  public static String markdown(List<String> head, List<List<String>> rows) {
    StringBuilder table = new StringBuilder(row(head));
    table.append("|").append("--:|".repeat(head.size())).append("\n");
    rows.forEach(row -> table.append(row(row)));
    return table.toString();
  }

  private static String row(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  /**
   * Writes a chart of lines.
   *
   * @param lines for each name the points (x, y)
   */
  public void chart(String title, String x, String y, Map<String, List<double[]>> lines)
      throws IOException {
    chart(title, x, y, lines, false);
  }

  /** The same, with both axes logarithmic or none. */
  public void chart(
      String title, String x, String y, Map<String, List<double[]>> lines, boolean logarithmic)
      throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    chart.getStyler().setXAxisLogarithmic(logarithmic).setYAxisLogarithmic(logarithmic);
    lines.forEach(
        (line, points) ->
            chart.addSeries(
                line,
                points.stream().mapToDouble(point -> point[0]).toArray(),
                points.stream().mapToDouble(point -> point[1]).toArray()));
    save(chart);
  }

  /**
   * Writes a chart of bars on a logarithmic axis.
   *
   * @param series for each name the bars, which have the same labels in all series
   */
  public void bars(String title, String y, Map<String, Map<String, Double>> series)
      throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder().width(WIDTH).height(HEIGHT).title(title).yAxisTitle(y).build();
    chart.getStyler().setYAxisLogarithmic(true).setYAxisMin(LEAST).setXAxisLabelRotation(45);
    series.forEach(
        (name, bars) ->
            chart.addSeries(name, List.copyOf(bars.keySet()), List.copyOf(bars.values())));
    save(chart);
  }

  private void save(IChart chart) throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve(name + ".png"))) {
      ChartEncoder.saveChart(chart, out, "png");
    }
  }
}
