package org.djlmpc.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.time.Duration;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.ShareHolder;
import org.djlmpc.protocol.ThreadedParties;
import org.djlmpc.protocol.ariann.Ariann;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.Test;

final class PrivateInferenceTest {
  private static final Duration TIME = Duration.ofMinutes(3);

  @Test
  void nothingIsOpenedBeforeBothNameTheSameLearners() {
    Tracer tracer = new Tracer();
    Traced x = tracer.input("x", new Shape(4), DataType.FLOAT32);
    Graph graph = tracer.finish(List.of(tracer.operators().unary(Operators.Unary.RELU, x)));
    try (ThreadedParties parties = ThreadedParties.start(Ariann.ARIANN, PartyOptions.DEFAULT)) {
      var shared =
          parties
              .submit(
                  (request, suite) ->
                      SharedModel.share(request, suite, graph, PartyId.P0, WeightMode.SHARED))
              .await(TIME);
      var running =
          parties.submit(program(graph, shared.p0(), "P0"), program(graph, shared.p1(), "P1"));
      assertThatThrownBy(() -> running.await(TIME))
          .isInstanceOfSatisfying(
              MpcException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.ANNOUNCEMENT_MISMATCH));
    }
  }

  private static ShareHolder.Program<String> program(
      Graph graph, SharedModel model, String learner) {
    return (request, suite) ->
        new PrivateInference(suite, graph, model)
            .run(
                request,
                protocol -> {
                  throw new AssertionError("inputs were asked for");
                },
                learner + ": test",
                (protocol, result) -> "done",
                EvaluationListener.none());
  }
}
