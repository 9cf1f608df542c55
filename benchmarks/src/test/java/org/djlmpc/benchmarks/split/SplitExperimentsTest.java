package org.djlmpc.benchmarks.split;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results are kept line by line, and make a page whatever is there. */
class SplitExperimentsTest {
  @TempDir private Path folder;

  @Test
  void resultsAreReadAgainAndThePageHasThem() throws Exception {
    Path file = folder.resolve("split.csv");
    SplitResults results = new SplitResults(file);
    for (SplitSubset subset : SplitSubset.values()) {
      List<SplitCell> cells = subset.cells();
      assertThat(cells).doesNotHaveDuplicates().isNotEmpty();
      // all but the last one, as after an interruption
      for (SplitCell cell : cells.subList(0, cells.size() - 1)) {
        if (!results.contains(cell)) {
          results.add(
              new SplitResult(cell, 0.75, 0.5, 0.25, 1e6, List.of(0.9, 0.8), List.of(1.0, 0.7)));
        }
      }
    }
    SplitResults again = new SplitResults(file);
    for (SplitSubset subset : SplitSubset.values()) {
      assertThat(again.of(subset.cells())).isEqualTo(results.of(subset.cells())).isNotEmpty();
    }
    new SplitPage(folder, again, "Machine.").write();
    assertThat(Files.readString(folder.resolve("split.md")))
        .contains("| synthetic-fraud | ss | 0.250 | 0.250 | 0.250 | 1.00 | 5 |", "Machine.")
        .contains("| lending_club | ss | 0.7500 | 0.5000 | 0.0000 | 5 |")
        .contains("trainings are measured");
    for (String chart :
        new String[] {
          "bandwidth", "batch", "rows", "holders", "curves-lending_club", "curves-credit_data"
        }) {
      assertThat(folder.resolve("split-" + chart + ".png")).isNotEmptyFile();
    }
  }

  @Test
  void anExperimentTrainsOnTheRowsWanted() {
    SplitCell cell = SplitSubset.SPEED.cells().get(0);
    assertThat(cell.rows()).isEqualTo(284_807);
    assertThat(cell.experiment().rows() * 0.75).isBetween(284_806.0, 284_808.0);
    assertThat(Arrays.asList(SplitSubset.values()))
        .allSatisfy(
            subset ->
                assertThat(subset.cells())
                    .allSatisfy(c -> assertThat(SplitCell.ofKey(c.key())).isEqualTo(c)));
  }
}
