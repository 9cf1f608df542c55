package org.djlmpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.stream.LongStream;
import org.djlmpc.ring.ConvolutionSpec;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Request;
import org.djlmpc.session.Statistics;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What every protocol suite must do: exact primitives over the whole stated range, the cost that it
 * declares, and shares that look uniform.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ProtocolConformance {
  private static final Duration TIME = Duration.ofSeconds(60);
  private static final Set<PartyId> BOTH = Set.of(PartyId.P0, PartyId.P1);

  private ThreadedParties parties;

  /** The suite under test. */
  protected abstract ProtocolSuite suite();

  /** Its ring. */
  protected abstract Ring ring();

  /** Settings of the parties. */
  protected PartyOptions options() {
    return PartyOptions.DEFAULT.withFixedPoint(ring(), 8).withTimeout(Duration.ofSeconds(20));
  }

  @BeforeAll
  void start() {
    parties = ThreadedParties.start(suite(), options());
  }

  @AfterAll
  void stop() {
    parties.close();
  }

  // ---- values

  private long limit(int belowTop) {
    return 1L << (ring().bits() - belowTop);
  }

  /**
   * 0, ±1, the ends of the open interval (-limit, limit), powers of two and their neighbours, and
   * random values.
   */
  private RingTensor values(long limit, int random, long seed) {
    List<Long> list = new ArrayList<>(List.of(0L, 1L, -1L, 2L, -2L, limit - 1, -limit + 1));
    for (long power = 4; power > 0 && power < limit; power <<= 3) {
      list.addAll(List.of(power, -power, power - 1, -power + 1));
    }
    new Random(seed).longs(random, -limit + 1, limit).forEach(list::add);
    return RingTensor.tabulate(ring(), new Shape(list.size()), list::get);
  }

  private RingTensor shuffled(RingTensor x, long seed) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < x.size(); i++) {
      order.add(i);
    }
    java.util.Collections.shuffle(order, new Random(seed));
    return RingTensor.tabulate(ring(), x.shape(), i -> x.getLong(order.get(i)));
  }

  private RingTensor random(Shape shape, long seed) {
    Random random = new Random(seed);
    return RingTensor.tabulate(ring(), shape, i -> random.nextLong());
  }

  // ---- running

  private interface Work {
    Share run(Protocol protocol, List<Share> inputs);
  }

  /**
   * Shares the inputs of P0, runs the work, reveals the result to both; checks declared against
   * measured cost.
   */
  private RingTensor run(Work work, RingTensor... inputs) {
    var results =
        parties
            .submit(
                (request, suite) -> {
                  Protocol protocol = suite.bind(request);
                  List<Share> shares = new ArrayList<>();
                  for (RingTensor input : inputs) {
                    shares.add(
                        protocol.input(
                            PartyId.P0,
                            input.shape(),
                            0,
                            request.self() == PartyId.P0 ? input : null));
                  }
                  request.online();
                  Statistics before = request.statistics();
                  Share result = work.run(protocol, shares);
                  request.opener().flush();
                  Statistics measured = request.statistics().minus(before);
                  checkCost(request, work, declaredShapes(inputs), measured);
                  return protocol.reveal(result, BOTH, "test");
                })
            .await(TIME);
    assertThat(longs(results.p0())).isEqualTo(longs(results.p1()));
    return results.p0();
  }

  private static List<Shape> declaredShapes(RingTensor... inputs) {
    return List.of(inputs).stream().map(RingTensor::shape).toList();
  }

  private void checkCost(Request request, Work work, List<Shape> shapes, Statistics measured) {
    PlanLog log = new PlanLog();
    Protocol planner =
        suite().plan(request.self(), request.id(), ring(), options().fractionBits(), log);
    work.run(
        planner, shapes.stream().map(shape -> planner.input(PartyId.P0, shape, 0, null)).toList());
    Cost declared = log.cost();
    boolean p0 = request.self() == PartyId.P0;
    assertThat(measured.rounds()).as("rounds").isEqualTo(declared.rounds());
    assertThat(measured.onlineBytesSent())
        .as("online bytes of " + request.self())
        .isEqualTo(p0 ? declared.onlineBytesP0() : declared.onlineBytesP1());
    assertThat(measured.offlineBytesReceived())
        .as("key bytes of " + request.self())
        .isEqualTo(p0 ? declared.keyBytesP0() : declared.keyBytesP1());
  }

  private static List<Long> longs(RingTensor x) {
    return LongStream.range(0, x.size()).mapToObj(i -> x.getLong((int) i)).toList();
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
      for (int i = 0; i < x.size(); i++) {
        long floor = x.getLong(i) >> bits;
        assertThat(y.getLong(i)).as(x.getLong(i) + " >> " + bits).isBetween(floor, floor + 1);
        assertThat(positive.getLong(i))
            .as("relu of " + x.getLong(i) + " >> " + bits)
            .isBetween(Math.max(0, floor), Math.max(0, floor + 1));
      }
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
  void sharesLookUniform() {
    // the same constant secret many times: each party's share must not depend on it
    RingTensor zero = RingTensor.zeros(ring(), new Shape(20000));
    for (PartyId looking : BOTH) {
      var results =
          parties
              .submit(
                  (request, suite) -> {
                    Protocol protocol = suite.bind(request);
                    Share x =
                        protocol.input(
                            PartyId.P0,
                            zero.shape(),
                            0,
                            request.self() == PartyId.P0 ? zero : null);
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
   * Every bit position is set in about half of the elements: 20000 coins stay within 5 standard
   * deviations.
   */
  private void assertUniform(RingTensor share) {
    for (int bit = 0; bit < ring().bits(); bit++) {
      int ones = 0;
      for (int i = 0; i < share.size(); i++) {
        ones += (int) ((share.getLong(i) >>> bit) & 1);
      }
      double deviations = Math.abs(ones - share.size() / 2.0) / (Math.sqrt(share.size()) / 2);
      assertThat(deviations).as("bit " + bit).isLessThan(5);
    }
  }
}
