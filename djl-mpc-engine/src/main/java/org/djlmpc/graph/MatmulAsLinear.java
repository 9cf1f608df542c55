package org.djlmpc.graph;

import java.util.List;

/**
 * {@code x W = linear(x, W^T)} for a matrix W of weights or constants: a linear layer takes its
 * rows from all leading axes of x as one matrix, where a matrix product repeats W for each entry of
 * a batch and masks every copy; and the rewrites of layers know one form instead of two.
 */
public final class MatmulAsLinear implements Rewrite {
  @Override
  public Graph apply(Graph graph) {
    GraphCopy copy = new GraphCopy(graph);
    GraphBuilder builder = copy.builder();
    for (Node node : graph.nodes()) {
      List<Integer> inputs = copy.to(node.inputs());
      if (node.op() instanceof Op.Matmul && isMatrixOfParameters(builder, inputs)) {
        Op transpose = new Op.Rearrange(Layout.permute(1, 0));
        int weight = builder.node(transpose, List.of(inputs.get(1)), node.place());
        List<Integer> arguments = List.of(inputs.get(0), weight);
        copy.replace(node, builder.node(new Op.Linear(), arguments, node.place()));
      } else {
        copy.keep(node);
      }
    }
    return copy.finish();
  }

  private static boolean isMatrixOfParameters(GraphBuilder builder, List<Integer> inputs) {
    int x = inputs.get(0);
    int w = inputs.get(1);
    return builder.isParametric(w)
        && !builder.isParametric(x)
        && builder.type(w).shape().dimension() == 2
        && builder.type(x).shape().dimension() >= 2;
  }
}
