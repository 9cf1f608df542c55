package org.djlmpc.engine;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.graph.Calibration;
import org.djlmpc.graph.EvaluationListener;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.Operand;
import org.djlmpc.graph.Plan;
import org.djlmpc.graph.PrivateInference;
import org.djlmpc.graph.SharedModel;
import org.djlmpc.graph.TensorType;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.protocol.Share;
import org.djlmpc.protocol.ShareHolder;
import org.djlmpc.protocol.ThreadedParties;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * A DJL model whose weights are secret between local parties, and the client that sends it secret
 * inputs.
 *
 * <p>P0 plays the owner of the model; the calling thread plays the client: it splits each batch
 * into two shares, one for each share holder, and adds the two parts of the result. The weights are
 * shared by the first request, as they are then, and stay; a model whose rewritten weights depend
 * on the shapes of its inputs shares them once for each of these shapes. Thread-safe; requests of
 * several threads run one after the other.
 */
public final class EncryptedModel implements AutoCloseable {
  private static final PartyId OWNER = PartyId.P0;
  private static final String CLIENT = "client";
  private static final String REASON = "output of the model";

  private final Model model; // a strong reference: DJL frees a native model when it is collected
  private final ModelGraphs graphs;
  private final ThreadedParties parties;
  private final ProtocolSuite suite;
  private final PartyOptions options;
  private final EncryptionOptions how;
  private final Client client;
  private final Map<List<TensorType>, Plan> plans = new ConcurrentHashMap<>();

  /** Held by the request that runs; guards {@link #weights}. */
  private final Semaphore turn = new Semaphore(1, true);

  /** One entry, unless rewrites made weights that depend on the shapes of the inputs. */
  private final Map<List<Graph.Weight>, Weights> weights = new HashMap<>();

  private ThreadedParties.@Nullable Running<?> running;
  private boolean closed;

  EncryptedModel(
      Model model, ThreadedParties parties, PartyOptions options, EncryptionOptions how) {
    this.model = requireOpen(model);
    this.parties = parties;
    this.options = options;
    this.how = how;
    suite = parties.holder(OWNER).suite();
    graphs = new ModelGraphs(model, calibration(how, options), suite.rounds());
    client = new Client(new FixedPoint(options.ring(), options.fractionBits()));
  }

  private static Model requireOpen(@Nullable Model model) {
    if (model == null) {
      throw new MpcException(
          ErrorCode.ARGUMENT, "There is no model to encrypt.", "Give a loaded model.");
    }
    if (!model.getNDManager().isOpen()) {
      throw new MpcException(
          ErrorCode.CLOSED,
          "The model " + model.getName() + " is closed.",
          "Load it again, and keep it open as long as its predictors.");
    }
    return model;
  }

  private static @Nullable Calibration calibration(EncryptionOptions how, PartyOptions options) {
    Calibration calibration = how.calibration();
    FixedPoint session = new FixedPoint(options.ring(), options.fractionBits());
    if (calibration != null && !calibration.fixedPoint().equals(session)) {
      throw new MpcException(
          ErrorCode.CALIBRATION,
          "The calibration is for "
              + describe(calibration.fixedPoint())
              + ", the parties have "
              + describe(session)
              + ".",
          "Give the parties the same, or calibrate the model for theirs.");
    }
    if (calibration == null && session.ring() == Ring.Z32) {
      throw new MpcException(
          ErrorCode.CALIBRATION,
          "The parties have "
              + describe(session)
              + ", where values of a model need not fit, and the model has no calibration.",
          "Calibrate the model for this ring, or use Ring.Z64.");
    }
    return calibration;
  }

  private static String describe(FixedPoint fixedPoint) {
    return "a ring of "
        + fixedPoint.ring().bits()
        + " bits and "
        + fixedPoint.fractionBits()
        + " fraction bits";
  }

  /**
   * Both parties' shares of the weights, erased when neither the model nor a request needs them.
   */
  private static final class Weights {
    private final ThreadedParties.Results<SharedModel> shares;
    private final AtomicInteger users = new AtomicInteger(1);

