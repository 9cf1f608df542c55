package org.djlmpc.benchmarks.leakage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import org.djlmpc.benchmarks.Report;
import org.djlmpc.layers.split.leakage.LeakageFigure;

/** The page of what was measured so far; written again after each training. */
final class LeakagePage {
  /** SPNN, Table 2: areas under the curve of its attack, on its fraud data. */
  private static final String PAPER_SGD = "0.8223";

  private static final String PAPER_SGLD = "0.5951";

  private final Path file;
  private final LeakageResults results;
  private final List<Subject> subjects;
  private final String machine;

  LeakagePage(Path file, LeakageResults results, List<Subject> subjects, String machine) {
    this.file = file;
    this.results = results;
    this.subjects = subjects;
    this.machine = machine;
  }

  /** Writes everything. */
  void write() throws IOException {
    StringBuilder page =
        new StringBuilder(
            """
            # What split learning gives away: SPNN's Table 2

            Made by `benchmarks/run leakage`, which measures what is missing here and adds it line by line;
            every training is a line of [leakage.csv](leakage.csv). Means over the seeds. What the columns
            are, and what the figures say, is in [docs/leakage.md](../../docs/leakage.md). `splitnn` is no defence
            but the baseline.

            Both figures of the paper's Table 2 are areas under the curve of its property *attack*, not of the
            network: the lower, the better for the holders. In brackets, the seeds with the least and the most.
            Langevin noise has no seed, so a training with `sgld` cannot be repeated exactly; an area below 0.5
            is a guess as well, whose sign is wrong by chance.

            """);
    page.append(machine).append("\n\n").append(statement()).append('\n');
    for (Subject subject : subjects) {
      if (subject.variants().stream().anyMatch(v -> results.count(subject, v) > 0)) {
        section(page, subject);
      }
    }
    Files.writeString(file, page);
  }

  private String statement() {
    List<String> head = new ArrayList<>(List.of("shadow attack", "SPNN, Table 2"));
    List<String> sgd = new ArrayList<>(List.of("SGD (none)", PAPER_SGD));
    List<String> sgld = new ArrayList<>(List.of("SGLD", PAPER_SGLD));
    for (Subject subject : subjects) {
      head.add(subject.data().id() + ", " + subject.property());
      sgd.add(shadow(subject, "none"));
      sgld.add(shadow(subject, "sgld"));
    }
    return Report.markdown(head, List.of(sgd, sgld));
  }

  private String shadow(Subject subject, String variant) {
    DoubleSummaryStatistics seeds =
        results.figure(subject, variant, LeakageFigure.SHADOW_ATTACK_AUC);
    return seeds.getCount() == 0
        ? ""
        : decimals(seeds.getAverage())
            + " ("
            + decimals(seeds.getMin())
            + " to "
            + decimals(seeds.getMax())
            + ")";
  }

  private void section(StringBuilder page, Subject subject) {
    page.append(
        String.format(
            Locale.ROOT,
            "## %s, property %s%n%n%d rows, two holders, first layer %d, batches of %d, learning rate"
                + " %s.%n%n",
            subject.data().id(),
            subject.property(),
            subject.rows(),
            subject.width(),
            subject.batch(),
            subject.learningRate()));
    page.append(table(subject, LeakageFigure.areas())).append('\n');
    page.append("Distance correlations; in brackets, of unrelated rows:\n\n");
    page.append(table(subject, LeakageFigure.correlations())).append('\n');
  }

  private String table(Subject subject, List<LeakageFigure> figures) {
    List<String> head = new ArrayList<>(List.of("defence"));
    figures.forEach(figure -> head.add(figure.title()));
    head.add("seeds");
    List<List<String>> rows = new ArrayList<>();
    for (String variant : subject.variants()) {
      int count = results.count(subject, variant);
      if (count > 0) {
        List<String> row = new ArrayList<>(List.of(variant));
        figures.forEach(figure -> row.add(cell(subject, variant, figure)));
        row.add(Integer.toString(count));
        rows.add(row);
      }
    }
    return Report.markdown(head, rows);
  }

  private String cell(Subject subject, String variant, LeakageFigure figure) {
    String mean = decimals(results.figure(subject, variant, figure).getAverage());
    return figure.isCorrelation()
        ? mean + " (" + decimals(results.guess(subject, variant, figure).getAverage()) + ")"
        : mean;
  }

  private static String decimals(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
