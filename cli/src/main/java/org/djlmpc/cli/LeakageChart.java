package org.djlmpc.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.djlmpc.layers.split.leakage.LeakageFigure;
import org.djlmpc.layers.split.leakage.Variant;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.style.Styler;

/** Pictures of what is given away, defence by defence, as PNG: means over all runs. */
final class LeakageChart {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 600;

  /** What an attack finds out, for the legend. */
  private static final Map<LeakageFigure, String> SERIES =
      Map.of(
          LeakageFigure.TASK_AUC, "task",
          LeakageFigure.SHADOW_ATTACK_AUC, "property, shadow attack",
          LeakageFigure.KNOWN_ROWS_ATTACK_AUC, "property, known rows",
          LeakageFigure.SERVER_NORM_AUC, "label at server",
          LeakageFigure.HOLDER_NORM_AUC, "label at holders");

  private LeakageChart() {}

  /** How good the network is, and how good the attacks are. */
  static void attacks(LeakageRuns runs, OutputStream out) throws IOException {
    CategoryChart chart =
        chart("What attacks find out (0.5 is a guess)", "area under the ROC curve");
    List<String> names = runs.variants().stream().map(Variant::id).toList();
    for (LeakageFigure figure : LeakageFigure.areas()) {
      chart.addSeries(SERIES.getOrDefault(figure, figure.title()), names, values(runs, figure));
    }
    ChartEncoder.saveChart(chart, out, "png");
  }

  /** How much each party's view depends on what it does not have. */
  static void correlations(LeakageRuns runs, OutputStream out) throws IOException {
    CategoryChart chart = chart("What each party sees of the others", "distance correlation");
    List<String> names = new ArrayList<>(runs.variants().stream().map(Variant::id).toList());
    names.add("unrelated rows");
    for (LeakageFigure figure : LeakageFigure.correlations()) {
      List<Double> values = new ArrayList<>(values(runs, figure));
      values.add(runs.guess(figure));
      chart.addSeries(figure.title(), names, values);
    }
    ChartEncoder.saveChart(chart, out, "png");
  }

  private static CategoryChart chart(String title, String yAxis) {
    // no window is opened
    System.setProperty("java.awt.headless", "true");
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("defence")
            .yAxisTitle(yAxis)
            .build();
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setYAxisMax(1.0);
    return chart;
  }

  private static List<Double> values(LeakageRuns runs, LeakageFigure figure) {
    return runs.variants().stream().map(variant -> runs.mean(variant, figure)).toList();
  }
}
