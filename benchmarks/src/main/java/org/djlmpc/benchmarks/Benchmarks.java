package org.djlmpc.benchmarks;

import org.djlmpc.benchmarks.accuracy.AccuracyCommand;
import org.djlmpc.benchmarks.accuracy.PaperComparisonCommand;
import org.djlmpc.benchmarks.accuracy.PrecisionCommand;
import org.djlmpc.benchmarks.leakage.LeakageExperiments;
import org.djlmpc.benchmarks.networks.NetworksCommand;
import org.djlmpc.benchmarks.split.SplitExperiments;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Experiments that reproduce the papers' tables; each writes its table and chart. */
@Command(
    name = "benchmarks/run",
    description = "Measures the engine and reproduces tables of the papers.",
    mixinStandardHelpOptions = true,
    subcommands = {
      PrecisionCommand.class,
      AccuracyCommand.class,
      PaperComparisonCommand.class,
      KernelsCommand.class,
      NetworksCommand.class,
      SplitExperiments.class,
      LeakageExperiments.class
    })
public final class Benchmarks {

  private Benchmarks() {}

  /** Runs an experiment and exits with its status. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Benchmarks()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }
}
