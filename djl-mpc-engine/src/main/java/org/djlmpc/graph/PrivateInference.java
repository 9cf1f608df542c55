package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.preprocessing.OperationCodec;
import org.djlmpc.preprocessing.Prepared;
import org.djlmpc.preprocessing.Preprocessing.KeyCost;
import org.djlmpc.protocol.PlanLog;
import org.djlmpc.protocol.Precision;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.protocol.SecretMath;
import org.djlmpc.protocol.Share;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Request;
import org.djlmpc.session.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * Runs a graph on a shared model at one share holder: plans it, announces all its operations,
 * prepares keys, agrees with the other share holder that both run the same, then computes.
 */
public final class PrivateInference {
  private final ProtocolSuite suite;
  private final Graph graph;
  private final SharedModel model;
  private final boolean checksRanges;

  /**
   * A graph with its shared weights.
   *
   * @param graph the rewritten architecture for one shape of inputs, the same at both share holders
   */
  public PrivateInference(ProtocolSuite suite, Graph graph, SharedModel model) {
    this(suite, graph, model, false);
  }

  private PrivateInference(
      ProtocolSuite suite, Graph graph, SharedModel model, boolean checksRanges) {
    this.suite = suite;
    this.graph = graph;
    this.model = model;
    this.checksRanges = checksRanges;
  }

  /**
   * The same, which also finds out whether any value leaves the bound that its operator's {@code
   * Precision} states, as {@link Result#outOfRange}. Both share holders do or neither does. It
   * takes a range gate over the whole ring for each element, and two rounds more for each such
   * operator; and openings of all bits, because those of fewer would hide how far a value is off.
   */
  public PrivateInference checkingRanges() {
    return new PrivateInference(suite, graph.withWireBits(Precision.SESSION), model, true);
  }

  /**
   * What a run gives to one share holder.
   *
   * @param outputs shares of the outputs, whose bits beyond the protocol's fraction bits are noise;
   *     who uses them closes them
   * @param layers what each node cost this party
   * @param total what everything cost this party
   * @param outOfRange one element, 1 if any value left its bound and the outputs are wrong, else 0:
   *     for who may learn the outputs; null if ranges are not checked, or no operator has a bound
   */
  public record Result(
      List<Share> outputs, List<LayerCost> layers, Statistics total, @Nullable Share outOfRange) {}

  /** What to throw where {@link Result#outOfRange} turns out to be 1. */
  public static MpcException outOfRange() {
    return new MpcException(
        ErrorCode.OUT_OF_RANGE,
        "A value left the range that its layer's comparisons allow, so the outputs would be wrong.",
        "Calibrate the model with samples like this input or with a larger margin, or run it"
            + " without calibration.");
  }

  /**
   * What one node cost.
   *
   * @param node the node
   * @param cost this party's cost, with the keys that the node used, whenever they came
   */
  public record LayerCost(Node node, Statistics cost) {}

  /**
   * Shares the inputs and returns them as operands; called by {@link #run} once the protocol is
   * bound.
   */
  @FunctionalInterface
  public interface InputSharing {
    /** Shares of the inputs, in the graph's order; the run closes them. */
    List<Share> share(Protocol protocol);
  }

  /** The outputs' shares are handed to {@code reveal}, inside the request. */
  @FunctionalInterface
  public interface OutputUse<T> {
    /** Uses the result, for instance by revealing it. */
    T use(Protocol protocol, Result result);
  }

  /**
   * Runs one request.
   *
   * @param disclosure who learns the outputs, and why: both parties must say the same, or nothing
   *     is opened
   * @param progress told after each node, on this thread
   */
  public <T> T run(
      Request request,
      InputSharing inputs,
      String disclosure,
      OutputUse<T> use,
      EvaluationListener<Operand> progress) {
    List<Prepared<?>> program = plan(request);
    request.start(fingerprint(program, disclosure), program);
    request.online();
    Protocol protocol = suite.bind(request);
    SecretOperators operators = new SecretOperators(protocol);
    List<Operand> operands = new ArrayList<>();
    for (Share share : inputs.share(protocol)) {
      operands.add(new Operand.Secret(share, DataType.FLOAT32));
    }
    RangeChecks checks = checksRanges ? new RangeChecks(operators.math()) : null;
    var listener = new Layers(request, progress, checks);
    Share outside;
    List<Share> outputs = new ArrayList<>();
    try {
      List<Operand> values = graph.evaluate(operators, operands, model.weights(), listener);
      operands.addAll(values);
      for (Operand value : values) {
        // its own share, because an output may also be an input, a weight or another output
        outputs.add(output(operators.math(), value));
      }
      outside = checks == null ? null : checks.outside();
    } catch (RuntimeException | Error e) {
      outputs.forEach(Share::close);
      throw e;
    } finally {
      operands.removeAll(model.weights().values());
      operands.forEach(listener::released);
    }
    return use.use(protocol, new Result(outputs, listener.costs, request.statistics(), outside));
  }

