package org.djlmpc.graph;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One run of a graph: holds each value until its last use.
 *
 * <p>An operator may return an argument itself (a cast that changes nothing). Objects are therefore
 * counted by identity, and one is released when the last value that it stands for is dead.
 */
final class Evaluation<V> {
  private final Graph graph;
  private final Operators<V> operators;
  private final EvaluationListener<? super V> listener;
  private final List<@Nullable V> values;
  private final int[] uses;
  private final IdentityHashMap<V, Integer> owners = new IdentityHashMap<>();

  Evaluation(
      Graph graph,
      Operators<V> operators,
      List<V> sources,
      EvaluationListener<? super V> listener) {
    this.graph = graph;
    this.operators = operators;
    this.listener = listener;
    this.uses = graph.uses();
    this.values = new ArrayList<>(graph.valueCount());
    for (V source : sources) {
      values.add(source);
      // inputs and weights are the caller's: one owner that never lets go
      owners.merge(source, 1, Integer::sum);
    }
  }

  /** Runs; whatever was made is released before a failure leaves. */
  List<V> run() {
    try {
      begin();
      graph.nodes().forEach(this::step);
      return outputs();
    } catch (RuntimeException | Error e) {
      values.subList(0, sources()).forEach(owners::remove);
      owners.keySet().forEach(listener::released);
      throw e;
    }
  }

  /** How many values are the caller's. */
  private int sources() {
    return graph.inputs().size() + graph.weights().size();
  }

  /** Makes the constants: to be called first, and once. */
  void begin() {
    for (PublicTensor constant : graph.constants()) {
      store(operators.constant(constant));
      if (uses[values.size() - 1] == 0) {
        release(values.size() - 1);
      }
    }
  }

  /** Runs the next node. */
  void step(Node node) {
    List<V> arguments = new ArrayList<>(node.inputs().size());
    for (int id : node.inputs()) {
      arguments.add(value(id));
    }
    listener.started(node, arguments);
    V output = node.apply(operators, arguments);
    store(output);
    listener.finished(node, output);
    node.inputs().forEach(this::used);
    if (uses[node.id()] == 0) {
      release(node.id());
    }
  }

  /** The results, once all nodes have run. */
  List<V> outputs() {
    return graph.outputs().stream().map(this::value).toList();
  }

  private V value(int id) {
    return Objects.requireNonNull(values.get(id));
  }

  private void store(V value) {
    values.add(value);
    owners.merge(value, 1, Integer::sum);
  }

  private void used(int id) {
    if (--uses[id] == 0) {
      release(id);
    }
  }

  private void release(int id) {
    if (id < sources()) {
      return;
    }
    V value = value(id);
    values.set(id, null);
    if (owners.merge(value, -1, Integer::sum) == 0) {
      owners.remove(value);
      listener.released(value);
    }
  }
}
