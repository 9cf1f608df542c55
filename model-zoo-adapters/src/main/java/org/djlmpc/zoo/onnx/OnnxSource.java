package org.djlmpc.zoo.onnx;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.GraphSource;
import org.djlmpc.graph.TensorType;
import org.djlmpc.zoo.ModelErrors;
import org.jspecify.annotations.Nullable;

/** A model that was read, for inputs of any shape that it takes. */
final class OnnxSource implements GraphSource {
  private final OnnxModel model;

  OnnxSource(OnnxModel model) {
    this.model = model;
  }

  @Override
  public Graph graph(List<TensorType> inputs) {
    try {
      return new GraphImport(model).graph(inputs);
    } catch (MpcException e) {
      throw ModelErrors.refused(e);
    }
  }

  @Override
  public List<DeclaredInput> declaredInputs() {
    OnnxGraph graph = model.graph();
    return graph.inputs().stream()
        .filter(input -> !graph.initializers().containsKey(input.name()))
        .map(input -> new DeclaredInput(input.name(), shape(input.lengths())))
        .toList();
  }

  /**
   * Makes a graph for the inputs as they are declared, if they are: then what is wrong with the
   * model is known when its file is read. Operators without a private form are no damage.
   *
   * @throws MalformedModelException if there can be no such graph
   */
  void check() throws MalformedModelException {
    List<TensorType> types = new ArrayList<>();
    for (OnnxInput input : model.graph().inputs()) {
      List<Long> lengths = input.lengths();
      DataType type = input.type().computed();
      if (model.graph().initializers().containsKey(input.name())) {
        continue;
      }
      if (type == null || lengths == null || lengths.stream().anyMatch(n -> n < 1)) {
        return;
      }
      long[] known = lengths.stream().mapToLong(Long::longValue).toArray();
      types.add(new TensorType(new Shape(known), type));
    }
    try {
      new GraphImport(model).graph(types);
    } catch (MpcException e) {
      if (e.code() == ErrorCode.MALFORMED_MODEL || e.code() == ErrorCode.SHAPE) {
        throw new MalformedModelException("it makes no graph: " + e.getMessage(), e);
      }
    }
  }

  private static @Nullable Shape shape(@Nullable List<Long> lengths) {
    return lengths == null
        ? null
        : new Shape(lengths.stream().mapToLong(length -> length > 0 ? length : -1).toArray());
  }
}
