package org.djlmpc.cli;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.graph.DjlOperators;
import org.djlmpc.graph.EvaluationListener;
import org.djlmpc.graph.ExpectedError;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.PublicTensor;

/** A model in clear, evaluated on DJL's PyTorch engine. */
final class PlainGraph implements AutoCloseable {
  private final NDManager manager = newManager();
  private final Graph graph;
  private final Map<String, NDArray> weights;

  PlainGraph(Graph graph) {
    this.graph = graph;
    this.weights = graph.weights(new DjlOperators(manager));
  }

  List<PublicTensor> run(List<PublicTensor> inputs) {
    return run(inputs, DjlOperators.closing());
  }

  List<PublicTensor> run(List<PublicTensor> inputs, EvaluationListener<? super NDArray> listener) {
    try (NDManager scope = manager.newSubManager()) {
      DjlOperators operators = new DjlOperators(scope);
      List<NDArray> arguments = new ArrayList<>();
      inputs.forEach(input -> arguments.add(operators.constant(input)));
      return graph.evaluate(operators, arguments, weights, listener).stream()
          .map(DjlOperators::toPublic)
          .toList();
    }
  }

  /** How far fixed-point values are from plaintext on some lists of inputs. */
  static ExpectedError rehearsed(
      Graph graph, FixedPoint fixedPoint, List<List<PublicTensor>> samples) {
    try (NDManager manager = newManager()) {
      return ExpectedError.rehearsed(graph, fixedPoint, samples, manager);
    }
  }

  private static NDManager newManager() {
    return NDManager.newBaseManager(Device.cpu(), "PyTorch");
  }

  @Override
  public void close() {
    manager.close();
  }
}