    Weights(ThreadedParties.Results<SharedModel> shares) {
      this.shares = shares;
    }

    void retain() {
      users.incrementAndGet();
    }

    void release() {
      if (users.decrementAndGet() == 0) {
        shares.p0().close();
        shares.p1().close();
      }
    }
  }

  /** One share holder's result, with its parts of the outputs for the client. */
  private record Parts(
      PrivateInference.Result result, List<Client.Part> outputs, Client.@Nullable Part outOfRange) {
    void erase() {
      outputs.forEach(part -> part.value().close());
    }
  }

  /**
   * What a request will cost, layer by layer; nothing is sent.
   *
   * @param inputs shapes of the inputs, with the batch
   */
  public Plan plan(Shape... inputs) {
    return plan(
        Arrays.stream(inputs).map(shape -> new TensorType(shape, DataType.FLOAT32)).toList());
  }

  private Plan plan(List<TensorType> types) {
    return plan(types, graphs.architecture(types));
  }

  private Plan plan(List<TensorType> types, Graph graph) {
    return plans.computeIfAbsent(
        types,
        key ->
            Plan.of(
                graph,
                suite,
                options.ring(),
                options.fractionBits(),
                OWNER,
                how.weights(),
                how.checksRanges()));
  }

  /**
   * Runs the model on secret inputs.
   *
   * @param inputs floating-point arrays of any engine, in clear at the caller
   * @param manager where the outputs are created
   * @param timeout how long the request may take, with waiting for requests of other threads
   * @param report learns what the request cost, or ignores it
   * @param progress told after each operator at P0, on P0's thread
   * @return outputs, in clear at the caller
   * @throws MpcException ARGUMENT, SHAPE, DATA_TYPE, NOT_FINITE or OUT_OF_RANGE if the inputs do
   *     not fit, OUT_OF_RANGE too if ranges are checked and a value left its own, CALIBRATION,
   *     UNSUPPORTED_OPERATOR with its place, TIMEOUT, CANCELLED if the caller is interrupted,
   *     CLOSED
   */
  public NDList predict(
      NDList inputs,
      NDManager manager,
      Duration timeout,
      Consumer<InferenceReport> report,
      EvaluationListener<Operand> progress) {
    long deadline = System.nanoTime() + timeout.toNanos();
    Client.requireArrays(inputs);
    List<TensorType> types = Client.types(inputs);
    ThreadedParties.Results<Parts> results;
    try (Client.Encoded encoded = client.encode(inputs)) {
      acquireTurn(deadline);
      try {
        results = run(types, encoded, deadline, progress);
      } finally {
        turn.release();
      }
    }
    Parts p0 = results.p0();
    Parts p1 = results.p1();
    report.accept(new InferenceReport(p0.result(), p1.result()));
    if (p0.outOfRange != null && p1.outOfRange != null) {
      requireInRange(p0, p1);
    }
    List<TensorType> outputs = graphs.architecture(types).outputTypes();
    return client.combine(p0.outputs(), p1.outputs(), outputs, manager);
  }

  private ThreadedParties.Results<Parts> run(
      List<TensorType> types,
      Client.Encoded inputs,
      long deadline,
      EvaluationListener<Operand> progress) {
    if (isClosed()) {
      throw closedException(null);
    }
    Weights shared = shareWeights(types, deadline);
    Graph graph = graphs.architecture(types);
    plan(types, graph); // finds operators that do not exist before anything is sent
    Client.Shares shares = inputs.split();
    shared.retain();
    Runnable erase =
        () -> {
          shares.close();
          shared.release();
        };
    return await(
        start(
            program(graph, shared.shares.p0(), shares.p0(), progress),
            program(graph, shared.shares.p1(), shares.p1(), EvaluationListener.none()),
            erase),
        deadline,
        Parts::erase);
  }

