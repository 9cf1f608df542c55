package org.djlmpc.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.protocol.Cost;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.protocol.Rounds;
import org.djlmpc.protocol.ThreadedParties;
import org.djlmpc.protocol.ariann.Ariann;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Request;
import org.djlmpc.session.Statistics;
import org.djlmpc.transport.LinkShape;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Poolings of every kind are PyTorch's, whatever a round is worth, and cost what was planned. */
class MaxPoolRoundsTest {
  private static final PartyOptions OPTIONS = PartyOptions.DEFAULT;
  private static final FixedPoint FIXED = new FixedPoint(OPTIONS.ring(), OPTIONS.fractionBits());
  private static final Shape IMAGES = new Shape(2, 1, 8, 7);

  /** Windows of 2 x 2 and 3 x 3, and a large one, over all strides, paddings and roundings. */
  private static Graph poolings() {
    Tracer tracer = new Tracer();
    Traced x = tracer.input("x", IMAGES, DataType.FLOAT32);
    List<Traced> outputs = new ArrayList<>();
    for (int kernel = 2; kernel <= 3; kernel++) {
      for (int stride = 1; stride <= 3; stride++) {
        for (int pad = 0; pad <= 1; pad++) {
          for (boolean ceil : new boolean[] {false, true}) {
            outputs.add(tracer.operators().pool(x, max(kernel, stride, pad, ceil)));
          }
        }
      }
    }
    outputs.add(tracer.operators().pool(x, max(5, 1, 2, false)));
    return tracer.finish(outputs);
  }

  private static Pooling max(int kernel, int stride, int pad, boolean ceil) {
    return new Pooling(Pooling.Kind.MAX, kernel, kernel, stride, stride, pad, pad, ceil, true);
  }

  private record Run(List<RingTensor> outputs, Statistics cost) {}

  @ParameterizedTest
  @ValueSource(doubles = {0, 200, 2e4, 1e12})
  void poolingsAreTheOraclesAndCostWhatWasPlanned(double worth) {
    Ariann suite = Ariann.ARIANN.withRounds(new Rounds(worth));
    Graph graph = poolings();
    Graph rewritten = Rewrites.apply(graph, suite.rounds());
    // below zero everywhere, so that padding that counts as 0 would win; with ties
    Random random = new Random(3);
    float[] values = new float[(int) IMAGES.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = -1 - random.nextInt(40) / 8f;
    }
    PublicTensor input = PublicTensor.of(values, IMAGES);
    List<PublicTensor> expected = Oracle.run(graph, List.of(input));
    Run p0;
    try (var parties = ThreadedParties.start(suite, OPTIONS)) {
      p0 =
          parties
              .submit((request, s) -> infer(request, s, rewritten, input))
              .await(Duration.ofMinutes(3))
              .p0();
    }
    for (int i = 0; i < expected.size(); i++) {
      PublicTensor actual =
          PublicTensor.of(
              FIXED.decode(p0.outputs.get(i), OPTIONS.fractionBits()), p0.outputs.get(i).shape());
      Oracle.assertClose(
          graph.node(graph.outputs().get(i)).op().toString(), actual, expected.get(i), 1e-3);
    }
    Cost planned = plan(rewritten, suite).total();
    assertThat(p0.cost.onlineBytesSent()).isEqualTo(planned.onlineBytesP0());
    assertThat(p0.cost.rounds()).isEqualTo(planned.rounds());
  }

  private static Run infer(Request request, ProtocolSuite suite, Graph graph, PublicTensor input) {
    SharedModel model =
        SharedModel.absent(
            suite, OPTIONS.ring(), OPTIONS.fractionBits(), graph, PartyId.P0, WeightMode.SHARED);
    RingTensor mine =
        request.self() == PartyId.P0 ? FIXED.encode(input.floats(), input.shape()) : null;
    return new PrivateInference(suite, graph, model)
        .run(
            request,
            protocol ->
                List.of(protocol.input(PartyId.P0, input.shape(), OPTIONS.fractionBits(), mine)),
            "P0 and P1: test",
            (protocol, result) -> {
              Statistics cost = request.statistics();
              List<RingTensor> outputs = new ArrayList<>();
              result
                  .outputs()
                  .forEach(
                      share ->
                          outputs.add(
                              protocol.reveal(share, Set.of(PartyId.P0, PartyId.P1), "test")));
              return new Run(outputs, cost);
            },
            EvaluationListener.none());
  }

  private static Plan plan(Graph graph, Ariann suite) {
    return Plan.of(
        graph, suite, OPTIONS.ring(), OPTIONS.fractionBits(), PartyId.P0, WeightMode.SHARED);
  }

  @Test
  void windowsOfOneImageAreComparedAllAtOnceWhereRoundsCount() {
    Tracer tracer = new Tracer();
    Traced x = tracer.input("x", new Shape(1, 1, 5, 5), DataType.FLOAT32);
    Graph graph = tracer.finish(List.of(tracer.operators().pool(x, max(5, 5, 0, false))));
    Rounds near = Rounds.forLink(LinkShape.NONE);
    Rounds far = Rounds.forLink(new LinkShape(70, Double.POSITIVE_INFINITY));
    Rounds thin = Rounds.forLink(new LinkShape(70, 0.1));
    assertThat(near).isEqualTo(Rounds.BYTES);
    assertThat(rounds(graph, near)).isEqualTo(10);
    assertThat(rounds(graph, far)).isEqualTo(4);
    assertThat(rounds(graph, thin)).isEqualTo(10);
  }

  private static int rounds(Graph graph, Rounds rounds) {
    Ariann suite = Ariann.ARIANN.withRounds(rounds);
    return plan(Rewrites.apply(graph, rounds), suite).total().rounds();
  }
}
