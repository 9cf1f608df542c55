package org.djlmpc.benchmarks.split;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.djlmpc.layers.split.data.DataSet;

/** What SPNN states of its figures beside what was measured here, as far as it was. */
final class SplitStatements {
  private final SplitResults results;
  private final PageText page;

  SplitStatements(SplitResults results, PageText page) {
    this.results = results;
    this.page = page;
  }

  /** Writes the table. */
  void write() {
    page.paragraph("## SPNN's statements");
    page.paragraph(
        "Its SS is `ss-paper` here, its HE is `he`. `ss`, the default here, is not in the paper: a"
            + " holder has both factors of its product, so that nothing but masks is needed.");
    page.head("figure | SPNN | here");
    state(
        "Table 3",
        "an epoch of the fraud data takes 0.22 s in plaintext, 0.74 s with SplitNN, 37.2 s with"
            + " SPNN-SS",
        times(),
        "; links set the times of SplitNN and `ss`: h1, hL and their gradients follow each other, 68"
            + " bytes a row with SplitNN and 132 with `ss`, 1.5 and 3.0 s at 100 Mbit/s, while the"
            + " paper's 0.74 s carry 32 bytes a row; what it counts is not known here. In `ss-paper`"
            + " masked columns go one way only"
            + " ([ADR 0021](../../docs/adr/0021-columns-stay-at-their-holder.md))");
    state(
        "5",
        "SplitNN loses accuracy as holders are added, SPNN does not",
        new HolderStatement(results).text(),
        "; areas were chosen for by the plaintext network (above), which favours SPNN");
    state(
        "6, 7",
        "training and test loss fall steadily, without overfitting",
        curves(),
        "; where the test loss rises again, that of the plaintext network does, too: it is the"
            + " network and its epochs, not the split");
    state(
        "8",
        "HE is faster on slow links, SS on fast ones",
        links(),
        "; Paillier's time is the processor's from some 10 Mbit/s on, so there the order turns; `ss`"
            + " sends the least and computes the least, so it is ahead of both on every link");
    state(
        "9a",
        "an epoch takes less time with larger batches",
        growth(SplitSubset.BATCH, r -> r.cell().batch(), "times as large batches take"),
        "; no latency is added to links here, so that a batch costs little beside its rows");
    state(
        "9b, 9c",
        "time grows in proportion to the rows",
        growth(SplitSubset.ROWS, r -> r.cell().rows(), "times as many rows take"),
        "");
    page.endTable();
  }

  private void state(String figure, String paper, Optional<String> here, String why) {
    here.ifPresent(measured -> page.row(figure, paper, measured + why));
  }

  private List<SplitResult> of(SplitSubset subset, String method) {
    return results.of(subset.cells()).stream()
        .filter(r -> r.cell().method().equals(method))
        .toList();
  }

  /** Seconds of an epoch of the fraud data. */
  private Optional<String> times() {
    String text =
        PageText.groups(
                results.of(SplitSubset.SPEED.cells()).stream()
                    .filter(r -> data(r).equals(DataSet.SYNTHETIC_FRAUD.id()))
                    .toList(),
                r -> r.cell().method())
            .stream()
            .map(
                group ->
                    String.format(
                        Locale.ROOT,
                        "`%s` %s s, %s MB",
                        group.get(0).cell().method(),
                        PageText.seconds(PageText.mean(group, SplitResult::seconds)),
                        PageText.megabytes(group.get(0))))
            .collect(Collectors.joining(", "));
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  /** How far losses are from those of the plaintext network. */
  private Optional<String> curves() {
    double distance = 0;
    List<String> ends = new ArrayList<>();
    for (List<SplitResult> seeds : PageText.groups(of(SplitSubset.CURVES, "ss"), this::data)) {
      for (SplitResult ss : seeds) {
        for (SplitResult plain : of(SplitSubset.CURVES, "plain")) {
          if (data(plain).equals(data(ss)) && plain.cell().seed() == ss.cell().seed()) {
            distance = Math.max(distance, distance(plain, ss));
          }
        }
      }
      ends.add(
          overfitting(data(seeds.get(0)), AccuracyFigures.mean(seeds, SplitResult::testLosses)));
    }
    return ends.isEmpty()
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "the losses of `ss` are those of `plain`, up to %.0e; %s",
                distance,
                String.join("; ", ends)));
  }

  private String data(SplitResult r) {
    return r.cell().data();
  }

  private static double distance(SplitResult a, SplitResult b) {
    double most = 0;
    for (int i = 0; i < Math.min(a.testLosses().size(), b.testLosses().size()); i++) {
      most = Math.max(most, Math.abs(a.testLosses().get(i) - b.testLosses().get(i)));
      most = Math.max(most, Math.abs(a.trainLosses().get(i) - b.trainLosses().get(i)));
    }
    return most;
  }

  private static String overfitting(String data, List<Double> losses) {
    double least = losses.stream().min(Comparator.naturalOrder()).orElse(Double.NaN);
    return String.format(
        Locale.ROOT,
        "on `%s` the mean test loss is smallest (%.4f) after epoch %d of %d and %.4f in the end",
        data,
        least,
        losses.indexOf(least) + 1,
        losses.size(),
        losses.get(losses.size() - 1));
  }

  /** On which links Paillier is the faster one. */
  private Optional<String> links() {
    List<String> parts = new ArrayList<>();
    for (SplitResult he : of(SplitSubset.BANDWIDTH, "he")) {
      of(SplitSubset.BANDWIDTH, "ss-paper").stream()
          .filter(ss -> ss.cell().mbps() == he.cell().mbps())
          .map(
              ss ->
                  String.format(
                      Locale.ROOT, "%.2g at %s", he.seconds() / ss.seconds(), mbps(he.cell())))
          .forEach(parts::add);
    }
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "time of `he` over that of `ss-paper`: " + String.join(", ", parts) + " Mbit/s");
  }

  private static String mbps(SplitCell cell) {
    return PageText.number(cell.mbps());
  }

  /** How time grows from the smallest to the largest cell of each method. */
  private Optional<String> growth(
      SplitSubset subset, ToDoubleFunction<SplitResult> size, String words) {
    List<String> parts = new ArrayList<>();
    for (List<SplitResult> group :
        PageText.groups(results.of(subset.cells()), r -> r.cell().method())) {
      SplitResult least = group.get(0);
      SplitResult most = group.get(group.size() - 1);
      if (group.size() > 1) {
        parts.add(
            String.format(
                Locale.ROOT,
                "`%s` %.3g %s %.3g times as long",
                least.cell().method(),
                size.applyAsDouble(most) / size.applyAsDouble(least),
                words,
                most.seconds() / least.seconds()));
      }
    }
    return parts.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", parts));
  }
}