  private ShareHolder.Program<Parts> program(
      Graph graph,
      SharedModel shared,
      List<RingTensor> inputs,
      EvaluationListener<Operand> progress) {
    return (request, protocols) -> {
      PrivateInference inference = new PrivateInference(protocols, graph, shared);
      return (how.checksRanges() ? inference.checkingRanges() : inference)
          .run(
              request,
              protocol ->
                  inputs.stream()
                      .map(share -> protocol.fromClient(share, protocol.fractionBits()))
                      .toList(),
              CLIENT + ": " + REASON,
              EncryptedModel::parts,
              progress);
    };
  }

  private static Parts parts(Protocol protocol, PrivateInference.Result result) {
    List<Client.Part> outputs =
        result.outputs().stream()
            .map(
                share -> {
                  try (share) {
                    return new Client.Part(
                        protocol.revealToClient(share, CLIENT, REASON), share.scale());
                  }
                })
            .toList();
    Share outside = result.outOfRange();
    return new Parts(
        result,
        outputs,
        outside == null
            ? null
            : new Client.Part(
                protocol.revealToClient(
                    outside, CLIENT, "whether a value left its calibrated range"),
                outside.scale()));
  }

  private static void requireInRange(Parts p0, Parts p1) {
    if (Client.bit(Objects.requireNonNull(p0.outOfRange), Objects.requireNonNull(p1.outOfRange))) {
      p0.erase();
      p1.erase();
      throw PrivateInference.outOfRange();
    }
  }

  private Weights shareWeights(List<TensorType> types, long deadline) {
    Graph architecture = graphs.architecture(types);
    Weights known = weights.get(architecture.weights());
    if (known == null) {
      Graph graph = graphs.complete(types);
      plan(types, architecture);
      known =
          new Weights(
              await(
                  start(
                      (request, protocols) ->
                          SharedModel.share(request, protocols, graph, OWNER, how.weights()),
                      (request, protocols) ->
                          SharedModel.share(request, protocols, architecture, OWNER, how.weights()),
                      () -> {}),
                  deadline,
                  SharedModel::close));
      weights.put(architecture.weights(), known);
    }
    return known;
  }

  /** Starts a request; {@code ended} runs once neither party works on it any more. */
  private <T> ThreadedParties.Running<T> start(
      ShareHolder.Program<T> atP0, ShareHolder.Program<T> atP1, Runnable ended) {
    try {
      ThreadedParties.Running<T> started = start(atP0, atP1);
      started.whenEnded(ended);
      return started;
    } catch (RuntimeException | Error e) {
      ended.run();
      throw e;
    }
  }

  private synchronized <T> ThreadedParties.Running<T> start(
      ShareHolder.Program<T> atP0, ShareHolder.Program<T> atP1) {
    if (closed) {
      throw closedException(null);
    }
    ThreadedParties.Running<T> started = parties.submit(atP0, atP1);
    running = started;
    return started;
  }

  private <T> ThreadedParties.Results<T> await(
      ThreadedParties.Running<T> request, long deadline, Consumer<? super T> eraser) {
    try {
      return request.await(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    } catch (RuntimeException | Error e) {
      request.discard(eraser);
      if (isClosed() && e instanceof MpcException) {
        throw closedException(e);
      }
      throw e;
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private static MpcException closedException(@Nullable Throwable cause) {
    return new MpcException(
        ErrorCode.CLOSED, "The encrypted model is closed.", "Encrypt the model again.", cause);
  }

  private void acquireTurn(long deadline) {
    try {
      if (turn.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MpcException(
          ErrorCode.CANCELLED, "The caller was interrupted.", "Send the request again.", e);
    }
    throw new MpcException(
        ErrorCode.TIMEOUT,
        "Earlier requests did not end in time.",
        "Allow more time, or start more parties.");
  }

  /** The settings of the parties. */
  PartyOptions options() {
    return options;
  }

  /** The model in clear, at its owner. */
  Model model() {
    return model;
  }

  /**
   * Stops the request that runs, which fails with CLOSED, and erases the shares of the weights; the
   * model in clear stays open.
   */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      if (running != null) {
        running.cancel();
      }
    }
    turn.acquireUninterruptibly();
    try {
      weights.values().forEach(Weights::release);
      weights.clear();
    } finally {
      turn.release();
    }
  }
}
