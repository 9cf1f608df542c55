package org.djlmpc.cli;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.djlmpc.cli.numpy.NumpyFile;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.graph.EvaluationListener;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.Node;
import org.djlmpc.graph.Operand;
import org.djlmpc.graph.PrivateInference;
import org.djlmpc.graph.PublicTensor;
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
 * Private inference: P0 owns the model, P1 the inputs and the answers. The architecture is public:
 * P0 tells it to P1, who never reads the model.
 *
 * <p>The inputs are in a file, or made up: for trained networks real Fashion-MNIST images while
 * there are enough of them, else random images from a fixed seed.
 */
final class InferJob implements Job {
  private static final String REASON = "outputs for the owner of the inputs";
  private static final long IMAGES_SEED = 8;

  private final JobSpec spec;
  private final @Nullable Graph given;
  private boolean outOfRange;

  InferJob(JobSpec spec) {
    this(spec, null);
  }

  /** A job on a graph at hand, with zeros as inputs. */
  InferJob(JobSpec spec, @Nullable Graph given) {
    this.spec = spec;
    this.given = given;
  }

  /** What the data owner has: FLOAT32 arrays in the model's order. */
  List<PublicTensor> inputs() {
    if (given != null) {
      return given.inputs().stream()
          .map(input -> PublicTensor.zeros(input.type().shape(), input.type().dataType()))
          .toList();
    }
    return spec.data().isEmpty()
        ? List.of(PublicTensor.of(images(), inputShape()))
        : read(NumpyFile.read(Path.of(spec.data())), spec.inputs());
  }

  private static List<PublicTensor> read(
      Map<String, PublicTensor> arrays, List<JobSpec.Input> inputs) {
    List<PublicTensor> values = new ArrayList<>();
    for (JobSpec.Input input : inputs) {
      PublicTensor array = arrays.get(input.array());
      if (array == null || !array.shape().equals(input.toShape())) {
        throw new MpcException(
            ErrorCode.DATA_FILE,
            "The file of inputs has changed.",
            "Leave it alone while the command runs.");
      }
      values.add(array.cast(DataType.FLOAT32));
    }
    return values;
  }

  /** Images in [0, 1]. */
  private float[] images() {
    FashionMnist sample = FashionMnist.testSample();
    Network network = Network.byName(spec.model());
    boolean real =
        spec.batch() <= sample.size()
            && network.inputShape(spec.batch()).equals(inputShape())
            && TrainedNetworks.networks().contains(network);
    if (real) {
      return sample.pixels(0, spec.batch());
    }
    SplittableRandom random = new SplittableRandom(IMAGES_SEED);
    float[] pixels = new float[(int) inputShape().size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextDouble();
    }
    return pixels;
  }

  private Shape inputShape() {
    return spec.inputs().get(0).toShape();
  }

  /** The graph as it was imported, with weights: what the model owner has. */
  Graph imported() {
    return ModelSource.named(spec.model()).graph(spec.inputTypes());
  }

  /** The rewritten graph, with weights. */
  Graph graph() {
    return given == null ? ModelCalibration.rewritten(imported(), spec) : given;
  }

  @Override
  public List<JobResult> run(ShareHolder holder, Progress progress) {
    FixedPoint fixedPoint = new FixedPoint(spec.ring(), spec.fractionBits());
    // before any request: what is wrong with the inputs is nobody else's business
    List<RingTensor> inputs =
        holder.session().self() == PartyId.P1 ? encoded(fixedPoint) : List.of();
    try (Shared shared = share(holder)) {
      progress.begin(spec.repeat() * (shared.graph.nodes().size() + 2));
      List<JobResult> results = new ArrayList<>();
      for (int i = 0; i < spec.repeat(); i++) {
        results.add(infer(holder, 2L + i, shared, fixedPoint, inputs, progress));
        if (outOfRange) {
          // after the request: the other party does not learn it
          throw PrivateInference.outOfRange();
        }
      }
      return results;
    } finally {
      inputs.forEach(RingTensor::close);
    }
  }

  private List<RingTensor> encoded(FixedPoint fixedPoint) {
    List<RingTensor> encoded = new ArrayList<>();
    for (PublicTensor input : inputs()) {
      encoded.add(fixedPoint.encode(input.floats(), input.shape()));
    }
    return encoded;
  }

  /** The network at both parties, and what it cost to get it there. */
  private record Shared(Graph graph, SharedModel model, Statistics cost) implements AutoCloseable {
    @Override
    public void close() {
      model.close();
    }
  }

  private Shared share(ShareHolder holder) {
    return share(holder, holder.session().self() == PartyId.P0 ? graph() : null);
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
      List<RingTensor> inputs,
      Progress progress) {
    return holder.run(
        number,
        (request, suite) -> {
          Steps steps = new Steps(request, progress);
          PrivateInference inference = new PrivateInference(suite, shared.graph, shared.model);
          return (spec.checkRange() ? inference.checkingRanges() : inference)
              .run(
                  request,
                  protocol -> {
                    steps.done("keys");
                    return shares(protocol, inputs);
                  },
                  PartyId.P1 + ": " + REASON,
                  (protocol, result) -> {
                    List<JobResult.Output> outputs = reveal(protocol, fixedPoint, result);
                    outOfRange = revealRange(protocol, result.outOfRange());
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

  private static boolean revealRange(Protocol protocol, @Nullable Share outside) {
    RingTensor bit =
        outside == null
            ? null
            : protocol.reveal(
                outside, Set.of(PartyId.P1), "whether a value left its calibrated range");
    return bit != null && bit.getLong(0) != 0;
  }

  private List<Share> shares(Protocol protocol, List<RingTensor> own) {
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < spec.inputs().size(); i++) {
      shares.add(
          protocol.input(
              PartyId.P1,
              spec.inputs().get(i).toShape(),
              spec.fractionBits(),
              own.isEmpty() ? null : own.get(i)));
    }
    return shares;
  }

  private static List<JobResult.Output> reveal(
      Protocol protocol, FixedPoint fixedPoint, PrivateInference.Result result) {
    List<JobResult.Output> outputs = new ArrayList<>();
    for (Share output : result.outputs()) {
      RingTensor values = protocol.reveal(output, Set.of(PartyId.P1), REASON);
      if (values != null) {
        outputs.add(
            JobResult.Output.of(values.shape(), fixedPoint.decodeFloats(values, output.scale())));
      }
    }
    return outputs;
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
