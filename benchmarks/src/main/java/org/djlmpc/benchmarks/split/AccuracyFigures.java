package org.djlmpc.benchmarks.split;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.djlmpc.layers.split.data.DataSet;

/** How good the networks are: over methods, holders and epochs. */
final class AccuracyFigures {
  private static final String REAL_CHARTS =
      "![chart](split-curves-lending_club.png)\n![chart](split-curves-credit_data.png)";

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
          for (List<SplitResult> group : PageText.byMethod(found)) {
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
            + " to its first weights. SplitNN's eight units of h1 are divided among the holders."
            + " What became of that here is in the table of statements above.\n\n"
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
                PageText.decimals(PageText.least(group, SplitResult::auc)),
                PageText.decimals(PageText.most(group, SplitResult::auc)));
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
        "Figures 6 and 7 of SPNN: training and test loss fall as those of the plaintext network do."
            + " Means over the seeds.\n\n"
            + REAL_CHARTS,
        "data | method | first training loss | last | first test loss | last | seeds",
        found ->
            PageText.byMethod(found)
                .forEach(
                    group -> {
                      SplitCell cell = group.get(0).cell();
                      List<Double> training = mean(group, SplitResult::trainLosses);
                      List<Double> test = mean(group, SplitResult::testLosses);
                      page.row(
                          cell.data(),
                          cell.method(),
                          PageText.decimals(training.get(0)),
                          PageText.decimals(training.get(training.size() - 1)),
                          PageText.decimals(test.get(0)),
                          PageText.decimals(test.get(test.size() - 1)),
                          group.size());
                    }));
    for (List<SplitResult> data :
        PageText.groups(results.of(SplitSubset.CURVES.cells()), r -> r.cell().data())) {
      Map<String, List<double[]>> lines = new LinkedHashMap<>();
      for (List<SplitResult> group : PageText.byMethod(data)) {
        String name = group.get(0).cell().method();
        lines.put(name + ", training", points(mean(group, SplitResult::trainLosses)));
        lines.put(name + ", test", points(mean(group, SplitResult::testLosses)));
      }
      String id = data.get(0).cell().data();
      page.chart("curves-" + id, "Log loss, " + id, "epoch", "log loss", lines, false);
    }
  }

  /** The means over the seeds, epoch by epoch. */
  static List<Double> mean(List<SplitResult> seeds, Function<SplitResult, List<Double>> losses) {
    int epochs = seeds.stream().mapToInt(r -> losses.apply(r).size()).min().orElse(0);
    return IntStream.range(0, epochs)
        .mapToObj(epoch -> PageText.mean(seeds, r -> losses.apply(r).get(epoch)))
        .toList();
  }

  private static List<double[]> points(List<Double> values) {
    List<double[]> points = new ArrayList<>();
    for (Double value : values) {
      points.add(new double[] {points.size() + 1, value});
    }
    return points;
  }
}
