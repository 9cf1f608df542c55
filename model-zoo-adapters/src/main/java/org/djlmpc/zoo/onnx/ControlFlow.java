package org.djlmpc.zoo.onnx;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.Partial.Known;
import org.jspecify.annotations.Nullable;

/** What shapes decide: which branch is taken, and how often a loop runs. */
final class ControlFlow {
  private ControlFlow() {}

  static void register(Converters to) {
    to.addMany("If", ControlFlow::branch);
    to.addMany("Loop", ControlFlow::loop);
  }

  /** A condition on shapes is decided now; the other branch is never looked at. */
  private static List<@Nullable Partial> branch(NodeView node) {
    boolean yes = decided(node, node.known(0, "condition"));
    return node.run(node.branch(yes ? "then_branch" : "else_branch"), List.of());
  }

  private static boolean decided(NodeView node, PublicTensor condition) {
    if (condition.size() != 1) {
      throw node.malformed("condition has " + condition.size() + " elements");
    }
    return condition.getBoolean(0);
  }

  /**
   * A loop, unrolled: its values are carried from one run of its body to the next, and what each
   * run makes besides is stacked.
   */
  private static List<@Nullable Partial> loop(NodeView node) {
    OnnxGraph body = node.branch("body");
    double limit = node.knownNumber(0, "number of runs", Double.POSITIVE_INFINITY);
    boolean goesOn = !node.has(1) || decided(node, node.known(1, "condition"));
    List<@Nullable Partial> carried = new ArrayList<>();
    for (int i = 2; i < node.inputCount(); i++) {
      carried.add(node.input(i));
    }
    int stacks = body.outputs().size() - 1 - carried.size();
    if (stacks < 0 || body.inputs().size() != 2 + carried.size()) {
      throw node.malformed("body does not fit its inputs and outputs");
    }
    List<List<Partial>> stacked = new ArrayList<>();
    for (int i = 0; i < stacks; i++) {
      stacked.add(new ArrayList<>());
    }
    for (long run = 0; run < limit && goesOn; run++) {
      node.spendNode();
      List<@Nullable Partial> inputs = new ArrayList<>();
      inputs.add(node.constant(PublicTensor.of(new long[] {run}, new Shape())));
      inputs.add(node.constant(PublicTensor.scalar(1, DataType.BOOLEAN)));
      inputs.addAll(carried);
      List<@Nullable Partial> outputs = node.run(body, inputs);
      if (outputs.contains(null)) {
        return List.of(); // something in the body has no form, which is reported once
      }
      if (!(outputs.get(0) instanceof Known condition)) {
        throw new UnsupportedNode(
            "Loop whose condition depends on the input", "Loop with a constant number of runs");
      }
      goesOn = decided(node, condition.tensor());
      carried = new ArrayList<>(outputs.subList(1, 1 + carried.size()));
      for (int i = 0; i < stacks; i++) {
        Partial part = outputs.get(1 + carried.size() + i);
        if (part != null) {
          stacked.get(i).add(node.reshape(part, new Shape(1).addAll(part.shape())));
        }
      }
    }
    List<@Nullable Partial> results = new ArrayList<>(carried);
    for (List<Partial> parts : stacked) {
      if (parts.isEmpty()) {
        throw new UnsupportedNode("Loop that stacks nothing", "Loop that runs at least once");
      }
      results.add(node.operators().concat(parts, 0));
    }
    return results;
  }
}
