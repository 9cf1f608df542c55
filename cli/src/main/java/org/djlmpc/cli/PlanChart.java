package org.djlmpc.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.style.Styler;

/** A picture of a plan: how long each operator takes, before and while the inputs are there. */
final class PlanChart {
  private static final int HEIGHT = 640;
  private static final int MARGIN = 260;
  private static final int BAR = 26;
  private static final int NARROWEST = 900;
  private static final int WIDEST = 6000;
  private static final int LABEL = 36;

  private PlanChart() {}

  /** Writes the chart as PNG. */
  static void write(Prediction prediction, OutputStream out) throws IOException {
    // no window is opened
    System.setProperty("java.awt.headless", "true");
    List<PredictedLayer> layers = prediction.layers();
    int width = Math.min(WIDEST, Math.max(NARROWEST, MARGIN + BAR * layers.size()));
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(width)
            .height(HEIGHT)
            .title(
                prediction.spec().model()
                    + ", batch "
                    + prediction.spec().batch()
                    + ": "
                    + Quantities.seconds(prediction.seconds().offline())
                    + " offline, "
                    + Quantities.seconds(prediction.seconds().online())
                    + " online")
            .xAxisTitle("operator")
            .yAxisTitle("predicted seconds")
            .build();
    chart.getStyler().setStacked(true);
    chart.getStyler().setXAxisLabelRotation(90);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
    List<String> labels = labels(layers);
    chart.addSeries("offline", labels, values(layers, layer -> layer.seconds().offline()));
    chart.addSeries("online", labels, values(layers, layer -> layer.seconds().online()));
    ChartEncoder.saveChart(chart, out, "png");
  }

  /** Short, and each one once: numbers keep operators of one name apart. */
  private static List<String> labels(List<PredictedLayer> layers) {
    return java.util.stream.IntStream.range(0, layers.size())
        .mapToObj(
            i -> {
              String label = layers.get(i).label();
              int from = Math.max(0, label.length() - LABEL);
              return i + 1 + " " + label.substring(from);
            })
        .toList();
  }

  private static List<Double> values(
      List<PredictedLayer> layers, ToDoubleFunction<PredictedLayer> value) {
    return layers.stream().map(value::applyAsDouble).toList();
  }
}