  /**
   * SHA-256 of the architecture, of every operation, and of who learns the outputs. Operations name
   * the masks of the weights, so other encodings of the weights, or other weight modes, give
   * another fingerprint.
   */
  private byte[] fingerprint(List<Prepared<?>> program, String disclosure) {
    MessageDigest hash = sha256();
    hash.update((suite.name() + graph.hash()).getBytes(StandardCharsets.US_ASCII));
    hash.update(sha256().digest(disclosure.getBytes(StandardCharsets.UTF_8)));
    return hash.digest(OperationCodec.encode(program.stream().map(Prepared::operation).toList()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new MpcException(
          ErrorCode.INTERNAL, "This JVM has no SHA-256.", "Use a complete Java runtime.", e);
    }
  }

  /** An output with the protocol's fraction bits; one that depends on no secret too. */
  private static Share output(SecretMath math, Operand output) {
    if (output instanceof Operand.Secret secret) {
      return math.revealable(secret.share());
    }
    PublicTensor known = ((Operand.Public) output).tensor();
    int scale = math.protocol().fractionBits();
    return math.protocol()
        .constant(math.fixedPoint().encode(known.doubles(), known.shape(), scale), scale);
  }

  /** The operations of this graph, by a run on absent inputs. */
  private List<Prepared<?>> plan(Request request) {
    PlanLog log = new PlanLog();
    var config = request.session().config();
    Protocol planner =
        suite.plan(request.self(), request.id(), config.ring(), config.fractionBits(), log);
    SecretOperators operators = new SecretOperators(planner);
    List<Operand> absent = new ArrayList<>();
    for (Graph.Input input : graph.inputs()) {
      absent.add(
          new Operand.Secret(
              planner.fromClient(
                  RingTensor.absent(config.ring(), input.type().shape()), config.fractionBits()),
              DataType.FLOAT32));
    }
    Map<String, Operand> weights = new HashMap<>();
    model
        .weights()
        .forEach(
            (name, weight) -> {
              if (weight instanceof Operand.Secret secret) {
                weights.put(
                    name, new Operand.Secret(planner.shadow(secret.share()), secret.dataType()));
              }
            });
    RangeChecks checks = checksRanges ? new RangeChecks(operators.math()) : null;
    EvaluationListener<Operand> listener = checks == null ? EvaluationListener.none() : checks;
    for (Operand output : graph.evaluate(operators, absent, weights, listener)) {
      output(operators.math(), output);
    }
    if (checks != null) {
      checks.outside();
    }
    return log.operations();
  }

  private static final class Layers implements EvaluationListener<Operand> {
    private final Request request;
    private final EvaluationListener<Operand> progress;
    private final @Nullable RangeChecks checks;
    private final List<LayerCost> costs = new ArrayList<>();
    private Statistics before;
    private KeyCost keysBefore;

    Layers(Request request, EvaluationListener<Operand> progress, @Nullable RangeChecks checks) {
      this.request = request;
      this.progress = progress;
      this.checks = checks;
      before = request.statistics();
      keysBefore = request.keysUsed();
    }

    @Override
    public void started(Node node, List<? extends Operand> arguments) {
      progress.started(node, arguments);
      if (checks != null) {
        checks.started(node, arguments);
      }
    }

    @Override
    public void finished(Node node, Operand output) {
      Statistics now = request.statistics();
      KeyCost keysNow = request.keysUsed();
      costs.add(new LayerCost(node, now.minus(before).withKeys(keysNow.minus(keysBefore))));
      before = now;
      keysBefore = keysNow;
      progress.finished(node, output);
    }

    @Override
    public void released(Operand value) {
      if (value instanceof Operand.Secret secret) {
        secret.share().close();
      }
    }
  }
}
