package org.djlmpc.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.djlmpc.cli.MachineRates.Pair;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.graph.ErrorBound;
import org.djlmpc.graph.ExpectedError;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.Plan;
import org.djlmpc.protocol.Cost;
import org.djlmpc.transport.PartyId;

/**
 * What an inference will cost at P0, who owns the model, P1, who learns the outputs, and the
 * dealer.
 *
 * @param spec the inference
 * @param layers one for each operator
 * @param total of all, with revealing the outputs
 * @param errors of the outputs
 * @param seconds of all
 */
record Prediction(
    JobSpec spec, List<PredictedLayer> layers, Cost total, ErrorFigures errors, Pair seconds) {
  /**
   * Plans a graph.
   *
   * @param graph the rewritten graph, with weights
   * @param inputMagnitude bound of the absolute values of the inputs
   * @param times how fast this machine is
   */
  static Prediction of(JobSpec spec, Graph graph, double inputMagnitude, TimeModel times) {
    FixedPoint fixedPoint = new FixedPoint(spec.ring(), spec.fractionBits());
    Plan plan =
        Plan.of(
                graph,
                spec.suite(),
                spec.ring(),
                spec.fractionBits(),
                PartyId.P0,
                spec.mode(),
                spec.checkRange(),
                Set.of(PartyId.P1))
            .withErrors(graph, fixedPoint, inputMagnitude);
    ExpectedError expected =
        PlainGraph.rehearsed(graph, fixedPoint, MadeUpInputs.of(graph, inputMagnitude));
    List<PredictedLayer> layers = new ArrayList<>();
    Cost sum = Cost.ZERO;
    Pair seconds = Pair.ZERO;
    for (int i = 0; i < plan.layers().size(); i++) {
      Plan.Layer layer = plan.layers().get(i);
      Pair time = times.layer(graph, graph.nodes().get(i), layer.cost(), spec.mode());
      layers.add(
          new PredictedLayer(
              graph.nodes().get(i).label(),
              layer.operator(),
              layer.output(),
              layer.cost(),
              layer.error(),
              expected.ofNodes().get(i),
              time));
      sum = sum.plus(layer.cost());
      seconds = seconds.plus(time);
    }
    ErrorFigures errors =
        new ErrorFigures(
            expected.ofOutputs(), ErrorBound.ofOutputs(graph, fixedPoint, inputMagnitude));
    return new Prediction(
        spec, layers, plan.total(), errors, seconds.plus(times.around(plan.total().minus(sum))));
  }

  /** As JSON, with the names of {@code bench infer}. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("plan", spec.model());
    json.put("protocol", spec.protocol());
    json.put("batch", spec.batch());
    json.put("weights", spec.mode().name().toLowerCase(Locale.ROOT));
    json.put("comparison", spec.comparison());
    json.put("comparison_bits", spec.comparisonBits());
    json.put("wire_bits", spec.wireBits());
    json.put("ring", spec.ringBits());
    json.put("fraction_bits", spec.fractionBits());
    json.put("rtt_ms", Figures.number(spec.rttMs()));
    json.put("bandwidth_mbps", Figures.number(spec.bandwidthMbps()));
    json.put("input_shapes", spec.inputs().stream().map(JobSpec.Input::lengths).toList());
    costs(json, total, seconds);
    json.put("expected_error", Figures.number(errors.expected()));
    json.put("worst_case_error", Figures.number(errors.worstCase()));
    json.put("total_s", Figures.number(seconds.offline() + seconds.online()));
    List<Map<String, Object>> rows = new ArrayList<>();
    for (PredictedLayer layer : layers) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("layer", layer.label());
      row.put("operator", layer.operator());
      row.put("output_shape", JobSpec.Input.of("", layer.output()).lengths());
      row.put("expected_error", Figures.number(layer.expected()));
      row.put("error_bound", Figures.number(layer.error()));
      costs(row, layer.cost(), layer.seconds());
      rows.add(row);
    }
    json.put("layers", rows);
    return json;
  }

  private static void costs(Map<String, Object> json, Cost cost, Pair seconds) {
    json.put("comparisons", cost.comparisons());
    json.put("multiply_adds", cost.multiplyAdds());
    json.put("key_bytes", Figures.byParty(cost.keyBytesP0(), cost.keyBytesP1()));
    // what the dealer sends; parties add some hundred bytes of announcements
    json.put("offline_bytes", Map.of("P2", cost.keyBytesP0() + cost.keyBytesP1()));
    json.put("online_bytes", Figures.byParty(cost.onlineBytesP0(), cost.onlineBytesP1()));
    json.put("rounds", cost.rounds());
    json.put("offline_s", Figures.number(seconds.offline()));
    json.put("online_s", Figures.number(seconds.online()));
  }

  /** As a table to read. */
  String table() {
    TextTable table =
        new TextTable()
            .text("layer")
            .text("output")
            .number("comparisons")
            .number("multiply-adds")
            .number("keys to P0")
            .number("keys to P1")
            .number("offline")
            .number("online sent P0")
            .number("online sent P1")
            .number("rounds")
            .number("expected error")
            .number("error bound")
            .number("offline s")
            .number("online s");
    Cost sum = Cost.ZERO;
    Pair time = Pair.ZERO;
    for (PredictedLayer layer : layers) {
      row(
          table,
          layer.label(),
          layer.output().toString(),
          layer.cost(),
          layer.expected(),
          layer.error(),
          layer.seconds());
      sum = sum.plus(layer.cost());
      time = time.plus(layer.seconds());
    }
    Pair rest = seconds.plus(time.times(-1));
    row(table, "before and after", "", total.minus(sum), 0, 0, rest);
    table.line();
    row(table, "total", "", total, errors.expected(), errors.worstCase(), seconds);
    return table.toString();
  }

  private static void row(
      TextTable table,
      String label,
      String output,
      Cost cost,
      double expected,
      double bound,
      Pair seconds) {
    table.row(
        label,
        output,
        cost.comparisons(),
        cost.multiplyAdds(),
        Quantities.bytes(cost.keyBytesP0()),
        Quantities.bytes(cost.keyBytesP1()),
        Quantities.bytes(cost.keyBytesP0() + cost.keyBytesP1()),
        Quantities.bytes(cost.onlineBytesP0()),
        Quantities.bytes(cost.onlineBytesP1()),
        cost.rounds(),
        error(expected),
        error(bound),
        String.format(Locale.ROOT, "%.3f", seconds.offline()),
        String.format(Locale.ROOT, "%.3f", seconds.online()));
  }

  private static String error(double error) {
    if (error == 0) {
      return "";
    }
    return Double.isInfinite(error) || Double.isNaN(error)
        ? "unknown"
        : String.format(Locale.ROOT, "%.3g", error);
  }
}
