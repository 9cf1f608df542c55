package org.djlmpc.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Random;
import org.djlmpc.protocol.Cost;
import org.djlmpc.protocol.ariann.Ariann;
import org.djlmpc.ring.Ring;
import org.djlmpc.transport.PartyId;

/** What holds for every rewrite, and what a graph costs. */
final class RewriteCheck {
  private RewriteCheck() {}

  /**
   * The rewritten graph, after the check that it computes the same in plaintext and that a party
   * without the weights reaches the same architecture.
   */
  static Graph rewritten(Rewrite rewrite, Graph graph) {
    Graph after = rewrite.apply(graph);
    Random random = new Random(7);
    for (int run = 0; run < 3; run++) {
      List<PublicTensor> inputs =
          graph.inputs().stream()
              .map(in -> Oracle.random(random, DataType.FLOAT32, in.type().shape().getShape()))
              .toList();
      List<PublicTensor> expected = graph.evaluate(new PublicOperators(), inputs);
      List<PublicTensor> actual = after.evaluate(new PublicOperators(), inputs);
      for (int i = 0; i < expected.size(); i++) {
        Oracle.assertClose("output " + i, actual.get(i), expected.get(i), 1e-4);
      }
    }
    assertThat(rewrite.apply(graph.withoutWeights()).hash()).isEqualTo(after.hash());
    assertThat(after.outputTypes()).isEqualTo(graph.outputTypes());
    return after;
  }

  /** The result of all rewrites, after the same checks and that it does not change again. */
  static Graph rewritten(Graph graph) {
    Graph after = rewritten(Rewrites::apply, graph);
    assertThat(Rewrites.apply(after).hash()).isEqualTo(after.hash());
    return after;
  }

  static Cost cost(Graph graph) {
    return Plan.of(graph, Ariann.ARIANN, Ring.Z64, 16, PartyId.P0, WeightMode.SHARED).total();
  }

  static List<String> operators(Graph graph) {
    return graph.nodes().stream().map(node -> node.op().name()).toList();
  }
}
