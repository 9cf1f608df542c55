package org.djlmpc.graph;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;

/**
 * Computes once what depends on no input: what comes from constants alone becomes a constant, what
 * comes from weights becomes a weight, which its owner computes in plaintext before sharing.
 *
 * <p>A new weight is named after the first weight that it comes from, with a hash of how it was
 * computed. So equal names mean equal values, also in graphs of the same model for inputs of other
 * shapes, in which a weight that depends on these shapes gets another name.
 *
 * <p>A layout that repeats elements is not folded, only what it repeats: it is local at every
 * party, and larger constants and weights would have to be sent and kept.
 */
public final class ConstantFolding implements Rewrite {
  private static final int HASH_BYTES = 8;

  @Override
  public Graph apply(Graph graph) {
    return new Folding(graph).run();
  }

  /** One run over one graph. */
  private static final class Folding {
    private final Graph graph;
    private final GraphCopy copy;
    private final boolean[] parametric;
    private final boolean[] fromWeights;
    private final Map<Integer, String> expressions = new HashMap<>();
    private final Map<Integer, PublicTensor> values = new HashMap<>();
    private final Map<String, Integer> made = new HashMap<>();

    Folding(Graph graph) {
      this.graph = graph;
      copy = new GraphCopy(graph);
      parametric = new boolean[graph.valueCount()];
      fromWeights = new boolean[graph.valueCount()];
    }

    Graph run() {
      for (int id = graph.inputs().size(); id < graph.firstNode(); id++) {
        parametric[id] = true;
        fromWeights[id] = graph.weight(id) != null;
      }
      for (Node node : graph.nodes()) {
        parametric[node.id()] = node.inputs().stream().allMatch(id -> parametric[id]);
        fromWeights[node.id()] = node.inputs().stream().anyMatch(id -> fromWeights[id]);
      }
      boolean[] wanted = wanted();
      for (Node node : graph.nodes()) {
        if (wanted[node.id()]) {
          copy.replace(node, fromWeights[node.id()] ? weight(node) : constant(node));
        } else {
          copy.keep(node);
        }
      }
      return new DeadCode().apply(copy.finish());
    }

    /** The parametric nodes that something else than a folded node reads. */
    private boolean[] wanted() {
      boolean[] wanted = new boolean[graph.valueCount()];
      boolean[] kept = new boolean[graph.valueCount()];
      graph.outputs().forEach(id -> kept[id] = true);
      for (int i = graph.nodes().size() - 1; i >= 0; i--) {
        Node node = graph.nodes().get(i);
        boolean folded = parametric[node.id()] && isWorthFolding(node);
        if (folded && kept[node.id()]) {
          wanted[node.id()] = true;
        } else if (!parametric[node.id()] || kept[node.id()]) {
          node.inputs().forEach(id -> kept[id] = true);
        }
      }
      return wanted;
    }

    private boolean isWorthFolding(Node node) {
      if (fromWeights[node.id()] && !graph.type(node.id()).dataType().isFloating()) {
        return false; // weights are shared as real numbers
      }
      return !(node.op() instanceof Op.Rearrange)
          || graph.type(node.id()).shape().size()
              <= graph.type(node.inputs().get(0)).shape().size();
    }

    private int constant(Node node) {
      return made.computeIfAbsent(
          expression(node.id()),
          key -> copy.builder().constant(Objects.requireNonNull(value(node.id()))));
    }

    private int weight(Node node) {
      String name = source(node.id()) + "~" + hash(expression(node.id()));
      Integer known = made.get(name);
      if (known != null) {
        return known;
      }
      // a weight of this name was made like this one, when the graph was folded before
      int id = copy.builder().weightNamed(name);
      if (id < 0) {
        id = copy.builder().weight(new Graph.Weight(name, graph.type(node.id()), value(node.id())));
      }
      made.put(name, id);
      return id;
    }

    /** The name of the first weight that a value comes from, without the hash of a folded one. */
    private String source(int id) {
      Graph.Weight weight = graph.weight(id);
      if (weight != null) {
        int end = weight.name().length() - 2 * HASH_BYTES - 1;
        return end > 0 && weight.name().charAt(end) == '~'
            ? weight.name().substring(0, end)
            : weight.name();
      }
      Node node = Objects.requireNonNull(graph.node(id));
      int first = node.inputs().stream().filter(i -> fromWeights[i]).findFirst().orElseThrow();
      return source(first);
    }

    /** How a value is computed, as text: equal for equal computations. */
    private String expression(int id) {
      String known = expressions.get(id);
      if (known != null) {
        return known;
      }
      String expression;
      Graph.Weight weight = graph.weight(id);
      PublicTensor constant = graph.constant(id);
      if (weight != null) {
        expression = "weight " + weight.name() + " " + weight.type();
      } else if (constant != null) {
        EncodingWriter out = new EncodingWriter();
        out.tensor(constant);
        expression = "constant " + hash(out.bytes());
      } else {
        Node node = Objects.requireNonNull(graph.node(id));
        EncodingWriter out = new EncodingWriter();
        OpEncoding.write(node.op(), out);
        List<String> parts = new ArrayList<>();
        parts.add(hash(out.bytes()));
        node.inputs().forEach(input -> parts.add(hash(expression(input))));
        expression = String.join(" ", parts);
      }
      expressions.put(id, expression);
      return expression;
    }

    /** The value, or null where a weight has none. */
    private @Nullable PublicTensor value(int id) {
      Graph.Weight weight = graph.weight(id);
      if (weight != null) {
        return weight.value();
      }
      PublicTensor constant = graph.constant(id);
      if (constant != null) {
        return constant;
      }
      PublicTensor known = values.get(id);
      if (known != null) {
        return known;
      }
      Node node = Objects.requireNonNull(graph.node(id));
      List<PublicTensor> arguments = new ArrayList<>();
      for (int input : node.inputs()) {
        PublicTensor argument = value(input);
        if (argument == null) {
          return null;
        }
        arguments.add(argument);
      }
      PublicTensor value = node.apply(new PublicOperators(), arguments);
      values.put(id, value);
      return value;
    }

    private static String hash(String text) {
      return hash(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String hash(byte[] bytes) {
      try {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
        return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
      } catch (NoSuchAlgorithmException e) {
        throw new MpcException(
            ErrorCode.INTERNAL, "This JVM has no SHA-256.", "Use a complete Java runtime.", e);
      }
    }
  }
}
