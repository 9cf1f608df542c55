package org.djlmpc.protocol.ariann;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.LongPredicate;
import org.assertj.core.data.Percentage;
import org.djlmpc.protocol.Cost;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.PlanLog;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.Share;
import org.djlmpc.protocol.ThreadedParties;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.Test;

/** The comparison as the paper prints it fails as predicted; a narrow one is exact in its range. */
class ComparisonVariantsTest {
  private static final Duration TIME = Duration.ofMinutes(3);
  private static final int TRIALS = 200_000;

  private static RingTensor run(
      Ariann suite, BiFunction<Protocol, Share, Share> work, RingTensor x) {
    PartyOptions options = PartyOptions.DEFAULT.withFixedPoint(x.ring(), 8);
    try (var parties = ThreadedParties.start(suite, options)) {
      return parties
          .submit(
              (request, bound) -> {
                Protocol p = bound.bind(request);
                RingTensor mine = request.self() == PartyId.P0 ? x : null;
                Share share = p.input(PartyId.P0, x.shape(), 0, mine);
                return p.reveal(work.apply(p, share), Set.of(PartyId.P0, PartyId.P1), "test");
              })
          .await(TIME)
          .p0();
    }
  }

  private static int failures(RingTensor x, RingTensor answers, int from, LongPredicate expected) {
    int failures = 0;
    for (int i = from; i < from + TRIALS; i++) {
      failures += answers.getLong(i) == (expected.test(x.getLong(i)) ? 1 : 0) ? 0 : 1;
    }
    return failures;
  }

  @Test
  void thePapersComparisonFailsWithProbabilityOfTheValueOverTheRing() {
    int[] powers = {26, 27, 28, 29};
    RingTensor y =
        RingTensor.tabulate(
            Ring.Z32,
            new Shape(powers.length, TRIALS),
            i -> (i % 2 == 0 ? 1L : -1L) << powers[i / TRIALS]);
    RingTensor paper = run(Ariann.ARIANN.withPaperComparison(), Protocol::nonNegative, y);
    RingTensor exact = run(Ariann.ARIANN, Protocol::nonNegative, y);
    for (int i = 0; i < powers.length; i++) {
      double predicted = Math.scalb(1.0, powers[i] - 32);
      double measured = failures(y, paper, i * TRIALS, v -> v >= 0) / (double) TRIALS;
      assertThat(measured).as("|y| = 2^" + powers[i]).isCloseTo(predicted, within20Percent());
      assertThat(failures(y, exact, i * TRIALS, v -> v >= 0)).isZero();
    }
  }

  private static Percentage within20Percent() {
    return Percentage.withPercentage(20);
  }

  @Test
  void thePapersReluFailsLikewise() {
    RingTensor y =
        RingTensor.tabulate(Ring.Z32, new Shape(TRIALS), i -> (i % 2 == 0 ? 1L : -1L) << 28);
    RingTensor relu = run(Ariann.ARIANN.withPaperComparison(), (p, x) -> p.relu(x, 0), y);
    RingTensor fused =
        run(
            Ariann.ARIANN.withPaperComparison(),
            (p, x) -> p.relu(p.withScale(x, 2), 2),
            y.multiplyScalar(2)); // |y| = 2^29, 2^27 after truncation
    int wrong = 0;
    int wrongAfter = 0;
    for (int i = 0; i < TRIALS; i++) {
      wrong += relu.getLong(i) == Math.max(0, y.getLong(i)) ? 0 : 1;
      long half = y.getLong(i) / 2;
      boolean right =
          half > 0
              ? fused.getLong(i) == half || fused.getLong(i) == half + 1
              : fused.getLong(i) == 0;
      wrongAfter += right ? 0 : 1;
    }
    assertThat(wrong / (double) TRIALS).isCloseTo(1.0 / 16, within20Percent());
    assertThat(wrongAfter / (double) TRIALS).isCloseTo(1.0 / 32, within20Percent());
  }

