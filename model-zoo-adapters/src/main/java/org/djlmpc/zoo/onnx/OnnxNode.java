package org.djlmpc.zoo.onnx;

import java.util.List;
import java.util.Map;

/**
 * One operator of a graph or function.
 *
 * @param name its name; may be empty
 * @param domain where the operator is defined; empty for ONNX itself
 * @param type the operator
 * @param inputs names of values; empty for an optional input that is absent
 * @param outputs names of the values that it makes; empty for those that nobody wants
 * @param attributes its attributes
 */
record OnnxNode(
    String name,
    String domain,
    String type,
    List<String> inputs,
    List<String> outputs,
    Map<String, OnnxAttribute> attributes) {
  /** How messages call the node. */
  String label() {
    if (!name.isEmpty()) {
      return name;
    }
    return outputs.isEmpty() ? type : type + "(" + outputs.get(0) + ")";
  }
}
