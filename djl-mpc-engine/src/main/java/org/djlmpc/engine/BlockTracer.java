package org.djlmpc.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SymbolBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.GraphSource;
import org.djlmpc.graph.ModelReader;
import org.djlmpc.graph.TensorType;
import org.djlmpc.graph.Traced;
import org.djlmpc.graph.Tracer;
import org.jspecify.annotations.Nullable;

/**
 * Turns a DJL block into a graph by running its {@code forward} on arrays that have only a shape.
 *
 * <p>Walking the tree of blocks would not be enough, because lambdas and parallel blocks hide their
 * functions. The block's parameters may live on any engine; each is copied once.
 */
public final class BlockTracer {
  private BlockTracer() {}

  /** The graph of a block for FLOAT32 inputs of the given shapes. */
  public static Graph trace(Block block, Shape... inputs) {
    return trace(
        block,
        Arrays.stream(inputs).map(shape -> new TensorType(shape, DataType.FLOAT32)).toList());
  }

  /**
   * The graph of a block.
   *
   * <p>Weights are named by their path in the block, such as {@code
   * 02SequentialBlock/01Conv2d.weight}, and operators by the path of the parameter that was read
   * last before them.
   *
   * @throws MpcException WEIGHTS_MISSING if a parameter is not initialized, UNSUPPORTED_OPERATOR
   *     with its place, MISSING_DEPENDENCY if the block is another engine's and no reader for it is
   *     on the class path
   */
  public static Graph trace(Block block, List<TensorType> inputs) {
    if (block instanceof GraphSource source) {
      return source.graph(inputs);
    }
    if (block instanceof SymbolBlock) {
      return read(block).graph(inputs);
    }
    return trace(block, inputs, true);
  }

  /**
   * The graph of a block made of DJL's operators, without the values of its parameters, which are
   * not even read: what another batch size needs.
   */
  static Graph traceArchitecture(Block block, List<TensorType> inputs) {
    return trace(block, inputs, false).withoutWeights();
  }

  private static Graph trace(Block block, List<TensorType> inputs, boolean values) {
    refuseSymbols(block, "");
    Tracer tracer = new Tracer();
    LiftedOperators.OnShapes shapes = new LiftedOperators.OnShapes(tracer);
    try (MpcNDManager manager = MpcNDManager.base(null, ArrayContext.tracing(shapes))) {
      NDList arguments = new NDList();
      for (int i = 0; i < inputs.size(); i++) {
        TensorType type = inputs.get(i);
        Traced input = tracer.input("data" + i, type.shape(), type.dataType());
        arguments.add(manager.create(new Value.ShapeOnly(input, shapes)));
      }
      TracingParameterStore parameters =
          new TracingParameterStore(manager, tracer, shapes, block, values);
      List<Traced> outputs = new ArrayList<>();
      for (NDArray output : forward(block, parameters, arguments)) {
        outputs.add(shapes.lift(manager.from(output).value()));
      }
      return tracer.finish(outputs);
    }
  }

  private static NDList forward(Block block, TracingParameterStore parameters, NDList arguments) {
    try {
      @Nullable NDList outputs = block.forward(parameters, arguments, false);
      if (outputs == null) {
        throw new MpcException(
            ErrorCode.MALFORMED_MODEL,
            "The block's forward method returns null " + parameters.where() + ".",
            "Correct the block; it must return its outputs.");
      }
      return outputs;
    } catch (UnsupportedOperationException e) {
      throw new MpcException(
          ErrorCode.UNSUPPORTED_OPERATOR,
          "The block cannot be traced " + parameters.where() + ": " + e.getMessage(),
          "Replace the operator in the block.",
          e);
    } catch (IllegalStateException e) {
      // what DJL's arrays say when they are closed
      throw new MpcException(
          ErrorCode.WEIGHTS_MISSING,
          "The block cannot be read " + parameters.where() + ": " + e.getMessage(),
          "Keep the model open as long as its predictors.",
          e);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      // how DJL's blocks refuse a wrong number of inputs or a wrong shape
      throw new MpcException(
          ErrorCode.SHAPE,
          "The block refuses inputs of shapes "
              + arguments.stream().map(NDArray::getShape).toList()
              + ' '
              + parameters.where()
              + ": "
              + e.getMessage(),
          "Give the inputs that the model was made for.",
          e);
    }
  }

  /** The model behind a block that hides its operators from DJL. */
  static GraphSource read(Block block) {
    for (ModelReader reader : ModelReader.all()) {
      Optional<GraphSource> source = reader.read(block);
      if (source.isPresent()) {
        return source.get();
      }
    }
    throw unreadable(block.getClass().getSimpleName());
  }

  private static MpcException unreadable(String block) {
    return new MpcException(
        ErrorCode.MISSING_DEPENDENCY,
        "A " + block + " hides its operators from DJL, and no reader for it is on the class path.",
        "Add the dependency org.djlmpc:djl-mpc-model-zoo-adapters.");
  }

  private static void refuseSymbols(Block block, String path) {
    for (var child : block.getChildren()) {
      String place = path.isEmpty() ? child.getKey() : path + "/" + child.getKey();
      if (child.getValue() instanceof SymbolBlock && !(child.getValue() instanceof GraphSource)) {
        throw new MpcException(
            ErrorCode.MALFORMED_MODEL,
            "The block " + place + " of another engine hides its operators from DJL.",
            "Encrypt that block by itself, or read it with org.djlmpc:djl-mpc-model-zoo-adapters.");
      }
      refuseSymbols(child.getValue(), place);
    }
  }
}