  @Test
  void aNarrowComparisonIsExactInItsRangeAndWrongOnlyOutside() {
    int k = 12;
    long half = 1L << (k - 1);
    for (Ring ring : List.of(Ring.Z32, Ring.Z64)) {
      RingTensor x =
          RingTensor.tabulate(ring, new Shape(4L << k), i -> i - (2L << k)); // [-4 half, 4 half)
      Ariann narrow = Ariann.ARIANN.withComparisonBits(k);
      RingTensor sign = run(narrow, Protocol::nonNegative, x);
      RingTensor relu = run(narrow, (p, v) -> p.relu(v, 0), x);
      // the same values with 3 more bits to remove
      RingTensor fused = run(narrow, (p, v) -> p.relu(p.withScale(v, 3), 3), x.multiplyScalar(8));
      int wrong = 0;
      for (int i = 0; i < x.size(); i++) {
        long v = x.getLong(i);
        // what decides is bit k - 1
        long seen = (v & half) == 0 ? 1 : 0;
        assertThat(sign.getLong(i)).as(ring + ", " + v).isEqualTo(seen);
        assertThat(relu.getLong(i)).isEqualTo(seen * v);
        if (v >= -half && v < half) {
          assertThat(seen).isEqualTo(v >= 0 ? 1 : 0);
        } else {
          wrong += seen == (v >= 0 ? 1 : 0) ? 0 : 1;
        }
        if (v >= -half && v + 1 < half) {
          assertThat(fused.getLong(i))
              .as("fused, " + v)
              .isBetween(Math.max(0, v), Math.max(0, v + 1));
        }
      }
      assertThat(wrong).as("the range is no larger than stated").isEqualTo(x.size() / 2);
    }
  }

  /** Values with 6 fraction bits more than the session's: as if they were rescaled first. */
  @Test
  void aNarrowComparisonDoesNotSeeExcessFractionBits() {
    int k = 12;
    int excess = 6;
    long half = 1L << (k - 1 + excess);
    for (Ring ring : List.of(Ring.Z32, Ring.Z64)) {
      RingTensor x = RingTensor.tabulate(ring, new Shape(8192), i -> (i - 4096) * (half / 4096));
      RingTensor sign =
          run(Ariann.ARIANN, (p, v) -> p.within(k + excess).nonNegative(wide(p, v, excess)), x);
      RingTensor relu =
          run(Ariann.ARIANN.withComparisonBits(k), (p, v) -> p.relu(wide(p, v, excess), 0), x);
      for (int i = 0; i < x.size(); i++) {
        long v = x.getLong(i);
        if (v + (1L << excess) >= half) {
          continue; // no room for the unit that the dropped bits may add
        }
        if (v >= 0) {
          assertThat(sign.getLong(i)).as(ring + ", " + v).isEqualTo(1);
          assertThat(relu.getLong(i)).isEqualTo(v);
        } else if (v < -(1L << excess)) {
          assertThat(sign.getLong(i)).as(ring + ", " + v).isZero();
          assertThat(relu.getLong(i)).isZero();
        } else {
          assertThat(relu.getLong(i)).isIn(0L, v);
        }
      }
    }
    PlanLog narrow = new PlanLog();
    Protocol planner = Ariann.ARIANN.plan(PartyId.P0, 1, Ring.Z64, 16, narrow).within(40);
    planner.nonNegative(planner.input(PartyId.P0, new Shape(8192), 32, null));
    assertThat(narrow.cost().keyBytesP0()).isEqualTo(keys(Ariann.ARIANN.withComparisonBits(24)));
  }

  private static Share wide(Protocol p, Share x, int excess) {
    return p.withScale(x, p.fractionBits() + excess);
  }

  @Test
  void aNarrowComparisonHasSmallerKeys() {
    assertThat(keys(Ariann.ARIANN.withComparisonBits(20)))
        .isCloseTo(keys(Ariann.ARIANN) * 13 / 57, within(keys(Ariann.ARIANN) / 10));
  }

  private static long keys(Ariann suite) {
    PlanLog log = new PlanLog();
    Protocol planner = suite.plan(PartyId.P0, 1, Ring.Z64, 16, log);
    planner.nonNegative(planner.input(PartyId.P0, new Shape(8192), 0, null));
    Cost cost = log.cost();
    assertThat(cost.comparisons()).isEqualTo(8192);
    return cost.keyBytesP0();
  }
}
