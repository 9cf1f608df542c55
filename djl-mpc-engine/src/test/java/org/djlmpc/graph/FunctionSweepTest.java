package org.djlmpc.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongSupplier;
import java.util.stream.DoubleStream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.graph.Operators.Unary;
import org.djlmpc.protocol.Precision;
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
    ClearRun run = new ClearRun(fixedPoint, masks);
    ClearProtocol protocol = run.protocol();
    int f = fixedPoint.fractionBits();
    RingTensor encoded = fixedPoint.encode(x, new Shape(x.length), f);
    Operand secret = new Operand.Secret(protocol.fromClient(encoded, f), DataType.FLOAT32);
    Operand result = work.apply(new SecretOperators(protocol), secret);
    assertThat(run.wrongComparisons()).isZero();
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

  /** Comparisons as narrow as the arguments are small give the same. */
  @Test
  void knownRangesChangeNothing() {
    double[] x = linear(-15.9, 15.9, 3001);
    for (int bits : new int[] {4, 9, 20}) {
      Precision precision = Precision.STANDARD.withMagnitude(bits);
      for (Unary function :
          List.of(Unary.SIGMOID, Unary.TANH, Unary.GELU, Unary.SOFTPLUS, Unary.RECIPROCAL)) {
        double[] whole = fixed(FIXED, () -> 0, (o, s) -> o.unary(function, s), x);
        double[] narrow = fixed(FIXED, () -> 0, (o, s) -> o.with(precision).unary(function, s), x);
        for (int i = 0; i < x.length; i++) {
          assertThat(narrow[i]).as("%s(%s)", function, x[i]).isCloseTo(whole[i], within(0x1p-15));
        }
      }
      double[] whole = fixed(FIXED, () -> 0, (o, s) -> o.softmax(s, 0, false), x);
      double[] narrow = fixed(FIXED, () -> 0, (o, s) -> o.with(precision).softmax(s, 0, false), x);
      assertThat(narrow).containsExactly(whole, within(0x1p-15));
    }
  }

  @Test
  void exponentials() {
    check(Unary.EXP, linear(-12, 10, 60_001), 2e-5, 2e-3);
    // beyond, the value of the nearer end
    double end = FIXED.maxAbs() - 1;
    double[] ends = fixed(FIXED, random::nextLong, (o, s) -> o.unary(Unary.EXP, s), end(end));
    assertThat(ends[0]).isBetween(0.0, 3e-5);
    assertThat(ends[1]).isCloseTo(Math.exp(10), withinPercentage(0.2));
  }

  private static double[] end(double end) {
    return new double[] {-end, end};
  }

  @Test
  void reciprocalsAndRoots() {
    double least = 0x1p-8;
    check(Unary.RECIPROCAL, geometric(least, 0x1p14, 20_001), 0x1p-15, 5e-4);
    check(Unary.RECIPROCAL, geometric(-least, -0x1p14, 20_001), 0x1p-15, 5e-4);
    check(Unary.RECIPROCAL_SQRT, geometric(0x1p-12, 0x1p16, 20_001), 0x1p-15, 5e-4);
    check(Unary.SQRT, geometric(0x1p-14, 0x1p16, 20_001), 0x1p-15, 5e-4);
    check(Unary.LOG, geometric(0x1p-14, 0x1p16, 20_001), 3e-4, 0);
    double end = FIXED.maxAbs() - 1;
    double[] x = {-end, -3, -0x1p-16, 0, 0x1p-16, end};
    saturates(Unary.RECIPROCAL, x, -0x1p-14, -1.0 / 3, -0x1p8, 0x1p8, 0x1p8, 0x1p-14);
    saturates(Unary.RECIPROCAL_SQRT, x, 64, 64, 64, 64, 64, 0x1p-8);
    saturates(Unary.SQRT, x, 0, 0, 0, 0, 0, 0x1p8);
    double low = Math.log(0x1p-14);
    saturates(Unary.LOG, x, low, low, low, low, low, Math.log(0x1p16));
  }

  private void saturates(Unary function, double[] x, double... expected) {
    double[] got = fixed(FIXED, random::nextLong, (o, s) -> o.unary(function, s), x);
    for (int i = 0; i < x.length; i++) {
      assertThat(got[i])
          .as("%s(%s)", function, x[i])
          .isCloseTo(expected[i], within(3e-5 + 1e-3 * Math.abs(expected[i])));
    }
  }

  @Test
  void quotients() {
    double[] b = geometric(0x1p-8, 0x1p14, 5001);
    for (double a : new double[] {1, -0.37, 120, 8000}) {
      double[] divisors = Arrays.stream(b).filter(v -> Math.abs(a / v) < 0x1p14).toArray();
      double[] got =
          fixed(FIXED, random::nextLong, (o, s) -> o.scalar(Binary.DIVIDE, s, a, true), divisors);
      for (int i = 0; i < divisors.length; i++) {
        double want = a / divisors[i];
        assertThat(got[i])
            .as("%s / %s", a, divisors[i])
            .isCloseTo(want, within(0x1p-15 + 6e-4 * Math.abs(want)));
      }
    }
    // x / x for every size, as a quotient of two secrets
    double[] all = DoubleStream.concat(Arrays.stream(b), Arrays.stream(b).map(v -> -v)).toArray();
    for (double one :
        fixed(FIXED, random::nextLong, (o, s) -> o.binary(Binary.DIVIDE, s, s), all)) {
      assertThat(one).isCloseTo(1, within(6e-4));
    }
  }

  @Test
  void powers() {
    double[] x = geometric(0.05, 20, 2001);
    for (double exponent : new double[] {1.0 / 3, -1.7, 0.5, -0.5, -1, 0, 1}) {
      double[] got =
          fixed(FIXED, random::nextLong, (o, s) -> o.scalar(Binary.POWER, s, exponent, false), x);
      for (int i = 0; i < x.length; i++) {
        double want = Math.pow(x[i], exponent);
        assertThat(got[i]).isCloseTo(want, within(1e-4 + 4e-3 * want));
      }
    }
    double[] got =
        fixed(FIXED, random::nextLong, (o, s) -> o.scalar(Binary.POWER, s, 1.7, true), x);
    for (int i = 0; i < x.length; i++) {
      double want = Math.min(Math.pow(1.7, x[i]), Math.exp(10));
      assertThat(got[i]).isCloseTo(want, within(1e-4 + 4e-3 * want));
    }
  }

  @Test
  void softmaxOfAnyNumberOfClasses() {
    double end = FIXED.maxAbs() / 2 - 1;
    for (int k : new int[] {1, 2, 3, 10, 100, 1000}) {
      double[] x = values(3 * k, i -> random.nextGaussian() * 4);
      Arrays.fill(x, k, 2 * k, 5);
      if (k > 1) {
        x[2 * k] = end;
        x[2 * k + 1] = -end;
      }
      softmax(x, k, false, 2e-3);
      softmax(x, k, true, 1e-2);
    }
  }

  private void softmax(double[] x, int k, boolean logarithm, double tolerance) {
    double[] got =
        fixed(
            FIXED,
            random::nextLong,
            (o, s) -> {
              Operand rows = o.layout(Layout.reshape(3, k), s);
              return o.layout(Layout.reshape(3 * k), o.softmax(rows, 1, logarithm));
            },
            x);
    double[] want;
    try (NDManager manager = torch.newSubManager()) {
      NDArray rows = manager.create(x, new Shape(3, k));
      want = (logarithm ? rows.logSoftmax(1) : rows.softmax(1)).toDoubleArray();
    }
    for (int i = 0; i < x.length; i++) {
      assertThat(got[i])
          .as("softmax of %s, element %s of %s", x[i], i, k)
          .isCloseTo(want[i], within(tolerance));
    }
  }

  @Test
  void batchNormalizationWithASecretVariance() {
    double[] variance = geometric(0x1p-10, 0x1p10, 1001);
    int channels = variance.length;
    double[] got =
        fixed(
            FIXED,
            random::nextLong,
            (o, v) -> {
              Operand mean = o.scalar(Binary.MULTIPLY, v, 0, false);
              Operand x =
                  o.layout(Layout.reshape(1, channels), o.scalar(Binary.ADD, mean, 3, false));
              return o.layout(
                  Layout.reshape(channels), o.batchNorm(x, mean, v, null, null, 1, 1e-5));
            },
            variance);
    for (int i = 0; i < channels; i++) {
      double want = 3 / Math.sqrt(variance[i] + 1e-5);
      // epsilon is below a unit of the variance
      double rounding = want * 0x1p-16 / variance[i];
      assertThat(got[i]).isCloseTo(want, within(2e-4 + 1e-3 * want + rounding));
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
