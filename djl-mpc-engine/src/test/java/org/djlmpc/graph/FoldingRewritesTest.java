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
import org.junit.jupiter.api.Test;

/** What is known before the inputs are is computed once. */
final class FoldingRewritesTest {
  private static final DataType F = DataType.FLOAT32;

  private final Random random = new Random(4);
  private final Tracer tracer = new Tracer();
  private final Operators<Traced> o = tracer.operators();

  private Graph finish(Traced... outputs) {
    return tracer.finish(List.of(outputs));
  }

  @Test
  void constantsBecomeAConstantAndWeightsAWeight() {
    Traced x = tracer.input("x", new Shape(2, 6), F);
    Traced w = tracer.weight("block.w", Oracle.random(random, F, 6, 4));
    Traced c = tracer.constant(Oracle.random(random, F, 2, 3));
    Traced scaled = o.scalar(Binary.DIVIDE, w, 24, false);
    Graph graph =
        finish(
            o.matmul(o.unary(Unary.SQUARE, x), o.unary(Unary.TANH, scaled)),
            o.binary(Binary.ADD, x, o.layout(Layout.reshape(6), o.unary(Unary.EXP, c))));
    Graph after = rewritten(new ConstantFolding(), graph);
    assertThat(operators(after)).containsExactly("square", "matmul", "add");
    assertThat(after.constants()).hasSize(1);
    assertThat(after.weights()).hasSize(1);
    assertThat(after.weights().get(0).name()).matches("block\\.w~[0-9a-f]{16}");
    // equal expressions of equal weights have equal names, others have not
    Graph again = new ConstantFolding().apply(graph);
    assertThat(again.weights().get(0).name()).isEqualTo(after.weights().get(0).name());
    assertThat(new ConstantFolding().apply(after).hash()).isEqualTo(after.hash());
    assertThat(cost(after).rounds()).isPositive();
  }

  @Test
  void aLayoutThatRepeatsElementsStays() {
    Traced x = tracer.input("x", new Shape(100, 6), F);
    Traced w = o.unary(Unary.NEGATE, tracer.weight("w", Oracle.random(random, F, 6)));
    Traced wide = o.layout(Layout.broadcast(new Shape(100, 6)), w);
    Graph after = rewritten(new ConstantFolding(), finish(o.binary(Binary.MULTIPLY, x, wide)));
    assertThat(operators(after)).containsExactly("broadcast", "multiply");
    assertThat(after.weights().get(0).type().shape()).isEqualTo(new Shape(6));
  }

  @Test
  void equalNodesAreComputedOnce() {
    Traced x = tracer.input("x", new Shape(2, 6), F);
    Traced y = tracer.input("y", new Shape(2, 6), F);
    Traced a = o.unary(Unary.RELU, o.binary(Binary.MULTIPLY, x, y));
    Traced b = o.unary(Unary.RELU, o.binary(Binary.MULTIPLY, y, x));
    Traced c = o.unary(Unary.RELU, o.binary(Binary.SUBTRACT, y, x));
    Traced d = o.unary(Unary.RELU, o.binary(Binary.SUBTRACT, x, y));
    Traced one =
        o.binary(Binary.ADD, c, tracer.constant(PublicTensor.of(new float[] {1}, new Shape(1))));
    Traced two =
        o.binary(Binary.ADD, d, tracer.constant(PublicTensor.of(new float[] {1}, new Shape(1))));
    Graph graph = finish(o.binary(Binary.ADD, a, b), o.binary(Binary.MULTIPLY, one, two));
    Graph after = rewritten(new CommonSubexpressions(), graph);
    assertThat(after.nodes()).hasSize(graph.nodes().size() - 2);
    assertThat(after.constants()).hasSize(1);
    assertThat(cost(graph).comparisons()).isEqualTo(48);
    assertThat(cost(after).comparisons()).isEqualTo(36);
  }

  @Test
  void transpositionsThatCancelVanish() {
    Traced x = tracer.input("x", new Shape(2, 3, 4, 5), F);
    Traced y = o.layout(Layout.permute(0, 2, 3, 1), x);
    y = o.layout(Layout.permute(0, -1, 1, 2), y);
    y = o.layout(Layout.reshape(2, 12, 5), y);
    y = o.layout(Layout.reshape(2, 60), y);
    Graph after = rewritten(finish(y));
    assertThat(operators(after)).containsExactly("reshape");
    Graph turned =
        rewritten(
            finish(o.layout(Layout.permute(3, 1, 0, 2), o.layout(Layout.permute(1, 2, 3, 0), x))));
    assertThat(operators(turned)).containsExactly("permute");
  }

  @Test
  void nothingOfWhatNobodyReadsIsLeft() {
    Traced x = tracer.input("x", new Shape(2, 3), F);
    tracer.input("unused", new Shape(2), F);
    Traced dead = o.linear(x, tracer.weight("dead", Oracle.random(random, F, 4, 3)), null);
    o.binary(
        Binary.MULTIPLY, o.unary(Unary.RELU, dead), tracer.constant(PublicTensor.scalar(2, F)));
    Graph after = new DeadCode().apply(finish(x));
    assertThat(after.nodes()).isEmpty();
    assertThat(after.weights()).isEmpty();
    assertThat(after.constants()).isEmpty();
    assertThat(after.inputs()).as("the interface").hasSize(2);
  }
}
