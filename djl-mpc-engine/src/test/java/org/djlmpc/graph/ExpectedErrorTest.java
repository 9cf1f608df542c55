package org.djlmpc.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.graph.Operators.Reduction;
import org.djlmpc.graph.Operators.Unary;
import org.djlmpc.ring.Ring;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Errors on random inputs stay within the expected one, which says something. */
final class ExpectedErrorTest {
  private static final FixedPoint Q16 = new FixedPoint(Ring.Z64, 16);
  private static final int WIDTH = 12;

  private final Random random = new Random(11);

  /** What comes between two linear layers. */
  enum Between {
    SIGMOID((o, x) -> o.unary(Unary.SIGMOID, x)),
    TANH((o, x) -> o.unary(Unary.TANH, x)),
    GELU((o, x) -> o.unary(Unary.GELU, x)),
    SILU((o, x) -> o.unary(Unary.SILU, x)),
    SOFTPLUS((o, x) -> o.unary(Unary.SOFTPLUS, x)),
    HARD_SWISH((o, x) -> o.unary(Unary.HARD_SWISH, x)),
    LEAKY((o, x) -> o.leakyRelu(x, 0.1)),
    SOFTMAX((o, x) -> o.softmax(x, 1, false)),
    LOG_SOFTMAX((o, x) -> o.softmax(x, 1, true)),
    PRODUCT((o, x) -> o.binary(Binary.MULTIPLY, x, o.unary(Unary.RELU, x))),
    MAXIMUM((o, x) -> o.reduce(Reduction.MAX, x, new int[] {1}, true)),
    LOGARITHM((o, x) -> o.unary(Unary.LOG, o.scalar(Binary.ADD, o.unary(Unary.ABS, x), 0.5, true))),
    QUOTIENT(
        (o, x) -> o.binary(Binary.DIVIDE, x, o.scalar(Binary.ADD, o.unary(Unary.ABS, x), 1, true))),
    NORMALIZED(
        (o, x) -> {
          Traced centred =
              o.binary(Binary.SUBTRACT, x, o.reduce(Reduction.MEAN, x, new int[] {1}, true));
          Traced variance =
              o.reduce(Reduction.MEAN, o.unary(Unary.SQUARE, centred), new int[] {1}, true);
          Traced root = o.unary(Unary.RECIPROCAL_SQRT, o.scalar(Binary.ADD, variance, 1e-5, false));
          return o.binary(Binary.MULTIPLY, centred, root);
        });

    private final BiFunction<Operators<Traced>, Traced, Traced> operators;

    Between(BiFunction<Operators<Traced>, Traced, Traced> operators) {
      this.operators = operators;
    }
  }

  private Traced weight(Tracer tracer, String name, long rows, long columns) {
    float[] values = new float[(int) (rows * columns)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() / Math.sqrt(columns));
    }
    return tracer.weight(name, PublicTensor.of(values, new Shape(rows, columns)));
  }

  private Graph network(Between between) {
    Tracer tracer = new Tracer();
    Operators<Traced> o = tracer.operators();
    Traced x = tracer.input("x", new Shape(50, WIDTH), DataType.FLOAT32);
    Traced y = between.operators.apply(o, o.linear(x, weight(tracer, "a", WIDTH, WIDTH), null));
    Traced z = o.linear(y, weight(tracer, "b", 5, y.shape().get(1)), null);
    return tracer.finish(List.of(z));
  }

  private static ExpectedError rehearsed(Graph graph, PublicTensor x) {
    try (NDManager manager = Oracle.manager()) {
      return ExpectedError.rehearsed(graph, Q16, List.of(List.of(x)), manager);
    }
  }

  private static double largestDifference(double[] exact, double[] actual) {
    double largest = 0;
    for (int i = 0; i < exact.length; i++) {
      largest = Math.max(largest, Math.abs(exact[i] - actual[i]));
    }
    return largest;
  }

  @ParameterizedTest
  @EnumSource(Between.class)
  void errorsStayWithinTheExpectedOne(Between between) {
    Graph graph = network(between);
    PublicTensor x = Oracle.random(random, DataType.FLOAT32, 50, WIDTH);
    double expected = rehearsed(graph, x).ofOutputs();

    double[] exact = Oracle.run(graph, List.of(x)).get(0).doubles();
    double[] actual = new ClearRun(Q16, random::nextLong).outputs(graph, List.of(x)).get(0);
    double error = largestDifference(exact, actual);

    assertThat(error).isPositive().isLessThan(expected);
    assertThat(expected).isLessThan(0.2);
  }

  /** Layers with a row that is large, over values that clips keep small: no error piles up. */
  @Test
  void depthAloneIsNotExpectedToMakeErrorsLarge() {
    int draws = 15;
    double[] ratios = new double[draws];
    double[] largest = new double[draws];
    for (int seed = 0; seed < draws; seed++) {
      Random drawn = new Random(seed);
      Graph graph = deep(drawn);
      PublicTensor x = Oracle.random(drawn, DataType.FLOAT32, 20, WIDTH);

      ExpectedError expected = rehearsed(graph, Oracle.random(drawn, DataType.FLOAT32, 20, WIDTH));
      double[] exact = Oracle.run(graph, List.of(x)).get(0).doubles();
      double[] actual = new ClearRun(Q16, drawn::nextLong).outputs(graph, List.of(x)).get(0);
      double error = largestDifference(exact, actual);

      assertThat(ErrorBound.ofOutputs(graph, Q16, 1)).isGreaterThan(1e6 * error);
      assertThat(expected.ofNodes()).hasSize(60).allMatch(e -> e > 0 && e < 0.1);
      ratios[seed] = expected.ofOutputs() / error;
      largest[seed] = Collections.max(expected.ofNodes());
    }
    // a single draw can have a value near a clip's bound in each layer
    assertThat(median(ratios)).isBetween(1.0, 4.0);
    assertThat(median(largest)).isLessThan(0.01);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static Graph deep(Random drawn) {
    Tracer tracer = new Tracer();
    Operators<Traced> o = tracer.operators();
    Traced value = tracer.input("x", new Shape(20, WIDTH), DataType.FLOAT32);
    for (int layer = 0; layer < 30; layer++) {
      float[] w = new float[WIDTH * WIDTH];
      for (int i = 0; i < w.length; i++) {
        w[i] = (float) (drawn.nextGaussian() * (i / WIDTH == layer % WIDTH ? 2 : 0.2));
      }
      Traced weight = tracer.weight("w" + layer, PublicTensor.of(w, new Shape(WIDTH, WIDTH)));
      value = o.clip(o.linear(value, weight, null), 0, 6);
    }
    return tracer.finish(List.of(value));
  }
}
