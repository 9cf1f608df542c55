package org.djlmpc.benchmarks.split;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.djlmpc.layers.split.data.DataSet;

/** How good the networks are: over methods, holders and epochs. */
final class AccuracyFigures {
  private final SplitResults results;
  private final PageText page;

  AccuracyFigures(SplitResults results, PageText page) {
    this.results = results;
    this.page = page;
  }

  /** Areas under the curve of all methods. */
  void auc() {
    page.section(
        SplitSubset.AUC,
        "Accuracy",
        "Two holders, mean over the seeds. Difference: the largest distance of a seed's area under"
            + " the curve from that of the plaintext network with the same seed.",
        "data | method | AUC | log loss | largest difference | seeds",
        found -> {
          for (List<SplitResult> group :
              PageText.groups(found, r -> r.cell().data() + r.cell().method())) {
            SplitCell cell = group.get(0).cell();
            double distance =
                group.stream()
                    .flatMap(
                        r -> plain(r.cell()).stream().map(plain -> Math.abs(plain.auc() - r.auc())))
                    .mapToDouble(d -> d)
                    .max()
                    .orElse(Double.NaN);
            page.row(
                cell.data(),
                cell.method(),
                PageText.decimals(PageText.mean(group, SplitResult::auc)),
                PageText.decimals(PageText.mean(group, SplitResult::loss)),
                PageText.decimals(distance),
                group.size());
          }
        });
  }

  private Optional<SplitResult> plain(SplitCell cell) {
    return results.get(SplitCell.of(DataSet.byName(cell.data()), "plain").withSeed(cell.seed()));
  }

  /** SPNN, Figure 5. */
  void holders() throws IOException {
    page.section(
        SplitSubset.HOLDERS,
        "Accuracy over the number of holders",
        "Figure 5 of SPNN: SplitNN gets worse with more holders, because no unit of its first layer"
            + " sees columns of two of them; SPNN computes the same network whatever the number, up"
            + " to its first weights. So it is on `lending_club`, where SplitNN is behind with 2 to 5"
            + " holders. On `credit_data` it is not so: with 2 to 4 holders the two differ by less"
            + " than the seeds do, and with 5 SplitNN is ahead. SplitNN's eight units of h1 are divided among the holders.\n\n"
            + "![chart](split-holders.png)",
        "data | method | holders | AUC | worst | best",
        found -> {
          for (List<SplitResult> group :
              PageText.groups(
                  found, r -> r.cell().data() + r.cell().method() + r.cell().holders())) {
            SplitCell cell = group.get(0).cell();
            page.row(
                cell.data(),
                cell.method(),
                cell.holders(),
                PageText.decimals(PageText.mean(group, SplitResult::auc)),
                PageText.decimals(
                    group.stream().mapToDouble(SplitResult::auc).min().orElse(Double.NaN)),
                PageText.decimals(
                    group.stream().mapToDouble(SplitResult::auc).max().orElse(Double.NaN)));
          }
        });
    Map<String, List<double[]>> lines = new LinkedHashMap<>();
    for (List<SplitResult> group :
        PageText.groups(
            results.of(SplitSubset.HOLDERS.cells()),
            r -> r.cell().data() + r.cell().method() + r.cell().holders())) {
      SplitCell cell = group.get(0).cell();
      lines
          .computeIfAbsent(cell.data() + ", " + cell.method(), key -> new ArrayList<>())
          .add(new double[] {cell.holders(), PageText.mean(group, SplitResult::auc)});
    }
    page.chart(SplitSubset.HOLDERS, "Area under the curve", "holders", "AUC", lines, false);
  }

  /** SPNN, Figures 6 and 7. */
  void curves() throws IOException {
    page.section(
        SplitSubset.CURVES,
        "Losses",
        "Figures 6 and 7 of SPNN: training and test loss fall as those of the plaintext network do.\n\n"
            + "![chart](split-curves.png)",
        "data | method | first training loss | last | first test loss | last",
        found ->
            found.forEach(
                r ->
                    page.row(
                        r.cell().data(),
                        r.cell().method(),
                        PageText.decimals(r.trainLosses().get(0)),
                        PageText.decimals(r.trainLosses().get(r.trainLosses().size() - 1)),
                        PageText.decimals(r.testLosses().get(0)),
                        PageText.decimals(r.testLosses().get(r.testLosses().size() - 1)))));
    Map<String, List<double[]>> lines = new LinkedHashMap<>();
    for (SplitResult r : results.of(SplitSubset.CURVES.cells())) {
      String name = r.cell().data() + ", " + r.cell().method();
      lines.put(name + ", training", points(r.trainLosses()));
      lines.put(name + ", test", points(r.testLosses()));
    }
    page.chart(SplitSubset.CURVES, "Log loss", "epoch", "log loss", lines, false);
  }

  private static List<double[]> points(List<Double> values) {
    List<double[]> points = new ArrayList<>();
    for (Double value : values) {
      points.add(new double[] {points.size() + 1, value});
    }
    return points;
  }
}
