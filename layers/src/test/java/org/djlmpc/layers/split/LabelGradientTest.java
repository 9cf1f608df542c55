package org.djlmpc.layers.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Set;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.NetworkOptions;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.memory.MemoryNetwork;
import org.junit.jupiter.api.Test;

class LabelGradientTest {
  private static final SplitPlan PLAN = SplitTrainingTest.plan(2, 1, UpdateRule.sgd(0.1f));
  private static final Step STEP = new Step(0, 4);
  private static final float[] DZ = {0.5f, -0.25f, 0, 0.125f};

  /**
   * The last layer with all weights and all labels turned around has the same gradients for hL. So
   * they do not tell which of the two classes is which, and the factors must not, either.
   */
  @Test
  void theServerSeesTheSameForBothClasses() {
    try (LabelLayer layer = new LabelLayer(PLAN, 1L)) {
      RecordingNetwork.Message message = send(layer, DZ.clone());
      float[] turned = DZ.clone();
      negate(turned);
      negate(layer.weights());
      assertThat(send(layer, turned).payload()).isEqualTo(message.payload());
    }
  }

  private static void negate(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = 0 - values[i];
    }
  }

  /** Sends a gradient, after a look at what arrives. */
  private static RecordingNetwork.Message send(LabelLayer layer, float[] dz) {
    PartyId labelHolder = PLAN.roles().labelParty();
    Map<PartyId, Network> networks =
        MemoryNetwork.create(Set.of(Roles.SERVER, labelHolder), NetworkOptions.DEFAULT);
    var server = new RecordingNetwork(networks.get(Roles.SERVER));
    try (GaussianNoise noise = new GaussianNoise()) {
      LabelGradient.send(
          PLAN, networks.get(labelHolder).channel(Roles.SERVER, 1), STEP, layer, dz, noise);
      float[] g = LabelGradient.receive(PLAN, server.channel(labelHolder, 1), STEP);
      assertThat(g).containsExactly(layer.backward(dz), within(1e-7f));
      return server.received().get(0);
    } finally {
      networks.values().forEach(Network::close);
    }
  }
}
