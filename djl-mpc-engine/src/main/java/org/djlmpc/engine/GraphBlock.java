package org.djlmpc.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.EvaluationListener;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.GraphSource;
import org.djlmpc.graph.TensorType;

/** A graph as a DJL block: what a model file becomes when it is loaded into an {@link MpcModel}. */
public final class GraphBlock extends AbstractBlock implements GraphSource {
  private final GraphSource source;
  private final Map<List<TensorType>, Graph> graphs = new ConcurrentHashMap<>();

  /** A block that runs a model. */
  public GraphBlock(GraphSource source) {
    this.source = source;
  }

  @Override
  public Graph graph(List<TensorType> inputTypes) {
    return graphs.computeIfAbsent(List.copyOf(inputTypes), source::graph);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    MpcNDManager manager = MpcNDManager.of(inputs.head().getManager());
    List<TensorType> types = new ArrayList<>();
    List<MpcNDArray> arguments = new ArrayList<>();
    for (NDArray input : inputs) {
      types.add(new TensorType(input.getShape(), input.getDataType()));
      arguments.add(manager.from(input));
    }
    Graph graph = graph(types);
    Map<String, MpcNDArray> weights = new HashMap<>();
    for (Graph.Weight weight : graph.weights()) {
      if (weight.value() == null) {
        throw new MpcException(
            ErrorCode.WEIGHTS_MISSING,
            "The weight " + weight.name() + " has no value.",
            "Load the model with its weights.");
      }
      weights.put(weight.name(), manager.create(new Value.Public(weight.value())));
    }
    return new NDList(
        graph
            .evaluate(manager.operators(), arguments, weights, EvaluationListener.none())
            .toArray(NDArray[]::new));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    List<TensorType> types = new ArrayList<>();
    for (Shape shape : inputShapes) {
      types.add(new TensorType(shape, DataType.FLOAT32));
    }
    return graph(types).outputTypes().stream().map(TensorType::shape).toArray(Shape[]::new);
  }
}
