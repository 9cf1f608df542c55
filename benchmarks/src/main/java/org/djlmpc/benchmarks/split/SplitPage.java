package org.djlmpc.benchmarks.split;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.djlmpc.benchmarks.Report;
import org.djlmpc.layers.split.data.DataSet;

/** The page and the charts of what was measured so far; written again after each measurement. */
final class SplitPage {
  private static final String PLAIN = "plain";
  private static final double MEGA = 1e6;

  /** SPNN, Table 3: seconds of an epoch of the fraud data at 100 Mbit/s. */
  private static final Map<String, String> PAPER_SECONDS =
      Map.of(PLAIN, "0.22", "splitnn", "0.74", "ss-paper", "37.2 (SecureML: 960)");

  private final Path folder;
  private final SplitResults results;
  private final String machine;
  private final StringBuilder page = new StringBuilder();

  SplitPage(Path folder, SplitResults results, String machine) {
    this.folder = folder;
    this.results = results;
    this.machine = machine;
  }

  /** Writes everything. */
  void write() throws IOException {
    page.setLength(0);
    page.append(
        """
        # Split learning, as in section 6 of SPNN

        All parties are threads of one JVM. Links between them are imitated where a bandwidth is
        given; no latency is added. Three quarters of the rows train, the rest tests. The paper's own
        data sets are not publicly packaged: `lending_club` and `credit_data` are other real loans,
        the synthetic sets have the paper's sizes. Times are medians of the epochs. Made by
        `benchmarks/run split`, which measures what is missing here and adds it line by line; every
        training is a line of [split.csv](split.csv).

        The size of the networks, the epochs and the learning rates of the real data were chosen by
        the plaintext network's area under the curve on these same test rows. So areas are too
        optimistic for new rows, and so is the lead over SplitNN, for which nothing was chosen;
        distances between `plain` and SPNN's ways are not touched by that.

        """);
    page.append(machine).append("\n\n");
    auc();
    speed();
    bandwidth();
    batch();
    rows();
    holders();
    curves();
    Files.writeString(folder.resolve("split.md"), page);
  }

  private void auc() {
    section(
        SplitSubset.AUC,
        "Accuracy",
        "Two holders, mean over the seeds. Difference: the largest distance of a seed's area under"
            + " the curve from that of the plaintext network with the same seed.",
        "data | method | AUC | log loss | largest difference | seeds",
        found -> {
          for (List<SplitResult> group : groups(found, r -> r.cell().data() + r.cell().method())) {
            SplitCell cell = group.get(0).cell();
            double distance =
                group.stream()
                    .flatMap(
                        r -> plain(r.cell()).stream().map(plain -> Math.abs(plain.auc() - r.auc())))
                    .mapToDouble(d -> d)
                    .max()
                    .orElse(Double.NaN);
            row(
                cell.data(),
                cell.method(),
                decimals(mean(group, SplitResult::auc)),
                decimals(mean(group, SplitResult::loss)),
                decimals(distance),
                group.size());
          }
        });
  }

  private java.util.Optional<SplitResult> plain(SplitCell cell) {
    return results.get(SplitCell.of(DataSet.byName(cell.data()), PLAIN).withSeed(cell.seed()));
  }

  private void speed() {
    section(
        SplitSubset.SPEED,
        "Time of an epoch",
        "Batches of 5,000; 100 Mbit/s; networks 8-8 and 400-16-8. The paper's times are those of"
            + " other machines, and of one pass over its fraud data, whose number of training rows it"
            + " does not tell; ours is over all 284,807.",
        "data | method | s/epoch | MB/epoch | SPNN, Table 3",
        found -> {
          for (SplitResult r : found) {
            boolean fraud = r.cell().data().equals(DataSet.SYNTHETIC_FRAUD.id());
            row(
                r.cell().data(),
                r.cell().method(),
                seconds(r.seconds()),
                megabytes(r),
                fraud ? PAPER_SECONDS.getOrDefault(r.cell().method(), "") : "");
          }
        });
  }

