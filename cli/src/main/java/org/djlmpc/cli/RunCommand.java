package org.djlmpc.cli;

import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.djlmpc.cli.numpy.NumpyFile;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.graph.Rewrites;
import org.djlmpc.graph.TensorType;
import org.djlmpc.session.Statistics;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs any supported model on the arrays of a file, privately or in plaintext. */
@Command(
    name = "run",
    description =
        "Runs a model on arrays of a file, with all parties on this machine, and compares the"
            + " result with plaintext.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "MODEL",
      description = "A model file, or a network such as lenet or resnet18.")
  private String model = "";

  @Option(
      names = "--input",
      required = true,
      description =
          "A .npy file, or a .npz file with arrays named like the model's inputs, or x0, x1 and so"
              + " on, or x for the only one.")
  private Path input = Path.of("");

  @Option(
      names = "--output",
      required = true,
      description = "Where the result goes: .npy, or .npz for several outputs.")
  private Path output = Path.of("");

  @Option(names = "--plain", description = "Compute in plaintext instead, on PyTorch.")
  private boolean plain;

  @Mixin private final JobOptions options = new JobOptions();

  @Mixin private final ProcessOptions processes = new ProcessOptions();

  @Option(names = "--json", description = "Print JSON alone: no progress.")
  private boolean json;

  @Spec private @Nullable CommandSpec command;

  @Override
  public Integer call() throws JsonProcessingException {
    if (command == null) {
      return 2;
    }
    NumpyFile.requireKind(output);
    Map<String, PublicTensor> arrays = NumpyFile.read(input);
    ModelSource source = ModelSource.named(model);
    JobSpec spec =
        options.inference(model, input, InputArrays.choose(arrays, source.declaredInputs()));
    FixedPoint fixedPoint = new FixedPoint(spec.ring(), spec.fractionBits());
    List<PublicTensor> inputs =
        spec.inputs().stream().map(chosen -> checked(chosen, arrays, fixedPoint)).toList();
    Graph graph = source.graph(spec.inputTypes());
    OutputArrays.check(output, graph.outputs().size());
    try (OutputFile file = new OutputFile(output)) {
      Plaintext plaintext = Plaintext.ofGraph(graph, inputs);
      Map<String, Object> line;
      if (plain) {
        OutputArrays.write(file, output, plaintext.outputs());
        line = plainReport(spec, plaintext);
      } else {
        if (ModelCalibration.find(model, spec.calibration()).isEmpty()) {
          // a calibration has made sure, with its margin
          RangeCheck.require(Rewrites.apply(graph), inputs, fixedPoint);
        }
        JobRunner.Outcome outcome =
            options.warmup(processes.chosen, Warmup.ENOUGH_SECONDS).run(spec, this::run);
        int last = spec.repeat() - 1;
        OutputArrays.write(
            file, output, typed(outcome.p1().get(last).outputs(), graph.outputTypes()));
        line = report(spec, plaintext).line(outcome, last);
      }
      line.put("input_shapes", shapes(spec.inputTypes()));
      line.put("output_shapes", shapes(graph.outputTypes()));
      command.commandLine().getOut().println(BenchCommand.JSON.writeValueAsString(line));
      command.commandLine().getOut().flush();
    }
    return 0;
  }

  /** Fixed-point numbers hold the array, which is FLOAT32 from now on. */
  private static PublicTensor checked(
      JobSpec.Input input, Map<String, PublicTensor> arrays, FixedPoint fixedPoint) {
    PublicTensor array = arrays.getOrDefault(input.array(), PublicTensor.scalar(0, DataType.INT8));
    PublicTensor values = array.cast(DataType.FLOAT32);
    try {
      fixedPoint.encode(values.floats(), values.shape()).close();
    } catch (MpcException e) {
      throw e.at(input.array().isEmpty() ? "The input" : "The input " + input.array());
    }
    return values;
  }

  private JobRunner.Outcome run(JobSpec spec) {
    JobRunner runner = processes.runner(true);
    return json ? runner.run(spec, Job.Progress.SILENT) : Progress.run(runner, spec, "run");
  }

  private BenchReport report(JobSpec spec, Plaintext plaintext) {
    return BenchReport.of(spec, processes.chosen, plaintext);
  }

  /** The same fields; nothing is shared, and nothing travels. */
  private Map<String, Object> plainReport(JobSpec spec, Plaintext plaintext) {
    JobResult nothing = JobResult.ofCost(Statistics.ZERO, 0);
    JobResult result =
        new JobResult(
            Statistics.ZERO,
            Statistics.ZERO,
            List.of(),
            0,
            plaintext.outputs().stream()
                .map(values -> JobResult.Output.of(values.shape(), values.floats()))
                .toList(),
            0,
            0);
    JobRunner.Outcome outcome =
        new JobRunner.Outcome(
            List.of(nothing),
            List.of(result),
            Map.of("all", ResidentMemory.peak(ProcessHandle.current())),
            "pytorch");
    Map<String, Object> line = report(spec, plaintext).line(outcome, 0);
    line.put("protocol", "plain");
    line.put("ring", null);
    line.put("fraction_bits", null);
    line.put("total_s", line.get("plain_s"));
    return line;
  }

  private static List<PublicTensor> typed(List<JobResult.Output> outputs, List<TensorType> types) {
    List<PublicTensor> typed = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      TensorType type = types.get(i);
      typed.add(PublicTensor.of(outputs.get(i).values(), type.shape()).cast(type.dataType()));
    }
    return typed;
  }

  private static List<List<Long>> shapes(List<TensorType> types) {
    return types.stream().map(type -> JobSpec.Input.of("", type.shape()).lengths()).toList();
  }
}
