package org.djlmpc.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.IdentityHashMap;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Traced;
import org.djlmpc.graph.Tracer;
import org.jspecify.annotations.Nullable;

/** Gives a traced block its parameters as weights of the graph, and knows where the block is. */
final class TracingParameterStore extends ParameterStore {
  private final MpcNDManager manager;
  private final Tracer tracer;
  private final LiftedOperators.OnShapes shapes;
  private final IdentityHashMap<Parameter, String> places = new IdentityHashMap<>();
  private final IdentityHashMap<Parameter, MpcNDArray> weights = new IdentityHashMap<>();
  private final boolean values;
  private @Nullable String place;

  /**
   * The parameters of a block.
   *
   * @param values whether their values are copied, or only their shapes
   */
  TracingParameterStore(
      MpcNDManager manager,
      Tracer tracer,
      LiftedOperators.OnShapes shapes,
      Block block,
      boolean values) {
    super(manager, false);
    this.manager = manager;
    this.tracer = tracer;
    this.shapes = shapes;
    this.values = values;
    locate(block, "");
  }

  private void locate(Block block, String path) {
    for (Parameter parameter : block.getDirectParameters().values()) {
      places.putIfAbsent(parameter, path);
    }
    for (var child : block.getChildren()) {
      locate(child.getValue(), path.isEmpty() ? child.getKey() : path + "/" + child.getKey());
    }
  }

  @Override
  public @Nullable NDArray getValue(
      @Nullable Parameter parameter, Device device, boolean training) {
    if (parameter == null) {
      return null;
    }
    // DJL tells nobody when a block begins; the parameters that it asks for do
    String at = places.computeIfAbsent(parameter, p -> "hidden" + places.size());
    if (!at.equals(place)) {
      if (place != null) {
        tracer.exit();
      }
      tracer.enter(at);
      place = at;
    }
    return weights.computeIfAbsent(parameter, p -> weight(p, at));
  }

  private MpcNDArray weight(Parameter parameter, String at) {
    String name = at.isEmpty() ? parameter.getName() : at + "." + parameter.getName();
    if (!parameter.isInitialized()) {
      throw new MpcException(
          ErrorCode.WEIGHTS_MISSING,
          "The parameter " + name + " has no value.",
          "Load or initialize the block before it is traced.");
    }
    NDArray array = parameter.getArray();
    Traced weight =
        values
            ? tracer.weight(name, PublicTensors.copyOf(array))
            : tracer.weight(name, array.getShape(), PublicTensors.typeOf(array));
    return manager.create(new Value.ShapeOnly(weight, shapes));
  }

  /** Where the block is, for messages. */
  String where() {
    return place == null ? "before its first parameter" : "after the parameters of " + place;
  }
}
