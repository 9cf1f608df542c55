package org.djlmpc.zoo.onnx;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.Operators;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.Partial.Known;
import org.djlmpc.zoo.Partial.Recorded;
import org.jspecify.annotations.Nullable;

/** A node as its converter sees it: checked access to attributes and inputs, and operators. */
final class NodeView {
  /**
   * Attributes that change no result here, and those that a converter reads in some cases only. Any
   * other that its converter has not read may change what the operator means.
   */
  private static final Set<String> HARMLESS =
      Set.of(
          "momentum",
          "ratio",
          "seed",
          "is_test",
          "stash_type",
          "saturate",
          "round_mode",
          "storage_order",
          "value",
          "keepdims",
          "then_branch",
          "else_branch",
          "cubic_coeff_a",
          "exclude_outside",
          "extrapolation_value");

  private final GraphImport graph;
  private final OnnxNode node;
  private final Frame frame;
  private final Set<String> read = new HashSet<>(HARMLESS);

  NodeView(GraphImport graph, OnnxNode node, Frame frame) {
    this.graph = graph;
    this.node = node;
    this.frame = frame;
  }

  String type() {
    return node.type();
  }

  /** Version of ONNX's operators. */
  long opset() {
    return frame.opset("");
  }

  int outputCount() {
    return node.outputs().size();
  }

  // ---- attributes

  /** What a function's attribute stands for in a call; null if the call does not give it. */
  static @Nullable OnnxAttribute resolve(OnnxAttribute attribute, Frame frame) {
    return attribute instanceof OnnxAttribute.Reference reference
        ? frame.attribute(reference.name())
        : attribute;
  }

  private @Nullable OnnxAttribute attribute(String name) {
    read.add(name);
    OnnxAttribute attribute = node.attributes().get(name);
    return attribute == null ? null : resolve(attribute, frame);
  }

  /** Refuses a use of the operator of which the converter has seen a part only. */
  void requireAllRead() {
    for (String name : node.attributes().keySet()) {
      if (!read.contains(name) && attribute(name) != null) {
        throw new UnsupportedNode(
            type() + " with the attribute " + name, type() + " without this attribute");
      }
    }
  }

  boolean hasAttribute(String name) {
    return attribute(name) != null;
  }

  long whole(String name, long otherwise) {
    OnnxAttribute attribute = attribute(name);
    if (attribute == null) {
      return otherwise;
    }
    if (attribute instanceof OnnxAttribute.Whole whole) {
      return whole.value();
    }
    throw wrongKind(name);
  }

  /** An axis as an int; the operators check whether it exists. */
  int axis(String name, long otherwise) {
    return Math.toIntExact(whole(name, otherwise));
  }

  boolean flag(String name, boolean otherwise) {
    return whole(name, otherwise ? 1 : 0) != 0;
  }

  double real(String name, double otherwise) {
    OnnxAttribute attribute = attribute(name);
    if (attribute == null) {
      return otherwise;
    }
    if (attribute instanceof OnnxAttribute.Real real) {
      return real.value();
    }
    throw wrongKind(name);
  }

  String text(String name, String otherwise) {
    OnnxAttribute attribute = attribute(name);
    if (attribute == null) {
      return otherwise;
    }
    if (attribute instanceof OnnxAttribute.Text text) {
      return text.value();
    }
    throw wrongKind(name);
  }

  long @Nullable [] wholes(String name) {
    OnnxAttribute attribute = attribute(name);
    if (attribute == null) {
      return null;
    }
    if (attribute instanceof OnnxAttribute.Wholes wholes) {
      return wholes.values().stream().mapToLong(Long::longValue).toArray();
    }
    throw wrongKind(name);
  }

  float @Nullable [] reals(String name) {
    OnnxAttribute attribute = attribute(name);
    if (attribute == null) {
      return null;
    }
    if (attribute instanceof OnnxAttribute.Reals reals) {
      float[] values = new float[reals.values().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = reals.values().get(i);
      }
      return values;
    }
    throw wrongKind(name);
  }

  @Nullable PublicTensor tensor(String name) {
    OnnxAttribute attribute = attribute(name);
    if (attribute == null) {
      return null;
    }
    if (!(attribute instanceof OnnxAttribute.Tensor tensor)) {
      throw wrongKind(name);
    }
    if (tensor.value().value() == null) {
      throw new UnsupportedNode("a constant of kind " + tensor.value().kind(), "FLOAT or INT64");
    }
    return tensor.value().value();
  }

  OnnxGraph branch(String name) {
    if (attribute(name) instanceof OnnxAttribute.Body body) {
      return body.value();
    }
    throw wrongKind(name);
  }

  private MpcException wrongKind(String name) {
    return malformed("attribute " + name + " is missing or of the wrong kind");
  }

