package org.djlmpc.graph;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
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
 * A model as a list of operators: what a tracer records, a reader reads, a peer is sent and a
 * protocol executes.
 *
 * <p>Immutable. Values are numbered: first the inputs, then the weights, then the constants, then
 * one for each node in topological order. Shapes and data types of all values are inferred when the
 * graph is made, so that a graph that exists is well-formed.
 */
public final class Graph {
  /**
   * A named input.
   *
   * @param name its name
   * @param type its shape and data type
   */
  public record Input(String name, TensorType type) {}

  /**
   * A named weight.
   *
   * @param name its name
   * @param type its shape and data type
   * @param value its value, or null where only the architecture is known
   */
  public record Weight(String name, TensorType type, @Nullable PublicTensor value) {
    /** Checks that the value has the type. */
    public Weight {
      if (value != null && !value.type().equals(type)) {
        throw new MpcException(
            ErrorCode.SHAPE,
            "The weight " + name + " is " + value.type() + ", the model expects " + type + ".",
            "Load the weights that belong to this model.");
      }
    }

    /**
     * The value.
     *
     * @throws MpcException WEIGHTS_MISSING if it is not known
     */
    PublicTensor known() {
      if (value == null) {
        throw missing(this);
      }
      return value;
    }
  }

  private final List<Input> inputs;
  private final List<Weight> weights;
  private final List<PublicTensor> constants;
  private final List<Node> nodes;
  private final List<Integer> outputs;
  private final List<TensorType> types;
  private @Nullable String hash;

  /**
   * Checks the parts and infers the type of every node.
   *
   * @throws MpcException MALFORMED_MODEL if names repeat or numbers do not fit; SHAPE, DATA_TYPE or
   *     ARGUMENT, naming the place, if an operator does not take what it is given
   */
  public Graph(
      List<Input> inputs,
      List<Weight> weights,
      List<PublicTensor> constants,
      List<Node> nodes,
      List<Integer> outputs) {
    this.inputs = List.copyOf(inputs);
    this.weights = List.copyOf(weights);
    this.constants = List.copyOf(constants);
    this.nodes = List.copyOf(nodes);
    this.outputs = List.copyOf(outputs);
    this.types = inferTypes();
  }

  private List<TensorType> inferTypes() {
    Set<String> names = new HashSet<>();
    List<TensorType> known = new ArrayList<>();
    for (Input input : inputs) {
      require(names.add(input.name()), "two inputs are named " + input.name());
      known.add(checked(input.type()));
    }
    names.clear();
    for (Weight weight : weights) {
      require(names.add(weight.name()), "two weights are named " + weight.name());
      known.add(checked(weight.type()));
    }
    constants.forEach(constant -> known.add(constant.type()));
    ShapeInference inference = new ShapeInference();
    for (Node node : nodes) {
      require(
          node.id() == known.size(),
          "a node is numbered " + node.id() + " in place of " + known.size());
      int count = node.inputs().size();
      require(
          count >= node.op().minInputs() && count <= node.op().maxInputs(),
          node.label() + " has " + count + " inputs");
      List<TensorType> arguments = new ArrayList<>(count);
      for (int id : node.inputs()) {
        require(id >= 0 && id < node.id(), node.label() + " reads a value that does not exist yet");
        arguments.add(known.get(id));
      }
      known.add(node.apply(inference, arguments));
    }
    require(!outputs.isEmpty(), "there is no output");
    for (int id : outputs) {
      require(id >= 0 && id < known.size(), "an output is a value that does not exist");
    }
    return List.copyOf(known);
  }

