package org.djlmpc.benchmarks.split;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.djlmpc.layers.split.data.DataSet;

/** How long an epoch takes: over methods, links, batches and rows. */
final class TimeFigures {
  private static final double MEGA = 1e6;

  /** SPNN, Table 3: seconds of an epoch of the fraud data at 100 Mbit/s. */
  private static final Map<String, String> PAPER_SECONDS =
      Map.of("plain", "0.22", "splitnn", "0.74", "ss-paper", "37.2 (SecureML: 960)");

  private final SplitResults results;
  private final PageText page;

  TimeFigures(SplitResults results, PageText page) {
    this.results = results;
    this.page = page;
  }

  /** SPNN, Table 3. */
  void speed() {
    page.section(
        SplitSubset.SPEED,
        "Time of an epoch",
        "Batches of 5,000; 100 Mbit/s; networks 8-8 and 400-16-8. The paper's times are those of"
            + " other machines, and of one pass over its fraud data, whose number of training rows it"
            + " does not tell; ours is over all 284,807. Mean over the seeds of the medians over"
            + " epochs (`he`: of its one epoch).",
        "data | method | s/epoch | least | most | MB/epoch | seeds | SPNN, Table 3",
        found -> {
          for (List<SplitResult> group : PageText.byMethod(found)) {
            SplitResult first = group.get(0);
            boolean fraud = first.cell().data().equals(DataSet.SYNTHETIC_FRAUD.id());
            page.row(
                first.cell().data(),
                first.cell().method(),
                PageText.seconds(PageText.mean(group, SplitResult::seconds)),
                PageText.seconds(PageText.least(group, SplitResult::seconds)),
                PageText.seconds(PageText.most(group, SplitResult::seconds)),
                PageText.megabytes(first),
                group.size(),
                fraud ? PAPER_SECONDS.getOrDefault(first.cell().method(), "") : "");
          }
        });
  }

  /** SPNN, Figure 8. */
  void bandwidth() throws IOException {
    page.section(
        SplitSubset.BANDWIDTH,
        "Time over bandwidth",
        "Figure 8 of SPNN. Slow links would take hours for all rows: two batches of 5,000 at 0.1 Mbit/s,"
            + " five at 1, ten beyond; the last column, and the chart, extrapolate to 284,807 rows in"
            + " proportion. That is too much for `ss-paper` where batches are few, because it sends"
            + " one batch's keys while it computes another.\n\n"
            + "![chart](split-bandwidth.png)",
        "method | Mbit/s | rows | s/epoch | MB/epoch | s for 284,807 rows",
        found ->
            found.forEach(
                r ->
                    page.row(
                        r.cell().method(),
                        PageText.number(r.cell().mbps()),
                        r.cell().rows(),
                        PageText.seconds(r.seconds()),
                        PageText.megabytes(r),
                        PageText.seconds(extrapolated(r)))));
    chart(
        SplitSubset.BANDWIDTH,
        "Epoch of 284,807 rows",
        "Mbit/s",
        r -> r.cell().mbps(),
        TimeFigures::extrapolated);
  }

  private static double extrapolated(SplitResult r) {
    return r.seconds() * DataSet.SYNTHETIC_FRAUD.rows() / r.cell().rows();
  }

  /** SPNN, Figure 9a. */
  void batch() throws IOException {
    page.section(
        SplitSubset.BATCH,
        "Time over the size of batches",
        "Figure 9a of SPNN. 100 Mbit/s; 50,000 rows, `he` 10,000.\n\n"
            + "![chart](split-batch.png)",
        "method | batch | rows | s/epoch | MB/epoch",
        found ->
            found.forEach(
                r ->
                    page.row(
                        r.cell().method(),
                        r.cell().batch(),
                        r.cell().rows(),
                        PageText.seconds(r.seconds()),
                        PageText.megabytes(r))));
    chart(
        SplitSubset.BATCH,
        "Epoch over the size of batches",
        "batch",
        r -> r.cell().batch(),
        SplitResult::seconds);
  }

  /** SPNN, Figures 9b and 9c. */
  void rows() throws IOException {
    page.section(
        SplitSubset.ROWS,
        "Time over the number of rows",
        "Figures 9b and 9c of SPNN. 100 Mbit/s; `he` up to 50,000 rows.\n\n"
            + "![chart](split-rows.png)",
        "method | rows | s/epoch | microseconds a row",
        found ->
            found.forEach(
                r ->
                    page.row(
                        r.cell().method(),
                        r.cell().rows(),
                        PageText.seconds(r.seconds()),
                        String.format(Locale.ROOT, "%.1f", r.seconds() * MEGA / r.cell().rows()))));
    chart(
        SplitSubset.ROWS,
        "Epoch over the number of rows",
        "training rows",
        r -> r.cell().rows(),
        SplitResult::seconds);
  }

  private void chart(
      SplitSubset subset,
      String title,
      String x,
      ToDoubleFunction<SplitResult> xOf,
      ToDoubleFunction<SplitResult> yOf)
      throws IOException {
    page.chart(
        subset,
        title,
        x,
        "seconds",
        PageText.lines(
            results.of(subset.cells()),
            r -> r.cell().method(),
            r -> new double[] {xOf.applyAsDouble(r), yOf.applyAsDouble(r)}),
        true);
  }
}
