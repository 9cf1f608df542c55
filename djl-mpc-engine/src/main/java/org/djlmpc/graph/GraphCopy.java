package org.djlmpc.graph;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Copies a graph node by node while a rewrite changes some of them. Values are named by their
 * numbers in the old graph; {@link #to} gives those in the new one.
 */
final class GraphCopy {
  private final Graph from;
  private final GraphBuilder to = new GraphBuilder();
  private final int[] numbers;

  /** Starts with all inputs, weights and constants. */
  GraphCopy(Graph from) {
    this(from, id -> true);
  }

  /** Starts with all inputs and with those weights and constants that are wanted. */
  GraphCopy(Graph from, IntPredicate wanted) {
    this.from = from;
    this.numbers = new int[from.valueCount()];
    Arrays.fill(numbers, -1);
    int id = 0;
    for (Graph.Input input : from.inputs()) {
      numbers[id++] = to.input(input);
    }
    for (Graph.Weight weight : from.weights()) {
      if (wanted.test(id)) {
        numbers[id] = to.weight(weight);
      }
      id++;
    }
    for (PublicTensor constant : from.constants()) {
      if (wanted.test(id)) {
        numbers[id] = to.constant(constant);
      }
      id++;
    }
  }

  GraphBuilder builder() {
    return to;
  }

  /** The new number of an old value. */
  int to(int id) {
    return numbers[id];
  }

  List<Integer> to(List<Integer> ids) {
    return ids.stream().map(this::to).toList();
  }

  /** Copies a node unchanged. */
  void keep(Node node) {
    replace(node, to.node(node.op(), to(node.inputs()), node.place(), node.precision()));
  }

  /** A new value takes a node's place. */
  void replace(Node node, int newId) {
    replace(node.id(), newId);
  }

  /** A new value takes an old one's place. */
  void replace(int oldId, int newId) {
    numbers[oldId] = newId;
  }

  Graph finish() {
    return to.build(to(from.outputs()));
  }
}
