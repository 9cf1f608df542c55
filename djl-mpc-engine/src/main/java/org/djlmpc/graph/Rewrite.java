package org.djlmpc.graph;

/**
 * A change of a graph that keeps what it computes, up to rounding.
 *
 * <p>Rewrites look at operators, attributes and shapes, never at the values of weights, so that the
 * party that owns the weights and the one that knows only the architecture reach graphs with the
 * same {@link Graph#hash}. A rewritten graph is for the input shapes that it was rewritten with.
 */
@FunctionalInterface
public interface Rewrite {
  /** The rewritten graph; an equal one if there is nothing to change. */
  Graph apply(Graph graph);
}
