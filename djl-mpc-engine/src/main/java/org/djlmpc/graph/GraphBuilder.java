package org.djlmpc.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.protocol.Precision;
import org.jspecify.annotations.Nullable;

/**
 * Collects the parts of a {@link Graph} in any order; its numbers are its own and {@link #build}
 * replaces them.
 *
 * <p>Not thread-safe.
 */
public final class GraphBuilder {
  private final ShapeInference inference = new ShapeInference();
  private final List<TensorType> types = new ArrayList<>();
  private final List<Graph.Input> inputs = new ArrayList<>();
  private final List<Integer> inputIds = new ArrayList<>();
  private final List<Graph.Weight> weights = new ArrayList<>();
  private final List<Integer> weightIds = new ArrayList<>();
  private final List<PublicTensor> constants = new ArrayList<>();
  private final List<Integer> constantIds = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Integer, Node> nodeOf = new HashMap<>();
  private final Set<Integer> parametric = new HashSet<>();

  /** Adds an input and returns its number. */
  public int input(Graph.Input input) {
    inputs.add(input);
    return add(input.type(), inputIds);
  }

  /** Adds a weight and returns its number. */
  public int weight(Graph.Weight weight) {
    weights.add(weight);
    return parametric(add(weight.type(), weightIds));
  }

  /** Adds a public constant and returns its number. */
  public int constant(PublicTensor constant) {
    constants.add(constant);
    return parametric(add(constant.type(), constantIds));
  }

  /**
   * Adds a node and returns its number.
   *
   * @param op the operator
   * @param arguments numbers that this builder gave out
   * @param place the path of blocks; may be empty
   * @throws MpcException SHAPE, DATA_TYPE or ARGUMENT, naming the place, if the operator does not
   *     take the arguments
   */
  public int node(Op op, List<Integer> arguments, String place) {
    return node(op, arguments, place, Precision.STANDARD);
  }

  /**
   * Adds a node with public numerics and returns its number; see {@link #node(Op, List, String)}.
   */
  public int node(Op op, List<Integer> arguments, String place, Precision precision) {
    Node node = new Node(types.size(), op, arguments, place, precision);
    types.add(node.apply(inference, arguments.stream().map(this::type).toList()));
    nodes.add(node);
    nodeOf.put(node.id(), node);
    return parametric.containsAll(arguments) ? parametric(node.id()) : node.id();
  }

  private int parametric(int id) {
    parametric.add(id);
    return id;
  }

  /** Whether a value depends on weights and constants alone, on no input. */
  boolean isParametric(int id) {
    return parametric.contains(id);
  }

  /** The node that makes a value, or null. */
  public @Nullable Node node(int id) {
    return nodeOf.get(id);
  }

  /** The weight that a value is, or null. */
  public Graph.@Nullable Weight weight(int id) {
    int i = weightIds.indexOf(id);
    return i < 0 ? null : weights.get(i);
  }

  /** The constant that a value is, or null. */
  public @Nullable PublicTensor constant(int id) {
    int i = constantIds.indexOf(id);
    return i < 0 ? null : constants.get(i);
  }

  /** Shape and data type of a value. */
  public TensorType type(int id) {
    if (id < 0 || id >= types.size()) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "The value " + id + " does not exist.",
          "Use values of the same recording.");
    }
    return types.get(id);
  }

  /** The number of the weight of a name, or -1. */
  int weightNamed(String name) {
    for (int i = 0; i < weights.size(); i++) {
      if (weights.get(i).name().equals(name)) {
        return weightIds.get(i);
      }
    }
    return -1;
  }

  /** A weight's name that is not taken yet: {@code wanted}, or with a number behind it. */
  public String freeWeightName(String wanted) {
    String name = wanted;
    for (int i = 2; isTaken(name); i++) {
      name = wanted + "." + i;
    }
    return name;
  }

  private boolean isTaken(String name) {
    return weights.stream().anyMatch(w -> w.name().equals(name));
  }

  /** The graph of everything added so far, with these outputs. */
  public Graph build(List<Integer> outputs) {
    @Nullable Integer[] number = new @Nullable Integer[types.size()];
    int next = 0;
    for (List<Integer> ids : List.of(inputIds, weightIds, constantIds)) {
      for (int id : ids) {
        number[id] = next++;
      }
    }
    List<Node> numbered = new ArrayList<>();
    for (Node node : nodes) {
      List<Integer> arguments = renumber(node.inputs(), number);
      numbered.add(new Node(next, node.op(), arguments, node.place(), node.precision()));
      number[node.id()] = next++;
    }
    return new Graph(inputs, weights, constants, numbered, renumber(outputs, number));
  }

  private static List<Integer> renumber(List<Integer> ids, @Nullable Integer[] number) {
    List<Integer> renumbered = new ArrayList<>();
    for (int id : ids) {
      Integer to = id < 0 || id >= number.length ? null : number[id];
      if (to == null) {
        throw new MpcException(
            ErrorCode.ARGUMENT,
            "The value " + id + " does not exist.",
            "Use values of the same recording.");
      }
      renumbered.add(to);
    }
    return renumbered;
  }

  private int add(TensorType type, List<Integer> ids) {
    int id = types.size();
    types.add(type);
    ids.add(id);
    return id;
  }
}
