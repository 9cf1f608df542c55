package org.djlmpc.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.djlmpc.protocol.Precision;

/**
 * Computes equal things once: constants of equal values, and nodes with equal operators and inputs,
 * where the order of the inputs of a sum, a product or a maximum does not count.
 *
 * <p>Weights are told apart by their names: their values are secret.
 */
public final class CommonSubexpressions implements Rewrite {
  /** What makes a node, up to its place. */
  private record Expression(Op op, List<Integer> inputs, Precision precision) {}

  @Override
  public Graph apply(Graph graph) {
    GraphCopy copy = new GraphCopy(graph);
    Map<PublicTensor, Integer> constants = new HashMap<>();
    for (int id = graph.inputs().size(); id < graph.firstNode(); id++) {
      PublicTensor constant = graph.constant(id);
      if (constant != null) {
        Integer same = constants.putIfAbsent(constant, id);
        copy.replace(id, copy.to(same == null ? id : same));
      }
    }
    Map<Expression, Integer> known = new HashMap<>();
    for (Node node : graph.nodes()) {
      List<Integer> inputs = copy.to(node.inputs());
      if (isCommutative(node.op())) {
        inputs = inputs.stream().sorted().toList();
      }
      Expression expression = new Expression(node.op(), inputs, node.precision());
      Integer same = known.get(expression);
      if (same != null && sameType(graph, copy, node, same)) {
        copy.replace(node, same);
      } else {
        copy.keep(node);
        known.putIfAbsent(expression, copy.to(node.id()));
      }
    }
    return new DeadCode().apply(copy.finish());
  }

  /** The order of inputs may decide about the data type. */
  private static boolean sameType(Graph graph, GraphCopy copy, Node node, int same) {
    return copy.builder().type(same).equals(graph.type(node.id()));
  }

  private static boolean isCommutative(Op op) {
    if (!(op instanceof Op.Binary binary)) {
      return false;
    }
    return switch (binary.function()) {
      case ADD, MULTIPLY, MAXIMUM, MINIMUM, EQUAL, NOT_EQUAL, AND, OR, XOR -> true;
      default -> false;
    };
  }
}
