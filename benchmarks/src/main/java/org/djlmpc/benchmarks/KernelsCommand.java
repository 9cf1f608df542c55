package org.djlmpc.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the JMH benchmarks. */
@Command(
    name = "kernels",
    description =
        "JMH benchmarks of AES, streams, point functions, products, openings, Paillier and"
            + " categories.",
    mixinStandardHelpOptions = true)
final class KernelsCommand implements Callable<Integer> {
  @Parameters(
      defaultValue = ".*",
      description = "Regular expression of the benchmarks to run, such as Dpf. Default: all.")
  private String include = ".*";

  @Option(
      names = "--output",
      defaultValue = "benchmarks/results",
      description = "Folder for kernels.md. Default: ${DEFAULT-VALUE}.")
  private Path output = Path.of("");

  @Override
  public Integer call() throws RunnerException, IOException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(include)
                    .forks(1)
                    .warmupIterations(4)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementIterations(5)
                    .measurementTime(TimeValue.seconds(1))
                    .build())
            .run();
    new KernelTable(results).write(output);
    return 0;
  }
}
