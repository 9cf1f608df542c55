package org.djlmpc.cli;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.GraphSource.DeclaredInput;
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

  @Option(
      names = "--batch",
      defaultValue = "1",
      description = "Inputs at once. Default: ${DEFAULT-VALUE}.")
  private int batch = 1;

  @Option(
      names = "--input-shape",
      paramLabel = "C,H,W",
      description =
          "Shape of an input without the batch, such as 3,224,224; once for each input. Default:"
              + " what the model declares.")
  private List<String> shapes = new ArrayList<>();

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
    require(batch >= 1, "--batch " + batch + " is too few; give at least 1.");
    require(
        magnitude >= 0 && magnitude < Double.POSITIVE_INFINITY,
        "--input-magnitude " + magnitude + " is no bound; give a number that is not negative.");
    require(
        chart == null || chart.toString().toLowerCase(Locale.ROOT).endsWith(".png"),
        "--chart " + chart + " is no picture; name a file that ends in .png.");
    ModelSource source = ModelSource.named(model);
    JobSpec spec = options.planned(model, batch, inputs(source));
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

  private List<Shape> inputs(ModelSource source) {
    if (!shapes.isEmpty()) {
      return shapes.stream().map(text -> new Shape(batch).addAll(parse(text))).toList();
    }
    List<DeclaredInput> declared = source.declaredInputs();
    List<Shape> inputs = new ArrayList<>();
    for (DeclaredInput input : declared) {
      Shape shape = input.shape();
      if (shape == null || Arrays.stream(shape.getShape()).skip(1).anyMatch(n -> n < 1)) {
        throw missing("The model does not say how long the axes of " + input.name() + " are.");
      }
      inputs.add(new Shape(batch).addAll(shape.slice(1)));
    }
    if (inputs.isEmpty()) {
      throw missing("The model does not say what its inputs are like.");
    }
    return inputs;
  }

  private static MpcException missing(String problem) {
    return new MpcException(
        ErrorCode.SHAPE, problem, "Give --input-shape, such as --input-shape 3,224,224.");
  }

  private Shape parse(String text) {
    require(
        text.matches("[1-9][0-9]{0,8}(,[1-9][0-9]{0,8}){0,7}"),
        "--input-shape " + text + " is no shape; give lengths such as 3,224,224.");
    return new Shape(Arrays.stream(text.split(",")).mapToLong(Long::parseLong).toArray());
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw options.wrong(otherwise);
    }
  }
}
