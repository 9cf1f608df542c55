package org.djlmpc.cli;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.djlmpc.engine.BlockTracer;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.graph.EvaluationListener;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.Node;
import org.djlmpc.graph.Operand;
import org.djlmpc.graph.PrivateInference;
import org.djlmpc.graph.Rewrites;
import org.djlmpc.graph.SharedModel;
import org.djlmpc.layers.networks.FashionMnist;
import org.djlmpc.layers.networks.Network;
import org.djlmpc.layers.networks.TrainedNetworks;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.ShareHolder;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * Private inference: P0 owns the network, P1 the images and the answers. The architecture is
 * public: P0 tells it to P1.
 *
 * <p>LeNet is the trained one, on real Fashion-MNIST images; other networks have random weights and
 * images from fixed seeds.
 */
final class InferJob implements Job {
  private static final long WEIGHTS_SEED = 7;
  private static final long IMAGES_SEED = 8;
  private static final String PLAINTEXT_ENGINE = "PyTorch";

  private final JobSpec spec;
  private final Network network;

  InferJob(JobSpec spec) {
    this.spec = spec;
    network = Network.byName(spec.model());
  }

  /** Images in [0, 1): what the data owner has. */
  float[] images() {
    if (network == Network.LENET && spec.batch() <= FashionMnist.testSample().size()) {
      return FashionMnist.testSample().pixels(0, spec.batch());
    }
    SplittableRandom random = new SplittableRandom(IMAGES_SEED);
    float[] pixels = new float[(int) inputShape().size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextDouble();
    }
    return pixels;
  }

  Shape inputShape() {
    return network.inputShape(spec.batch());
  }

  int classes() {
    return network.classes();
  }

  /** The network in clear: what the model owner has. The caller closes it. */
  Model model() {
    return network == Network.LENET
        ? TrainedNetworks.lenet(PLAINTEXT_ENGINE)
        : network.newModel(PLAINTEXT_ENGINE, WEIGHTS_SEED);
  }

  /** Outputs of the network in clear, on DJL's PyTorch engine. */
  float[] plaintext(Model model) {
    try (var manager = model.getNDManager().newSubManager()) {
      NDArray x = manager.create(images(), inputShape());
      return model
          .getBlock()
          .forward(new ParameterStore(manager, false), new NDList(x), false)
          .singletonOrThrow()
          .toFloatArray();
    }
  }

  /** The rewritten graph, with weights. */
  Graph graph(Model model) {
    return Rewrites.apply(BlockTracer.trace(model.getBlock(), inputShape()));
  }

  @Override
  public List<JobResult> run(ShareHolder holder, Progress progress) {
    PartyId self = holder.session().self();
    Prepared prepared;
    if (self == PartyId.P0) {
      try (Model model = model()) {
        prepared = share(holder, graph(model));
      }
    } else {
      prepared = share(holder, null);
    }
    List<JobResult> results = new ArrayList<>();
    try (SharedModel model = prepared.model) {
      for (int i = 0; i < spec.repeat(); i++) {
        results.add(infer(holder, 2L + i, prepared.graph, model, progress));
      }
    }
    return results;
  }

  private record Prepared(Graph graph, SharedModel model) {}

  private Prepared share(ShareHolder holder, @Nullable Graph own) {
    return holder.run(
        1,
        (request, suite) -> {
          byte[] architecture =
              request.publish(PartyId.P0, own == null ? null : own.withoutWeights().encode());
          Graph graph = own == null ? Graph.decode(architecture) : own;
          SharedModel model = SharedModel.share(request, suite, graph, PartyId.P0, spec.mode());
          return new Prepared(graph.withoutWeights(), model);
        });
  }

  private JobResult infer(
      ShareHolder holder, long number, Graph graph, SharedModel model, Progress progress) {
    boolean dataOwner = holder.session().self() == PartyId.P1;
    FixedPoint fixedPoint = new FixedPoint(spec.ring(), spec.fractionBits());
    // before the request: what is wrong with the images is nobody else's business
    RingTensor images = dataOwner ? fixedPoint.encode(images(), inputShape()) : null;
    return holder.run(
        number,
        (request, suite) -> {
          return new PrivateInference(suite, graph, model)
              .run(
                  request,
                  protocol ->
                      List.of(
                          protocol.input(PartyId.P1, inputShape(), spec.fractionBits(), images)),
                  (protocol, result) -> result(protocol, fixedPoint, result),
                  new EvaluationListener<Operand>() {
                    private long before;

                    @Override
                    public void finished(Node node, Operand output) {
                      long sent = request.statistics().onlineBytesSent();
                      progress.step(node.label(), graph.nodes().size(), sent - before);
                      before = sent;
                    }
                  });
        });
  }

  private static JobResult result(
      Protocol protocol, FixedPoint fixedPoint, PrivateInference.Result result) {
    var output = result.outputs().get(0);
    RingTensor values =
        protocol.reveal(output, Set.of(PartyId.P1), "logits for the owner of the images");
    float[] outputs =
        values == null ? new float[0] : fixedPoint.decodeFloats(values, output.scale());
    return new JobResult(
        result.total(),
        result.layers().stream()
            .map(layer -> new JobResult.Layer(layer.node().label(), layer.cost()))
            .toList(),
        result.total().offlineBytesReceived(),
        outputs,
        0,
        0);
  }
}
