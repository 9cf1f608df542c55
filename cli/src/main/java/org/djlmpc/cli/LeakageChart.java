package org.djlmpc.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.djlmpc.layers.split.leakage.Defence;
import org.djlmpc.layers.split.leakage.Leakage;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.style.Styler;

/** A picture of what is given away, defence by defence. */
final class LeakageChart {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 600;

  private LeakageChart() {}

  /** Writes the means over all runs as PNG. */
  static void write(Map<Defence, List<Leakage>> found, OutputStream out) throws IOException {
    // no window is opened
    System.setProperty("java.awt.headless", "true");
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("What split learning gives away (0.5 is a guess)")
            .xAxisTitle("defence")
            .yAxisTitle("area under the ROC curve")
            .build();
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setYAxisMax(1.0);
    add(chart, "task", found, Leakage::taskAuc);
    add(chart, "property, shadow attack", found, Leakage::shadowAuc);
    add(chart, "property, known rows", found, Leakage::knownRowsAuc);
    add(chart, "label at server", found, Leakage::serverNormAuc);
    add(chart, "label at holders", found, Leakage::holderNormAuc);
    ChartEncoder.saveChart(chart, out, "png");
  }

  private static void add(
      CategoryChart chart,
      String name,
      Map<Defence, List<Leakage>> found,
      ToDoubleFunction<Leakage> value) {
    chart.addSeries(
        name,
        found.keySet().stream().map(Defence::id).toList(),
        found.values().stream().map(runs -> Figures.mean(runs, value)).toList());
  }
}
