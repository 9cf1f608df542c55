package org.djlmpc.graph;

import java.util.List;

/**
 * What an evaluation tells while it runs: for progress, for statistics of each layer, and to free
 * values early.
 *
 * @param <V> the kind of value
 */
public interface EvaluationListener<V> {
  /** A listener that ignores everything. */
  static <V> EvaluationListener<V> none() {
    return new EvaluationListener<>() {};
  }

  /** A node is about to run. */
  default void started(Node node) {}

  /** As {@link #started(Node)}, with what the node reads. */
  default void started(Node node, List<? extends V> arguments) {
    started(node);
  }

  /** A node has run. */
  default void finished(Node node, V output) {}

  /**
   * Nothing will read a value again. Called once for each object that a node or a constant made and
   * that is not an output, also when a node fails; never for inputs and weights, which are the
   * caller's.
   */
  default void released(V value) {}
}