  /** The exception for a node that contradicts itself. */
  MpcException malformed(String what) {
    return GraphImport.malformed("a node " + type() + " whose " + what);
  }

  // ---- inputs

  boolean has(int input) {
    return input < node.inputs().size() && frame.has(node.inputs().get(input));
  }

  int inputCount() {
    return node.inputs().size();
  }

  Partial input(int index) {
    Partial value = index < node.inputs().size() ? frame.get(node.inputs().get(index)) : null;
    if (value == null) {
      throw malformed("input " + index + " is missing");
    }
    return value;
  }

  /** The optional input, or null. */
  @Nullable Partial optional(int index) {
    return has(index) ? input(index) : null;
  }

  List<Partial> inputs() {
    return java.util.stream.IntStream.range(0, inputCount()).mapToObj(this::input).toList();
  }

  Shape shape(int index) {
    return input(index).shape();
  }

  /**
   * An input that must not depend on the model's inputs.
   *
   * @param what what it is, for the message
   */
  PublicTensor known(int index, String what) {
    if (input(index) instanceof Known known) {
      return known.tensor();
    }
    throw new UnsupportedNode(
        type() + " whose " + what + " depends on the input", type() + " with a constant " + what);
  }

  /** An input of integers that must not depend on the model's inputs' values. */
  long[] knownWholes(int index, String what) {
    PublicTensor tensor = known(index, what);
    if (tensor.isFloating() || tensor.shape().dimension() > 1 || tensor.size() > 1 << 20) {
      throw malformed(what + " is " + tensor);
    }
    return tensor.longs();
  }

  /** An optional number, as an input of one element. */
  double knownNumber(int index, String what, double otherwise) {
    if (!has(index)) {
      return otherwise;
    }
    PublicTensor tensor = known(index, what);
    if (tensor.size() != 1) {
      throw malformed(what + " has " + tensor.size() + " elements");
    }
    return tensor.getDouble(0);
  }

  /** Integers that are an attribute in old versions and an input in new ones; null if absent. */
  long @Nullable [] wholes(String attribute, int input, String what) {
    return has(input) ? knownWholes(input, what) : wholes(attribute);
  }

  // ---- operators

  /** The operators: on what is known they compute, everything else they record. */
  Operators<Partial> operators() {
    return graph.operators();
  }

  Partial unary(Operators.Unary function, Partial x) {
    return operators().unary(function, x);
  }

  /**
   * A function of two arguments. A public number stays a number, whatever axes of length one it
   * has: what is public costs a protocol nothing.
   */
  Partial binary(Operators.Binary function, Partial a, Partial b) {
    if (a instanceof Recorded && isNumber(b, a)) {
      return operators().scalar(function, a, ((Known) b).tensor().getDouble(0), false);
    }
    if (b instanceof Recorded && isNumber(a, b)) {
      return operators().scalar(function, b, ((Known) a).tensor().getDouble(0), true);
    }
    return operators().binary(function, a, b);
  }

  private static boolean isNumber(Partial value, Partial other) {
    return value instanceof Known known
        && known.weight() == null
        && known.tensor().size() == 1
        && known.shape().dimension() <= other.shape().dimension();
  }

  Partial scalar(Operators.Binary function, Partial x, double number) {
    return operators().scalar(function, x, number, false);
  }

  Partial layout(Layout layout, Partial x) {
    return operators().layout(layout, x);
  }

  Partial reshape(Partial x, long... lengths) {
    return reshape(x, new Shape(lengths));
  }

  Partial reshape(Partial x, Shape to) {
    return layout(new Layout.Reshape(to), x);
  }

  Partial cast(Partial x, DataType type) {
    return operators().cast(x, type);
  }

  /** A constant that is part of the architecture. */
  Partial constant(PublicTensor tensor) {
    return new Known(tensor, null);
  }

  /** A constant of the file: a weight, unless it is an integer or a single number. */
  Partial fileConstant(PublicTensor tensor) {
    boolean weight = tensor.isFloating() && tensor.size() > 1;
    return new Known(tensor, weight ? node.outputs().get(0) : null);
  }

  /** Says beforehand that a constant with so many elements will be made. */
  void spend(long elements) {
    graph.budget().spendElements(elements);
  }

  /** Says beforehand that a loop's body will run. */
  void spendNode() {
    graph.budget().spendNode();
  }

  /** Runs a branch, or a loop's body with its inputs. */
  List<@Nullable Partial> run(OnnxGraph branch, List<@Nullable Partial> inputs) {
    return graph.branch(branch, inputs, frame);
  }

  /** An axis counted from the front. */
  int axis(long axis, int rank) {
    long positive = axis < 0 ? axis + rank : axis;
    if (positive < 0 || positive >= rank) {
      throw malformed("axis " + axis + " does not exist in " + rank + " dimensions");
    }
    return (int) positive;
  }
}
