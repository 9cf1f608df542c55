package org.djlmpc.zoo.onnx;

import java.util.List;
import java.util.Map;

/**
 * An operator that the file itself defines by others.
 *
 * @param domain its domain
 * @param name the operator's name
 * @param inputs names of its parameters
 * @param outputs names of its results
 * @param defaults attributes that a call may leave out
 * @param nodes its body, in topological order
 * @param opsets version of the operators for each domain
 */
record OnnxFunction(
    String domain,
    String name,
    List<String> inputs,
    List<String> outputs,
    Map<String, OnnxAttribute> defaults,
    List<OnnxNode> nodes,
    Map<String, Long> opsets) {}
