package org.djlmpc.zoo.onnx;

import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.Operators;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.graph.TensorType;
import org.djlmpc.graph.Traced;
import org.djlmpc.graph.Tracer;
import org.djlmpc.zoo.ModelErrors;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.Partial.Known;
import org.djlmpc.zoo.PartialOperators;
import org.djlmpc.zoo.UnsupportedOperators;
import org.jspecify.annotations.Nullable;

/**
 * One import: walks the nodes for inputs of given shapes, computes what does not depend on the
 * inputs' values and records the rest.
 *
 * <p>Only nodes that an output needs are visited. What a node that cannot be imported would make is
 * null, and so is what reads it; at the end all such nodes are reported together.
 */
final class GraphImport {
  private static final long MIN_OPSET = 9;
  private static final long MAX_OPSET = 23;
  private static final int MAX_DEPTH = 16;

  private final OnnxModel model;
  private final Tracer tracer = new Tracer();
  private final PartialOperators operators = new PartialOperators(tracer);
  private final UnsupportedOperators unsupported = new UnsupportedOperators();
  private final Budget budget = new Budget();

  GraphImport(OnnxModel model) {
    this.model = model;
  }

  /** The graph for these inputs. */
  Graph graph(List<TensorType> types) {
    checkOpset();
    OnnxGraph graph = model.graph();
    List<OnnxInput> inputs =
        graph.inputs().stream().filter(i -> !graph.initializers().containsKey(i.name())).toList();
    if (types.size() != inputs.size()) {
      throw new MpcException(
          ErrorCode.SHAPE,
          types.size() + " inputs for a model with " + inputs.size() + ".",
          "Give one for each of " + inputs.stream().map(OnnxInput::name).toList() + ".");
    }
    Frame frame = Frame.main(model.opsets());
    for (int i = 0; i < types.size(); i++) {
      frame.put(inputs.get(i).name(), input(inputs.get(i), types.get(i)));
    }
    List<@Nullable Partial> outputs = body(graph, frame);
    if (!unsupported.isEmpty()) {
      throw unsupported.toException();
    }
    List<Traced> traced = new ArrayList<>();
    for (Partial output : outputs) {
      if (output == null) {
        throw malformed("an output that nothing makes");
      }
      traced.add(operators.lift(output));
    }
    return tracer.finish(traced);
  }

  private void checkOpset() {
    long opset = model.opsets().getOrDefault("", 0L);
    if (opset < MIN_OPSET || opset > MAX_OPSET) {
      throw new MpcException(
          ErrorCode.UNSUPPORTED_OPERATOR,
          "The model uses version " + opset + " of ONNX's operators.",
          "Export it with an opset_version from " + MIN_OPSET + " to " + MAX_OPSET + ".");
    }
  }

