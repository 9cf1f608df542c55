package org.djlmpc.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.djlmpc.graph.Graph;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a private inference will cost, operator by operator, before any data moves. */
@Command(
    name = "plan",
    description =
        "Shows what a private inference will cost: bytes and rounds exactly, seconds by measuring"
            + " this machine for a few seconds.",
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "MODEL",
      description = "A model file, or a network such as lenet or resnet18.")
  private String model = "";

  @Mixin private final InputShapes shapes = new InputShapes();

  @Option(
      names = "--input-magnitude",
      defaultValue = "1",
      description =
          "Bound of the absolute values of the inputs, for the errors. Default:"
              + " ${DEFAULT-VALUE}.")
  private double magnitude = 1;

  @Option(names = "--chart", paramLabel = "FILE.png", description = "Draw the seconds as PNG.")
  private @Nullable Path chart;

  @Mixin private final JobOptions options = new JobOptions();

  @Option(names = "--json", description = "Print one JSON object instead of the table.")
  private boolean json;

  @Spec private @Nullable CommandSpec command;

  @Override
  public Integer call() throws JsonProcessingException {
    if (command == null) {
      return 2;
    }
    options.require(
        magnitude >= 0 && magnitude < Double.POSITIVE_INFINITY,
        "--input-magnitude " + magnitude + " is no bound; give a number that is not negative.");
    options.require(
        chart == null || chart.toString().toLowerCase(Locale.ROOT).endsWith(".png"),
        "--chart " + chart + " is no picture; name a file that ends in .png.");
    ModelSource source = ModelSource.named(model);
    JobSpec spec = options.planned(model, shapes.batch, shapes.of(source, options));
    Graph graph = ModelCalibration.rewritten(source.graph(spec.inputTypes()), spec);
    PrintWriter out = command.commandLine().getOut();
    if (chart == null) {
      print(out, predict(spec, graph));
    } else {
      try (OutputFile file = new OutputFile(chart)) {
        Prediction prediction = predict(spec, graph);
        file.write(stream -> PlanChart.write(prediction, stream));
        print(out, prediction);
      }
    }
    return 0;
  }

  private Prediction predict(JobSpec spec, Graph graph) {
    return Prediction.of(spec, graph, magnitude, TimeModel.measure(spec, graph));
  }

  private void print(PrintWriter out, Prediction prediction) throws JsonProcessingException {
    if (json) {
      out.println(BenchCommand.JSON.writeValueAsString(prediction.json()));
    } else {
      out.print(prediction.table());
      out.println(
          "Bytes and rounds are exact. Seconds are predicted for all parties on this machine, with"
              + " compiled code; expect them within a factor of two. Errors of fixed-point"
              + " arithmetic stay within the expected one on inputs like those made up here, and"
              + " within the bound on all inputs.");
    }
    out.flush();
  }
}