  private void bandwidth() throws IOException {
    section(
        SplitSubset.BANDWIDTH,
        "Time over bandwidth",
        "Figure 8 of SPNN: Paillier wins on slow links, secret sharing on fast ones. Fewer rows on"
            + " slower links; the last column extrapolates to 284,807 rows in proportion.\n\n"
            + "![chart](split-bandwidth.png)",
        "method | Mbit/s | rows | s/epoch | MB/epoch | s for 284,807 rows",
        found ->
            found.forEach(
                r ->
                    row(
                        r.cell().method(),
                        number(r.cell().mbps()),
                        r.cell().rows(),
                        seconds(r.seconds()),
                        megabytes(r),
                        seconds(extrapolated(r)))));
    chart(
        SplitSubset.BANDWIDTH,
        "Epoch of 284,807 rows",
        "Mbit/s",
        r -> r.cell().mbps(),
        SplitPage::extrapolated,
        true);
  }

  private static double extrapolated(SplitResult r) {
    return r.seconds() * DataSet.SYNTHETIC_FRAUD.rows() / r.cell().rows();
  }

  private void batch() throws IOException {
    section(
        SplitSubset.BATCH,
        "Time over the size of batches",
        "Figure 9a of SPNN: larger batches take less time, up to a point. 100 Mbit/s.\n\n"
            + "![chart](split-batch.png)",
        "method | batch | rows | s/epoch | MB/epoch",
        found ->
            found.forEach(
                r ->
                    row(
                        r.cell().method(),
                        r.cell().batch(),
                        r.cell().rows(),
                        seconds(r.seconds()),
                        megabytes(r))));
    chart(
        SplitSubset.BATCH,
        "Epoch over the size of batches",
        "batch",
        r -> r.cell().batch(),
        SplitResult::seconds,
        true);
  }

  private void rows() throws IOException {
    section(
        SplitSubset.ROWS,
        "Time over the number of rows",
        "Figures 9b and 9c of SPNN: in proportion to the rows. 100 Mbit/s.\n\n"
            + "![chart](split-rows.png)",
        "method | rows | s/epoch | microseconds a row",
        found ->
            found.forEach(
                r ->
                    row(
                        r.cell().method(),
                        r.cell().rows(),
                        seconds(r.seconds()),
                        String.format(Locale.ROOT, "%.1f", r.seconds() * MEGA / r.cell().rows()))));
    chart(
        SplitSubset.ROWS,
        "Epoch over the number of rows",
        "training rows",
        r -> r.cell().rows(),
        SplitResult::seconds,
        true);
  }

