package org.djlmpc.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.graph.Operators.Reduction;
import org.djlmpc.graph.Operators.Unary;
import org.djlmpc.ring.Ring;
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

  private static Ranges ranges(Graph graph, PublicTensor x) {
    Ranges.Meter meter = new Ranges.Meter(graph);
    try (NDManager manager = Oracle.manager()) {
      DjlOperators djl = new DjlOperators(manager);
      Map<String, NDArray> weights = graph.weights(djl);
      meter.input(0, x);
      graph.evaluate(djl, List.of(djl.constant(x)), weights, meter);
    }
    return meter.ranges();
  }

  @ParameterizedTest
  @EnumSource(Between.class)
  void errorsStayWithinTheExpectedOne(Between between) {
    Graph graph = network(between);
    PublicTensor x = Oracle.random(random, DataType.FLOAT32, 50, WIDTH);
    double expected = ExpectedError.ofOutputs(graph, Q16, ranges(graph, x));

    double[] exact = Oracle.run(graph, List.of(x)).get(0).doubles();
    double[] actual =
        ClearProtocol.run(graph, new ClearProtocol(Q16.ring(), 16, random::nextLong), List.of(x))
            .get(0);
    double error = 0;
    for (int i = 0; i < exact.length; i++) {
      error = Math.max(error, Math.abs(exact[i] - actual[i]));
    }

    assertThat(error).isPositive().isLessThan(expected);
    assertThat(expected).isLessThan(0.2);
  }
}
