package org.djlmpc.cli;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.djlmpc.graph.DjlOperators;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.layers.networks.Network;

/**
 * The same work in plaintext, on DJL's PyTorch engine with one thread.
 *
 * @param seconds best of three runs after one to warm up
 * @param outputs of an inference
 */
record Plaintext(double seconds, List<PublicTensor> outputs) {

  static Plaintext measure(JobSpec spec) {
    if (spec.kind() != JobSpec.Kind.INFER) {
      return new Plaintext(PlainOperator.seconds(spec), List.of());
    }
    InferJob job = new InferJob(spec);
    Optional<Network> network = ModelSource.named(spec.model()).network();
    return network.isPresent()
        ? ofBlock(network.get(), job.inputs())
        : ofGraph(job.imported(), job.inputs());
  }

  /** DJL runs the network itself: a reference that shares nothing with the graph. */
  static Plaintext ofBlock(Network network, List<PublicTensor> inputs) {
    try (Model model = ModelSource.model(network)) {
      List<PublicTensor> outputs = forward(model, inputs);
      return new Plaintext(PlainOperator.best(() -> forward(model, inputs)), outputs);
    }
  }

  private static List<PublicTensor> forward(Model model, List<PublicTensor> inputs) {
    try (NDManager manager = model.getNDManager().newSubManager()) {
      NDList arguments = new NDList();
      inputs.forEach(
          input ->
              arguments.add(manager.create(input.toByteBuffer(), input.shape(), input.dataType())));
      NDList outputs =
          model.getBlock().forward(new ParameterStore(manager, false), arguments, false);
      List<PublicTensor> values = new ArrayList<>();
      outputs.forEach(output -> values.add(DjlOperators.toPublic(output)));
      return values;
    }
  }

  /** The operators of an imported model, one by one. */
  static Plaintext ofGraph(Graph graph, List<PublicTensor> inputs) {
    try (PlainGraph plain = new PlainGraph(graph)) {
      List<PublicTensor> outputs = plain.run(inputs);
      return new Plaintext(PlainOperator.best(() -> plain.run(inputs)), outputs);
    }
  }
}
