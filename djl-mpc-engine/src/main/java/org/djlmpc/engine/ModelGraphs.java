package org.djlmpc.engine;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SymbolBlock;
import ai.djl.util.Pair;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Calibration;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.GraphSource;
import org.djlmpc.graph.Rewrites;
import org.djlmpc.graph.TensorType;
import org.djlmpc.protocol.Rounds;
import org.jspecify.annotations.Nullable;

/**
 * The rewritten graphs of a DJL model, one for each list of input types.
 *
 * <p>A block is traced again for each of them, because its forward method may do something else
 * with another batch size; the parameters are copied only when {@link #complete} asks for them.
 */
final class ModelGraphs {
  private final Block block;
  private final @Nullable GraphSource source;
  private final @Nullable Calibration calibration;
  private final Rounds rounds;
  private final Map<List<TensorType>, Graph> architectures = new ConcurrentHashMap<>();

  /**
   * The graphs of a model.
   *
   * @param calibration numerics of its layers, or null
   * @param rounds what the session spares; a calibrated model keeps the form that was calibrated
   * @throws MpcException WEIGHTS_MISSING if it has no block, or a parameter has no value;
   *     MISSING_DEPENDENCY if the block is another engine's and no reader for it is on the class
   *     path
   */
  ModelGraphs(Model model, @Nullable Calibration calibration, Rounds rounds) {
    this.calibration = calibration;
    this.rounds = calibration == null ? rounds : Rounds.BYTES;
    @Nullable Block given = model.getBlock();
    if (given == null) {
      throw new MpcException(
          ErrorCode.WEIGHTS_MISSING,
          "The model " + model.getName() + " has no block.",
          "Set its block, or load it, before it is encrypted.");
    }
    block = given;
    if (given instanceof GraphSource known) {
      source = known;
    } else if (given instanceof SymbolBlock) {
      source = BlockTracer.read(given);
    } else {
      source = null;
      requireWeights(given);
    }
  }

  private static void requireWeights(Block block) {
    for (Pair<String, Parameter> parameter : block.getParameters()) {
      if (!parameter.getValue().isInitialized()) {
        throw new MpcException(
            ErrorCode.WEIGHTS_MISSING,
            "The parameter " + parameter.getKey() + " has no value.",
            "Load or initialize the model before it is encrypted.");
      }
    }
  }

  /**
   * The graph with a copy of the weights.
   *
   * @throws MpcException CALIBRATION if the calibration was made for another model
   */
  Graph complete(List<TensorType> inputs) {
    Graph graph =
        calibrated(
            Rewrites.apply(
                source == null ? BlockTracer.trace(block, inputs) : source.graph(inputs), rounds));
    architectures.put(inputs, graph.withoutWeights());
    return graph;
  }

  /** The graph without weights. */
  Graph architecture(List<TensorType> inputs) {
    return architectures.computeIfAbsent(
        inputs,
        types ->
            calibrated(
                Rewrites.apply(
                    source == null
                        ? BlockTracer.traceArchitecture(block, types)
                        : source.graph(types).withoutWeights(),
                    rounds)));
  }

  private Graph calibrated(Graph graph) {
    return calibration == null ? graph : calibration.apply(graph);
  }
}
