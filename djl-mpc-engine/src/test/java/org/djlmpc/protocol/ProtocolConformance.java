package org.djlmpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.preprocessing.KeyWindow;
import org.djlmpc.protocol.functions.Division;
import org.djlmpc.protocol.functions.Exponential;
import org.djlmpc.protocol.functions.OctaveFunction;
import org.djlmpc.protocol.functions.Room;
import org.djlmpc.protocol.functions.Softmax;
import org.djlmpc.protocol.functions.SplineFunction;
import org.djlmpc.ring.ConvolutionSpec;
import org.djlmpc.ring.IndexMap;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Statistics;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What every protocol suite must do: exact primitives over the whole stated range, the cost that it
 * declares, and shares that look uniform.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ProtocolConformance extends SuiteTest {
  private ThreadedParties parties;

  @BeforeAll
  void start() {
    parties = ThreadedParties.start(suite(), options());
  }

  @AfterAll
  void stop() {
    parties.close();
  }

  // ---- running

  private RingTensor run(Work work, RingTensor... inputs) {
    return run(parties, work, false, inputs);
  }

  /**
   * Shares the inputs of P0, runs the work, reveals the result to both; checks declared against
   * measured cost.
   */
  private RingTensor run(
      ThreadedParties where, Work work, boolean announced, RingTensor... inputs) {
    return checked(
        where
            .submit(
                (request, suite) -> {
                  Protocol protocol = suite.bind(request);
                  return run(request, protocol, work, inputs(protocol, inputs), announced);
                })
            .await(TIME));
  }

  private void checkElementwise(
      RingTensor actual, RingTensor a, RingTensor b, LongBinaryOperator expected) {
    assertThat(actual.shape()).isEqualTo(a.shape());
    for (int i = 0; i < a.size(); i++) {
      long want =
          RingTensor.full(ring(), new Shape(1), expected.applyAsLong(a.getLong(i), b.getLong(i)))
              .getLong(0);
      assertThat(actual.getLong(i))
          .as("of " + a.getLong(i) + " and " + b.getLong(i))
          .isEqualTo(want);
    }
  }

  private void checkBinary(
      BiFunction<Protocol, List<Share>, Share> work,
      RingTensor a,
      RingTensor b,
      LongBinaryOperator expected) {
    checkElementwise(run(work::apply, a, b), a, b, expected);
  }

  // ---- tests

  @Test
  void addsSubtractsAndMultipliesOverTheWholeRing() {
    RingTensor a = random(new Shape(1000), 1);
    RingTensor b = random(new Shape(1000), 2);
    checkBinary((p, in) -> p.add(in.get(0), in.get(1)), a, b, Long::sum);
    checkBinary((p, in) -> p.subtract(in.get(0), in.get(1)), a, b, (x, y) -> x - y);
    checkBinary(
        (p, in) -> p.multiply(Bilinear.ELEMENTWISE, in.get(0), in.get(1)), a, b, (x, y) -> x * y);
    checkBinary(
        (p, in) -> p.multiply(Bilinear.ELEMENTWISE, in.get(0), in.get(0)), a, a, (x, y) -> x * y);
    checkBinary((p, in) -> p.negate(in.get(0)), a, a, (x, y) -> -x);
    checkBinary((p, in) -> p.addPublic(in.get(0), b), a, b, Long::sum);
    checkBinary((p, in) -> p.multiplyPublic(in.get(0), b, 0), a, b, (x, y) -> x * y);
  }

  @Test
  void multipliesMatricesAndConvolvesOverTheWholeRing() {
    check(Bilinear.MATMUL, new Shape(7, 13), new Shape(13, 5));
    check(Bilinear.MATMUL, new Shape(3, 4, 6), new Shape(3, 6, 2));
    check(Bilinear.LINEAR, new Shape(9, 17), new Shape(4, 17));
    check(
        Bilinear.convolution(new ConvolutionSpec(1, 1, 0, 0, 1, 1, 1)),
        new Shape(2, 3, 6, 7),
        new Shape(4, 3, 3, 2));
    check(
        Bilinear.convolution(new ConvolutionSpec(2, 1, 1, 2, 1, 2, 2)),
        new Shape(1, 4, 9, 8),
        new Shape(6, 2, 3, 3));
    check(
        Bilinear.convolution(new ConvolutionSpec(1, 1, 1, 1, 1, 1, 4)),
        new Shape(2, 4, 5, 5),
        new Shape(4, 1, 3, 3));
  }

  private void check(Bilinear map, Shape left, Shape right) {
    RingTensor a = random(left, 3);
    RingTensor b = random(right, 4);
    BinaryOperator<RingTensor> plain = map::apply;
    assertThat(longs(run((p, in) -> p.multiply(map, in.get(0), in.get(1)), a, b)))
        .isEqualTo(longs(plain.apply(a, b)));
  }

  @Test
  void comparesOverTheWholeRing() {
    long max = (1L << (ring().bits() - 1)) - 1;
    RingTensor a = values(max, 500, 5);
    RingTensor edge = RingTensor.tabulate(ring(), new Shape(2), i -> i == 0 ? -max - 1 : max);
    for (RingTensor x : List.of(a, edge)) {
      checkBinary((p, in) -> p.nonNegative(in.get(0)), x, x, (v, w) -> v >= 0 ? 1 : 0);
      checkBinary((p, in) -> p.isZero(in.get(0)), x, x, (v, w) -> v == 0 ? 1 : 0);
      checkBinary((p, in) -> p.relu(in.get(0), 0), x, x, (v, w) -> Math.max(v, 0));
    }
  }

  @Test
  void comparesSmallValuesInTheWidthThatTheyNeed() {
    for (int bits : new int[] {5, 9, 20}) {
      long half = 1L << (bits - 1);
      RingTensor x = values(half - 1, 300, 30);
      RingTensor edge = RingTensor.tabulate(ring(), new Shape(2), i -> i == 0 ? -half : half - 1);
      for (RingTensor v : List.of(x, edge)) {
        checkBinary(
            (p, in) -> p.within(bits).nonNegative(in.get(0)), v, v, (a, b) -> a < 0 ? 0 : 1);
        checkBinary((p, in) -> p.within(bits).relu(in.get(0), 0), v, v, (a, b) -> Math.max(a, 0));
      }
      // the difference of two such values needs a bit more
      RingTensor y = shuffled(x, 31);
      checkBinary((p, in) -> p.within(bits + 1).maximum(in.get(0), in.get(1)), x, y, Math::max);
      // a truncation may add a unit, and must not leave the width by it
      RingTensor small = values(half - 2, 300, 32);
      RingTensor shifted = small.multiplyScalar(8);
      RingTensor relu = run((p, in) -> p.within(bits).relu(p.withScale(in.get(0), 3), 3), shifted);
      for (int i = 0; i < small.size(); i++) {
        assertThat(relu.getLong(i))
            .isBetween(Math.max(0, small.getLong(i)), Math.max(0, small.getLong(i) + 1));
      }
    }
  }

  @Test
  void opensSmallValuesInTheWidthThatTheyNeed() {
    int widest = ring().bits() - 1;
    for (int bits : new int[] {13, 20, Math.min(44, widest), widest}) {
      RingTensor x = values(1L << (bits - 2), 200, 40);
      RingTensor y = shuffled(x, 41);
      RingTensor flags = RingTensor.tabulate(ring(), x.shape(), i -> i % 2);
      checkBinary((p, in) -> p.onWire(bits).nonNegative(in.get(0)), x, x, (a, b) -> a < 0 ? 0 : 1);
      checkBinary((p, in) -> p.onWire(bits).isZero(in.get(0)), x, x, (a, b) -> a == 0 ? 1 : 0);
      checkBinary((p, in) -> p.onWire(bits).relu(in.get(0), 0), x, x, (a, b) -> Math.max(a, 0));
      checkBinary((p, in) -> p.onWire(bits).maximum(in.get(0), in.get(1)), x, y, Math::max);
      checkBinary(
          (p, in) -> p.onWire(bits).select(in.get(1), in.get(0)), x, flags, (a, b) -> a * b);
      checkBinary(
          (p, in) -> p.onWire(bits).between(in.get(0), -9, 30),
          x,
          x,
          (a, b) -> a >= -9 && a < 30 ? 1 : 0);
      // a sum of narrow shares is as narrow, and a truncation makes it whole again
      RingTensor rounded =
          run(
              (p, in) -> {
                Protocol narrow = p.onWire(bits);
                Share kept = narrow.subtract(narrow.relu(in.get(0), 0), in.get(1));
                return narrow.truncate(narrow.withScale(narrow.add(kept, in.get(1)), 3), 3);
              },
              x,
              y);
      RingTensor positive = run((p, in) -> p.onWire(bits).relu(p.withScale(in.get(0), 3), 3), x);
      for (int i = 0; i < x.size(); i++) {
        long floor = Math.max(0, x.getLong(i)) >> 3;
        assertThat(rounded.getLong(i)).isBetween(floor, floor + 1);
        assertThat(positive.getLong(i)).isBetween(floor, floor + 1);
      }
    }
  }

  @Test
  void multipliesInTheWidthThatTheProductNeeds() {
    int bits = Math.min(30, ring().bits() - 1);
    RingTensor x = RingTensor.tabulate(ring(), new Shape(7, 9), i -> i * 131L - 4000);
    RingTensor w = RingTensor.tabulate(ring(), new Shape(5, 9), i -> i * 57L - 1100);
    for (PartyId owner : List.of(PartyId.P0, PartyId.P1)) {
      for (boolean owned : new boolean[] {false, true}) {
        RingTensor product =
            run(
                (p, in) -> {
                  Protocol narrow = p.onWire(bits);
                  Share weights =
                      owned
                          ? narrow.owned(owner, w.shape(), 0, p.self() == owner ? w : null)
                          : narrow.input(owner, w.shape(), 0, p.self() == owner ? w : null);
                  return narrow.multiply(Bilinear.LINEAR, in.get(0), weights);
                },
                x);
        assertThat(longs(product)).isEqualTo(longs(x.matmulTransposed(w)));
      }
    }
  }

  @Test
  void findsWhatIsInsideOfAnInterval() {
    long quarter = 1L << (ring().bits() - 2);
    long max = 2 * quarter - 1;
    RingTensor far = values(max, 200, 33);
    for (long[] bounds :
        List.of(new long[] {-9, 30}, new long[] {5, 6}, new long[] {-quarter, quarter})) {
      long low = bounds[0];
      long high = bounds[1];
      RingTensor near =
          RingTensor.tabulate(ring(), new Shape(66), i -> (i % 2 == 0 ? low : high) + i / 2 - 16);
      RingTensor edge = RingTensor.tabulate(ring(), new Shape(2), i -> i == 0 ? -max - 1 : max);
      for (RingTensor x : List.of(far, near, edge)) {
        checkBinary(
            (p, in) -> p.within(4).between(in.get(0), low, high),
            x,
            x,
            (v, w) -> v >= low && v < high ? 1 : 0);
      }
    }
  }

  @Test
  void selectsAndTakesTheMaximum() {
    RingTensor a = values(limit(2), 300, 6);
    RingTensor b = shuffled(a, 7);
    checkBinary((p, in) -> p.maximum(in.get(0), in.get(1)), a, b, Math::max);
    RingTensor bits = RingTensor.tabulate(ring(), a.shape(), i -> i % 3 == 0 ? 1 : 0);
    checkBinary((p, in) -> p.select(in.get(1), in.get(0)), a, bits, (v, bit) -> v * bit);
  }

  @Test
  void truncatesWithAnErrorOfOneUnitAtMost() {
    RingTensor x = values(limit(2), 2000, 8);
    for (int bits : new int[] {1, 5, 8, ring().bits() / 2}) {
      RingTensor y = run((p, in) -> p.truncate(p.withScale(in.get(0), bits), bits), x);
      RingTensor positive = run((p, in) -> p.relu(p.withScale(in.get(0), bits), bits), x);
      // |y| = 2 max(0, y) - y holds if both are of the same y
      RingTensor absolute =
          run(
              (p, in) -> {
                Protocol.Truncated t = p.truncateAndRelu(p.withScale(in.get(0), bits), bits);
                return p.subtract(p.add(t.positive(), t.positive()), t.value());
              },
              x);
      for (int i = 0; i < x.size(); i++) {
        long floor = x.getLong(i) >> bits;
        assertThat(y.getLong(i)).as(x.getLong(i) + " >> " + bits).isBetween(floor, floor + 1);
        assertThat(positive.getLong(i))
            .as("relu of " + x.getLong(i) + " >> " + bits)
            .isBetween(Math.max(0, floor), Math.max(0, floor + 1));
        assertThat(absolute.getLong(i)).isIn(Math.abs(floor), Math.abs(floor + 1));
      }
    }
  }

  @Test
  void clipsATruncatedValue() {
    RingTensor x = values(limit(3), 600, 9);
    for (int bits : new int[] {0, 1, 5, 8}) {
      for (long[] bounds :
          List.of(new long[] {-7, 100}, new long[] {3, 3}, new long[] {-limit(4) >> bits, 0})) {
        long low = bounds[0];
        long high = bounds[1];
        RingTensor near =
            RingTensor.tabulate(
                ring(), new Shape(80), i -> ((i % 2 == 0 ? low : high) << bits) + i / 2 - 20);
        for (RingTensor v : List.of(x, near)) {
          RingTensor result =
              run(
                  (p, in) -> {
                    Protocol.Clipped c = p.clip(p.withScale(in.get(0), bits), bits, low, high);
                    Share value = c.value();
                    return value == null ? c.clipped() : p.concat(List.of(c.clipped(), value), 0);
                  },
                  v);
          for (int i = 0; i < v.size(); i++) {
            long floor = v.getLong(i) >> bits;
            long next = bits == 0 ? floor : floor + 1;
            long clipped = result.getLong(i);
            // two truncations may differ, one may not
            int off = bits == 0 ? 0 : 1;
            assertThat(clipped)
                .isBetween(clip(floor, low, high) - off, clip(next, low, high) + off);
            if (result.size() > v.size()) {
              long value = result.getLong(v.size() + i);
              assertThat(value).isBetween(floor, next);
              assertThat(clipped)
                  .as("of the same truncated value")
                  .isEqualTo(clip(value, low, high));
            }
          }
        }
      }
    }
  }

  private static long clip(long y, long low, long high) {
    return Math.max(low, Math.min(high, y));
  }

  @Test
  void hidesTheLastBitsOfWhatIsRevealed() {
    int bits = 6;
    RingTensor x = values(limit(2), 2000, 8);
    for (boolean narrow : new boolean[] {false, true}) {
      int[] scale = new int[1];
      RingTensor y =
          run(
              (p, in) -> {
                Protocol view = narrow ? p.onWire(ring().bits() - 1) : p;
                Share blurred = view.blurred(p.withScale(in.get(0), bits), bits);
                scale[0] = blurred.scale();
                return blurred;
              },
              narrow ? RingTensor.tabulate(ring(), x.shape(), i -> x.getLong(i) >> 1) : x);
      int differ = 0;
      for (int i = 0; i < x.size(); i++) {
        long value = narrow ? x.getLong(i) >> 1 : x.getLong(i);
        long revealed = y.getLong(i) << bits - scale[0];
        assertThat(revealed - value).isBetween(-1L << bits, 1L << bits);
        differ += (revealed & (1 << bits) - 1) == (value & (1 << bits) - 1) ? 0 : 1;
      }
      assertThat(differ).as("last bits that are not the value's").isGreaterThan(x.size() / 2);
    }
  }

  @Test
  void approximatesActivationsWithinTheirErrors() {
    FixedPoint fixedPoint = new FixedPoint(ring(), options().fractionBits());
    int f = fixedPoint.fractionBits();
    long ends = Math.round(fixedPoint.maxAbs()) - 1;
    // around zero in small steps, then to the ends of the range
    RingTensor x =
        RingTensor.tabulate(
            ring(),
            new Shape(3, 73),
            i -> {
              long near = (i - 109) * 29L;
              return i < 4 ? (i % 2 == 0 ? ends : -ends) << f >> (i / 2) : near;
            });
    for (SplineFunction function : SplineFunction.values()) {
      RingTensor y = run((p, in) -> function.of(new SecretMath(p), p.withScale(in.get(0), f)), x);
      double error = function.error(Room.of(fixedPoint));
      assertThat(error).isLessThan(1.2 * Math.scalb(1.0, -f) + 5e-4 + Math.scalb(1.0, -f));
      assertThat(y.shape()).isEqualTo(x.shape());
      for (int i = 0; i < x.size(); i++) {
        double real = Math.scalb((double) x.getLong(i), -f);
        assertThat(Math.scalb((double) y.getLong(i), -f))
            .as("%s(%s)", function, real)
            .isCloseTo(function.value(real), within(error));
      }
    }
  }

  @Test
  void approximatesExponentialsQuotientsAndSoftmax() {
    int f = options().fractionBits();
    Room room = new Room(ring(), f);
    double unit = room.unit();
    RingTensor x = RingTensor.tabulate(ring(), new Shape(120), i -> i * 13L - 780);
    RingTensor y = RingTensor.tabulate(ring(), new Shape(120), i -> 20L + (long) i * i);
    Exponential exponential = Exponential.of(room);
    checkFunction(
        x,
        (p, v) -> exponential.of(new SecretMath(p), v),
        v -> Math.exp(Math.min(v, exponential.top())),
        2 * unit,
        2 * exponential.relativeError());
    for (OctaveFunction function : OctaveFunction.values()) {
      double relative = function.relativeError(room);
      checkFunction(
          y,
          (p, v) -> function.of(new SecretMath(p), v),
          function::value,
          2 * unit + (function == OctaveFunction.LOG ? relative : 0),
          relative);
    }
    // a / b of two secrets
    RingTensor quotient =
        run(
            (p, in) -> {
              Division division = new Division(new SecretMath(p));
              Share b = p.withScale(in.get(1), f);
              return division.times(p.withScale(in.get(0), f), division.fineReciprocal(b));
            },
            x,
            y);
    for (int i = 0; i < x.size(); i++) {
      double want = (double) x.getLong(i) / y.getLong(i);
      assertThat(quotient.getLong(i) * unit)
          .isCloseTo(want, within(2 * unit + 0.02 * Math.abs(want)));
    }
    // eight numbers fifteen times
    for (boolean logarithm : new boolean[] {false, true}) {
      Softmax softmax = new Softmax(room, 8, logarithm);
      RingTensor got =
          run(
              (p, in) -> {
                Share columns = p.reshape(p.withScale(in.get(0), f), new Shape(8, 15));
                return softmax.ofFirstAxis(new SecretMath(p), columns);
              },
              x);
      for (int i = 0; i < x.size(); i++) {
        double sum = 0;
        for (int k = i % 15; k < x.size(); k += 15) {
          sum += Math.exp((x.getLong(k) - x.getLong(i)) * unit);
        }
        assertThat(got.getLong(i) * unit)
            .isCloseTo(logarithm ? -Math.log(sum) : 1 / sum, within(softmax.error()));
      }
    }
  }

  private void checkFunction(
      RingTensor x,
      BiFunction<Protocol, Share, Share> function,
      DoubleUnaryOperator expected,
      double absolute,
      double relative) {
    int f = options().fractionBits();
    RingTensor y = run((p, in) -> function.apply(p, p.withScale(in.get(0), f)), x);
    for (int i = 0; i < x.size(); i++) {
      double real = Math.scalb((double) x.getLong(i), -f);
      double want = expected.applyAsDouble(real);
      assertThat(Math.scalb((double) y.getLong(i), -f))
          .as("of %s", real)
          .isCloseTo(want, within(absolute + relative * Math.abs(want)));
    }
  }

  @Test
  void costsWhatItDeclaresForTensorsLargerThanAChunk() {
    RingTensor x = random(new Shape(3, 7001), 9);
    RingTensor y = run((p, in) -> p.relu(in.get(0), 0), x);
    for (int i = 0; i < x.size(); i++) {
      assertThat(y.getLong(i)).isEqualTo(Math.max(0, x.getLong(i)));
    }
  }

  @Test
  void viewsOfSharesAreSharesOfViews() {
    RingTensor a = random(new Shape(4, 6), 10);
    RingTensor b = random(new Shape(4, 6), 11);
    IndexMap turned = IndexMap.permute(new Shape(8, 6), 1, 0);
    RingTensor view =
        run(
            (p, in) -> {
              Share both = p.concat(List.of(in.get(0), p.negate(in.get(1))), 0);
              Share columns = p.rearrange(both, turned);
              Share sums = p.sum(columns, new int[] {1}, true);
              Share product = p.multiply(Bilinear.LINEAR, sums, sums);
              return p.reshape(product, new Shape(4, 9));
            },
            a,
            b);
    RingTensor sums =
        RingTensor.concat(List.of(a, b.negate()), 0).rearrange(turned).sum(new int[] {1}, true);
    assertThat(view.shape()).isEqualTo(new Shape(4, 9));
    assertThat(longs(view)).isEqualTo(longs(sums.matmulTransposed(sums)));
  }

  @Test
  void closingASourceLeavesItsViews() {
    RingTensor x = random(new Shape(3, 4), 12);
    IndexMap row =
        IndexMap.slice(x.shape(), new long[] {1, 0}, new long[] {2, 4}, new long[] {1, 1});
    RingTensor view =
        run(
            (p, in) -> {
              Share source = p.copy(in.get(0));
              List<Share> views =
                  List.of(
                      p.reshape(source, new Shape(12)),
                      p.reshape(p.rearrange(source, row), new Shape(4)),
                      p.reshape(p.concat(List.of(source), 0), new Shape(12)),
                      p.reshape(p.withScale(source, 0), new Shape(12)));
              source.close();
              return p.concat(views, 0);
            },
            x);
    List<Long> expected = new ArrayList<>(longs(x));
    expected.addAll(longs(x.rearrange(row)));
    expected.addAll(longs(x));
    expected.addAll(longs(x));
    assertThat(longs(view)).isEqualTo(expected);
  }

  @Test
  void publicFactorsAndScalesAreExact() {
    RingTensor x = random(new Shape(3, 5), 13);
    RingTensor c = random(new Shape(4, 5), 14);
    assertThat(longs(run((p, in) -> p.multiplyPublic(Bilinear.LINEAR, in.get(0), c, 0, false), x)))
        .isEqualTo(longs(x.matmulTransposed(c)));
    assertThat(longs(run((p, in) -> p.multiplyPublic(Bilinear.LINEAR, in.get(0), c, 0, true), x)))
        .isEqualTo(longs(c.matmulTransposed(x)));
    checkBinary((p, in) -> p.scaleUp(in.get(0), 3), x, x, (v, w) -> v << 3);
    checkBinary((p, in) -> p.add(in.get(0), p.constant(x, 0)), x, x, (v, w) -> v + w);
  }

  /** Factors of each kind of bilinear map. */
  private record Factors(Bilinear map, Shape left, Shape right) {}

  private static final List<Factors> FACTORS =
      List.of(
          new Factors(Bilinear.ELEMENTWISE, new Shape(5, 3), new Shape(5, 3)),
          new Factors(Bilinear.MATMUL, new Shape(4, 6), new Shape(6, 3)),
          new Factors(Bilinear.MATMUL, new Shape(2, 4, 6), new Shape(2, 6, 3)),
          new Factors(Bilinear.LINEAR, new Shape(4, 6), new Shape(3, 6)),
          new Factors(
              Bilinear.convolution(new ConvolutionSpec(1, 2, 1, 1, 1, 1, 2)),
              new Shape(2, 4, 6, 5),
              new Shape(6, 2, 3, 3)));

  @Test
  void weightsMayStayAtTheirOwner() {
    for (Factors factors : FACTORS) {
      for (PartyId owner : List.of(PartyId.P0, PartyId.P1)) {
        // a plan begins with its request: what was fixed before it is of an earlier one
        weightsAtTheirOwner(factors, owner, true, false);
        weightsAtTheirOwner(factors, owner, false, true);
        weightsAtTheirOwner(factors, owner, false, false);
      }
    }
  }

  private void weightsAtTheirOwner(
      Factors factors, PartyId owner, boolean fixed, boolean announced) {
    RingTensor x = random(factors.left, 15);
    RingTensor w = random(factors.right, 16);
    // twice: the second product needs no second opening
    Work work =
        (p, in) ->
            p.add(
                p.multiply(factors.map, in.get(0), in.get(1)),
                p.multiply(factors.map, in.get(0), in.get(1)));
    var results =
        parties.submit(
            (request, suite) -> {
              Protocol p = suite.bind(request);
              Share weights = p.owned(owner, w.shape(), 0, request.self() == owner ? w : null);
              if (fixed) {
                request.setup(() -> p.fix(weights));
              }
              return run(request, p, work, List.of(inputs(p, x).get(0), weights), announced);
            });
    assertThat(longs(checked(results.await(TIME))))
        .as("%s with weights at %s, fixed %s, announced %s", factors, owner, fixed, announced)
        .isEqualTo(longs(factors.map.apply(x, w).multiplyScalar(2)));
  }

  @Test
  void ownedValuesAreSecretsLikeOthers() {
    RingTensor x = random(new Shape(3, 3), 17);
    RingTensor w = random(new Shape(3, 3), 18);
    for (boolean fixed : new boolean[] {true, false}) {
      var results =
          parties.submit(
              (request, suite) -> {
                Protocol p = suite.bind(request);
                Share weights =
                    p.owned(PartyId.P1, w.shape(), 0, request.self() == PartyId.P1 ? w : null);
                if (fixed) {
                  request.setup(() -> p.fix(weights));
                }
                return run(
                    request,
                    p,
                    (q, in) ->
                        q.add(
                            // on the left of a map that does not commute, and on both sides
                            q.multiply(Bilinear.MATMUL, in.get(1), in.get(0)),
                            q.add(
                                q.multiply(Bilinear.ELEMENTWISE, in.get(1), in.get(0)),
                                q.multiply(Bilinear.MATMUL, in.get(1), in.get(1)))),
                    List.of(inputs(p, x).get(0), weights),
                    !fixed);
              });
      assertThat(longs(checked(results.await(TIME))))
          .isEqualTo(longs(w.matmul(x).add(w.multiply(x)).add(w.matmul(w))));
    }
  }

  @Test
  void fixedWeightsServeLaterRequests() {
    for (boolean owned : new boolean[] {false, true}) {
      RingTensor w = random(new Shape(4, 6), 19);
      var weights =
          parties
              .submit(
                  (request, suite) -> {
                    Protocol p = suite.bind(request);
                    RingTensor mine = request.self() == PartyId.P0 ? w : null;
                    Share share =
                        owned
                            ? p.owned(PartyId.P0, w.shape(), 0, mine)
                            : p.input(PartyId.P0, w.shape(), 0, mine);
                    request.setup(() -> p.fix(share));
                    return share;
                  })
              .await(TIME);
      for (boolean announced : new boolean[] {true, false, true}) {
        RingTensor x = random(new Shape(3, 6), announced ? 20 : 21);
        var results =
            parties.submit(
                (request, suite) -> {
                  Protocol p = suite.bind(request);
                  Share mine = request.self() == PartyId.P0 ? weights.p0() : weights.p1();
                  return run(
                      request,
                      p,
                      (q, in) -> q.multiply(Bilinear.LINEAR, in.get(0), in.get(1)),
                      List.of(inputs(p, x).get(0), mine),
                      announced);
                });
        assertThat(longs(checked(results.await(TIME)))).isEqualTo(longs(x.matmulTransposed(w)));
      }
      weights.p0().close();
      weights.p1().close();
    }
  }

  @Test
  void aSecretEntersManyProducts() {
    RingTensor a = random(new Shape(5, 5), 23);
    RingTensor b = random(new Shape(5, 5), 24);
    RingTensor result =
        run(
            (p, in) -> {
              Share x = in.get(0);
              Share y = in.get(1);
              return p.add(
                  p.multiply(Bilinear.MATMUL, x, y),
                  p.add(
                      p.multiply(Bilinear.LINEAR, y, x),
                      p.add(
                          p.multiply(Bilinear.ELEMENTWISE, x, x),
                          p.multiply(Bilinear.MATMUL, x, x))));
            },
            a,
            b);
    assertThat(longs(result))
        .isEqualTo(
            longs(a.matmul(b).add(b.matmulTransposed(a)).add(a.multiply(a)).add(a.matmul(a))));
  }

  @Test
  void revealsToOnePartyOnlyAndWritesItDown() {
    RingTensor x = random(new Shape(7), 25);
    for (PartyId learner : List.of(PartyId.P0, PartyId.P1)) {
      var results =
          parties
              .submit(
                  (request, suite) -> {
                    Protocol p = suite.bind(request);
                    Share share = inputs(p, x).get(0);
                    request.online();
                    Statistics before = request.statistics();
                    RingTensor learnt = p.reveal(share, Set.of(learner), "for " + learner);
                    var cost = request.statistics().minus(before);
                    PlanLog log = new PlanLog();
                    Protocol planner = suite.plan(request.self(), request.id(), ring(), 8, log);
                    planner.reveal(planner.shadow(share), Set.of(learner), "");
                    boolean p0 = request.self() == PartyId.P0;
                    assertThat(cost.onlineBytesSent())
                        .isEqualTo(p0 ? log.cost().onlineBytesP0() : log.cost().onlineBytesP1());
                    assertThat(cost.rounds())
                        .isEqualTo(request.self() == learner ? log.cost().rounds() : 0);
                    return Optional.ofNullable(learnt);
                  })
              .await(TIME);
      var learnt = learner == PartyId.P0 ? results.p0() : results.p1();
      assertThat(longs(learnt.orElseThrow())).isEqualTo(longs(x));
      assertThat(learner == PartyId.P0 ? results.p1() : results.p0()).isEmpty();
      for (PartyId party : BOTH) {
        var log = parties.holder(party).session().disclosures().disclosures();
        assertThat(log.get(log.size() - 1))
            .satisfies(
                last -> {
                  assertThat(last.learns()).containsExactly(learner.name());
                  assertThat(last.reason()).isEqualTo("for " + learner);
                  assertThat(last.shape()).isEqualTo(x.shape());
                });
      }
    }
    for (Set<PartyId> nobody : List.of(Set.<PartyId>of(), Set.of(PartyId.P2))) {
      assertThatExceptionOfType(MpcException.class)
          .isThrownBy(
              () ->
                  parties
                      .submit(
                          (request, suite) ->
                              Optional.ofNullable(revealTo(nobody, suite.bind(request), x)))
                      .await(TIME))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.ARGUMENT));
    }
  }

  private static @Nullable RingTensor revealTo(
      Set<PartyId> learns, Protocol protocol, RingTensor x) {
    return protocol.reveal(inputs(protocol, x).get(0), learns, "test");
  }

  @Test
  void aClientAddsBothParts() {
    RingTensor x = random(new Shape(7), 26);
    var parts =
        parties
            .submit(
                (request, suite) -> {
                  Protocol p = suite.bind(request);
                  Share share = p.fromClient(p.self() == PartyId.P0 ? x : x.multiplyScalar(2), 0);
                  return p.revealToClient(share, "client", "test");
                })
            .await(TIME);
    assertThat(longs(parts.p0().add(parts.p1()))).isEqualTo(longs(x.multiplyScalar(3)));
    var log = parties.holder(PartyId.P1).session().disclosures().disclosures();
    assertThat(log.get(log.size() - 1).learns()).containsExactly("client");
  }

  @Test
  void manyRequestsRunAtOnce() {
    RingTensor x = random(new Shape(200), 27);
    List<Future<RingTensor>> results = new ArrayList<>();
    ExecutorService callers = Executors.newFixedThreadPool(6);
    try {
      for (int i = 0; i < 48; i++) {
        int number = i;
        results.add(
            callers.submit(
                () ->
                    run(
                        (p, in) ->
                            number % 2 == 0
                                ? p.relu(in.get(0), 0)
                                : p.multiply(Bilinear.ELEMENTWISE, in.get(0), in.get(0)),
                        x)));
      }
      for (int i = 0; i < results.size(); i++) {
        RingTensor result = results.get(i).get();
        if (i % 2 == 0) {
          checkElementwise(result, x, x, (v, w) -> Math.max(v, 0));
        } else {
          checkElementwise(result, x, x, (v, w) -> v * w);
        }
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    } finally {
      callers.shutdownNow();
    }
  }

  @Test
  void keysStreamThroughAnyWindow() {
    RingTensor x = random(new Shape(9001), 28);
    RingTensor y = random(new Shape(9001), 29);
    Work work =
        (p, in) ->
            p.add(
                p.maximum(p.select(p.nonNegative(in.get(1)), in.get(0)), in.get(1)),
                p.multiply(Bilinear.ELEMENTWISE, in.get(0), p.isZero(in.get(1))));
    RingTensor expected = run(work, x, y);
    // from none at all, by less than a frame and about a frame, to a part of the program
    for (long window : new long[] {0, 1 << 20, 5 << 20, 12 << 20}) {
      try (var narrow =
          ThreadedParties.start(suite(), options().withKeyWindow(KeyWindow.of(window)))) {
        for (boolean announced : new boolean[] {false, true}) {
          assertThat(longs(run(narrow, work, announced, x, y)))
              .as("window " + window + ", announced " + announced)
              .isEqualTo(longs(expected));
        }
      }
    }
  }

  @Test
  void opensMoreThanAFrameAtOnce() {
    RingTensor x = random(new Shape(11, 100_003), 30);
    RingTensor y = random(new Shape(11, 100_003), 31);
    RingTensor product =
        run((p, in) -> p.multiply(Bilinear.ELEMENTWISE, in.get(0), in.get(1)), x, y);
    assertThat(longs(product.sum(new int[] {1}, false)))
        .isEqualTo(longs(x.multiply(y).sum(new int[] {1}, false)));
  }

  @Test
  void sharesLookUniform() {
    // the same constant secret many times: each party's share must not depend on it
    RingTensor zero = RingTensor.zeros(ring(), new Shape(40_000));
    for (PartyId looking : BOTH) {
      var results =
          parties
              .submit(
                  (request, suite) -> {
                    Protocol protocol = suite.bind(request);
                    Share x = inputs(protocol, zero).get(0);
                    request.online();
                    List<RingTensor> views =
                        List.of(
                            ((AdditiveShare) x).value().copy(),
                            ((AdditiveShare) protocol.relu(x, 0)).value(),
                            ((AdditiveShare) protocol.truncate(protocol.withScale(x, 4), 4))
                                .value(),
                            ((AdditiveShare) protocol.nonNegative(x)).value(),
                            ((AdditiveShare) protocol.multiply(Bilinear.ELEMENTWISE, x, x))
                                .value());
                    return views;
                  })
              .await(TIME);
      for (RingTensor view : looking == PartyId.P0 ? results.p0() : results.p1()) {
        assertUniform(view);
      }
    }
  }

  /**
   * Every bit position is set in about half of the elements: 40000 coins stay within 7 standard
   * deviations. A run tosses coins for thousands of positions, so a bound of 5 would fail by chance
   * once in a few hundred runs.
   */
  private void assertUniform(RingTensor share) {
    for (int bit = 0; bit < ring().bits(); bit++) {
      int ones = 0;
      for (int i = 0; i < share.size(); i++) {
        ones += (int) ((share.getLong(i) >>> bit) & 1);
      }
      double deviations = Math.abs(ones - share.size() / 2.0) / (Math.sqrt(share.size()) / 2);
      assertThat(deviations).as("bit " + bit).isLessThan(7);
    }
  }
}
