package org.djlmpc.benchmarks.leakage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.djlmpc.benchmarks.Machine;
import org.djlmpc.layers.split.SplitPlan;
import org.djlmpc.layers.split.data.DataSet;
import org.djlmpc.layers.split.data.Table;
import org.djlmpc.layers.split.leakage.Leakage;
import org.djlmpc.layers.split.leakage.LeakageStudy;
import org.djlmpc.layers.split.leakage.Variant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * SGD against SGLD, and other defences. Each training is written as soon as it is measured, and a
 * later run measures what is missing; delete its line in leakage.csv to measure it again.
 */
@Command(
    name = "leakage",
    description =
        "Split learning: SPNN's Table 2, attacks with SGD and SGLD; writes results/leakage.md line"
            + " by line.",
    mixinStandardHelpOptions = true)
public final class LeakageExperiments implements Callable<Integer> {

  @Option(
      names = "--data",
      split = ",",
      description = "Of credit_data and synthetic-fraud. Default: both.")
  private List<String> data = Subject.ALL.stream().map(subject -> subject.data().id()).toList();

  @Option(
      names = "--rows",
      description = "At most so many rows, to try it out; measured beside others. Default: all.")
  private int rows = Integer.MAX_VALUE;

  @Option(
      names = "--output",
      defaultValue = "benchmarks/results",
      description = "Folder for leakage.md and leakage.csv. Default: ${DEFAULT-VALUE}.")
  private Path output = Path.of("");

  @Override
  public Integer call() throws IOException {
    List<DataSet> wanted = data.stream().map(DataSet::byName).toList();
    List<Subject> subjects = Subject.ALL.stream().map(subject -> subject.withRows(rows)).toList();
    Files.createDirectories(output);
    LeakageResults results = new LeakageResults(output.resolve("leakage.csv"));
    LeakagePage page =
        new LeakagePage(output.resolve("leakage.md"), results, subjects, Machine.description());
    for (Subject subject : subjects) {
      if (wanted.contains(subject.data()) && isMissing(results, subject)) {
        measure(subject, results, page);
      }
    }
    page.write();
    return 0;
  }

  private static boolean isMissing(LeakageResults results, Subject subject) {
    return subject.variants().stream()
        .anyMatch(
            variant ->
                Arrays.stream(LeakageResults.seeds())
                    .anyMatch(seed -> !results.contains(subject, variant, seed)));
  }

  private static void measure(Subject subject, LeakageResults results, LeakagePage page)
      throws IOException {
    SplitPlan plan = subject.plan();
    try (Table table = subject.data().table(subject.rows(), 1)) {
      for (long seed : LeakageResults.seeds()) {
        LeakageStudy study =
            new LeakageStudy(table.divide(plan.roles().holders()), subject.property(), seed);
        for (String variant : subject.variants()) {
          if (!results.contains(subject, variant, seed)) {
            System.out.println(String.join(" ", subject.key(variant, seed)));
            Leakage leakage =
                study.run(plan, Variant.byName(variant), Subject.strengths(study, plan));
            results.add(subject, variant, seed, leakage);
            page.write();
          }
        }
      }
    }
  }
}
