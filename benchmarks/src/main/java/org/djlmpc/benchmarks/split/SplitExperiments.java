package org.djlmpc.benchmarks.split;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.djlmpc.benchmarks.Machine;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.SplitProgress;
import org.djlmpc.layers.split.compare.Comparison;
import org.djlmpc.layers.split.compare.Method;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The tables and figures of SPNN's section 6. Each training is written as soon as it is measured,
 * and a later run measures what is missing; delete its line in split.csv to measure it again.
 */
@Command(
    name = "split",
    description =
        "Split learning: SPNN's tables and figures; writes results/split.md line by line.",
    mixinStandardHelpOptions = true)
public final class SplitExperiments implements Callable<Integer> {

  @Option(
      names = "--subsets",
      split = ",",
      description = "Which to measure: ${COMPLETION-CANDIDATES}. Default: all.")
  private List<SplitSubset> subsets = List.of(SplitSubset.values());

  @Option(
      names = "--methods",
      split = ",",
      description = "Measure these methods only: plain, splitnn, ss, ss-paper, he. Default: all.")
  private List<String> methods = Arrays.stream(Method.values()).map(Method::id).toList();

  @Option(
      names = "--output",
      defaultValue = "benchmarks/results",
      description = "Folder for split.md and its charts. Default: ${DEFAULT-VALUE}.")
  private Path output = Path.of("");

  @Override
  public Integer call() throws IOException {
    Files.createDirectories(output);
    SplitResults results = new SplitResults(output.resolve("split.csv"));
    SplitPage page = new SplitPage(output, results, Machine.description());
    boolean warm = false;
    int failed = 0;
    for (SplitSubset subset : subsets) {
      for (SplitCell cell : subset.cells()) {
        if (results.contains(cell) || !methods.contains(cell.method())) {
          continue;
        }
        if (!warm) {
          warmUp();
          warm = true;
        }
        System.out.printf("%s: %s%n", subset.name().toLowerCase(Locale.ROOT), cell);
        try {
          SplitResult result = measure(cell);
          System.out.printf(
              Locale.ROOT, "  AUC %.4f, %.3f s an epoch%n", result.auc(), result.seconds());
          results.add(result);
          page.write();
        } catch (MpcException e) {
          System.out.println("  " + e.getMessage());
          failed++;
        }
      }
    }
    page.write();
    return failed == 0 ? 0 : 1;
  }

  private static SplitResult measure(SplitCell cell) {
    try (Comparison comparison = new Comparison(cell.experiment())) {
      return SplitResult.of(
          cell, comparison.run(Method.byName(cell.method()), SplitProgress.SILENT));
    }
  }

  /** Trainings of one epoch cannot leave out the one in which the JVM compiles. */
  private void warmUp() {
    for (SplitCell cell : SplitSubset.warmUp()) {
      if (methods.contains(cell.method())) {
        measure(cell);
      }
    }
  }
}