  private void holders() throws IOException {
    section(
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
              groups(found, r -> r.cell().data() + r.cell().method() + r.cell().holders())) {
            SplitCell cell = group.get(0).cell();
            row(
                cell.data(),
                cell.method(),
                cell.holders(),
                decimals(mean(group, SplitResult::auc)),
                decimals(group.stream().mapToDouble(SplitResult::auc).min().orElse(Double.NaN)),
                decimals(group.stream().mapToDouble(SplitResult::auc).max().orElse(Double.NaN)));
          }
        });
    Map<String, List<double[]>> lines = new LinkedHashMap<>();
    for (List<SplitResult> group :
        groups(
            results.of(SplitSubset.HOLDERS.cells()),
            r -> r.cell().data() + r.cell().method() + r.cell().holders())) {
      SplitCell cell = group.get(0).cell();
      lines
          .computeIfAbsent(cell.data() + ", " + cell.method(), key -> new ArrayList<>())
          .add(new double[] {cell.holders(), mean(group, SplitResult::auc)});
    }
    if (!lines.isEmpty()) {
      report(SplitSubset.HOLDERS).chart("Area under the curve", "holders", "AUC", lines);
    }
  }

  private void curves() throws IOException {
    section(
        SplitSubset.CURVES,
        "Losses",
        "Figures 6 and 7 of SPNN: training and test loss fall as those of the plaintext network do.\n\n"
            + "![chart](split-curves.png)",
        "data | method | first training loss | last | first test loss | last",
        found ->
            found.forEach(
                r ->
                    row(
                        r.cell().data(),
                        r.cell().method(),
                        decimals(r.trainLosses().get(0)),
                        decimals(r.trainLosses().get(r.trainLosses().size() - 1)),
                        decimals(r.testLosses().get(0)),
                        decimals(r.testLosses().get(r.testLosses().size() - 1)))));
    Map<String, List<double[]>> lines = new LinkedHashMap<>();
    for (SplitResult r : results.of(SplitSubset.CURVES.cells())) {
      String name = r.cell().data() + ", " + r.cell().method();
      lines.put(name + ", training", points(r.trainLosses()));
      lines.put(name + ", test", points(r.testLosses()));
    }
    if (!lines.isEmpty()) {
      report(SplitSubset.CURVES).chart("Log loss", "epoch", "log loss", lines);
    }
  }

  private static List<double[]> points(List<Double> values) {
    List<double[]> points = new ArrayList<>();
    for (Double value : values) {
      points.add(new double[] {points.size() + 1, value});
    }
    return points;
  }

  /** Rows of a table, from the results that are there. */
  private interface Rows {
    void write(List<SplitResult> found);
  }

  private void section(SplitSubset subset, String title, String text, String head, Rows rows) {
    List<SplitResult> found = results.of(subset.cells());
    if (found.isEmpty()) {
      return;
    }
    page.append("## ").append(title).append("\n\n").append(text).append("\n\n");
    page.append("| ").append(head).append(" |\n|");
    page.append("--:|".repeat(head.split("\\|", -1).length)).append("\n");
    rows.write(found);
    if (found.size() < subset.cells().size()) {
      page.append("\n").append(found.size()).append(" of ").append(subset.cells().size());
      page.append(" trainings are measured.\n");
    }
    page.append("\n");
  }

  private void row(Object... cells) {
    for (Object cell : cells) {
      page.append("| ").append(cell).append(' ');
    }
    page.append("|\n");
  }

  private void chart(
      SplitSubset subset,
      String title,
      String x,
      ToDoubleFunction<SplitResult> xOf,
      ToDoubleFunction<SplitResult> yOf,
      boolean logarithmic)
      throws IOException {
    Map<String, List<double[]>> lines = new LinkedHashMap<>();
    for (SplitResult r : results.of(subset.cells())) {
      lines
          .computeIfAbsent(r.cell().method(), key -> new ArrayList<>())
          .add(new double[] {xOf.applyAsDouble(r), yOf.applyAsDouble(r)});
    }
    if (!lines.isEmpty()) {
      report(subset).chart(title, x, "seconds", lines, logarithmic);
    }
  }

  private Report report(SplitSubset subset) throws IOException {
    return new Report(folder, "split-" + subset.name().toLowerCase(Locale.ROOT));
  }

  private static List<List<SplitResult>> groups(
      List<SplitResult> found, Function<SplitResult, String> key) {
    Map<String, List<SplitResult>> groups = new LinkedHashMap<>();
    found.forEach(r -> groups.computeIfAbsent(key.apply(r), k -> new ArrayList<>()).add(r));
    return List.copyOf(groups.values());
  }

  private static double mean(List<SplitResult> group, ToDoubleFunction<SplitResult> value) {
    return group.stream().mapToDouble(value).average().orElse(Double.NaN);
  }

  private static String megabytes(SplitResult r) {
    return String.format(Locale.ROOT, "%.2f", r.bytes() / MEGA);
  }

  private static String decimals(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.4f", value);
  }

  private static String seconds(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.3f" : "%.1f", value);
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
