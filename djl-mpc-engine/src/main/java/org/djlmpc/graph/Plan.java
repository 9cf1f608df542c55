package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.protocol.Cost;
import org.djlmpc.protocol.PlanLog;
import org.djlmpc.protocol.Precision;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.protocol.SecretMath;
import org.djlmpc.protocol.Share;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;

/**
 * What a private inference will cost, layer by layer, before any data moves. Bytes and rounds are
 * exact: the planner runs the same code as the parties, on absent shares.
 *
 * @param layers one row for each node
 * @param total the sum, with the rescaling of the outputs, and with revealing them if that is
 *     planned
 */
public record Plan(List<Layer> layers, Cost total) {
  /**
   * One node.
   *
   * @param place where in the model
   * @param operator the operator's name
   * @param output shape of its result
   * @param cost declared cost: comparisons, multiply-adds, key bytes, online bytes, rounds
   * @param error largest error of an element by fixed-point arithmetic, infinite while unknown; see
   *     {@link #withErrors}
   */
  public record Layer(String place, String operator, Shape output, Cost cost, double error) {}

  /**
   * This plan with the worst-case error of each layer. Errors depend on the weights: only their
   * owner can compute them, and should show them to nobody else.
   *
   * @param graph the planned graph, with weights
   * @param inputMagnitude bound on the absolute value of every input
   */
  public Plan withErrors(Graph graph, FixedPoint fixedPoint, double inputMagnitude) {
    List<NodeBound> bounds = ErrorBound.of(graph, fixedPoint, inputMagnitude);
    if (bounds.size() != layers.size()) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A plan of " + layers.size() + " layers got a graph of " + bounds.size() + ".",
          "Give the graph that was planned.");
    }
    List<Layer> known = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      known.add(
          new Layer(
              layer.place(),
              layer.operator(),
              layer.output(),
              layer.cost(),
              bounds.get(i).error()));
    }
    return new Plan(List.copyOf(known), total);
  }

  /** Plans a graph whose outputs stay shared or go to a client. */
  public static Plan of(
      Graph graph,
      ProtocolSuite suite,
      Ring ring,
      int fractionBits,
      PartyId owner,
      WeightMode mode) {
    return of(graph, suite, ring, fractionBits, owner, mode, false);
  }

  /** Plans a graph whose outputs stay shared or go to a client, with checks of ranges or not. */
  public static Plan of(
      Graph graph,
      ProtocolSuite suite,
      Ring ring,
      int fractionBits,
      PartyId owner,
      WeightMode mode,
      boolean checksRanges) {
    return of(graph, suite, ring, fractionBits, owner, mode, checksRanges, Set.of());
  }

  /**
   * Plans a graph.
   *
   * @param owner who has the weights
   * @param checksRanges whether ranges are checked ({@link PrivateInference#checkingRanges}), which
   *     counts with the operator whose arguments are checked
   * @param learns share holders to whom the outputs are revealed, which counts in the total alone
   */
  public static Plan of(
      Graph graph,
      ProtocolSuite suite,
      Ring ring,
      int fractionBits,
      PartyId owner,
      WeightMode mode,
      boolean checksRanges,
      Set<PartyId> learns) {
    Graph run = checksRanges ? graph.withWireBits(Precision.SESSION) : graph;
    SharedModel model = SharedModel.absent(suite, ring, fractionBits, graph, owner, mode);
    PlanLog log = new PlanLog();
    Protocol planner = suite.plan(PartyId.P0, 1, ring, fractionBits, log);
    SecretOperators operators = new SecretOperators(planner);
    SecretMath math = operators.math();
    List<Operand> inputs = new ArrayList<>();
    for (Graph.Input input : graph.inputs()) {
      inputs.add(
          new Operand.Secret(
              planner.fromClient(RingTensor.absent(ring, input.type().shape()), fractionBits),
              DataType.FLOAT32));
    }
    List<Layer> layers = new ArrayList<>();
    RangeChecks checks = new RangeChecks(math);
    List<Operand> outputs =
        run.evaluate(
            operators,
            inputs,
            model.weights(),
            new EvaluationListener<>() {
              private Cost before = Cost.ZERO;

              @Override
              public void started(Node node, List<? extends Operand> arguments) {
                if (checksRanges) {
                  checks.started(node, arguments);
                }
              }

              @Override
              public void finished(Node node, Operand output) {
                Cost now = log.cost();
                layers.add(
                    new Layer(
                        node.place(),
                        node.op().name(),
                        output.shape(),
                        now.minus(before),
                        Double.POSITIVE_INFINITY));
                before = now;
              }
            });
    List<Share> results = new ArrayList<>();
    for (Operand output : outputs) {
      if (output instanceof Operand.Secret secret) {
        results.add(math.revealable(secret.share()));
      }
    }
    Share outside = checks.outside();
    if (outside != null) {
      results.add(outside);
    }
    if (!learns.isEmpty()) {
      results.forEach(share -> planner.reveal(share, learns, "outputs"));
    }
    return new Plan(List.copyOf(layers), log.cost());
  }
}
