package org.djlmpc.graph;

import java.util.List;

/**
 * {@code MaxPool(ReLU(x)) = ReLU(MaxPool(x))}, for every function that never decreases: the
 * function then runs on fewer elements.
 *
 * <p>This needs a pooling whose padding never wins, which {@link Operators#pool} promises: padding
 * with zeros would do after a ReLU but not before it.
 */
public final class PoolBeforeRelu implements Rewrite {
  @Override
  public Graph apply(Graph graph) {
    Graph before = graph;
    Graph after = moveOnce(before);
    // a pooling may pass several functions, and then free the way for another pooling
    while (!after.nodes().equals(before.nodes())) {
      before = after;
      after = moveOnce(before);
    }
    return after;
  }

  private static Graph moveOnce(Graph graph) {
    int[] uses = graph.uses();
    GraphCopy copy = new GraphCopy(graph);
    for (Node node : graph.nodes()) {
      Node activation = graph.node(node.inputs().get(0));
      if (activation != null
          && uses[activation.id()] == 1
          && neverDecreases(activation.op())
          && node.op() instanceof Op.Pool pool
          && pool.pooling().kind() == Pooling.Kind.MAX
          && shrinks(graph, node)) {
        GraphBuilder builder = copy.builder();
        int pooled = builder.node(pool, copy.to(activation.inputs()), node.place());
        int moved = builder.node(activation.op(), List.of(pooled), activation.place());
        copy.replace(node, moved);
      } else {
        copy.keep(node);
      }
    }
    return new DeadCode().apply(copy.finish());
  }

  private static boolean neverDecreases(Op op) {
    return op instanceof Op.Unary unary && unary.function() == Operators.Unary.RELU
        || op instanceof Op.LeakyRelu leaky && leaky.slope() >= 0
        || op instanceof Op.Clip;
  }

  private static boolean shrinks(Graph graph, Node pool) {
    return graph.type(pool.id()).shape().size() < graph.type(pool.inputs().get(0)).shape().size();
  }
}
