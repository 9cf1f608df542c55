package org.djlmpc.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.graph.Operators.Unary;
import org.djlmpc.protocol.Cost;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.protocol.Rounds;
import org.djlmpc.protocol.ThreadedParties;
import org.djlmpc.protocol.ariann.Ariann;
import org.djlmpc.ring.ConvolutionSpec;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Request;
import org.djlmpc.session.Statistics;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** x relu6(x + 3) / 6 behind a layer: its argument is opened once for all it needs. */
final class HardSwishTest {
  private static final Duration TIME = Duration.ofSeconds(60);
  private static final DataType F = DataType.FLOAT32;

  /** The ends of the ramp, what is next to them in 16 and in 8 bits, zero, and far away. */
  private static final float[] EDGES = {
    -3,
    3,
    0,
    -3 + 0x1p-16f,
    -3 - 0x1p-16f,
    3 - 0x1p-16f,
    3 + 0x1p-16f,
    -3 + 0x1p-8f,
    -3 - 0x1p-8f,
    3 - 0x1p-8f,
    3 + 0x1p-8f,
    0x1p-8f,
    -0x1p-8f,
    -1.5f,
    1.5f,
    2.9f,
    -2.9f,
    30,
    -30
  };

  /** A layer that changes nothing, hard swish, and a layer that doubles. */
  private static Graph network(boolean written) {
    Tracer tracer = new Tracer();
    Operators<Traced> o = tracer.operators();
    Traced x = tracer.input("x", new Shape(1, 1, 1, EDGES.length), F);
    Traced y = layer(tracer, x, "first", 1);
    Traced three = tracer.constant(PublicTensor.of(new float[] {3}, new Shape(1)));
    Traced swish =
        written
            ? o.scalar(
                Binary.DIVIDE,
                o.binary(Binary.MULTIPLY, y, o.clip(o.binary(Binary.ADD, y, three), 0, 6)),
                6,
                false)
            : o.unary(Unary.HARD_SWISH, y);
    return tracer.finish(List.of(layer(tracer, swish, "second", 2)));
  }

  private static Traced layer(Tracer tracer, Traced x, String name, float weight) {
    ConvolutionSpec spec = new ConvolutionSpec(1, 1, 0, 0, 1, 1, 1);
    PublicTensor values = PublicTensor.of(new float[] {weight}, new Shape(1, 1, 1, 1));
    return tracer.operators().convolution(x, tracer.weight(name, values), null, spec);
  }

  private record Run(RingTensor output, int scale, Statistics cost) {}

  @ParameterizedTest
  @CsvSource({
    "Z64, 16, SHARED, 0",
    "Z64, 16, OWNER, 0",
    "Z32, 9, SHARED, 0",
    "Z32, 9, OWNER, 0",
    "Z64, 16, SHARED, 1e12",
  })
  void isWhatPyTorchSaysAndCostsWhatWasPlanned(Ring ring, int f, WeightMode mode, double worth) {
    Ariann suite = Ariann.ARIANN.withRounds(new Rounds(worth));
    FixedPoint fixedPoint = new FixedPoint(ring, f);
    PublicTensor input = PublicTensor.of(EDGES, new Shape(1, 1, 1, EDGES.length));
    for (boolean written : new boolean[] {false, true}) {
      Graph graph = network(written);
      PublicTensor expected = Oracle.run(graph, List.of(input)).get(0);
      Graph rewritten = Rewrites.apply(graph, suite.rounds());
      var runs = run(suite, rewritten, fixedPoint, mode, input);
      Run p0 = runs.p0();
      Run p1 = runs.p1();
      double[] actual = fixedPoint.decode(p0.output, p0.scale);
      double bound = ErrorBound.ofOutputs(rewritten, fixedPoint, 30);
      assertThat(bound).isLessThan(1);
      for (int i = 0; i < EDGES.length; i++) {
        assertThat(Math.abs(actual[i] - expected.getDouble(i)))
            .as("hard swish of %s", EDGES[i])
            .isLessThanOrEqualTo(bound);
      }
      Cost planned = Plan.of(rewritten, suite, ring, f, PartyId.P0, mode).total();
      assertThat(p0.cost.onlineBytesSent()).isEqualTo(planned.onlineBytesP0());
      assertThat(p1.cost.onlineBytesSent()).isEqualTo(planned.onlineBytesP1());
      assertThat(Math.max(p0.cost.rounds(), p1.cost.rounds())).isEqualTo(planned.rounds());
      if (worth == 0 && mode == WeightMode.SHARED) {
        // the input; x and two bits; both factors; the product, rescaled, and as the next input;
        // a small ring also rescales for the power of two of 1 / 6; the output
        long openings = ring == Ring.Z64 ? 7 : 8;
        long size = EDGES.length;
        long bits = 2 * ((size + 7) / 8);
        assertThat(planned.onlineBytesP0()).isEqualTo(openings * size * ring.bytes() + bits);
      }
    }
  }

  private static ThreadedParties.Results<Run> run(
      Ariann used, Graph graph, FixedPoint fixedPoint, WeightMode mode, PublicTensor input) {
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
      return parties
          .submit(
              (r, s) -> infer(r, s, graph, models.p0(), fixedPoint, input),
              (r, s) -> infer(r, s, graph, models.p1(), fixedPoint, input))
          .await(TIME);
    }
  }

  private static Run infer(
      Request request,
      ProtocolSuite suite,
      Graph graph,
      SharedModel model,
      FixedPoint fixedPoint,
      PublicTensor input) {
    RingTensor mine =
        request.self() == PartyId.P0 ? fixedPoint.encode(input.floats(), input.shape()) : null;
    return new PrivateInference(suite, graph.withoutWeights(), model)
        .run(
            request,
            protocol ->
                List.of(protocol.input(PartyId.P0, input.shape(), fixedPoint.fractionBits(), mine)),
            "P0 and P1: test",
            (protocol, result) -> {
              Statistics cost = request.statistics();
              var output = result.outputs().get(0);
              return new Run(
                  protocol.reveal(output, Set.of(PartyId.P0, PartyId.P1), "test"),
                  output.scale(),
                  cost);
            },
            EvaluationListener.none());
  }
}
