package org.djlmpc.zoo.onnx;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.GraphSource;
import org.djlmpc.graph.TensorType;
import org.jspecify.annotations.Nullable;

/** A model that was read, for inputs of any shape that it takes. */
final class OnnxSource implements GraphSource {
  private final OnnxModel model;

  OnnxSource(OnnxModel model) {
    this.model = model;
  }

  @Override
  public Graph graph(List<TensorType> inputs) {
    return new GraphImport(model).graph(inputs);
  }

  @Override
  public List<DeclaredInput> declaredInputs() {
    OnnxGraph graph = model.graph();
    return graph.inputs().stream()
        .filter(input -> !graph.initializers().containsKey(input.name()))
        .map(input -> new DeclaredInput(input.name(), shape(input.lengths())))
        .toList();
  }

  private static @Nullable Shape shape(@Nullable List<Long> lengths) {
    return lengths == null
        ? null
        : new Shape(lengths.stream().mapToLong(length -> length > 0 ? length : -1).toArray());
  }
}
