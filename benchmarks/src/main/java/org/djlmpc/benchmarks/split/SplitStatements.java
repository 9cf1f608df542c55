package org.djlmpc.benchmarks.split;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

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
        "5",
        "SplitNN loses accuracy as holders are added, SPNN does not",
        spread(SplitSubset.HOLDERS),
        "; so on `lending_club`; on `credit_data` SplitNN does not lose more than seeds differ");
    state("6, 7", "training and test loss fall steadily, without overfitting", curves(), "");
    state(
        "8",
        "HE is faster on slow links, SS on fast ones",
        links(),
        "; `ss` sends the least and computes the least, so it is ahead of both on every link");
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

  /** Mean areas with the fewest and the most holders. */
  private Optional<String> spread(SplitSubset subset) {
    List<SplitResult> found = results.of(subset.cells());
    String text =
        PageText.groups(found, r -> r.cell().data() + r.cell().method()).stream()
            .map(
                group -> {
                  SplitCell cell = group.get(0).cell();
                  List<List<SplitResult>> holders =
                      PageText.groups(group, r -> "" + r.cell().holders());
                  return String.format(
                      Locale.ROOT,
                      "%s on `%s` %.3f to %.3f",
                      cell.method(),
                      cell.data(),
                      PageText.mean(holders.get(0), SplitResult::auc),
                      PageText.mean(holders.get(holders.size() - 1), SplitResult::auc));
                })
            .collect(Collectors.joining(", "));
    return text.isEmpty() ? Optional.empty() : Optional.of("from fewest to most: " + text);
  }

  /** How far losses are from those of the plaintext network. */
  private Optional<String> curves() {
    double distance = Double.NaN;
    List<String> ends = new ArrayList<>();
    for (SplitResult plain : of(SplitSubset.CURVES, "plain")) {
      for (SplitResult ss : of(SplitSubset.CURVES, "ss")) {
        if (ss.cell().data().equals(plain.cell().data())) {
          distance = Math.max(Double.isNaN(distance) ? 0 : distance, distance(plain, ss));
          ends.add(overfitting(ss));
        }
      }
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

  private static double distance(SplitResult a, SplitResult b) {
    double most = 0;
    for (int i = 0; i < Math.min(a.testLosses().size(), b.testLosses().size()); i++) {
      most = Math.max(most, Math.abs(a.testLosses().get(i) - b.testLosses().get(i)));
      most = Math.max(most, Math.abs(a.trainLosses().get(i) - b.trainLosses().get(i)));
    }
    return most;
  }

  private static String overfitting(SplitResult r) {
    List<Double> losses = r.testLosses();
    double least = losses.stream().min(Comparator.naturalOrder()).orElse(Double.NaN);
    return String.format(
        Locale.ROOT,
        "on `%s` the test loss is smallest (%.4f) after epoch %d of %d and %.4f in the end",
        r.cell().data(),
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
