package org.djlmpc.zoo.onnx;

import java.util.HashMap;
import java.util.Map;
import org.djlmpc.zoo.Partial;
import org.jspecify.annotations.Nullable;

/** The names that a list of nodes sees: of the main graph, of a branch, or of a function's call. */
final class Frame {
  private final Map<String, @Nullable Partial> values = new HashMap<>();
  private final Map<String, Long> opsets;
  private final Map<String, OnnxAttribute> attributes;
  private final @Nullable Frame outer;
  private final int depth;

  private Frame(
      Map<String, Long> opsets,
      Map<String, OnnxAttribute> attributes,
      @Nullable Frame outer,
      int depth) {
    this.opsets = opsets;
    this.attributes = attributes;
    this.outer = outer;
    this.depth = depth;
  }

  /** The main graph. */
  static Frame main(Map<String, Long> opsets) {
    return new Frame(opsets, Map.of(), null, 0);
  }

  /** A branch, which sees the names around it. */
  Frame branch() {
    return new Frame(opsets, attributes, this, depth + 1);
  }

  /** The call of a function, which sees its parameters only. */
  Frame call(Map<String, Long> functionOpsets, Map<String, OnnxAttribute> given) {
    return new Frame(functionOpsets, given, null, depth + 1);
  }

  /** Gives a name its value; null if an operator without a form would make it. */
  void put(String name, @Nullable Partial value) {
    values.put(name, value);
  }

  /** Whether the name stands for anything: optional parameters of a function may not. */
  boolean has(String name) {
    return owner(name) != null;
  }

  /** The value of a name; null if there is none, or if an operator without a form would make it. */
  @Nullable Partial get(String name) {
    Frame owner = owner(name);
    return owner == null ? null : owner.values.get(name);
  }

  private @Nullable Frame owner(String name) {
    for (Frame frame = this; frame != null; frame = frame.outer) {
      if (frame.values.containsKey(name)) {
        return frame;
      }
    }
    return null;
  }

  /** An attribute of the call that this frame stands for, or null. */
  @Nullable OnnxAttribute attribute(String name) {
    return attributes.get(name);
  }

  /** The version of a domain's operators, or 0. */
  long opset(String domain) {
    return opsets.getOrDefault(domain, 0L);
  }

  /** How many branches and calls are around it. */
  int depth() {
    return depth;
  }
}
