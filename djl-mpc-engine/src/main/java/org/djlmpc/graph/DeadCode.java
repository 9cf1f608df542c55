package org.djlmpc.graph;

/**
 * Removes nodes, weights and constants that no output needs. Inputs stay: they are the interface.
 */
public final class DeadCode implements Rewrite {
  @Override
  public Graph apply(Graph graph) {
    boolean[] needed = new boolean[graph.valueCount()];
    graph.outputs().forEach(id -> needed[id] = true);
    for (int i = graph.nodes().size() - 1; i >= 0; i--) {
      Node node = graph.nodes().get(i);
      if (needed[node.id()]) {
        node.inputs().forEach(id -> needed[id] = true);
      }
    }
    GraphCopy copy = new GraphCopy(graph, id -> needed[id]);
    for (Node node : graph.nodes()) {
      if (needed[node.id()]) {
        copy.keep(node);
      }
    }
    return copy.finish();
  }
}
