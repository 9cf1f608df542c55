package org.djlmpc.zoo.onnx;

import java.util.List;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.GraphSource;
import org.djlmpc.graph.TensorType;

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
}
