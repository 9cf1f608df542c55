package org.djlmpc.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.ConstantInitializer;
import ai.djl.training.initializer.UniformInitializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.djlmpc.engine.BlockTracer;
import org.djlmpc.ring.ConvolutionSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rewrites keep what a network computes, whoever applies them, and do what they are for. */
final class RewritesTest {
  private static final DataType F = DataType.FLOAT32;

  private final Random random = new Random(2);
  private final Tracer tracer = new Tracer();
  private final Operators<Traced> o = tracer.operators();

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 200})
  void randomNetworksComputeTheSame(int first) {
    for (int seed = first; seed < first + 8; seed++) {
      Graph graph = RandomNetwork.of(seed);
      List<PublicTensor> inputs = RandomNetwork.inputs(graph, seed);
      List<PublicTensor> expected = Oracle.run(graph, inputs);
      List<PublicTensor> plain = graph.evaluate(new PublicOperators(), inputs);
      List<Rewrite> rewrites = new ArrayList<>(Rewrites.standard());
      rewrites.add(Rewrites::apply);
      for (Rewrite rewrite : rewrites) {
        Graph rewritten = rewrite.apply(graph);
        List<PublicTensor> actual = Oracle.run(rewritten, inputs);
        for (int i = 0; i < expected.size(); i++) {
          String what = "output " + i + " of network " + seed + " after " + rewrite;
          Oracle.assertClose(what, actual.get(i), expected.get(i), 1e-4);
          Oracle.assertClose(what, plain.get(i), expected.get(i), 1e-4);
        }
        assertThat(rewrite.apply(graph.withoutWeights()).hash())
            .as("a peer without weights reaches the same architecture")
            .isEqualTo(rewritten.hash());
        assertThat(rewritten.withoutWeights().weights()).allMatch(w -> w.value() == null);
      }
      Graph once = Rewrites.apply(graph);
      assertThat(Rewrites.apply(once).hash()).as("nothing left to rewrite").isEqualTo(once.hash());
    }
  }

  @Test
  void noBatchNormIsLeftOfAResidualNetwork() {
    Engine.getEngine("PyTorch").setRandomSeed(1);
    Shape shape = new Shape(1, 3, 32, 32);
    Block block =
        ResNetV1.builder()
            .setImageShape(new Shape(3, 32, 32))
            .setNumLayers(50)
            .setOutSize(10)
            .build();
    block.setInitializer(new UniformInitializer(0.5f), Parameter.Type.RUNNING_MEAN);
    block.setInitializer(new UniformInitializer(0.5f), Parameter.Type.BETA);
    block.setInitializer(new ConstantInitializer(0.7f), Parameter.Type.RUNNING_VAR);
    try (NDManager manager = Oracle.manager()) {
      block.initialize(manager, F, shape);
      Graph graph = BlockTracer.trace(block, shape);
      Graph rewritten = Rewrites.apply(graph);
      // every one follows a convolution, so nothing is added in its place
      assertThat(operators(rewritten))
          .doesNotContain("batch_norm", "multiply")
          .hasSizeLessThan(graph.nodes().size() - 50);
      List<PublicTensor> inputs = List.of(Oracle.random(random, F, shape.getShape()));
      PublicTensor expected = Oracle.run(graph, inputs).get(0);
      PublicTensor actual = Oracle.run(rewritten, inputs).get(0);
      double largest = 0;
      for (int i = 0; i < expected.size(); i++) {
        largest = Math.max(largest, Math.abs(expected.getDouble(i)));
      }
      PublicOperators o = new PublicOperators();
      Oracle.assertClose(
          "ResNet",
          o.scalar(Operators.Binary.DIVIDE, actual, largest, false),
          o.scalar(Operators.Binary.DIVIDE, expected, largest, false),
          1e-4);
      assertThat(largest).isPositive();
    }
  }

  private Traced weight(String name, long... lengths) {
    return tracer.weight(name, Oracle.random(random, F, lengths));
  }

  private Traced image() {
    return tracer.input("x", new Shape(1, 2, 6, 6), F);
  }

  private static List<String> operators(Graph graph) {
    return graph.nodes().stream().map(node -> node.op().name()).toList();
  }

  private Traced batchNorm(Traced x, int axis) {
    long c = x.shape().get(axis);
    Traced variance = tracer.weight("variance", Oracle.positive(random, c));
    return o.batchNorm(x, weight("mean", c), variance, null, weight("beta", c), axis, 1e-3);
  }

  @Test
  void foldsBatchNormIntoConvolutionWithoutBias() {
    ConvolutionSpec spec = new ConvolutionSpec(1, 1, 1, 1, 1, 1, 1);
    Traced y = o.convolution(image(), weight("w", 3, 2, 3, 3), null, spec);
    Graph folded = new FoldBatchNorm().apply(tracer.finish(List.of(batchNorm(y, 1))));
    assertThat(operators(folded)).containsExactly("convolution");
    assertThat(folded.weights())
        .extracting(Graph.Weight::name)
        .containsExactly("w.folded", "w.folded.bias");
  }

  @Test
  void scalesAndShiftsWhereNothingPrecedes() {
    Graph folded = new FoldBatchNorm().apply(tracer.finish(List.of(batchNorm(image(), 1))));
    assertThat(operators(folded)).containsExactly("multiply", "add");
    assertThat(folded.weights().get(0).type().shape()).isEqualTo(new Shape(2, 1, 1));
  }

  @Test
  void leavesAConvolutionThatSomethingElseReads() {
    ConvolutionSpec spec = new ConvolutionSpec(1, 1, 1, 1, 1, 1, 1);
    Traced y = o.convolution(image(), weight("w", 3, 2, 3, 3), null, spec);
    Graph folded = new FoldBatchNorm().apply(tracer.finish(List.of(batchNorm(y, 1), y)));
    assertThat(operators(folded)).containsExactly("convolution", "multiply", "add");
  }

  @Test
  void leavesBatchNormOverAnotherAxisThanTheChannels() {
    ConvolutionSpec spec = new ConvolutionSpec(1, 1, 1, 1, 1, 1, 1);
    Traced y = o.convolution(image(), weight("w", 6, 2, 3, 3), null, spec);
    Graph folded = new FoldBatchNorm().apply(tracer.finish(List.of(batchNorm(y, 2))));
    assertThat(operators(folded)).containsExactly("convolution", "multiply", "add");
  }

  @Test
  void poolsBeforeReluOnlyWhereItPays() {
    Pooling halve = new Pooling(Pooling.Kind.MAX, 2, 2, 2, 2, 0, 0, false, true);
    Pooling same = new Pooling(Pooling.Kind.MAX, 3, 3, 1, 1, 1, 1, false, true);
    Traced x = image();
    Traced relu = o.unary(Operators.Unary.RELU, x);
    Traced shared = o.unary(Operators.Unary.RELU, x);
    Traced square = o.unary(Operators.Unary.SQUARE, x);
    Graph graph =
        tracer.finish(
            List.of(
                o.pool(relu, halve),
                o.pool(shared, halve),
                o.pool(o.unary(Operators.Unary.RELU, shared), same),
                o.pool(square, halve)));
    assertThat(operators(new PoolBeforeRelu().apply(graph)))
        .containsExactly(
            "relu", "square", "max_pool", "relu", "max_pool", "relu", "max_pool", "max_pool");
  }

  @Test
  void removesWhatDoesNothing() {
    Traced x = image();
    Traced y = o.layout(new Layout.Reshape(x.shape()), x);
    y = o.cast(y, F);
    y = o.scalar(Operators.Binary.DIVIDE, y, 1, false);
    y = o.layout(Layout.permute(0, -3, 2, -1), y);
    y = o.layout(Layout.pad(new long[4], new long[4], 1), y);
    y = o.clip(y, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    Graph nothing = new RemoveIdentity().apply(tracer.finish(List.of(y)));
    assertThat(nothing.nodes()).isEmpty();
    assertThat(nothing.outputs()).containsExactly(0);
    // these have the input's shape, yet move or change elements
    Traced z = o.layout(Layout.permute(0, 1, 3, 2), x);
    z = o.layout(Layout.flip(2), z);
    z = o.scalar(Operators.Binary.DIVIDE, z, 1, true);
    z = o.layout(Layout.take(indices()), z);
    Graph all = tracer.finish(List.of(z));
    assertThat(new RemoveIdentity().apply(new DeadCode().apply(all)).nodes()).hasSize(4);
  }

  private static PublicTensor indices() {
    return PublicTensor.full(new Shape(1, 2, 6, 6), DataType.INT64, 5);
  }
}
