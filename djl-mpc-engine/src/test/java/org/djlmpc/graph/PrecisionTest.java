package org.djlmpc.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.protocol.Cost;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.Precision;
import org.djlmpc.protocol.ThreadedParties;
import org.djlmpc.protocol.ariann.Ariann;
import org.djlmpc.ring.ConvolutionSpec;
import org.djlmpc.ring.Ring;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.Test;

/** Public numerics of each operator: what they save, what they keep, and who must agree on them. */
final class PrecisionTest {
  private static final DataType F = DataType.FLOAT32;
  private static final Duration TIME = Duration.ofMinutes(3);
  private static final int BITS = 10;

  private final Random random = new Random(11);

  // ---- widths follow from magnitudes

  /** Every operator that compares, on rescaled values, on pending products, and on both. */
  private static Graph comparisons() {
    GraphBuilder graph = new GraphBuilder();
    Shape shape = new Shape(1, 4, 6, 6);
    int x = graph.input(new Graph.Input("x", new TensorType(shape, F)));
    int y = graph.input(new Graph.Input("y", new TensorType(shape, F)));
    int pending = node(graph, new Op.Scalar(Operators.Binary.MULTIPLY, 0.999, false), x);
    int slope = graph.constant(PublicTensor.of(new float[] {0.5f, -1, 0.1f, 0}, new Shape(4)));
    List<Integer> outputs = new ArrayList<>();
    for (int v : List.of(x, pending)) {
      for (Operators.Unary function :
          List.of(
              Operators.Unary.RELU,
              Operators.Unary.ABS,
              Operators.Unary.SIGN,
              Operators.Unary.HARD_SIGMOID,
              Operators.Unary.HARD_SWISH)) {
        outputs.add(node(graph, new Op.Unary(function), v));
      }
      for (Operators.Binary function :
          List.of(
              Operators.Binary.MAXIMUM,
              Operators.Binary.MINIMUM,
              Operators.Binary.LESS,
              Operators.Binary.GREATER_OR_EQUAL)) {
        outputs.add(node(graph, new Op.Binary(function), v, y));
        outputs.add(node(graph, new Op.Scalar(function, 0.3, false), v));
      }
      outputs.add(node(graph, new Op.Clip(-0.3, Double.POSITIVE_INFINITY), v));
      outputs.add(node(graph, new Op.Clip(Double.NEGATIVE_INFINITY, 0.7), v));
      outputs.add(node(graph, new Op.Clip(0, 6), v));
      outputs.add(node(graph, new Op.LeakyRelu(0.2), v));
      outputs.add(node(graph, new Op.Prelu(), v, slope));
      for (boolean padded : new boolean[] {false, true}) {
        int pad = padded ? 1 : 0;
        Pooling pooling = new Pooling(Pooling.Kind.MAX, 3, 3, 2, 2, pad, pad, padded, true);
        outputs.add(node(graph, new Op.Pool(pooling), v));
      }
      outputs.add(node(graph, new Op.Reduce(Operators.Reduction.MAX, List.of(1), true), v));
      outputs.add(node(graph, new Op.Reduce(Operators.Reduction.MIN, List.of(2, 3), false), v));
      outputs.add(node(graph, new Op.ArgMax(1, false), v));
    }
    return graph.build(outputs);
  }

  private static int node(GraphBuilder graph, Op op, Integer... arguments) {
    return graph.node(op, List.of(arguments), "");
  }

  private static Graph with(Graph graph, Precision precision) {
    return graph.withPrecisions(Collections.nCopies(graph.nodes().size(), precision));
  }

