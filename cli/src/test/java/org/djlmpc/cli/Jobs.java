package org.djlmpc.cli;

import java.util.List;
import org.djlmpc.graph.Plan;
import org.djlmpc.graph.WeightMode;
import org.djlmpc.layers.networks.Network;
import org.djlmpc.preprocessing.KeyWindow;
import org.djlmpc.protocol.Rounds;
import org.djlmpc.transport.PartyId;

/** Jobs for tests. */
final class Jobs {
  private Jobs() {}

  static JobSpec inference(String model, int batch) {
    return spec(
        JobSpec.Kind.INFER,
        1,
        model,
        List.of(JobSpec.Input.of("", Network.byName(model).inputShape(batch))),
        WeightMode.SHARED,
        1);
  }

  static JobSpec relu(int size, int repeat) {
    return spec(JobSpec.Kind.RELU, size, "", List.of(), WeightMode.SHARED, repeat);
  }

  static JobSpec planned(String model, List<JobSpec.Input> inputs, WeightMode mode) {
    return spec(JobSpec.Kind.INFER, 1, model, inputs, mode, 1);
  }

  private static JobSpec spec(
      JobSpec.Kind kind,
      int size,
      String model,
      List<JobSpec.Input> inputs,
      WeightMode mode,
      int repeat) {
    return new JobSpec(
        kind,
        "ariann",
        "exact",
        0,
        0,
        Rounds.BYTES,
        64,
        16,
        size,
        model,
        inputs.isEmpty() ? 1 : inputs.get(0).lengths().get(0).intValue(),
        "",
        inputs,
        "ignore",
        false,
        mode,
        repeat,
        0,
        0,
        300,
        KeyWindow.of(300L << 20));
  }

  static Plan plan(JobSpec spec) {
    return Plan.of(
        new InferJob(spec).graph(),
        spec.suite(),
        spec.ring(),
        spec.fractionBits(),
        PartyId.P0,
        spec.mode());
  }
}
