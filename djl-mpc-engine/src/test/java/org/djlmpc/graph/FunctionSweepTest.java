package org.djlmpc.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongSupplier;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.graph.Operators.Unary;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Approximated functions over their whole domains against PyTorch: the arithmetic of the parties,
 * for masks of all kinds, without sharing.
 */
final class FunctionSweepTest {
  private static final FixedPoint FIXED = new FixedPoint(Ring.Z64, 16);
  private static NDManager torch;

  private final Random random = new Random(3);

  @BeforeAll
  static void open() {
    torch = NDManager.newBaseManager("PyTorch");
  }

  @AfterAll
  static void close() {
    torch.close();
  }

  // ---- values

  /** {@code count} fixed-point numbers of [from, to], both ends included. */
  private static double[] linear(double from, double to, int count) {
    return values(count, i -> from + (to - from) * i / (count - 1));
  }

  /** {@code count} fixed-point numbers of [from, to] at equal ratios, both ends included. */
  private static double[] geometric(double from, double to, int count) {
    return values(count, i -> from * Math.pow(to / from, i / (count - 1.0)));
  }

  private static double[] values(int count, DoubleUnaryOperator of) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = Math.scalb(Math.rint(Math.scalb(of.applyAsDouble(i), 16)), -16);
    }
    return values;
  }

  /** An operator on secrets. */
  private interface Work extends BiFunction<SecretOperators, Operand, Operand> {}

  private static double[] fixed(FixedPoint fixedPoint, LongSupplier masks, Work work, double[] x) {
    ClearProtocol protocol = new ClearProtocol(fixedPoint.ring(), fixedPoint.fractionBits(), masks);
    int f = fixedPoint.fractionBits();
    RingTensor encoded = fixedPoint.encode(x, new Shape(x.length), f);
    Operand secret = new Operand.Secret(protocol.fromClient(encoded, f), DataType.FLOAT32);
    Operand result = work.apply(new SecretOperators(protocol), secret);
    var share = ((Operand.Secret) result).share();
    return fixedPoint.decode(protocol.reveal(share, Set.of(), "test"), share.scale());
  }

  /** What PyTorch computes in double precision. */
  private static double[] expected(Unary function, double[] x) {
    try (NDManager manager = torch.newSubManager()) {
      NDArray result = new DjlOperators(manager).unary(function, manager.create(x));
      return result.toType(DataType.FLOAT64, false).toDoubleArray();
    }
  }

  /** Checks |y - f(x)| &lt;= absolute + relative |f(x)| for truncations of all kinds. */
  private void check(Unary function, double[] x, double absolute, double relative) {
    double[] want = expected(function, x);
    List<LongSupplier> masks = List.of(random::nextLong, () -> 0, () -> (1L << 48) - 1);
    for (LongSupplier mask : masks) {
      double[] got = fixed(FIXED, mask, (o, s) -> o.unary(function, s), x);
      for (int i = 0; i < x.length; i++) {
        double error = Math.abs(got[i] - want[i]);
        if (!(error <= absolute + relative * Math.abs(want[i]))) {
          throw new AssertionError(
              function + "(" + x[i] + "): expected " + want[i] + ", got " + got[i]);
        }
      }
    }
  }

  // ---- tests

  @Test
  void activations() {
    double end = FIXED.maxAbs() - 1;
    for (double[] x :
        List.of(linear(-14, 14, 60_001), linear(-0.01, 0.01, 1001), linear(-end, end, 1001))) {
      check(Unary.SIGMOID, x, 2e-4, 0);
      check(Unary.TANH, x, 3.5e-4, 0);
      check(Unary.ERF, x, 2.5e-4, 0);
      // far away single precision of PyTorch's own gelu is the larger error
      check(Unary.GELU, x, 2.5e-4, 1e-7);
      check(Unary.SILU, x, 4.5e-4, 0);
      check(Unary.SOFTPLUS, x, 2.5e-4, 0);
    }
  }

  @Test
  void smallRingsServeOrRefuse() {
    double[] x = linear(-60, 60, 2001);
    for (Unary function : List.of(Unary.SIGMOID, Unary.TANH, Unary.GELU)) {
      double[] want = expected(function, x);
      for (int f : new int[] {7, 8, 9}) {
        FixedPoint small = new FixedPoint(Ring.Z32, f);
        double[] got = fixed(small, random::nextLong, (o, s) -> o.unary(function, s), x);
        for (int i = 0; i < x.length; i++) {
          // the argument itself is rounded to f bits
          assertThat(Math.abs(got[i] - want[i])).isLessThan(3 * Math.scalb(1.0, -f));
        }
      }
      FixedPoint full = new FixedPoint(Ring.Z32, 12);
      assertThatThrownBy(
              () -> fixed(full, random::nextLong, (o, s) -> o.unary(function, s), new double[1]))
          .isInstanceOfSatisfying(
              MpcException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_RANGE);
                assertThat(e).hasMessageContaining("at most 9 fraction bits");
              });
    }
  }
}
