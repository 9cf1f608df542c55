package org.djlmpc.graph;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * What makes a model this model, whatever the shapes of its inputs: for files that belong to it.
 *
 * @param architecture SHA-256 of operators, attributes, connections, and names and types of
 *     weights; of rearrangements, whose lengths may depend on the batch, only the kind counts
 * @param weights SHA-256 of the weights' values
 */
public record ModelHash(String architecture, String weights) {
  /** The hash of a graph. */
  static ModelHash of(Graph graph) {
    MessageDigest weights = sha256();
    for (Graph.Weight weight : graph.weights()) {
      PublicTensor value = weight.value();
      if (value == null) {
        throw new MpcException(
            ErrorCode.WEIGHTS_MISSING,
            "The weight " + weight.name() + " has no value.",
            "Load the model's weights before it is calibrated.");
      }
      weights.update(value.toByteBuffer());
    }
    return new ModelHash(architecture(graph), HexFormat.of().formatHex(weights.digest()));
  }

  /** The hash of the architecture alone. */
  static String architecture(Graph graph) {
    EncodingWriter out = new EncodingWriter();
    out.int32(graph.inputs().size());
    for (Graph.Weight weight : graph.weights()) {
      out.text(weight.name());
      out.type(weight.type());
    }
    out.int32(graph.constants().size());
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Op.Rearrange rearrange) {
        out.text(rearrange.layout().getClass().getSimpleName());
      } else {
        OpEncoding.write(node.op(), out);
      }
      out.integers(node.inputs());
    }
    out.integers(graph.outputs());
    return HexFormat.of().formatHex(sha256().digest(out.bytes()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
