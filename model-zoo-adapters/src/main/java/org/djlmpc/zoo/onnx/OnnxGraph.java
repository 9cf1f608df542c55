package org.djlmpc.zoo.onnx;

import java.util.List;
import java.util.Map;

/**
 * The model's graph, or a branch of an {@code If}.
 *
 * @param nodes in topological order
 * @param initializers tensors with a name, in the file's order
 * @param inputs what the caller gives; may repeat initializers (before IR version 4)
 * @param outputs names of the results
 */
record OnnxGraph(
    List<OnnxNode> nodes,
    Map<String, OnnxTensor> initializers,
    List<OnnxInput> inputs,
    List<String> outputs) {}
