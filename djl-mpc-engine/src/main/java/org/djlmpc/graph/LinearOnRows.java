package org.djlmpc.graph;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a linear layer over more than two axes as one over the rows of a matrix, between two
 * reshapes. Layers that read the same array then share its rows ({@link CommonSubexpressions}), and
 * its mask is opened once: the three projections of an attention send a third.
 */
public final class LinearOnRows implements Rewrite {
  @Override
  public Graph apply(Graph graph) {
    GraphCopy copy = new GraphCopy(graph);
    GraphBuilder builder = copy.builder();
    for (Node node : graph.nodes()) {
      Shape shape = graph.type(node.inputs().get(0)).shape();
      if (!(node.op() instanceof Op.Linear) || shape.dimension() == 2 || shape.size() == 0) {
        copy.keep(node);
        continue;
      }
      long features = shape.getLastDimension();
      List<Integer> arguments = new ArrayList<>(copy.to(node.inputs()));
      Shape rows = new Shape(shape.size() / features, features);
      arguments.set(0, reshape(builder, arguments.get(0), rows, node));
      int product = builder.node(node.op(), arguments, node.place());
      copy.replace(node, reshape(builder, product, graph.type(node.id()).shape(), node));
    }
    return copy.finish();
  }

  private static int reshape(GraphBuilder builder, int id, Shape shape, Node node) {
    Op reshape = new Op.Rearrange(new Layout.Reshape(shape));
    return builder.node(reshape, List.of(id), node.place());
  }
}
