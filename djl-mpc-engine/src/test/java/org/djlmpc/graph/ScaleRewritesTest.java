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
import org.djlmpc.ring.ConvolutionSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Factors and summands become part of the weights of the layers around them. */
final class ScaleRewritesTest {
  private static final DataType F = DataType.FLOAT32;

  private final Random random = new Random(3);
  private final Tracer tracer = new Tracer();
  private final Operators<Traced> o = tracer.operators();
  private int weights;

  private Traced weight(long... lengths) {
    return tracer.weight("w" + weights++, Oracle.random(random, F, lengths));
  }

  private Traced positive(long... lengths) {
    return tracer.weight("p" + weights++, Oracle.positive(random, lengths));
  }

  private Traced constant(double... values) {
    return tracer.constant(PublicTensor.of(values, new Shape(values.length, 1, 1)).cast(F));
  }

  private Traced convolution(Traced x, long channels, int padding, int groups) {
    ConvolutionSpec spec = new ConvolutionSpec(1, 1, padding, padding, 1, 1, groups);
    return o.convolution(x, weight(channels, x.shape().get(1) / groups, 3, 3), null, spec);
  }

  private Traced batchNorm(Traced x) {
    long c = x.shape().get(1);
    return o.batchNorm(x, weight(c), positive(c), weight(c), weight(c), 1, 1e-5);
  }

  private Graph finish(Traced... outputs) {
    return tracer.finish(List.of(outputs));
  }

  @Test
  void scalesBehindALayerBecomeWeights() {
    Traced x = tracer.input("x", new Shape(1, 2, 6, 6), F);
    Traced y = convolution(x, 4, 1, 2);
    y = o.binary(Binary.MULTIPLY, weight(4, 1, 1), y);
    y = o.scalar(Binary.SUBTRACT, y, 1.5, true);
    y = o.binary(Binary.ADD, y, weight(1, 4, 1, 1));
    y = o.unary(Unary.NEGATE, o.scalar(Binary.DIVIDE, y, -0.3, false));
    Graph graph = finish(o.unary(Unary.RELU, y));
    Graph after = rewritten(graph);
    assertThat(operators(after)).containsExactly("convolution", "relu");
    // the layer's three rounds, and the output's rescaling is the ReLU's
    assertThat(cost(after).rounds()).isEqualTo(3);
    assertThat(cost(graph).rounds()).isGreaterThan(4);
  }

  @Test
  void ofASmallFactorThePowerOfTwoStays() {
    Traced x = tracer.input("x", new Shape(2, 5), F);
    Traced y = o.linear(x, weight(3, 5), weight(3));
    y = o.scalar(Binary.DIVIDE, y, 255, false);
    y = o.scalar(Binary.MULTIPLY, y, 0.25, true);
    y = o.scalar(Binary.ADD, y, 3, true);
    Graph after = rewritten(finish(o.unary(Unary.RELU, y)));
    assertThat(operators(after)).containsExactly("linear", "multiply", "relu");
    assertThat(after.nodes().get(1).op())
        .isEqualTo(new Op.Scalar(Binary.MULTIPLY, Math.scalb(1.0, -10), false));
    double largest = 0;
    for (double w : after.weights().get(0).value().doubles()) {
      largest = Math.max(largest, Math.abs(w));
    }
    assertThat(largest).as("1024 / 1020 of the largest weight").isBetween(2.0, 8.0);
  }