  /** Values up to the bound, both signs; the bound leaves two units in the last place. */
  private PublicTensor values(Shape shape, double bound) {
    double most = bound - Math.scalb(2.0, -BITS);
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      double size = random.nextInt(3) == 0 ? 1 : random.nextDouble();
      values[i] = (float) (most * size * (random.nextBoolean() ? 1 : -1));
    }
    return PublicTensor.of(values, shape);
  }

  @Test
  void noComparisonIsTooNarrowForItsValuesAndNoneTooWide() {
    Graph graph = comparisons();
    for (int magnitude : new int[] {0, 3, 7}) {
      double bound = Math.scalb(1.0, magnitude);
      Shape shape = graph.type(0).shape();
      List<PublicTensor> inputs = List.of(values(shape, bound), values(shape, bound));
      ClearRun whole = new ClearRun(new FixedPoint(Ring.Z64, BITS), random::nextLong);
      ClearRun narrow = new ClearRun(new FixedPoint(Ring.Z64, BITS), random::nextLong);
      Precision precision = Precision.STANDARD.withMagnitude(magnitude);
      List<double[]> expected = whole.outputs(graph, inputs);
      List<double[]> actual = narrow.outputs(with(graph, precision), inputs);
      assertThat(whole.narrowComparisons()).isZero();
      assertThat(narrow.wrongComparisons()).isZero();
      assertThat(narrow.narrowComparisons()).isGreaterThan(1000);
      assertThat(narrow.fullestComparison()).isBetween(0.9, 1.0);
      for (int i = 0; i < expected.size(); i++) {
        Op op = graph.node(graph.outputs().get(i)).op();
        if (!(op instanceof Op.ArgMax)) {
          // truncations round at random; only comparisons of equals may differ by that
          assertThat(actual.get(i)).as(op.toString()).hasSameSizeAs(expected.get(i));
          for (int j = 0; j < expected.get(i).length; j++) {
            double jump = op instanceof Op.Unary u && u.function() == Operators.Unary.SIGN ? 2 : 1;
            boolean decides = Set.of("sign", "less", "greater_or_equal").contains(op.name());
            assertThat(Math.abs(actual.get(i)[j] - expected.get(i)[j]))
                .as(op.toString())
                .isLessThanOrEqualTo(decides ? jump : Math.scalb(3.0 + bound, -BITS));
          }
        }
      }
      ClearRun tooNarrow = new ClearRun(new FixedPoint(Ring.Z64, BITS), random::nextLong);
      tooNarrow.outputs(
          with(graph, precision), List.of(values(shape, 4 * bound), values(shape, 4 * bound)));
      assertThat(tooNarrow.wrongComparisons()).isPositive();
    }
  }

  // ---- a network between parties

  private Graph network() {
    Tracer tracer = new Tracer();
    Operators<Traced> o = tracer.operators();
    Traced x = tracer.input("x", new Shape(2, 1, 8, 8), F);
    Traced c = tracer.weight("c", Oracle.random(random, F, 3, 1, 3, 3));
    Traced w = tracer.weight("w", Oracle.random(random, F, 5, 48));
    Traced b = tracer.weight("b", Oracle.random(random, F, 5));
    Traced v = tracer.weight("v", Oracle.random(random, F, 4, 5));
    Traced y = o.convolution(x, c, null, new ConvolutionSpec(1, 1, 1, 1, 1, 1, 1));
    y = o.pool(y, new Pooling(Pooling.Kind.MAX, 3, 3, 2, 2, 1, 1, false, true));
    y = o.layout(Layout.reshape(2, -1), o.unary(Operators.Unary.RELU, y));
    y = o.unary(Operators.Unary.RELU, o.linear(y, w, b));
    return tracer.finish(List.of(o.linear(y, v, null)));
  }

  private static PrivateRun run(Graph graph, PublicTensor input, int fractionBits) {
    return run(graph, input, fractionBits, false);
  }

  private static PrivateRun run(Graph graph, PublicTensor input, int fractionBits, boolean checks) {
    return run(Ariann.ARIANN, graph, input, fractionBits, checks);
  }

  private static PrivateRun run(
      Ariann used, Graph graph, PublicTensor input, int fractionBits, boolean checks) {
    FixedPoint fixedPoint = new FixedPoint(Ring.Z64, fractionBits);
    return PrivateRun.of(used, graph, fixedPoint, WeightMode.SHARED, input, checks);
  }

  /** Ranges of the network's values: inputs below 4, few above 2^6. */
  private static List<Precision> narrow(Graph graph) {
    List<Precision> precisions = new ArrayList<>();
    for (Node node : graph.nodes()) {
      boolean compares = node.op() instanceof Op.Pool || node.op() instanceof Op.Unary;
      precisions.add(compares ? Precision.STANDARD.withMagnitude(9) : Precision.STANDARD);
    }
    return precisions;
  }

  @Test
  void narrowComparisonsGiveTheSameAnswersForSmallerKeysAndOpenAsMuch() {
    Graph graph = network();
    Graph narrow = graph.withPrecisions(narrow(graph));
    PublicTensor input = Oracle.random(random, F, 2, 1, 8, 8);
    PrivateRun whole = run(graph, input, 16);
    PrivateRun small = run(narrow, input, 16);
    for (int i = 0; i < whole.outputs().length; i++) {
      assertThat(small.outputs()[i]).isCloseTo(whole.outputs()[i], within(1e-2));
    }
    assertThat(small.p0().onlineBytesSent()).isEqualTo(whole.p0().onlineBytesSent());
    assertThat(small.p1().onlineBytesSent()).isEqualTo(whole.p1().onlineBytesSent());
    assertThat(small.p0().rounds()).isEqualTo(whole.p0().rounds());
    assertThat(small.p0().offlineBytesReceived())
        .isLessThan(whole.p0().offlineBytesReceived() * 7 / 10);
    Cost planned = plan(narrow);
    Cost plannedWhole = plan(graph);
    assertThat(planned.comparisons()).isEqualTo(plannedWhole.comparisons());
    assertThat(planned.onlineBytesP0()).isEqualTo(small.p0().onlineBytesSent());
    assertThat(small.p0().offlineBytesReceived() - planned.keyBytesP0())
        .isEqualTo(whole.p0().offlineBytesReceived() - plannedWhole.keyBytesP0());
    assertThat(small.p1().offlineBytesReceived() - planned.keyBytesP1())
        .isEqualTo(whole.p1().offlineBytesReceived() - plannedWhole.keyBytesP1());
  }

  private static Cost plan(Graph graph) {
    return plan(Ariann.ARIANN, graph);
  }

  private static Cost plan(Ariann suite, Graph graph) {
    return Plan.of(graph, suite, Ring.Z64, 16, PartyId.P0, WeightMode.SHARED).total();
  }

  @Test
  void eachLayerHasFractionBitsOfItsOwn() {
    Graph graph = network();
    PublicTensor input = Oracle.random(random, F, 2, 1, 8, 8);
    double[] exact = run(graph, input, 20).outputs();
    List<Precision> precisions = new ArrayList<>(narrow(graph));
    for (int i = 0; i < precisions.size(); i++) {
      int magnitude = precisions.get(i).magnitudeBits();
      precisions.set(
          i, new Precision(magnitude, i < 3 ? 12 : 14, i < 3 ? 18 : 9, Precision.SESSION));
    }
    Graph mixed = graph.withPrecisions(precisions);
    assertThat(mixed.weightBits(16)).isEqualTo(new int[] {18, 9, 16, 9});
    double[] outputs = run(mixed, input, 16).outputs();
    FixedPoint fixedPoint = new FixedPoint(Ring.Z64, 16);
    double bound = ErrorBound.ofOutputs(mixed, fixedPoint, largest(input));
    double usual = ErrorBound.ofOutputs(graph, fixedPoint, largest(input));
    assertThat(bound).isGreaterThan(8 * usual);
    double error = 0;
    for (int i = 0; i < exact.length; i++) {
      error = Math.max(error, Math.abs(outputs[i] - exact[i]));
    }
    assertThat(error).isLessThan(bound).isGreaterThan(bound / 1000);
  }

  private static double largest(PublicTensor x) {
    return Arrays.stream(x.doubles()).map(Math::abs).max().orElse(0);
  }

  @Test
  void checksOfRangesFindWhatWouldBeWrongSilently() {
    Graph graph = network();
    Graph narrow = graph.withPrecisions(narrow(graph));
    PublicTensor input = Oracle.random(random, F, 2, 1, 8, 8);
    double[] exact = run(graph, input, 16).outputs();
    PrivateRun usual = run(narrow, input, 16, true);
    assertThat(usual.outside()).isZero();
    assertThat(usual.outputs()).hasSameSizeAs(exact);
    Cost planned =
        Plan.of(narrow, Ariann.ARIANN, Ring.Z64, 16, PartyId.P0, WeightMode.SHARED, true).total();
    assertThat(usual.p0().onlineBytesSent()).isEqualTo(planned.onlineBytesP0());
    assertThat(usual.p0().offlineBytesReceived() - planned.keyBytesP0())
        .isEqualTo(run(narrow, input, 16).p0().offlineBytesReceived() - plan(narrow).keyBytesP0());

    PublicTensor strange =
        new PublicOperators().scalar(Operators.Binary.MULTIPLY, input, 900, false);
    double[] expected = run(graph, strange, 16).outputs();
    PrivateRun unchecked = run(narrow, strange, 16);
    assertThat(unchecked.outside()).isEqualTo(-1);
    double error = 0;
    for (int i = 0; i < expected.length; i++) {
      error = Math.max(error, Math.abs(unchecked.outputs()[i] - expected[i]));
    }
    assertThat(error).as("silently wrong").isGreaterThan(10);
    assertThat(run(narrow, strange, 16, true).outside()).isEqualTo(1);
    assertThat(run(graph, strange, 16, true).outside()).as("nothing to check").isEqualTo(-1);
  }

  @Test
  void theSessionsWidthIsForOperatorsWithoutPrecisionAlone() {
    Ariann usual = Ariann.ARIANN.withComparisonBits(18);
    Graph graph = network();
    Graph narrow = graph.withPrecisions(narrow(graph));
    assertThat(plan(usual, narrow)).isEqualTo(plan(Ariann.ARIANN, narrow));
    assertThat(plan(usual, graph).keyBytesP0()).isLessThan(plan(usual, narrow).keyBytesP0());
    // 18 bits are wrong from 2 on, but there are none of them here
    PublicTensor input = Oracle.random(random, F, 2, 1, 8, 8);
    double[] exact = run(graph, input, 16).outputs();
    double[] outputs = run(usual, narrow, input, 16, false).outputs();
    for (int i = 0; i < exact.length; i++) {
      assertThat(outputs[i]).isCloseTo(exact[i], within(1e-2));
    }
  }

  @Test
  void checksOfRangesKnowTheSessionsWidth() {
    Graph graph = network();
    PublicTensor input = Oracle.random(random, F, 2, 1, 8, 8);
    PrivateRun enough = run(Ariann.ARIANN.withComparisonBits(28), graph, input, 16, true);
    assertThat(enough.outside()).isZero();
    Ariann few = Ariann.ARIANN.withComparisonBits(18);
    assertThat(run(few, graph, input, 16, true).outside()).isEqualTo(1);
    double error = 0;
    double[] exact = run(graph, input, 16).outputs();
    double[] outputs = run(few, graph, input, 16, false).outputs();
    for (int i = 0; i < exact.length; i++) {
      error = Math.max(error, Math.abs(outputs[i] - exact[i]));
    }
    assertThat(error).as("silently wrong").isGreaterThan(0.5);
  }

  // ---- agreement

  @Test
  void partiesWithOtherPrecisionsStopBeforeAnythingIsOpened() {
    Graph graph = network();
    Graph narrow = graph.withPrecisions(narrow(graph));
    PublicTensor input = Oracle.random(random, F, 2, 1, 8, 8);
    FixedPoint fixedPoint = new FixedPoint(Ring.Z64, 16);
    try (var parties = ThreadedParties.start(Ariann.ARIANN, PartyOptions.DEFAULT)) {
      assertThatThrownBy(
              () ->
                  parties
                      .submit(
                          (r, s) -> SharedModel.share(r, s, graph, PartyId.P0, WeightMode.SHARED),
                          (r, s) ->
                              SharedModel.share(
                                  r, s, narrow.withoutWeights(), PartyId.P0, WeightMode.SHARED))
                      .await(TIME))
          .isInstanceOfSatisfying(
              MpcException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.ANNOUNCEMENT_MISMATCH));
    }
    try (var parties = ThreadedParties.start(Ariann.ARIANN, PartyOptions.DEFAULT)) {
      var models =
          parties
              .submit((r, s) -> SharedModel.share(r, s, graph, PartyId.P0, WeightMode.SHARED))
              .await(TIME);
      assertThatThrownBy(
              () ->
                  parties
                      .submit(
                          (r, s) ->
                              PrivateRun.infer(r, s, graph, models.p0(), fixedPoint, input, false),
                          (r, s) ->
                              PrivateRun.infer(r, s, narrow, models.p1(), fixedPoint, input, false))
                      .await(TIME))
          .isInstanceOfSatisfying(
              MpcException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.ANNOUNCEMENT_MISMATCH));
    }
  }

  @Test
  void precisionsBelongToTheArchitecture() {
    Graph graph = network();
    Graph narrow = graph.withPrecisions(narrow(graph));
    assertThat(narrow.hash()).isNotEqualTo(graph.hash());
    Graph copy = Graph.decode(narrow.withoutWeights().encode());
    assertThat(copy.hash()).isEqualTo(narrow.hash());
    assertThat(copy.nodes()).isEqualTo(narrow.nodes());
    assertThat(new DeadCode().apply(narrow).hash()).isEqualTo(narrow.hash());
    assertThatThrownBy(() -> graph.withPrecisions(List.of()))
        .isInstanceOf(MpcException.class)
        .hasMessageContaining("0 precisions");
    assertThatThrownBy(() -> new Precision(-1, 0, 0, Precision.SESSION))
        .isInstanceOf(MpcException.class);
    assertThatThrownBy(() -> new Precision(0, 63, 0, Precision.SESSION))
        .isInstanceOf(MpcException.class);
  }
}
