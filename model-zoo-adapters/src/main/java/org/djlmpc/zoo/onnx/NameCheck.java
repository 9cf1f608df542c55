package org.djlmpc.zoo.onnx;

import ai.djl.MalformedModelException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Checks that names mean one thing: every value is made once, before it is read.
 *
 * <p>What passes can be walked in the file's order, without cycles.
 */
final class NameCheck {
  void check(OnnxModel model) throws MalformedModelException {
    graph(model.graph(), Set.of());
    for (OnnxFunction function : model.functions().values()) {
      Set<String> known = new HashSet<>();
      function.inputs().forEach(known::add);
      nodes(function.nodes(), known);
      require(function.outputs(), known, "the function " + function.name());
    }
  }

  /**
   * Checks a graph.
   *
   * @param outer names that a branch may read of the graph around it
   */
  private void graph(OnnxGraph graph, Set<String> outer) throws MalformedModelException {
    Set<String> known = new HashSet<>(outer);
    Set<String> declared = new HashSet<>();
    for (OnnxInput input : graph.inputs()) {
      if (input.name().isEmpty() || !declared.add(input.name())) {
        throw new MalformedModelException("Two inputs are named '" + input.name() + "'.");
      }
    }
    known.addAll(declared);
    known.addAll(graph.initializers().keySet());
    nodes(graph.nodes(), known);
    if (graph.outputs().isEmpty()) {
      throw new MalformedModelException("It has no output.");
    }
    require(graph.outputs(), known, "the list of outputs");
  }

  private void nodes(List<OnnxNode> nodes, Set<String> known) throws MalformedModelException {
    for (OnnxNode node : nodes) {
      require(node.inputs(), known, "node " + node.label());
      for (OnnxAttribute attribute : node.attributes().values()) {
        if (attribute instanceof OnnxAttribute.Body body) {
          graph(body.value(), known);
        }
      }
      for (String output : node.outputs()) {
        if (!output.isEmpty() && !known.add(output)) {
          throw new MalformedModelException("Two values are named " + output + ".");
        }
      }
    }
  }

  private static void require(Collection<String> names, Set<String> known, String reader)
      throws MalformedModelException {
    for (String name : names) {
      if (!name.isEmpty() && !known.contains(name)) {
        throw new MalformedModelException(
            "In " + reader + ", " + name + " is read, which nothing before it makes.");
      }
    }
  }
}
