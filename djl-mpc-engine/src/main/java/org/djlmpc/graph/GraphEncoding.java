package org.djlmpc.graph;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;

/**
 * The one binary form of an architecture, big-endian: magic and version; inputs and weights as
 * (name, type); constants as (type, little-endian elements); nodes as (operator, attributes,
 * inputs, place, precision); outputs. Names of enum constants stand for enums, so that a new
 * constant does not renumber the others.
 *
 * <p>Every graph has exactly one encoding: {@link #decode} refuses bytes that it would not write
 * itself. Nothing is allocated for a count that the remaining bytes could not hold.
 */
final class GraphEncoding {
  /** "MPCG". */
  private static final int MAGIC = 0x4D504347;

  private static final int VERSION = 3;

  /** No architecture comes near; constants are small. */
  private static final int MAX_BYTES = 1 << 26;

  private GraphEncoding() {}

  static byte[] encode(Graph graph) {
    byte[] bytes = write(graph, true);
    if (bytes.length > MAX_BYTES) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "The architecture takes " + bytes.length + " bytes, " + MAX_BYTES + " are allowed.",
          "Make large constants weights.");
    }
    return bytes;
  }

  /** Without the places, which are labels only. */
  static String hash(Graph graph) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(write(graph, false));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static byte[] write(Graph graph, boolean withPlaces) {
    EncodingWriter out = new EncodingWriter();
    out.int32(MAGIC);
    out.int32(VERSION);
    out.int32(graph.inputs().size());
    for (Graph.Input input : graph.inputs()) {
      out.text(input.name());
      out.type(input.type());
    }
    out.int32(graph.weights().size());
    for (Graph.Weight weight : graph.weights()) {
      out.text(weight.name());
      out.type(weight.type());
    }
    out.int32(graph.constants().size());
    graph.constants().forEach(out::tensor);
    out.int32(graph.nodes().size());
    for (Node node : graph.nodes()) {
      OpEncoding.write(node.op(), out);
      out.integers(node.inputs());
      out.text(withPlaces ? node.place() : "");
      out.precision(node.precision());
    }
    out.integers(graph.outputs());
    return out.bytes();
  }

  static Graph decode(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      throw malformed("it is " + bytes.length + " bytes long", null);
    }
    Graph graph;
    try {
      graph = read(new EncodingReader(ByteBuffer.wrap(bytes)));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw malformed("it ends too early or names something unknown", e);
    } catch (ArithmeticException e) {
      throw Shapes.overflow(e);
    }
    if (!Arrays.equals(bytes, write(graph, true))) {
      throw malformed("it is not in canonical form", null);
    }
    return graph;
  }

  private static Graph read(EncodingReader in) {
    if (in.int32() != MAGIC || in.int32() != VERSION) {
      throw malformed("it is no architecture of this version", null);
    }
    List<Graph.Input> inputs = new ArrayList<>();
    for (int i = in.count(); i > 0; i--) {
      inputs.add(new Graph.Input(in.text(), in.type()));
    }
    List<Graph.Weight> weights = new ArrayList<>();
    for (int i = in.count(); i > 0; i--) {
      weights.add(new Graph.Weight(in.text(), in.type(), null));
    }
    List<PublicTensor> constants = new ArrayList<>();
    for (int i = in.count(); i > 0; i--) {
      constants.add(in.tensor());
    }
    int first = inputs.size() + weights.size() + constants.size();
    List<Node> nodes = new ArrayList<>();
    for (int i = in.count(); i > 0; i--) {
      int id = first + nodes.size();
      nodes.add(new Node(id, OpEncoding.read(in), in.integers(), in.text(), in.precision()));
    }
    return new Graph(inputs, weights, constants, nodes, in.integers());
  }

  static MpcException malformed(String why, @Nullable Throwable cause) {
    return new MpcException(
        ErrorCode.MALFORMED_MODEL,
        "The encoded graph cannot be read: " + why + ".",
        "Run the same version at all parties.",
        cause);
  }
}
