package org.djlmpc.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.ring.ConvolutionSpec;
import org.junit.jupiter.api.Test;

/** Recording, running, sending and comparing graphs. */
final class GraphTest {
  private static final DataType F = DataType.FLOAT32;

  private final Random random = new Random(3);
  private final Tracer tracer = new Tracer();
  private final Operators<Traced> o = tracer.operators();

  /** A graph with every operator and every layout at least once. */
  private Graph everything() {
    Traced x = tracer.input("x", new Shape(2, 4, 6, 6), F);
    Traced w = tracer.weight("w", Oracle.random(random, F, 4, 2, 3, 3));
    Traced c = tracer.weight("c", Oracle.positive(random, 4));
    List<Traced> outputs = new ArrayList<>();
    for (Operators.Unary function : Operators.Unary.values()) {
      outputs.add(o.unary(function, x));
    }
    for (Operators.Binary function : Operators.Binary.values()) {
      outputs.add(o.binary(function, x, x));
      outputs.add(o.scalar(function, x, -0.1, true));
    }
    for (Operators.Reduction reduction : Operators.Reduction.values()) {
      outputs.add(o.reduce(reduction, x, new int[] {1, -1}, true));
    }
    for (Pooling.Kind kind : Pooling.Kind.values()) {
      outputs.add(o.pool(x, new Pooling(kind, 3, 2, 2, 1, 1, 1, true, false)));
    }
    tracer.enter("block");
    tracer.enter("01Übung");
    outputs.add(o.where(o.unary(Operators.Unary.LOGICAL_NOT, x), x, x));
    outputs.add(o.clip(x, Double.NEGATIVE_INFINITY, 1));
    outputs.add(o.leakyRelu(x, 0.1));
    outputs.add(o.prelu(x, c));
    outputs.add(o.matmul(x, x));
    outputs.add(o.convolution(x, w, c, new ConvolutionSpec(1, 2, 3, 0, 1, 1, 2)));
    outputs.add(o.batchNorm(x, c, c, null, c, 1, 1e-5));
    outputs.add(o.batchNorm(x, c, c, c, null, -3, 1e-5));
    tracer.exit();
    outputs.add(o.argMax(x, -1, true));
    outputs.add(o.softmax(x, 1, true));
    outputs.add(o.cumSum(x, 2));
    outputs.add(o.concat(List.of(x, x, x), 3));
    outputs.add(o.cast(x, DataType.INT8));
    tracer.exit();
    PublicTensor indices = PublicTensor.of(new long[] {1, 0, -1}, new Shape(3));
    Traced flat = o.layout(Layout.reshape(2, -1), x);
    outputs.add(o.linear(flat, tracer.weight("dense", new Shape(3, 144), F), null));
    for (Layout layout :
        List.of(
            Layout.permute(1, 0),
            Layout.slice(flat.shape(), 1, 1, -1),
            Layout.broadcast(new Shape(3, 2, 144)),
            Layout.pad(new long[] {1, 2}, new long[] {0, 3}, 0.5),
            Layout.flip(1),
            Layout.repeat(1, 2),
            Layout.tile(2, 1, 1),
            Layout.gather(1, indices),
            Layout.take(indices))) {
      outputs.add(o.layout(layout, flat));
    }
    outputs.add(o.binary(Operators.Binary.ADD, flat, o.constant(PublicTensor.scalar(7, F))));
    return tracer.finish(outputs);
  }

  @Test
  void encodingRoundTrips() {
    Graph graph = everything();
    Graph copy = Graph.decode(graph.encode());
    assertThat(copy.inputs()).isEqualTo(graph.inputs());
    assertThat(copy.weights()).isEqualTo(graph.withoutWeights().weights());
    assertThat(copy.constants()).isEqualTo(graph.constants());
    assertThat(copy.nodes()).isEqualTo(graph.nodes());
    assertThat(copy.outputs()).isEqualTo(graph.outputs());
    assertThat(copy.outputTypes()).isEqualTo(graph.outputTypes());
    assertThat(copy.hash()).isEqualTo(graph.hash());
    assertThat(copy.hasWeights()).isFalse();
    Set<Class<?>> seen = new HashSet<>();
    for (Node node : copy.nodes()) {
      seen.add(node.op() instanceof Op.Rearrange r ? r.layout().getClass() : node.op().getClass());
    }
    seen.add(Op.Rearrange.class);
    Set<Class<?>> all = new HashSet<>(Arrays.asList(Op.class.getPermittedSubclasses()));
    all.addAll(Arrays.asList(Layout.class.getPermittedSubclasses()));
    assertThat(seen).as("every operator and layout was tried").isEqualTo(all);
  }

