package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.protocol.PlanLog;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.protocol.Rows;
import org.djlmpc.protocol.Share;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Request;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * One party's part of a model whose weights are secret: shares of the weights, with their masks
 * opened once, for any number of requests and input shapes. An encoding of weights is immutable;
 * changed weights are a new shared model.
 */
public final class SharedModel implements AutoCloseable {
  private final Map<String, Operand> weights = new HashMap<>();

  private SharedModel() {}

  /**
   * Shares the weights of a graph, in a request of its own.
   *
   * @param graph the architecture; at the owner with the weights' values
   * @param owner the share holder that knows the weights
   */
  public static SharedModel share(
      Request request, ProtocolSuite suite, Graph graph, PartyId owner, WeightMode mode) {
    request.agree(graph.hash().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    Protocol protocol = suite.bind(request);
    SharedModel model = new SharedModel();
    try {
      request.setup(() -> model.fill(protocol, graph, owner, mode, request.self() == owner));
      return model;
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  private void fill(
      Protocol protocol, Graph graph, PartyId owner, WeightMode mode, boolean isOwner) {
    int[] scales = graph.weightBits(protocol.fractionBits());
    Set<String> multiplied = multiplied(graph);
    for (int i = 0; i < scales.length; i++) {
      Graph.Weight weight = graph.weights().get(i);
      Rows values = isOwner ? encoded(protocol, weight, scales[i]) : null;
      boolean fixed = multiplied.contains(weight.name());
      weights.put(
          weight.name(),
          new Operand.Secret(
              secret(protocol, weight.type().shape(), scales[i], owner, mode, fixed, values),
              DataType.FLOAT32));
    }
  }

  /** The weights as a planner sees them that has no session: absent, with their masks opened. */
  static SharedModel absent(
      ProtocolSuite suite,
      Ring ring,
      int fractionBits,
      Graph graph,
      PartyId owner,
      WeightMode mode) {
    Protocol protocol = suite.plan(PartyId.P0, 0, ring, fractionBits, new PlanLog());
    SharedModel model = new SharedModel();
    model.fill(protocol, graph, owner, mode, false);
    return model;
  }

  private static Share secret(
      Protocol protocol,
      Shape shape,
      int scale,
      PartyId owner,
      WeightMode mode,
      boolean fixed,
      @Nullable Rows values) {
    boolean inClear = mode == WeightMode.OWNER;
    if (fixed) {
      return protocol.fixed(owner, shape, scale, inClear, values);
    }
    try (RingTensor whole = values == null ? null : values.copy()) {
      return inClear
          ? protocol.owned(owner, shape, scale, whole)
          : protocol.input(owner, shape, scale, whole);
    }
  }

  /** The values of a weight as ring elements, encoded where they are needed. */
  private static Rows encoded(Protocol protocol, Graph.Weight weight, int scale) {
    PublicTensor value = weight.value();
    if (value == null) {
      throw missing(weight);
    }
    FixedPoint fixedPoint = new FixedPoint(protocol.ring(), protocol.fractionBits());
    float[] values = value.floats();
    try {
      fixedPoint.requireInside(values, scale);
    } catch (MpcException e) {
      throw e.at("The weight " + weight.name());
    }
    return Rows.of(
        protocol.ring(),
        value.shape(),
        (from, part) -> fixedPoint.encode(values, from, scale, part));
  }

  private static MpcException missing(Graph.Weight weight) {
    return new MpcException(
        ErrorCode.WEIGHTS_MISSING,
        "The weight " + weight.name() + " has no value at its owner.",
        "Load or initialize the model before it is encrypted.");
  }

  private static Share share(@Nullable Operand operand) {
    if (operand instanceof Operand.Secret secret) {
      return secret.share();
    }
    throw new MpcException(
        ErrorCode.INTERNAL, "A weight is not secret.", "Report this with the stack trace.");
  }

  /** Weights that enter products as they are, whose masks are worth opening beforehand. */
  private static Set<String> multiplied(Graph graph) {
    Set<Integer> ids = new HashSet<>();
    graph.nodes().forEach(node -> ids.addAll(node.factors()));
    Set<String> names = new HashSet<>();
    for (int id : ids) {
      Graph.Weight weight = graph.weight(id);
      if (weight != null) {
        names.add(weight.name());
      }
    }
    return names;
  }

  Map<String, Operand> weights() {
    return weights;
  }

  /** Erases this party's shares. */
  @Override
  public void close() {
    for (Operand weight : weights.values()) {
      share(weight).close();
    }
  }
}
