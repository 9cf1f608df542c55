package org.djlmpc.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.djlmpc.graph.RewriteCheck.cost;
import static org.djlmpc.graph.RewriteCheck.operators;
import static org.djlmpc.graph.RewriteCheck.rewritten;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Random;
import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.graph.Operators.Unary;
import org.djlmpc.protocol.Rounds;
import org.djlmpc.protocol.ariann.Ariann;
import org.djlmpc.ring.ConvolutionSpec;
import org.djlmpc.ring.Ring;
import org.djlmpc.transport.LinkShape;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Activations and poolings compare as little as they can. */
final class ComparisonRewritesTest {
  private static final DataType F = DataType.FLOAT32;

  private final Random random = new Random(5);
  private final Tracer tracer = new Tracer();
  private final Operators<Traced> o = tracer.operators();
  private final Traced x = tracer.input("x", new Shape(1, 2, 9, 8), F);

  private Graph finish(Traced... outputs) {
    return tracer.finish(List.of(outputs));
  }

  private Traced layer(Traced y) {
    ConvolutionSpec spec = new ConvolutionSpec(1, 1, 1, 1, 1, 1, 1);
    Traced w = tracer.weight("w" + y.id(), Oracle.random(random, F, 2, y.shape().get(1), 3, 3));
    return o.convolution(y, w, null, spec);
  }

  @Test
  void limitsInARowAreOneClip() {
    Traced six = tracer.constant(PublicTensor.of(new float[] {6}, new Shape(1)));
    Traced relu6 = o.binary(Binary.MINIMUM, six, o.scalar(Binary.MAXIMUM, layer(x), 0, true));
    Graph graph = finish(relu6);
    Graph after = rewritten(graph);
    assertThat(after.nodes().get(1).op()).isEqualTo(new Op.Clip(0, 6));
    assertThat(cost(after).rounds()).isLessThan(cost(graph).rounds());
    assertThat(operators(rewritten(finish(o.scalar(Binary.MAXIMUM, x, 0, false)))))
        .containsExactly("relu");
    Traced tanh = o.clip(o.clip(o.clip(x, -3, 1), -1, 5), -2, 0.5);
    assertThat(rewritten(finish(tanh)).nodes().get(0).op()).isEqualTo(new Op.Clip(-1, 0.5));
    // disjoint limits leave a constant function
    assertThat(rewritten(finish(o.clip(o.clip(x, 2, 3), -1, 1))).nodes().get(0).op())
        .isEqualTo(new Op.Clip(1, 1));
  }

  @Test
  void aBoundThatIsKnownIsNotCompared() {
    Traced relu = o.unary(Unary.RELU, x);
    Pooling mean = new Pooling(Pooling.Kind.MEAN, 2, 2, 1, 1, 1, 1, false, true);
    Traced sum = o.binary(Binary.ADD, relu, o.layout(Layout.flip(3), relu));
    Graph graph =
        finish(
            o.unary(Unary.RELU, o.pool(relu, mean)),
            o.unary(Unary.RELU, o.layout(Layout.permute(0, 1, 3, 2), sum)),
            o.leakyRelu(o.scalar(Binary.MULTIPLY, relu, 3, false), 0.1),
            o.clip(relu, -1, 6));
    Graph after = rewritten(graph);
    long elements = 2 * 9 * 8;
    assertThat(cost(after).comparisons()).isEqualTo(2 * elements);
    assertThat(cost(graph).comparisons()).isEqualTo(elements * 5 + 2 * 10 * 9);
  }

  @Test
  void hardActivationsAreOneClip() {
    Traced swish = o.unary(Unary.HARD_SWISH, layer(x));
    Graph graph = finish(layer(swish), layer(o.unary(Unary.HARD_SIGMOID, x)));
    Graph after = rewritten(graph);
    assertThat(operators(after)).doesNotContain("hard_swish", "hard_sigmoid", "divide");
    assertThat(operators(after).stream().filter("clip"::equals)).hasSize(2);
    assertThat(cost(after).rounds()).isLessThanOrEqualTo(cost(graph).rounds() - 2);
    assertThat(cost(after).onlineBytesP0()).isLessThan(cost(graph).onlineBytesP0());
    assertThat(cost(after).comparisons()).isEqualTo(cost(graph).comparisons());
  }

  @Test
  void aSummandMovesBehindAClipWhereItsArgumentIsReadAgain() {
    Traced y = layer(x);
    Traced three = tracer.constant(PublicTensor.of(new float[] {3}, new Shape(1)));
    Traced swish = o.binary(Binary.MULTIPLY, y, o.clip(o.binary(Binary.ADD, y, three), 0, 6));
    Graph after = rewritten(finish(layer(swish)));
    assertThat(operators(after))
        .containsExactly("convolution", "clip", "add", "multiply", "convolution");
    assertThat(after.nodes().get(1).op()).isEqualTo(new Op.Clip(-3, 3));
    // where nothing else reads it, the layer takes the summand
    Traced ramp = o.clip(o.scalar(Binary.SUBTRACT, layer(y), 3, false), 0, 6);
    assertThat(operators(rewritten(finish(ramp))))
        .containsExactly("convolution", "convolution", "clip");
  }

