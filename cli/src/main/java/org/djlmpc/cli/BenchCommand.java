package org.djlmpc.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures one operator or one network, and prints a JSON object for each run. */
@Command(
    name = "bench",
    description =
        "Measures relu, matmul, conv, maxpool or infer, or lists AriaNN's table of costs (ops).",
    mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
  static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);

  /** Seconds: each process compiles for itself, on cores that it shares with the others. */
  private static final double COMPILED_IN_PROCESSES = 8;

  @Parameters(paramLabel = "WHAT", description = "relu, matmul, conv, maxpool, infer or ops.")
  private String what = "";

  @Mixin private final JobOptions options = new JobOptions();

  @Mixin private final ProcessOptions processes = new ProcessOptions();

  @Option(
      names = "--size",
      description =
          "Elements (relu, maxpool: 100000), or the length of a side (matmul: 256, conv: 32).")
  private @Nullable Integer size;

  @Option(
      names = "--model",
      defaultValue = "lenet",
      description = "Network for infer, such as lenet, network-a or resnet18.")
  private String model = "lenet";

  @Option(
      names = "--batch",
      defaultValue = "1",
      description =
          "Images at once, for infer. Default: ${DEFAULT-VALUE}. Beyond lenet's 200 test images"
              + " they are random.")
  private int batch = 1;

  @Option(
      names = "--image",
      description =
          "Side of the images, for infer. Default: what the network was made for. Networks that"
              + " end in global pooling, such as resnet18, take others.")
  private @Nullable Integer image;

  @Option(names = "--json", description = "Print JSON alone: no progress, no table.")
  private boolean json;

  @Spec private @Nullable CommandSpec command;

  @Override
  public Integer call() throws JsonProcessingException {
    if (command == null) {
      return 2;
    }
    PrintWriter out = command.commandLine().getOut();
    JobSpec.Kind kind =
        JobSpec.Kind.labelled(what)
            .orElseThrow(
                () ->
                    options.wrong(
                        "There is no benchmark "
                            + what
                            + "; choose relu, matmul, conv, maxpool, infer or ops."));
    JobSpec spec =
        kind == JobSpec.Kind.INFER
            ? options.inference(model, batch, image)
            : options.spec(kind, size == null ? defaultSize(kind) : size);
    if (kind == JobSpec.Kind.OPS) {
      return new OperatorCosts(spec).print(out, json, run(spec));
    }
    BenchReport report = BenchReport.of(spec, processes.chosen, Plaintext.measure(spec));
    double compiled = processes.chosen ? COMPILED_IN_PROCESSES : Warmup.ENOUGH_SECONDS;
    JobRunner.Outcome outcome = options.warmup(processes.chosen, compiled).run(spec, this::run);
    for (int run = 0; run < spec.repeat(); run++) {
      out.println(JSON.writeValueAsString(report.line(outcome, run)));
    }
    out.flush();
    return 0;
  }

  private static int defaultSize(JobSpec.Kind kind) {
    return switch (kind) {
      case RELU, MAXPOOL -> 100_000;
      case MATMUL -> 256;
      case CONV -> 32;
      case INFER, OPS -> 1;
    };
  }

  private JobRunner.Outcome run(JobSpec spec) {
    JobRunner runner = processes.runner(false);
    return json
        ? runner.run(spec, Job.Progress.SILENT)
        : Progress.run(runner, spec, "bench " + what);
  }
}