  @Test
  void aNormalizationBehindASumOfLayersIsFree() {
    Traced x = tracer.input("x", new Shape(1, 3, 6, 6), F);
    Traced sum = o.binary(Binary.ADD, convolution(x, 4, 1, 1), convolution(x, 4, 1, 1));
    Graph graph = finish(o.unary(Unary.RELU, batchNorm(sum)));
    Graph after = rewritten(graph);
    assertThat(operators(after)).containsExactly("convolution", "convolution", "add", "relu");
    // two products of one masked x, one opening of their sum, one bit
    assertThat(cost(after).rounds()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aNormalizationBeforeAConvolutionWithoutPaddingIsFree(int groups) {
    Traced x = tracer.input("x", new Shape(2, 4, 6, 6), F);
    Traced y = batchNorm(o.unary(Unary.RELU, x));
    Graph graph = finish(o.unary(Unary.RELU, convolution(y, 6, 0, groups)));
    Graph after = rewritten(graph);
    assertThat(operators(after)).containsExactly("relu", "convolution", "relu");
    assertThat(cost(after).rounds()).isEqualTo(5);
    assertThat(cost(new FoldBatchNorm().apply(graph)).rounds()).isGreaterThan(6);
    assertThat(after.weights().stream().map(w -> w.type().shape()))
        .as("no weight depends on the size of the image")
        .containsExactly(new Shape(6, 4 / groups, 3, 3), new Shape(6));
  }

  @Test
  void aSecretNormalizationBeforeAPaddedConvolutionIsABiasForEachPosition() {
    Traced x = tracer.input("x", new Shape(2, 4, 5, 6), F);
    Traced y = convolution(batchNorm(o.unary(Unary.RELU, x)), 3, 1, 1);
    Graph graph = finish(o.unary(Unary.RELU, y));
    Graph after = rewritten(graph);
    assertThat(operators(after)).containsExactly("relu", "convolution", "add", "relu");
    assertThat(after.weights().stream().map(w -> w.type().shape()))
        .containsExactlyInAnyOrder(new Shape(3, 4, 3, 3), new Shape(1, 3, 5, 6));
    assertThat(cost(after).rounds()).isEqualTo(5);
  }

  @Test
  void anImageOfAnotherSizeHasAnotherNameForItsBias() {
    Traced x = tracer.input("x", new Shape(2, 4, 5, 6), F);
    Graph graph = finish(convolution(batchNorm(x), 3, 1, 1));
    Graph small = Rewrites.apply(graph);
    Graph large = Rewrites.apply(graph.withInputShapes(List.of(new Shape(2, 4, 7, 6))));
    Graph batch = Rewrites.apply(graph.withInputShapes(List.of(new Shape(5, 4, 5, 6))));
    assertThat(batch.weights()).isEqualTo(small.weights());
    assertThat(names(large)).hasSize(2).isNotEqualTo(names(small));
    assertThat(names(large).stream().filter(names(small)::contains)).as("the kernel").hasSize(1);
  }

  private static List<String> names(Graph graph) {
    return graph.weights().stream().map(Graph.Weight::name).sorted().toList();
  }

  @Test
  void aPublicSummandBeforeAPaddedConvolutionStaysLocal() {
    Traced x = tracer.input("x", new Shape(1, 3, 6, 6), F);
    Traced y = o.scalar(Binary.DIVIDE, x, 255, false);
    y = o.binary(Binary.SUBTRACT, y, constant(0.485, 0.456, 0.406));
    y = o.binary(Binary.DIVIDE, y, constant(0.229, 0.224, 0.225));
    Graph graph = finish(convolution(y, 4, 1, 1));
    Graph after = rewritten(graph);
    assertThat(operators(after)).containsExactly("add", "multiply", "convolution");
    assertThat(AffineStep.movesPoint(after.nodes().get(1))).isTrue();
    assertThat(cost(graph).rounds() - cost(after).rounds()).isPositive();
    // a summand alone costs nothing and stays as it is
    Graph shifted = Rewrites.apply(finish(convolution(o.scalar(Binary.ADD, x, 2, true), 4, 1, 1)));
    assertThat(operators(shifted)).containsExactly("add", "convolution");
  }

  @Test
  void numbersPassWhatStandsBetweenThemAndTheLayer() {
    Traced x = tracer.input("x", new Shape(2, 3, 6, 6), F);
    Traced y = o.scalar(Binary.MULTIPLY, o.unary(Unary.SQUARE, x), 1.7, false);
    Pooling pooling = new Pooling(Pooling.Kind.MAX, 2, 2, 2, 2, 0, 0, false, true);
    y = o.unary(Unary.RELU, o.pool(y, pooling));
    y = o.layout(Layout.reshape(2, -1), batchNorm(y));
    Graph graph = finish(o.linear(y, weight(4, 27), weight(4)));
    Graph after = rewritten(graph);
    assertThat(operators(after)).containsExactly("square", "max_pool", "reshape", "linear");
    assertThat(cost(after).rounds()).isLessThan(cost(Rewrites.apply(graph)).rounds() + 1);
  }

  @Test
  void aLayerWithAnotherReaderKeepsItsWeights() {
    Traced x = tracer.input("x", new Shape(1, 3, 6, 6), F);
    Traced y = convolution(x, 4, 1, 1);
    Graph after = rewritten(finish(o.scalar(Binary.MULTIPLY, y, 3, false), y));
    assertThat(operators(after)).containsExactly("convolution", "multiply");
  }

  @Test
  void weightsDivideOnceAtTheirOwner() {
    Traced x = tracer.input("x", new Shape(2, 3), F);
    Graph graph = finish(o.binary(Binary.DIVIDE, o.unary(Unary.RELU, x), positive(3)));
    Graph after = rewritten(graph);
    assertThat(operators(after)).containsExactly("relu", "multiply");
    assertThat(cost(after).rounds()).isEqualTo(4);
  }

  @Test
  void aMeanComesBeforeAPointwiseConvolution() {
    Traced x = tracer.input("x", new Shape(1, 6, 8, 8), F);
    ConvolutionSpec spec = new ConvolutionSpec(1, 1, 0, 0, 1, 1, 1);
    Traced y = o.convolution(o.unary(Unary.RELU, x), weight(3, 6, 1, 1), weight(3), spec);
    Pooling halve = new Pooling(Pooling.Kind.MEAN, 2, 2, 2, 2, 0, 0, false, true);
    Graph graph = finish(o.pool(y, halve));
    Graph after = rewritten(graph);
    assertThat(operators(after)).containsExactly("relu", "avg_pool", "convolution");
    assertThat(cost(after).onlineBytesP0()).isLessThan(cost(graph).onlineBytesP0());
  }

  @Test
  void layersThatReadOneSequenceMaskItOnce() {
    Traced x = tracer.input("x", new Shape(2, 5, 8), F);
    Traced y = o.unary(Unary.RELU, x);
    Graph graph =
        finish(
            o.matmul(y, weight(8, 4)),
            o.linear(y, weight(4, 8), null),
            o.linear(y, weight(4, 8), weight(4)));
    Graph after = rewritten(graph);
    assertThat(operators(after)).doesNotContain("matmul", "permute");
    long outputs = 3 * 2 * 5 * 4 * 8;
    long relu = 2 * 5 * 8 * 8 + 10;
    assertThat(cost(after).onlineBytesP0())
        .as("ReLU, one mask, three rescalings")
        .isEqualTo(relu + 2 * 5 * 8 * 8 + outputs);
    assertThat(cost(graph).onlineBytesP0()).isGreaterThan(cost(after).onlineBytesP0());
  }
}
