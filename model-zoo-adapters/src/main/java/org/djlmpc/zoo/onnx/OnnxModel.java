package org.djlmpc.zoo.onnx;

import java.util.Map;

/**
 * A file's contents.
 *
 * @param graph the main graph
 * @param functions the operators that the file defines, by {@code domain:name}
 * @param opsets version of the operators for each domain
 */
record OnnxModel(OnnxGraph graph, Map<String, OnnxFunction> functions, Map<String, Long> opsets) {}
