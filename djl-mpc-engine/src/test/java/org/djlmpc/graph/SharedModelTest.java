package org.djlmpc.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.djlmpc.protocol.AdditiveShare;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.ThreadedParties;
import org.djlmpc.protocol.ariann.Ariann;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.Test;

/** Sharing a model's weights, and withdrawing them. */
class SharedModelTest {
  private static final Duration TIME = Duration.ofMinutes(3);

  private static Graph graph() {
    Tracer tracer = new Tracer();
    Random random = new Random(5);
    Traced x = tracer.input("x", new Shape(2, 3), DataType.FLOAT32);
    Traced w = tracer.weight("w", Oracle.random(random, DataType.FLOAT32, 4, 3));
    Traced b = tracer.weight("b", Oracle.random(random, DataType.FLOAT32, 4));
    return tracer.finish(List.of(tracer.operators().linear(x, w, b)));
  }

  @Test
  void aClosedModelIsErased() {
    Graph graph = graph();
    for (WeightMode mode : WeightMode.values()) {
      try (var parties = ThreadedParties.start(Ariann.ARIANN, PartyOptions.DEFAULT)) {
        var models =
            parties
                .submit(
                    (request, suite) -> SharedModel.share(request, suite, graph, PartyId.P0, mode))
                .await(TIME);
        List<RingTensor> secrets = List.of(secret(models.p0(), "w"), secret(models.p0(), "b"));
        assertThat(secrets).noneMatch(SharedModelTest::erased);
        models.p0().close();
        models.p1().close();
        assertThat(secrets).allMatch(SharedModelTest::erased);
        assertThat(List.of(secret(models.p1(), "w"), secret(models.p1(), "b")))
            .allMatch(SharedModelTest::erased);
      }
    }
  }

  private static RingTensor secret(SharedModel model, String name) {
    if (model.weights().get(name) instanceof Operand.Secret secret
        && secret.share() instanceof AdditiveShare share) {
      return share.value();
    }
    throw new AssertionError(name + " is no secret");
  }

  private static boolean erased(RingTensor tensor) {
    for (int i = 0; i < tensor.size(); i++) {
      if (tensor.getLong(i) != 0) {
        return false;
      }
    }
    return true;
  }
}
