package org.djlmpc.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** DJL's PyTorch engine as the judge of what operators and graphs compute in plaintext. */
final class Oracle {
  private Oracle() {}

  static NDManager manager() {
    return Engine.getEngine("PyTorch").newBaseManager();
  }

  /** Asserts that plain Java and shape inference say the same of an operator as PyTorch. */
  static void check(Op op, PublicTensor... inputs) {
    TensorType inferred =
        op.apply(new ShapeInference(), Arrays.stream(inputs).map(PublicTensor::type).toList());
    PublicTensor actual = op.apply(new PublicOperators(), List.of(inputs));
    try (NDManager manager = manager()) {
      DjlOperators djl = new DjlOperators(manager);
      List<NDArray> arrays = Arrays.stream(inputs).map(djl::constant).toList();
      PublicTensor expected = DjlOperators.toPublic(op.apply(djl, arrays));
      String what = op + " of " + Arrays.toString(inputs);
      assertThat(actual.type()).as(what).isEqualTo(expected.type());
      assertThat(inferred).as(what).isEqualTo(expected.type());
      assertClose(what, actual, expected, 2e-5);
    }
  }

  /** Reals agree to a relative and absolute error, the rest exactly. */
  static void assertClose(String what, PublicTensor actual, PublicTensor expected, double error) {
    assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
    if (!expected.isFloating()) {
      assertThat(actual.longs()).as(what).isEqualTo(expected.longs());
      return;
    }
    for (int i = 0; i < actual.size(); i++) {
      double e = expected.getDouble(i);
      double a = actual.getDouble(i);
      if (Double.isNaN(e) || Double.isInfinite(e)) {
        assertThat(Double.valueOf(a)).as(what).isEqualTo(Double.valueOf(e));
      } else {
        assertThat(a).as("%s at %d", what, i).isCloseTo(e, within(error * (1 + Math.abs(e))));
      }
    }
  }

  /** The outputs of a graph on PyTorch. */
  static List<PublicTensor> run(Graph graph, List<PublicTensor> inputs) {
    try (NDManager manager = manager()) {
      DjlOperators djl = new DjlOperators(manager);
      return graph
          .evaluate(
              djl,
              inputs.stream().map(djl::constant).toList(),
              graph.weights(djl),
              DjlOperators.closing())
          .stream()
          .map(DjlOperators::toPublic)
          .toList();
    }
  }

  /** Normally distributed reals, or integers of at most two digits. */
  static PublicTensor random(Random random, DataType type, long... lengths) {
    Shape shape = new Shape(lengths);
    double[] values = new double[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type) {
            case FLOAT32, FLOAT64 -> random.nextGaussian() * 2;
            case UINT8 -> random.nextInt(100);
            case BOOLEAN -> random.nextInt(2);
            default -> random.nextInt(199) - 99;
          };
    }
    return PublicTensor.of(values, shape).cast(type);
  }

  /** Positive reals in [0.1, 3.1). */
  static PublicTensor positive(Random random, long... lengths) {
    Shape shape = new Shape(lengths);
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.1f + 3 * random.nextFloat();
    }
    return PublicTensor.of(values, shape);
  }
}
