package org.djlmpc.engine;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.djlmpc.crypto.Prg;
import org.djlmpc.crypto.Seed;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.graph.EvaluationListener;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.Operand;
import org.djlmpc.graph.PrivateInference;
import org.djlmpc.graph.Rewrites;
import org.djlmpc.graph.SharedModel;
import org.djlmpc.graph.TensorType;
import org.djlmpc.graph.WeightMode;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.ShareHolder;
import org.djlmpc.protocol.ThreadedParties;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;

/**
 * A DJL model whose weights are secret between local parties, and the client that sends it secret
 * inputs.
 *
 * <p>P0 plays the owner of the model; the calling thread plays the client: it splits each batch
 * into two shares, one for each share holder, and adds the two parts of the result. Thread-safe;
 * requests of several threads run one after the other.
 */
public final class EncryptedModel implements AutoCloseable {
  private static final PartyId OWNER = PartyId.P0;

  private final Model model; // a strong reference: DJL frees a native model when it is collected
  private final ThreadedParties parties;
  private final PartyOptions options;
  private final WeightMode mode;
  private final FixedPoint fixedPoint;
  private final Map<List<Shape>, Graph> graphs = new ConcurrentHashMap<>();
  private final java.util.concurrent.Semaphore turn = new java.util.concurrent.Semaphore(1, true);
  private ThreadedParties.@org.jspecify.annotations.Nullable Results<SharedModel> shared;

  EncryptedModel(Model model, ThreadedParties parties, PartyOptions options, WeightMode mode) {
    this.model = model;
    this.parties = parties;
    this.options = options;
    this.mode = mode;
    fixedPoint = new FixedPoint(options.ring(), options.fractionBits());
  }

  /**
   * Runs the model on secret inputs.
   *
   * @param inputs floating-point arrays of any engine, in clear at the caller
   * @param manager where the outputs are created
   * @param timeout how long the request may take
   * @param report learns what the request cost, or ignores it
   * @param progress told after each operator at P0, on P0's thread
   * @return outputs (FLOAT32), in clear at the caller
   */
  public NDList predict(
      NDList inputs,
      NDManager manager,
      Duration timeout,
      Consumer<InferenceReport> report,
      EvaluationListener<Operand> progress) {
    List<Shape> shapes = inputs.stream().map(NDArray::getShape).toList();
    List<RingTensor> p0 = new ArrayList<>();
    List<RingTensor> p1 = new ArrayList<>();
    for (NDArray input : inputs) {
      split(input, p0, p1);
    }
    acquireTurn(timeout);
    try {
      Graph graph = graph(shapes);
      ThreadedParties.Results<SharedModel> weights = share(graph, timeout);
      Graph architecture = graph.withoutWeights();
      var results =
          parties
              .submit(
                  program(architecture, weights.p0(), p0, progress),
                  program(architecture, weights.p1(), p1, EvaluationListener.none()))
              .await(timeout);
      report.accept(new InferenceReport(results.p0().result(), results.p1().result()));
      NDList outputs = new NDList();
      for (int i = 0; i < results.p0().parts().size(); i++) {
        try (RingTensor a = results.p0().parts().get(i);
            RingTensor b = results.p1().parts().get(i);
            RingTensor sum = a.add(b)) {
          outputs.add(
              manager.create(
                  fixedPoint.decodeFloats(sum, results.p0().scales().get(i)), sum.shape()));
        }
      }
      return outputs;
    } finally {
      turn.release();
    }
  }

  /** One share holder's result, with its parts of the outputs for the client. */
  private record Parts(
      PrivateInference.Result result, List<RingTensor> parts, List<Integer> scales) {}

  private ShareHolder.Program<Parts> program(
      Graph graph,
      SharedModel weights,
      List<RingTensor> inputs,
      EvaluationListener<Operand> progress) {
    return (request, suite) ->
        new PrivateInference(suite, graph, weights)
            .run(
                request,
                protocol ->
                    inputs.stream()
                        .map(share -> protocol.fromClient(share, protocol.fractionBits()))
                        .toList(),
                EncryptedModel::parts,
                progress);
  }

  private static Parts parts(Protocol protocol, PrivateInference.Result result) {
    List<RingTensor> parts = new ArrayList<>();
    List<Integer> scales = new ArrayList<>();
    result
        .outputs()
        .forEach(
            share -> {
              parts.add(protocol.revealToClient(share, "client", "output of the model"));
              scales.add(share.scale());
              share.close();
            });
    return new Parts(result, parts, scales);
  }

  /** The client's part: x - r for P0 and r for P1, r uniform. */
  private void split(NDArray input, List<RingTensor> p0, List<RingTensor> p1) {
    if (!input.getDataType().isFloating()) {
      throw new MpcException(
          ErrorCode.DATA_TYPE,
          "An input of type " + input.getDataType() + ".",
          "Convert the input with toType(DataType.FLOAT32, false).");
    }
    float[] values = input.toType(DataType.FLOAT32, false).toFloatArray();
    try (RingTensor encoded = fixedPoint.encode(values, input.getShape());
        Seed seed = Seed.random();
        Prg prg = new Prg(seed)) {
      RingTensor r = prg.tensor(encoded.ring(), encoded.shape());
      p0.add(encoded.subtract(r));
      p1.add(r);
    }
  }

  /** The rewritten graph for these input shapes, with weights. */
  Graph graph(List<Shape> shapes) {
    return graphs.computeIfAbsent(
        shapes,
        key -> {
          Graph graph =
              BlockTracer.trace(
                  model.getBlock(),
                  key.stream().map(shape -> new TensorType(shape, DataType.FLOAT32)).toList());
          graph = Rewrites.apply(graph);
          // the weights are shared once; other shapes need only the architecture
          return shared == null ? graph : graph.withoutWeights();
        });
  }

  private ThreadedParties.Results<SharedModel> share(Graph graph, Duration timeout) {
    ThreadedParties.Results<SharedModel> known = shared;
    if (known == null) {
      Graph architecture = graph.withoutWeights();
      known =
          parties
              .submit(
                  (request, suite) -> SharedModel.share(request, suite, graph, OWNER, mode),
                  (request, suite) -> SharedModel.share(request, suite, architecture, OWNER, mode))
              .await(timeout);
      shared = known;
      graphs.replaceAll((shapes, g) -> g.withoutWeights());
    }
    return known;
  }

  private void acquireTurn(Duration timeout) {
    try {
      if (!turn.tryAcquire(timeout.toNanos(), java.util.concurrent.TimeUnit.NANOSECONDS)) {
        throw new MpcException(
            ErrorCode.TIMEOUT,
            "Earlier requests took longer than " + timeout + ".",
            "Allow more time, or start more parties.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MpcException(
          ErrorCode.CANCELLED, "The caller was interrupted.", "Send the request again.", e);
    }
  }

  /** The settings of the parties. */
  PartyOptions options() {
    return options;
  }

  /** The model in clear, at its owner. */
  Model model() {
    return model;
  }

  /** Erases the shares of the weights; the model in clear stays open. */
  @Override
  public void close() {
    ThreadedParties.Results<SharedModel> known = shared;
    if (known != null) {
      known.p0().close();
      known.p1().close();
      shared = null;
    }
    graphs.clear();
  }
}
