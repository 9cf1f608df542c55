package org.djlmpc.zoo.onnx;

import ai.djl.MalformedModelException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of an ONNX file, as far as inference needs them.
 *
 * <p>The numbers of the fields are those of the public format (onnx.proto of the ONNX project,
 * Apache-2.0); each method names its message.
 */
final class ModelParser {
  private static final int MAX_NODES = 200_000;
  private static final int MAX_LIST = 1 << 20;

  private final TensorFile file;
  private final ExternalData external;
  private int nodes;

  /** A parser of one file whose tensors lie there and in files beside it. */
  ModelParser(TensorFile file, ExternalData external) {
    this.file = file;
    this.external = external;
  }

  /** ModelProto. */
  OnnxModel model(ProtoStream in) throws IOException, MalformedModelException {
    long version = 0;
    OnnxGraph graph = null;
    Map<String, Long> opsets = new HashMap<>();
    Map<String, OnnxFunction> functions = new HashMap<>();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> version = in.whole();
        case 7 -> graph = in.message(this::graph);
        case 8 -> addOpset(opsets, in);
        case 25 -> {
          OnnxFunction function = in.message(this::function);
          functions.put(function.domain() + ":" + function.name(), function);
        }
        default -> in.skip();
      }
    }
    if (version < 1 || graph == null || opsets.isEmpty()) {
      throw new MalformedModelException(
          "It has no version, no graph or no set of operators: it is no ONNX model.");
    }
    return new OnnxModel(graph, Map.copyOf(functions), Map.copyOf(opsets));
  }

  /** OperatorSetIdProto. */
  private static void addOpset(Map<String, Long> to, ProtoStream in)
      throws IOException, MalformedModelException {
    in.message(
        message -> {
          String domain = "";
          long version = 0;
          for (int field = message.nextField(); field != 0; field = message.nextField()) {
            switch (field) {
              case 1 -> domain = message.text();
              case 2 -> version = message.whole();
              default -> message.skip();
            }
          }
          return to.put(plainDomain(domain), version);
        });
  }

  /** ONNX's own domain has two names. */
  private static String plainDomain(String domain) {
    return domain.equals("ai.onnx") ? "" : domain;
  }

  /** GraphProto. */
  private OnnxGraph graph(ProtoStream in) throws IOException, MalformedModelException {
    List<OnnxNode> list = new ArrayList<>();
    Map<String, OnnxTensor> initializers = new LinkedHashMap<>();
    List<OnnxInput> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> list.add(in.message(this::node));
        case 5 -> add(initializers, in.message(this::tensor));
        case 11 -> inputs.add(in.message(this::input));
        case 12 -> outputs.add(in.message(this::input).name());
        case 15 -> add(initializers, in.message(this::sparse));
        default -> in.skip();
      }
    }
    return new OnnxGraph(list, initializers, inputs, outputs);
  }

  private static void add(Map<String, OnnxTensor> to, OnnxTensor tensor)
      throws MalformedModelException {
    if (to.put(tensor.name(), tensor) != null) {
      throw new MalformedModelException("Two initializers are named " + tensor.name() + ".");
    }
  }

  private OnnxTensor tensor(ProtoStream in) throws IOException, MalformedModelException {
    return TensorParser.parse(in, file, external);
  }

  /** SparseTensorProto: its name is that of its values. */
  private OnnxTensor sparse(ProtoStream in) throws IOException, MalformedModelException {
    String name = "";
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      if (field == 1) {
        name = in.message(this::tensor).name();
      } else {
        in.skip();
      }
    }
    return new OnnxTensor(name, "sparse", null);
  }

  /** NodeProto. */
  private OnnxNode node(ProtoStream in) throws IOException, MalformedModelException {
    if (++nodes > MAX_NODES) {
      throw new MalformedModelException("It has more than " + MAX_NODES + " nodes.");
    }
    String name = "";
    String domain = "";
    String type = "";
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    Map<String, OnnxAttribute> attributes = new HashMap<>();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> inputs.add(in.text());
        case 2 -> outputs.add(in.text());
        case 3 -> name = in.text();
        case 4 -> type = in.text();
        case 5 -> addAttribute(attributes, in);
        case 7 -> domain = in.text();
        default -> in.skip();
      }
    }
    return new OnnxNode(name, plainDomain(domain), type, inputs, outputs, attributes);
  }

  private void addAttribute(Map<String, OnnxAttribute> to, ProtoStream in)
      throws IOException, MalformedModelException {
    Named attribute = in.message(this::attribute);
    if (to.put(attribute.name, attribute.value) != null) {
      throw new MalformedModelException("A node has two attributes " + attribute.name + ".");
    }
  }

  private record Named(String name, OnnxAttribute value) {}

  /** AttributeProto. Its type field is older than none of the fields with values, yet optional. */
  private Named attribute(ProtoStream in) throws IOException, MalformedModelException {
    String name = "";
    String reference = "";
    long type = 0;
    float real = 0;
    long whole = 0;
    String text = "";
    OnnxTensor tensor = null;
    OnnxGraph body = null;
    RealList reals = new RealList();
    WholeList wholes = new WholeList();
    int seen = 0;
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> name = in.text();
        case 2 -> real = in.real();
        case 3 -> whole = in.whole();
        case 4 -> text = in.text();
        case 5 -> tensor = in.message(this::tensor);
        case 6 -> body = in.message(this::graph);
        case 7 -> in.reals(reals);
        case 8 -> in.wholes(wholes);
        case 20 -> type = in.whole();
        case 21 -> reference = in.text();
        default -> in.skip();
      }
      // the values' field numbers, but for texts, are one above the numbers of their types
      seen = field >= 2 && field <= 11 ? field : seen;
    }
    if (reals.size() > MAX_LIST || wholes.size() > MAX_LIST) {
      throw new MalformedModelException("The attribute " + name + " has too many numbers.");
    }
    if (!reference.isEmpty()) {
      return new Named(name, new OnnxAttribute.Reference(reference));
    }
    long kind = type != 0 ? type : Math.max(0, seen - 1);
    return new Named(name, value(kind, real, whole, text, tensor, body, reals, wholes));
  }

  private static OnnxAttribute value(
      long kind,
      float real,
      long whole,
      String text,
      @Nullable OnnxTensor tensor,
      @Nullable OnnxGraph body,
      RealList reals,
      WholeList wholes) {
    if (kind == 1) {
      return new OnnxAttribute.Real(real);
    } else if (kind == 2) {
      return new OnnxAttribute.Whole(whole);
    } else if (kind == 3) {
      return new OnnxAttribute.Text(text);
    } else if (kind == 4 && tensor != null) {
      return new OnnxAttribute.Tensor(tensor);
    } else if (kind == 5 && body != null) {
      return new OnnxAttribute.Body(body);
    } else if (kind == 6) {
      List<Float> list = new ArrayList<>();
      for (float value : reals.toArray()) {
        list.add(value);
      }
      return new OnnxAttribute.Reals(List.copyOf(list));
    } else if (kind == 7) {
      return new OnnxAttribute.Wholes(Arrays.stream(wholes.toArray()).boxed().toList());
    }
    return new OnnxAttribute.Other();
  }

  /** ValueInfoProto. */
  private OnnxInput input(ProtoStream in) throws IOException, MalformedModelException {
    String name = "";
    OnnxInput typed = new OnnxInput("", ElementType.OTHER, null);
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> name = in.text();
        case 2 -> typed = in.message(ModelParser::type);
        default -> in.skip();
      }
    }
    return new OnnxInput(name, typed.type(), typed.lengths());
  }

  /** TypeProto. */
  private static OnnxInput type(ProtoStream in) throws IOException, MalformedModelException {
    OnnxInput type = new OnnxInput("", ElementType.OTHER, null);
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      if (field == 1) {
        type = in.message(ModelParser::tensorType);
      } else {
        in.skip();
      }
    }
    return type;
  }

  /** TypeProto.Tensor. */
  private static OnnxInput tensorType(ProtoStream in) throws IOException, MalformedModelException {
    long code = 0;
    List<Long> lengths = null;
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> code = in.whole();
        case 2 -> lengths = in.message(ModelParser::lengths);
        default -> in.skip();
      }
    }
    return new OnnxInput("", ElementType.of(code), lengths);
  }

  /** TensorShapeProto. */
  private static List<Long> lengths(ProtoStream in) throws IOException, MalformedModelException {
    List<Long> lengths = new ArrayList<>();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      if (field == 1) {
        lengths.add(in.message(ModelParser::length));
      } else {
        in.skip();
      }
    }
    return lengths;
  }

  /** TensorShapeProto.Dimension: a length, or a name for an open one. */
  private static long length(ProtoStream in) throws IOException, MalformedModelException {
    long length = -1;
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      if (field == 1) {
        length = in.whole();
      } else {
        in.skip();
      }
    }
    return length;
  }

  /** FunctionProto. */
  private OnnxFunction function(ProtoStream in) throws IOException, MalformedModelException {
    String domain = "";
    String name = "";
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    Map<String, OnnxAttribute> defaults = new HashMap<>();
    List<OnnxNode> body = new ArrayList<>();
    Map<String, Long> opsets = new HashMap<>();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> name = in.text();
        case 4 -> inputs.add(in.text());
        case 5 -> outputs.add(in.text());
        case 7 -> body.add(in.message(this::node));
        case 9 -> addOpset(opsets, in);
        case 10 -> domain = in.text();
        case 11 -> addAttribute(defaults, in);
        default -> in.skip();
      }
    }
    return new OnnxFunction(plainDomain(domain), name, inputs, outputs, defaults, body, opsets);
  }
}
