package org.djlmpc.graph;

import java.util.List;
import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.graph.Operators.Unary;

/**
 * {@code x / w = x (1 / w)} for weights w, whose owner inverts them before they are shared: a
 * secret divisor would have to be inverted in every run, if it can be at all.
 */
public final class DivisionAsProduct implements Rewrite {
  @Override
  public Graph apply(Graph graph) {
    GraphCopy copy = new GraphCopy(graph);
    GraphBuilder builder = copy.builder();
    for (Node node : graph.nodes()) {
      List<Integer> inputs = copy.to(node.inputs());
      if (node.op() instanceof Op.Binary binary
          && binary.function() == Binary.DIVIDE
          && builder.isParametric(inputs.get(1))
          && builder.constant(inputs.get(1)) == null
          && builder.type(inputs.get(1)).dataType().isFloating()) {
        Op invert = new Op.Unary(Unary.RECIPROCAL);
        int inverse = builder.node(invert, List.of(inputs.get(1)), node.place());
        Op product = new Op.Binary(Binary.MULTIPLY);
        copy.replace(node, builder.node(product, List.of(inputs.get(0), inverse), node.place()));
      } else {
        copy.keep(node);
      }
    }
    return copy.finish();
  }
}