  private Partial input(OnnxInput input, TensorType given) {
    DataType type = input.type().computed();
    boolean whole = type != null && !type.isFloating() && type != DataType.BOOLEAN;
    if (whole && given.dataType().isFloating() && isCastAtOnce(input.name())) {
      return operators.input(input.name(), given);
    }
    if (type == null || type.isFloating() != given.dataType().isFloating()) {
      throw new MpcException(
          ErrorCode.DATA_TYPE,
          "The input " + input.name() + " is " + input.type() + ", not " + given.dataType() + ".",
          "Give the type that the model declares.");
    }
    List<Long> lengths = input.lengths();
    if (lengths != null && !fits(lengths, given)) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "The input "
              + input.name()
              + " has the shape "
              + given.shape()
              + ", the model declares "
              + lengths
              + ".",
          "Give the declared lengths; the first axis, and those that are -1, may differ.");
    }
    Partial value = operators.input(input.name(), given);
    // weights have the declared type, and operators want one type
    return type.isFloating() ? operators.cast(value, type) : value;
  }

  /**
   * Whether all that reads a name is casts: then whole numbers may come as real ones, as secrets
   * do, and nothing calculates with them as integers.
   */
  private boolean isCastAtOnce(String name) {
    for (OnnxNode node : model.graph().nodes()) {
      Set<String> reads = new HashSet<>();
      addReads(node, reads);
      if (reads.contains(name) && !node.type().equals("Cast")) {
        return false;
      }
    }
    return !model.graph().outputs().contains(name);
  }

  /** Exporters fix the batch that they saw; a batch is the caller's choice all the same. */
  private static boolean fits(List<Long> declared, TensorType given) {
    if (declared.size() != given.shape().dimension()) {
      return false;
    }
    for (int i = 1; i < declared.size(); i++) {
      if (declared.get(i) > 0 && declared.get(i) != given.shape().get(i)) {
        return false;
      }
    }
    return true;
  }

  /** Runs a graph in its own frame; returns its outputs. */
  private List<@Nullable Partial> body(OnnxGraph graph, Frame frame) {
    Set<String> needed = needed(graph.nodes(), graph.outputs());
    for (OnnxTensor tensor : graph.initializers().values()) {
      if (needed.contains(tensor.name())) {
        frame.put(tensor.name(), initializer(tensor));
      }
    }
    nodes(graph.nodes(), needed, frame);
    return values(graph.outputs(), frame);
  }

  private static List<@Nullable Partial> values(List<String> names, Frame frame) {
    List<@Nullable Partial> values = new ArrayList<>();
    names.forEach(name -> values.add(frame.get(name)));
    return values;
  }

  private @Nullable Partial initializer(OnnxTensor tensor) {
    PublicTensor value = tensor.value();
    if (value == null) {
      unsupported.add("Initializer of kind " + tensor.kind(), tensor.name(), "use FLOAT or INT64");
      return null;
    }
    return new Known(value, value.isFloating() ? tensor.name() : null);
  }

  /** The names that the outputs need, directly or through nodes. */
  private static Set<String> needed(List<OnnxNode> nodes, List<String> outputs) {
    Set<String> needed = new HashSet<>(outputs);
    for (int i = nodes.size() - 1; i >= 0; i--) {
      OnnxNode node = nodes.get(i);
      if (node.outputs().stream().anyMatch(needed::contains)) {
        addReads(node, needed);
      }
    }
    needed.remove("");
    return needed;
  }

  private static void addReads(OnnxNode node, Set<String> to) {
    to.addAll(node.inputs());
    for (OnnxAttribute attribute : node.attributes().values()) {
      if (attribute instanceof OnnxAttribute.Body body) {
        to.addAll(body.value().outputs());
        body.value().nodes().forEach(inner -> addReads(inner, to));
      }
    }
  }

  private void nodes(List<OnnxNode> nodes, Set<String> needed, Frame frame) {
    for (OnnxNode node : nodes) {
      if (node.outputs().stream().anyMatch(needed::contains)) {
        tracer.enter(node.label());
        List<@Nullable Partial> results = convert(node, needed, frame);
        for (int i = 0; i < node.outputs().size(); i++) {
          frame.put(node.outputs().get(i), i < results.size() ? results.get(i) : null);
        }
        tracer.exit();
      }
    }
  }

  private List<@Nullable Partial> convert(OnnxNode node, Set<String> needed, Frame frame) {
    budget.spendNode();
    try {
      OnnxFunction function = model.functions().get(node.domain() + ":" + node.type());
      if (function != null) {
        return call(function, node, frame);
      }
      Converter converter = Converters.find(node.domain(), node.type());
      if (node.inputs().stream().anyMatch(name -> frame.has(name) && frame.get(name) == null)) {
        return List.of();
      }
      NodeView view = new NodeView(this, node, frame);
      List<@Nullable Partial> results = converter.convert(view);
      view.requireAllRead();
      for (int i = results.size(); i < node.outputs().size(); i++) {
        if (needed.contains(node.outputs().get(i))) {
          throw new UnsupportedNode(
              "Output " + i + " of " + node.type(), "its other outputs, or ArgMax for indices");
        }
      }
      return results;
    } catch (UnsupportedNode e) {
      unsupported.add(String.valueOf(e.getMessage()), tracer.place(), "use " + e.instead());
      return List.of();
    } catch (ArithmeticException e) {
      throw ModelErrors.malformed("The model has lengths that overflow.", e).at(tracer.place());
    } catch (MpcException e) {
      // what was recorded already says where it is
      throw String.valueOf(e.getMessage()).contains(tracer.place()) ? e : e.at(tracer.place());
    }
  }

  private List<@Nullable Partial> call(OnnxFunction function, OnnxNode node, Frame frame) {
    checkDepth(frame);
    Map<String, OnnxAttribute> attributes = new HashMap<>(function.defaults());
    node.attributes()
        .forEach(
            (name, attribute) -> {
              OnnxAttribute resolved = NodeView.resolve(attribute, frame);
              if (resolved != null) {
                attributes.put(name, resolved);
              }
            });
    Frame inner = frame.call(function.opsets(), attributes);
    for (int i = 0; i < Math.min(function.inputs().size(), node.inputs().size()); i++) {
      String name = node.inputs().get(i);
      if (frame.has(name)) {
        inner.put(function.inputs().get(i), frame.get(name));
      }
    }
    nodes(function.nodes(), needed(function.nodes(), function.outputs()), inner);
    return values(function.outputs(), inner);
  }

  /** Runs a branch of the node that is converted; returns its outputs. */
  List<@Nullable Partial> branch(OnnxGraph branch, List<@Nullable Partial> inputs, Frame frame) {
    checkDepth(frame);
    Frame inner = frame.branch();
    for (int i = 0; i < inputs.size(); i++) {
      inner.put(branch.inputs().get(i).name(), inputs.get(i));
    }
    return body(branch, inner);
  }

  private static void checkDepth(Frame frame) {
    if (frame.depth() >= MAX_DEPTH) {
      throw malformed("functions or branches nested more than " + MAX_DEPTH + " deep");
    }
  }

  /** What is wrong with a model that was read. */
  static MpcException malformed(String what) {
    return ModelErrors.malformed("The model has " + what + ".");
  }

  /** What limits the work of this import. */
  Budget budget() {
    return budget;
  }

  /** What computes and records. */
  Operators<Partial> operators() {
    return operators;
  }

  /** Lengths as they are written in messages. */
  static String text(long[] lengths) {
    return Arrays.toString(lengths);
  }
}
