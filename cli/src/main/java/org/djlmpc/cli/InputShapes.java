package org.djlmpc.cli;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.GraphSource.DeclaredInput;
import picocli.CommandLine.Option;

/** Options for the shapes of a model's inputs where there are no inputs at hand. */
final class InputShapes {
  @Option(
      names = "--batch",
      defaultValue = "1",
      description = "Inputs at once. Default: ${DEFAULT-VALUE}.")
  int batch = 1;

  @Option(
      names = "--input-shape",
      paramLabel = "C,H,W",
      description =
          "Shape of an input without the batch, such as 3,224,224; once for each input. Default:"
              + " what the model declares.")
  private List<String> shapes = new ArrayList<>();

  /**
   * The shapes, with the batch.
   *
   * @param options for complaints about the user's input
   */
  List<Shape> of(ModelSource source, JobOptions options) {
    options.require(batch >= 1, "--batch " + batch + " is too few; give at least 1.");
    if (!shapes.isEmpty()) {
      return shapes.stream().map(text -> new Shape(batch).addAll(parse(text, options))).toList();
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

  private static Shape parse(String text, JobOptions options) {
    options.require(
        text.matches("[1-9][0-9]{0,8}(,[1-9][0-9]{0,8}){0,7}"),
        "--input-shape " + text + " is no shape; give lengths such as 3,224,224.");
    return new Shape(Arrays.stream(text.split(",")).mapToLong(Long::parseLong).toArray());
  }
}
