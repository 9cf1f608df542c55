package org.djlmpc.graph;

import java.util.List;

/** The rewrites that every model goes through before it is planned. */
public final class Rewrites {
  private Rewrites() {}

  /** The standard rewrites in their order. */
  public static List<Rewrite> standard() {
    // what nobody reads must not count as a use; an identity between a convolution and its batch
    // normalization would hide it
    return List.of(
        new DeadCode(),
        new RemoveIdentity(),
        new FoldBatchNorm(),
        new PoolBeforeRelu(),
        new DeadCode());
  }

  /** The graph after {@link #standard}. */
  public static Graph apply(Graph graph) {
    Graph rewritten = graph;
    for (Rewrite rewrite : standard()) {
      rewritten = rewrite.apply(rewritten);
    }
    return rewritten;
  }
}