  /** Whatever arrives is either refused with a code or a graph with just this encoding. */
  @Test
  void hostileBytesAreRefusedOrMeanSomething() {
    byte[] bytes = everything().encode();
    int refused = 0;
    int tries = 2_000;
    for (int i = 0; i < tries; i++) {
      byte[] changed = bytes.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        changed[random.nextInt(changed.length)] =
            (byte) (random.nextInt(3) == 0 ? -1 : random.nextInt());
      }
      refused +=
          decodes(i % 2 == 0 ? changed : Arrays.copyOf(changed, random.nextInt(bytes.length)))
              ? 0
              : 1;
    }
    assertThat(refused).isBetween(tries / 2, tries - 1);
    assertThat(decodes(new byte[0])).isFalse();
    assertThat(decodes(Arrays.copyOf(bytes, bytes.length + 1))).isFalse();
  }

  private static boolean decodes(byte[] bytes) {
    try {
      assertThat(Graph.decode(bytes).encode()).isEqualTo(bytes);
      return true;
    } catch (MpcException e) {
      return false;
    }
  }

  @Test
  void hashIsOfTheArchitecture() {
    String hash = linear("w", 1, 2, Operators.Unary.RELU, "here").hash();
    assertThat(hash).hasSize(64);
    assertThat(linear("w", 5, 2, Operators.Unary.RELU, "there").hash())
        .as("values of weights and places do not matter")
        .isEqualTo(hash);
    assertThat(linear("w", 1, 2, Operators.Unary.RELU, "here").withoutWeights().hash())
        .isEqualTo(hash);
    assertThat(
            Set.of(
                hash,
                linear("v", 1, 2, Operators.Unary.RELU, "here").hash(),
                linear("w", 1, 3, Operators.Unary.RELU, "here").hash(),
                linear("w", 1, 2, Operators.Unary.TANH, "here").hash(),
                scaled(0.1).hash(),
                scaled(0.2).hash(),
                constant(1).hash(),
                constant(2).hash()))
        .hasSize(8);
  }

  private static Graph linear(
      String name, float value, long batch, Operators.Unary function, String place) {
    Tracer tracer = new Tracer();
    tracer.enter(place);
    Traced x = tracer.input("x", new Shape(batch, 3), F);
    Traced w = tracer.weight(name, PublicTensor.full(new Shape(4, 3), F, value));
    Traced y = tracer.operators().linear(x, w, null);
    return tracer.finish(List.of(tracer.operators().unary(function, y)));
  }

  private static Graph scaled(double number) {
    Tracer tracer = new Tracer();
    Traced x = tracer.input("x", new Shape(3), F);
    return tracer.finish(
        List.of(tracer.operators().scalar(Operators.Binary.MULTIPLY, x, number, false)));
  }

  private static Graph constant(double number) {
    Tracer tracer = new Tracer();
    Traced x = tracer.input("x", new Shape(3), F);
    Traced c = tracer.constant(PublicTensor.scalar(number, F));
    return tracer.finish(List.of(tracer.operators().binary(Operators.Binary.ADD, x, c)));
  }

  @Test
  void evaluationReleasesEachValueOnceAfterItsLastUse() {
    Traced x = tracer.input("x", new Shape(2), F);
    Traced a = o.unary(Operators.Unary.NEGATE, x);
    Traced same = o.cast(a, F);
    Traced b = o.binary(Operators.Binary.ADD, a, o.constant(PublicTensor.full(new Shape(2), F, 1)));
    Traced unused = o.unary(Operators.Unary.ABS, b);
    Traced c = o.binary(Operators.Binary.ADD, same, same);
    Graph graph = tracer.finish(List.of(c, x));
    PublicTensor input = PublicTensor.of(new float[] {1, 2}, new Shape(2));
    List<String> events = new ArrayList<>();
    EvaluationListener<PublicTensor> listener =
        new EvaluationListener<>() {
          @Override
          public void started(Node node) {
            events.add(node.op().name());
          }

          @Override
          public void released(PublicTensor value) {
            events.add("released " + (int) value.getDouble(0));
          }
        };
    List<PublicTensor> outputs =
        graph.evaluate(new PublicOperators(), List.of(input), Map.of(), listener);
    assertThat(outputs).containsExactly(PublicTensor.of(new float[] {-2, -4}, new Shape(2)), input);
    // the cast returns its argument: -x is one object until the last addition has read it
    assertThat(events)
        .containsExactly(
            "negate",
            "cast",
            "add",
            "released 1",
            "abs",
            "released 0",
            "released 0",
            "add",
            "released -1");
    assertThat(unused.shape()).isEqualTo(new Shape(2));
  }

  @Test
  void aFailedEvaluationReleasesWhatItMade() {
    Traced x = tracer.input("x", new Shape(2), F);
    Traced a = o.unary(Operators.Unary.NEGATE, x);
    Traced same = o.cast(a, F);
    Traced b = o.unary(Operators.Unary.ABS, same);
    Graph graph = tracer.finish(List.of(o.binary(Operators.Binary.ADD, b, a), x));
    PublicTensor input = PublicTensor.of(new float[] {1, 2}, new Shape(2));
    List<Integer> released = new ArrayList<>();
    EvaluationListener<PublicTensor> listener =
        new EvaluationListener<>() {
          @Override
          public void started(Node node) {
            if (node.op().name().equals("add")) {
              throw new IllegalStateException("the peer left");
            }
          }

          @Override
          public void released(PublicTensor value) {
            released.add((int) value.getDouble(0));
          }
        };
    assertThatIllegalStateException()
        .isThrownBy(
            () -> graph.evaluate(new PublicOperators(), List.of(input), Map.of(), listener));
    assertThat(released).as("not the caller's input").containsExactlyInAnyOrder(-1, 1);
  }

  @Test
  void errorsNameThePlace() {
    Traced x = tracer.input("x", new Shape(2, 3), F);
    Traced w = tracer.weight("w", new Shape(5, 4), F);
    tracer.enter("SequentialBlock");
    tracer.enter("02Linear");
    refused(ErrorCode.SHAPE, "SequentialBlock/02Linear/linear", () -> o.linear(x, w, null));
    Layout huge = Layout.pad(new long[] {Long.MAX_VALUE, 0}, new long[] {1, 0}, 0);
    refused(ErrorCode.SHAPE, "SequentialBlock/02Linear/pad", () -> o.layout(huge, x));
    tracer.exit();
    tracer.exit();
    refused(ErrorCode.INTERNAL, "never entered", tracer::exit);
  }

  @Test
  void refusesWrongInputsAndMissingWeights() {
    Graph graph = linear("w", 1, 2, Operators.Unary.RELU, "");
    PublicOperators operators = new PublicOperators();
    PublicTensor x = PublicTensor.zeros(new Shape(2, 3), F);
    PublicTensor wide = PublicTensor.zeros(new Shape(2, 4), F);
    refused(ErrorCode.SHAPE, "input x", () -> graph.evaluate(operators, List.of(wide)));
    refused(ErrorCode.SHAPE, "2 inputs", () -> graph.evaluate(operators, List.of(x, x)));
    Graph bare = graph.withoutWeights();
    refused(ErrorCode.WEIGHTS_MISSING, "weight w", () -> bare.evaluate(operators, List.of(x)));
    refused(ErrorCode.WEIGHTS_MISSING, "weight w", () -> bare.withWeights(Map.of()));
    refused(ErrorCode.SHAPE, "weight w", () -> bare.withWeights(Map.of("w", wide)));
    Map<String, PublicTensor> ones = Map.of("w", PublicTensor.full(new Shape(4, 3), F, 1));
    Graph larger = bare.withWeights(ones).withInputShapes(List.of(new Shape(5, 3)));
    assertThat(larger.outputTypes().get(0).shape()).isEqualTo(new Shape(5, 4));
    refused(
        ErrorCode.MALFORMED_MODEL,
        "two weights",
        () -> {
          tracer.input("x", new Shape(1), F);
          tracer.weight("w", new Shape(1), F);
          tracer.finish(List.of(tracer.weight("w", new Shape(1), F)));
        });
  }

  private static void refused(ErrorCode code, String text, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(MpcException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(text);
  }
}
