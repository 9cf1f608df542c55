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
import org.djlmpc.protocol.Share;
import org.djlmpc.protocol.ShareHolder;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Request;
import org.djlmpc.session.Statistics;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * Private inference: P0 owns the network, P1 the images and the answers. The architecture is
 * public: P0 tells it to P1.
 *
 * <p>Networks for Fashion-MNIST are trained ones, on real images while there are enough of them;
 * larger batches have random images. Other networks have random weights and images, from fixed
 * seeds.
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

  private boolean isTrained() {
    return TrainedNetworks.networks().contains(network);
  }

  /** Images in [0, 1]: what the data owner has. */
  float[] images() {
    if (isTrained() && spec.batch() <= FashionMnist.testSample().size()) {
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
    return isTrained()
        ? TrainedNetworks.load(network, PLAINTEXT_ENGINE)
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
    boolean dataOwner = holder.session().self() == PartyId.P1;
    FixedPoint fixedPoint = new FixedPoint(spec.ring(), spec.fractionBits());
    // before any request: what is wrong with the images is nobody else's business
    RingTensor images = dataOwner ? fixedPoint.encode(images(), inputShape()) : null;
    try (Shared shared = share(holder)) {
      progress.begin(spec.repeat() * (shared.graph.nodes().size() + 2));
      List<JobResult> results = new ArrayList<>();
      for (int i = 0; i < spec.repeat(); i++) {
        results.add(infer(holder, 2L + i, shared, fixedPoint, images, progress));
      }
      return results;
    } finally {
      if (images != null) {
        images.close();
      }
    }
  }

  /** The network at both parties, and what it cost to get it there. */
  private record Shared(Graph graph, SharedModel model, Statistics cost) implements AutoCloseable {
    @Override
    public void close() {
      model.close();
    }
  }

  private Shared share(ShareHolder holder) {
    if (holder.session().self() != PartyId.P0) {
      return share(holder, null);
    }
    Graph graph;
    try (Model model = model()) {
      graph = graph(model);
    }
    return share(holder, graph);
  }

  private Shared share(ShareHolder holder, @Nullable Graph own) {
    return holder.run(
        1,
        (request, suite) -> {
          byte[] architecture =
              request.publish(PartyId.P0, own == null ? null : own.withoutWeights().encode());
          Graph graph = own == null ? Graph.decode(architecture) : own;
          SharedModel model = SharedModel.share(request, suite, graph, PartyId.P0, spec.mode());
          return new Shared(graph.withoutWeights(), model, request.statistics());
        });
  }

  private JobResult infer(
      ShareHolder holder,
      long number,
      Shared shared,
      FixedPoint fixedPoint,
      @Nullable RingTensor images,
      Progress progress) {
    return holder.run(
        number,
        (request, suite) -> {
          Steps steps = new Steps(request, progress);
          return new PrivateInference(suite, shared.graph, shared.model)
              .run(
                  request,
                  protocol -> {
                    steps.done("keys");
                    return List.of(
                        protocol.input(PartyId.P1, inputShape(), spec.fractionBits(), images));
                  },
                  (protocol, result) -> {
                    float[] outputs = reveal(protocol, fixedPoint, result);
                    steps.done("reveal");
                    return new JobResult(
                        shared.cost,
                        request.statistics(),
                        result.layers().stream()
                            .map(layer -> new JobResult.Layer(layer.node().label(), layer.cost()))
                            .toList(),
                        JobResult.keyBytes(request, suite),
                        outputs,
                        0,
                        0);
                  },
                  steps);
        });
  }

  private static float[] reveal(
      Protocol protocol, FixedPoint fixedPoint, PrivateInference.Result result) {
    Share output = result.outputs().get(0);
    RingTensor values =
        protocol.reveal(output, Set.of(PartyId.P1), "logits for the owner of the images");
    return values == null ? new float[0] : fixedPoint.decodeFloats(values, output.scale());
  }

  /** Tells how many bytes each step moved. */
  private static final class Steps implements EvaluationListener<Operand> {
    private final Request request;
    private final Progress progress;
    private long before;

    Steps(Request request, Progress progress) {
      this.request = request;
      this.progress = progress;
    }

    @Override
    public void finished(Node node, Operand output) {
      done(node.label());
    }

    void done(String label) {
      Statistics now = request.statistics();
      long moved = now.onlineBytesSent() + now.onlineBytesReceived();
      progress.step(label, moved - before);
      before = moved;
    }
  }
}
