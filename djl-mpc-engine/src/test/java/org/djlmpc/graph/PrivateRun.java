package org.djlmpc.graph;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.protocol.Share;
import org.djlmpc.protocol.ThreadedParties;
import org.djlmpc.protocol.ariann.Ariann;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Request;
import org.djlmpc.session.Statistics;
import org.djlmpc.transport.PartyId;

/**
 * A network of P0, run once on its input by parties that are threads.
 *
 * @param outputs what came out
 * @param outside whether ranges were left, 0 or 1, or -1 if that was not checked
 * @param p0 what the inference has cost P0, without the sharing of the weights
 * @param p1 the same of P1
 */
record PrivateRun(double[] outputs, long outside, Statistics p0, Statistics p1) {
  private static final Duration TIME = Duration.ofMinutes(3);
  private static final Set<PartyId> BOTH = Set.of(PartyId.P0, PartyId.P1);

  static PrivateRun of(
      Ariann used,
      Graph graph,
      FixedPoint fixedPoint,
      WeightMode mode,
      PublicTensor input,
      boolean checks) {
    PartyOptions options =
        PartyOptions.DEFAULT.withFixedPoint(fixedPoint.ring(), fixedPoint.fractionBits());
    try (var parties = ThreadedParties.start(used, options)) {
      var models =
          parties
              .submit(
                  (request, suite) ->
                      SharedModel.share(
                          request,
                          suite,
                          request.self() == PartyId.P0 ? graph : graph.withoutWeights(),
                          PartyId.P0,
                          mode))
              .await(TIME);
      var results =
          parties
              .submit(
                  (r, s) -> infer(r, s, graph, models.p0(), fixedPoint, input, checks),
                  (r, s) -> infer(r, s, graph, models.p1(), fixedPoint, input, checks))
              .await(TIME);
      PrivateRun p0 = results.p0();
      return new PrivateRun(p0.outputs, p0.outside, p0.p0, results.p1().p0);
    }
  }

  /** What one party does; costs of both are those of this one. */
  static PrivateRun infer(
      Request request,
      ProtocolSuite suite,
      Graph graph,
      SharedModel model,
      FixedPoint fixedPoint,
      PublicTensor input,
      boolean checks) {
    RingTensor mine =
        request.self() == PartyId.P0 ? fixedPoint.encode(input.floats(), input.shape()) : null;
    PrivateInference inference = new PrivateInference(suite, graph.withoutWeights(), model);
    return (checks ? inference.checkingRanges() : inference)
        .run(
            request,
            protocol ->
                List.of(protocol.input(PartyId.P0, input.shape(), fixedPoint.fractionBits(), mine)),
            "P0 and P1: test",
            (protocol, result) -> {
              Statistics cost = request.statistics();
              Share output = result.outputs().get(0);
              RingTensor values = protocol.reveal(output, BOTH, "test");
              Share outside = result.outOfRange();
              long bit =
                  outside == null
                      ? -1
                      : protocol.reveal(outside, BOTH, "test of ranges").getLong(0);
              return new PrivateRun(fixedPoint.decode(values, output.scale()), bit, cost, cost);
            },
            EvaluationListener.none());
  }
}