  /** Window, stride, padding, rounding up; comparisons for each output, before and after. */
  @ParameterizedTest
  @CsvSource({
    "3, 3, 2, 2, 1, 1, false",
    "3, 3, 2, 2, 0, 0, true",
    "3, 3, 1, 1, 1, 1, false",
    "5, 3, 2, 1, 2, 1, true",
    "2, 5, 1, 3, 1, 2, false",
    "3, 2, 2, 2, 0, 1, true",
  })
  void overlappingWindowsPoolOneAxisAfterTheOther(
      int kh, int kw, int sh, int sw, int ph, int pw, boolean ceil) {
    Pooling pooling = new Pooling(Pooling.Kind.MAX, kh, kw, sh, sw, ph, pw, ceil, true);
    // all negative: padding with zeros would win
    Traced y = o.scalar(Binary.SUBTRACT, o.clip(x, -5, 5), 10, false);
    Graph graph = finish(o.pool(y, pooling));
    Graph after = rewritten(new SeparableMaxPool(Rounds.BYTES), graph);
    assertThat(operators(after)).containsExactly("clip", "subtract", "max_pool", "max_pool");
    assertThat(cost(after).comparisons()).isLessThan(cost(graph).comparisons());
    assertThat(new SeparableMaxPool(Rounds.BYTES).apply(after).hash()).isEqualTo(after.hash());
    List<PublicTensor> inputs = List.of(Oracle.random(random, F, 1, 2, 9, 8));
    Oracle.assertClose(
        "PyTorch", Oracle.run(after, inputs).get(0), Oracle.run(graph, inputs).get(0), 0);
  }

  @ParameterizedTest
  @CsvSource({"2, 2, 2, 2", "3, 3, 3, 3", "3, 1, 1, 1", "1, 1, 2, 2", "2, 2, 3, 3"})
  void windowsThatDoNotOverlapStay(int kh, int kw, int sh, int sw) {
    Pooling pooling = new Pooling(Pooling.Kind.MAX, kh, kw, sh, sw, 0, 0, false, true);
    Graph graph = finish(o.pool(x, pooling));
    assertThat(new SeparableMaxPool(Rounds.BYTES).apply(graph).hash()).isEqualTo(graph.hash());
  }

  @Test
  void resNetsFirstPoolingSparesAQuarterOfItsComparisons() {
    Tracer stem = new Tracer();
    Traced y = stem.input("x", new Shape(1, 4, 112, 112), F);
    Pooling pooling = new Pooling(Pooling.Kind.MAX, 3, 3, 2, 2, 1, 1, false, true);
    Graph graph = stem.finish(List.of(stem.operators().pool(y, pooling)));
    Graph after = new SeparableMaxPool(Rounds.BYTES).apply(graph);
    assertThat(cost(graph).comparisons()).isEqualTo(8L * 4 * 56 * 56);
    assertThat(cost(after).comparisons()).isEqualTo(6L * 4 * 56 * 56);
    assertThat(cost(after).rounds()).isEqualTo(cost(graph).rounds());
  }

  @Test
  void aSessionThatSparesRoundsComparesAllPairsOfASmallImage() {
    // 25 values: a tournament takes 5 rounds or more
    Pooling pooling = new Pooling(Pooling.Kind.MAX, 5, 5, 2, 2, 0, 0, false, true);
    Graph graph = finish(o.pool(x, pooling));
    Graph low = Rewrites.apply(graph, Rounds.LOW);
    assertThat(operators(low)).containsExactly("max_pool");
    Ariann suite = Ariann.ARIANN.withRounds(Rounds.LOW);
    Plan plan = Plan.of(low, suite, Ring.Z64, 16, PartyId.P0, WeightMode.SHARED);
    assertThat(plan.total().rounds()).isEqualTo(4);
    assertThat(cost(rewritten(graph)).rounds()).isEqualTo(12);
    // a large pooling takes longer for its comparisons than for its rounds
    Rounds far = Rounds.forLink(new LinkShape(70, Double.POSITIVE_INFINITY));
    assertThat(operators(Rewrites.apply(graph, far))).hasSize(1);
    Graph large = graph.withInputShapes(List.of(new Shape(8, 64, 56, 56)));
    assertThat(operators(Rewrites.apply(large, far))).hasSize(2);
  }
}