  private static TensorType checked(TensorType type) {
    Shapes.size(type.shape());
    return type;
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new MpcException(
          ErrorCode.MALFORMED_MODEL,
          "The graph is malformed: " + otherwise + ".",
          "Export the model again.");
    }
  }

  /** The inputs; input i is value i. */
  public List<Input> inputs() {
    return inputs;
  }

  /** The weights; weight i is value {@code inputs().size() + i}. */
  public List<Weight> weights() {
    return weights;
  }

  /** The public constants, which belong to the architecture; they follow the weights. */
  public List<PublicTensor> constants() {
    return constants;
  }

  /** The nodes in topological order; they follow the constants. */
  public List<Node> nodes() {
    return nodes;
  }

  /** Numbers of the values that are the result. */
  public List<Integer> outputs() {
    return outputs;
  }

  /** Shapes and data types of the outputs. */
  public List<TensorType> outputTypes() {
    return outputs.stream().map(types::get).toList();
  }

  /** How many values there are. */
  public int valueCount() {
    return types.size();
  }

  /** Shape and data type of a value. */
  public TensorType type(int id) {
    return types.get(id);
  }

  /** The weight that a value is, or null if it is not a weight. */
  public @Nullable Weight weight(int id) {
    int i = id - inputs.size();
    return i >= 0 && i < weights.size() ? weights.get(i) : null;
  }

  /** The constant that a value is, or null if it is not a constant. */
  public @Nullable PublicTensor constant(int id) {
    int i = id - inputs.size() - weights.size();
    return i >= 0 && i < constants.size() ? constants.get(i) : null;
  }

  /** The node that makes a value, or null if it is an input, a weight or a constant. */
  public @Nullable Node node(int id) {
    int i = id - firstNode();
    return i >= 0 && i < nodes.size() ? nodes.get(i) : null;
  }

  /** Number of the first node's value. */
  public int firstNode() {
    return inputs.size() + weights.size() + constants.size();
  }

  /** Number of values in all weights. */
  public long weightCount() {
    return weights.stream().mapToLong(w -> w.type().shape().size()).sum();
  }

  /** Whether every weight has its value. */
  public boolean hasWeights() {
    return weights.stream().allMatch(w -> w.value() != null);
  }

  /** The public architecture: the same graph without the weights' values. */
  public Graph withoutWeights() {
    List<Weight> bare = weights.stream().map(w -> new Weight(w.name(), w.type(), null)).toList();
    return new Graph(inputs, bare, constants, nodes, outputs);
  }

  /**
   * The same graph with other values of the weights.
   *
   * @throws MpcException WEIGHTS_MISSING if one is not given, SHAPE if one does not fit
   */
  public Graph withWeights(Map<String, PublicTensor> values) {
    List<Weight> full = new ArrayList<>();
    for (Weight weight : weights) {
      PublicTensor value = values.get(weight.name());
      if (value == null) {
        throw missing(weight);
      }
      full.add(new Weight(weight.name(), weight.type(), value));
    }
    return new Graph(inputs, full, constants, nodes, outputs);
  }

  /**
   * The same graph for inputs of other shapes, another batch size for example.
   *
   * @throws MpcException SHAPE if an operator, or a reshape with fixed lengths, does not allow it
   */
  public Graph withInputShapes(List<Shape> shapes) {
    checkCount(shapes.size());
    List<Input> other = new ArrayList<>();
    for (int i = 0; i < shapes.size(); i++) {
      Input input = inputs.get(i);
      other.add(new Input(input.name(), new TensorType(shapes.get(i), input.type().dataType())));
    }
    return new Graph(other, weights, constants, nodes, outputs);
  }

  /**
   * The same graph with public numerics for each node.
   *
   * @param precisions one for each node, in order
   * @throws MpcException ARGUMENT if there are not as many as nodes
   */
  public Graph withPrecisions(List<Precision> precisions) {
    if (precisions.size() != nodes.size()) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          precisions.size() + " precisions for " + nodes.size() + " operators.",
          "Give one for each.");
    }
    List<Node> precise = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      precise.add(nodes.get(i).with(precisions.get(i)));
    }
    return new Graph(inputs, weights, constants, precise, outputs);
  }

  /**
   * The same graph with one width of openings for all nodes, or {@link Precision#SESSION} for the
   * ring's.
   */
  public Graph withWireBits(int bits) {
    return withPrecisions(nodes.stream().map(node -> node.precision().withWire(bits)).toList());
  }

  /**
   * Fraction bits with which each weight is encoded: the most that an operator that multiplies with
   * it asks for, else the session's.
   *
   * @return one number for each weight, in order
   */
  public int[] weightBits(int session) {
    int[] bits = new int[weights.size()];
    Arrays.fill(bits, Precision.SESSION);
    for (Node node : nodes) {
      for (int id : node.factors()) {
        int i = id - inputs.size();
        if (i >= 0 && i < bits.length) {
          bits[i] = Math.max(bits[i], node.precision().weightBits());
        }
      }
    }
    return Arrays.stream(bits).map(b -> b == Precision.SESSION ? session : b).toArray();
  }

  /** How many nodes and outputs read each value. */
  public int[] uses() {
    int[] uses = new int[types.size()];
    nodes.forEach(node -> node.inputs().forEach(id -> uses[id]++));
    outputs.forEach(id -> uses[id]++);
    return uses;
  }

  /**
   * SHA-256, in hexadecimal, of inputs, weight names, constants, operators, attributes, shapes,
   * precisions and outputs: equal for two parties that hold the same architecture. Neither the
   * weights' values nor the places in the model matter.
   */
  public String hash() {
    String known = hash;
    if (known == null) {
      known = GraphEncoding.hash(this);
      hash = known;
    }
    return known;
  }

  /** The architecture as bytes for a peer: everything but the weights' values. */
  public byte[] encode() {
    return GraphEncoding.encode(this);
  }

  /**
   * Reads {@link #encode}d bytes, which may come from anybody.
   *
   * @throws MpcException MALFORMED_MODEL if they are not exactly an encoded graph; SHAPE, DATA_TYPE
   *     or ARGUMENT if its operators do not fit together
   */
  public static Graph decode(byte[] bytes) {
    return GraphEncoding.decode(bytes);
  }

  /**
   * The weights as values of some kind.
   *
   * @throws MpcException WEIGHTS_MISSING if a value is not known
   */
  public <V> Map<String, V> weights(Operators<V> operators) {
    Map<String, V> values = new HashMap<>();
    for (Weight weight : weights) {
      values.put(weight.name(), operators.constant(weight.known()));
    }
    return values;
  }

  /**
   * Runs the graph.
   *
   * @param operators what computes
   * @param arguments one value for each input, of the input's shape
   * @param weightValues one value for each weight
   * @param listener told what happens
   * @return the outputs
   * @throws MpcException SHAPE if a value has another shape than the graph says, WEIGHTS_MISSING;
   *     what an operator throws, with its place in the model
   */
  public <V> List<V> evaluate(
      Operators<V> operators,
      List<V> arguments,
      Map<String, V> weightValues,
      EvaluationListener<? super V> listener) {
    return evaluation(operators, arguments, weightValues, listener).run();
  }

  /** As {@link #evaluate}, to be run node by node. */
  <V> Evaluation<V> evaluation(
      Operators<V> operators,
      List<V> arguments,
      Map<String, V> weightValues,
      EvaluationListener<? super V> listener) {
    checkCount(arguments.size());
    List<V> sources = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      V argument = arguments.get(i);
      checkShape("input", inputs.get(i).name(), inputs.get(i).type(), operators.shape(argument));
      sources.add(argument);
    }
    for (Weight weight : weights) {
      V value = weightValues.get(weight.name());
      if (value == null) {
        throw missing(weight);
      }
      checkShape("weight", weight.name(), weight.type(), operators.shape(value));
      sources.add(value);
    }
    return new Evaluation<>(this, operators, sources, listener);
  }

  /** Runs the graph with its own weights and without a listener. */
  public <V> List<V> evaluate(Operators<V> operators, List<V> arguments) {
    return evaluate(operators, arguments, weights(operators), EvaluationListener.none());
  }

  private void checkCount(int given) {
    if (given != inputs.size()) {
      throw new MpcException(
          ErrorCode.SHAPE,
          given + " inputs for a model with " + inputs.size() + ".",
          "Give one for each of " + inputs.stream().map(Input::name).toList() + ".");
    }
  }

  private static void checkShape(String kind, String name, TensorType expected, Shape actual) {
    if (!expected.shape().equals(actual)) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "The "
              + kind
              + " "
              + name
              + " has the shape "
              + actual
              + ", the model expects "
              + expected.shape()
              + ".",
          "Give the shape that the model expects.");
    }
  }

  private static MpcException missing(Weight weight) {
    return new MpcException(
        ErrorCode.WEIGHTS_MISSING,
        "The weight " + weight.name() + " " + weight.type() + " has no value.",
        "Load the model's weights before it runs.");
  }

  /** One line for each value: for logs and for people; no value is shown. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < inputs.size(); i++) {
      text.append('%')
          .append(i)
          .append(" = input ")
          .append(inputs.get(i).name())
          .append(' ')
          .append(types.get(i));
      text.append('\n');
    }
    for (int i = 0; i < weights.size(); i++) {
      int id = inputs.size() + i;
      text.append('%').append(id).append(" = weight ").append(weights.get(i).name()).append(' ');
      text.append(types.get(id)).append('\n');
    }
    for (int id = firstNode() - constants.size(); id < firstNode(); id++) {
      text.append('%').append(id).append(" = constant ").append(types.get(id)).append('\n');
    }
    for (Node node : nodes) {
      text.append('%')
          .append(node.id())
          .append(" = ")
          .append(node.label())
          .append(node.inputs())
          .append(' ');
      text.append(types.get(node.id())).append('\n');
    }
    return text.append("outputs ").append(outputs).toString();
  }
}
