package org.djlmpc.protocol.ariann;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.djlmpc.protocol.AdditiveShare;
import org.djlmpc.protocol.ChosenParties;
import org.djlmpc.protocol.ChosenParties.Label;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.Rounds;
import org.djlmpc.protocol.Share;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The steps of AriaNN (protocols.md, sections 2 to 4) are right for every value under every mask of
 * the ring of 8 bits, and at the edges of the large ones. What runs is the protocol itself, with
 * masks of our choice.
 */
class ExhaustiveTest {
  private static final Set<PartyId> P0_AND_DEALER = Set.of(PartyId.P0, PartyId.P2);
  private static final Set<PartyId> DEALER = Set.of(PartyId.P2);
  private static final int MASKS = 256;

  /** Values under masks r and rho; all other random tensors are arbitrary. */
  private record Cases(
      Ring ring, int size, IntToLongFunction x, IntToLongFunction r, IntToLongFunction rho) {

    /** All values in [-limit, limit), each under every mask r and rho of the ring of 8 bits. */
    static Cases all(int limit) {
      return new Cases(
          Ring.Z8,
          2 * limit * 2 * MASKS,
          i -> i / (2 * MASKS) - limit,
          i -> i / 2 % MASKS,
          i -> i % 2);
    }

    RingTensor run(Ariann suite, BiFunction<Protocol, Share, Share> body) {
      Shape shape = new Shape(size);
      RingTensor values = RingTensor.tabulate(ring, shape, x);
      var run =
          ChosenParties.run(
              suite,
              ring,
              this::values,
              holder ->
                  holder.run(
                      1,
                      (request, bound) -> {
                        Protocol p = bound.bind(request);
                        boolean owner = p.self() == PartyId.P0;
                        Share in = p.input(PartyId.P0, shape, 0, owner ? values : null);
                        return ((AdditiveShare) body.apply(p, in)).value();
                      }));
      return run.p0().add(run.p1());
    }

    /** P0's summand of r is what P1's, which is arbitrary, leaves of it. */
    private IntToLongFunction values(Label label, boolean bits) {
      if (label.name().equals("r") && label.holders().equals(P0_AND_DEALER)) {
        IntToLongFunction other = arbitrary("r");
        return i -> r.applyAsLong(i) - other.applyAsLong(i);
      }
      if (label.holders().equals(DEALER)) {
        return rho;
      }
      return arbitrary(label.name().equals("r") ? "r" : label.toString());
    }

    private static IntToLongFunction arbitrary(String name) {
      return i -> new SplittableRandom(name.hashCode() * 31L + i).nextLong();
    }
  }

  private static void check(RingTensor result, IntToLongFunction expected) {
    for (int i = 0; i < result.size(); i++) {
      if (result.getLong(i) != expected.applyAsLong(i)) {
        assertThat(result.getLong(i)).as("case %d", i).isEqualTo(expected.applyAsLong(i));
      }
    }
  }

  static IntStream widths() {
    return IntStream.rangeClosed(2, 8);
  }

  @ParameterizedTest
  @MethodSource("widths")
  void signAndReluOnEveryWidth(int k) {
    Ariann suite = Ariann.ARIANN.withComparisonBits(k);
    Cases all = Cases.all(1 << (k - 1));
    check(all.run(suite, Protocol::nonNegative), i -> all.x.applyAsLong(i) >= 0 ? 1 : 0);
    check(all.run(suite, (p, x) -> p.relu(x, 0)), i -> Math.max(0, all.x.applyAsLong(i)));
  }

  /** A gate that does not see d low bits may take x for 0 from -2^d to -1, and only there. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void signAndReluWithoutTheLowBits(int d) {
    int scale = ChosenParties.FRACTION_BITS + d;
    for (int k = 2; k <= 8 - d; k++) {
      Ariann suite = Ariann.ARIANN.withComparisonBits(k);
      int limit = 1 << (k - 1 + d);
      Cases all = Cases.all(limit);
      RingTensor sign = all.run(suite, (p, x) -> p.nonNegative(p.withScale(x, scale)));
      RingTensor relu = all.run(suite, (p, x) -> p.relu(p.withScale(x, scale), 0));
      for (int i = 0; i < sign.size(); i++) {
        long x = all.x.applyAsLong(i);
        long bit = sign.getLong(i);
        if ((x >> d) + 1 < 1L << (k - 1)) {
          assertThat(bit == (x >= 0 ? 1 : 0) || bit == 1 && x < 0 && x >= -(1L << d)).isTrue();
          assertThat(relu.getLong(i)).isEqualTo(bit * x);
        }
      }
    }
  }

  /** The least width whose function keys have a level of the tree; only the low bits matter. */
  @Test
  void signOfNineBitsOnAWiderRing() {
    Ariann suite = Ariann.ARIANN.withComparisonBits(9);
    IntToLongFunction upper = Cases.arbitrary("upper");
    Cases all =
        new Cases(
            Ring.Z32,
            1 << 18,
            i -> i / 512 - 256,
            i -> i % 512 | upper.applyAsLong(i) << 9,
            Cases.arbitrary("rho"));
    check(all.run(suite, Protocol::nonNegative), i -> all.x.applyAsLong(i) >= 0 ? 1 : 0);
  }

  /** Every pair of an edge value and an edge mask, and arbitrary ones, on the rings in use. */
  @ParameterizedTest
  @EnumSource(
      value = Ring.class,
      names = {"Z32", "Z64"})
  void signReluAndZeroOverTheWholeRing(Ring ring) {
    int unused = Long.SIZE - ring.bits();
    long min = Long.MIN_VALUE >> unused;
    long[] edges = {0, 1, -1, 2, -2, min, min + 1, ~min, ~min - 1, min / 2, -min / 2};
    int pairs = edges.length * edges.length;
    SplittableRandom random = new SplittableRandom(1);
    long[] values = random.longs(3000).map(v -> v << unused >> unused >> v % 64).toArray();
    long[] masks = random.longs(3000).toArray();
    Cases cases =
        new Cases(
            ring,
            3000,
            i -> i < 2 * pairs ? edges[i / 2 % edges.length] : values[i],
            i -> i < 2 * pairs ? edges[i / 2 / edges.length] : masks[i],
            i -> i % 2);
    RingTensor x = RingTensor.tabulate(ring, new Shape(3000), cases.x);
    check(cases.run(Ariann.ARIANN, Protocol::nonNegative), i -> x.getLong(i) >= 0 ? 1 : 0);
    check(cases.run(Ariann.ARIANN, (p, v) -> p.relu(v, 0)), i -> Math.max(0, x.getLong(i)));
    check(cases.run(Ariann.ARIANN, Protocol::isZero), i -> x.getLong(i) == 0 ? 1 : 0);
  }

  @Test
  void zero() {
    Cases all = Cases.all(128);
    check(all.run(Ariann.ARIANN, Protocol::isZero), i -> all.x.applyAsLong(i) == 0 ? 1 : 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void select(int bit) {
    Cases all = Cases.all(128);
    RingTensor result =
        all.run(
            Ariann.ARIANN,
            (p, x) -> {
              RingTensor bits = RingTensor.full(Ring.Z8, x.shape(), bit);
              boolean owner = p.self() == PartyId.P0;
              return p.select(p.input(PartyId.P0, x.shape(), 0, owner ? bits : null), x);
            });
    check(result, i -> bit * all.x.applyAsLong(i));
  }

  /** Intervals of every length up to the ring's ends, and empty ones. */
  @ParameterizedTest
  @CsvSource({"-128, 127", "-128, -127", "0, 127", "-3, 0", "-7, 100", "126, 127", "5, 5"})
  void between(int low, int high) {
    Cases all = Cases.all(128);
    RingTensor result = all.run(Ariann.ARIANN, (p, x) -> p.between(x, low, high));
    check(result, i -> low <= all.x.applyAsLong(i) && all.x.applyAsLong(i) < high ? 1 : 0);
  }

  static IntStream shifts() {
    return IntStream.rangeClosed(1, 5);
  }

  @ParameterizedTest
  @MethodSource("shifts")
  void truncationIsOffByOneAtMostAndRightOnAverage(int s) {
    int limit = 1 << 6;
    Cases all = Cases.all(limit);
    RingTensor result = all.run(Ariann.ARIANN, (p, x) -> p.truncate(p.withScale(x, s), s));
    long[] sums = new long[2 * limit];
    for (int i = 0; i < result.size(); i++) {
      long x = all.x.applyAsLong(i);
      sums[(int) x + limit] += result.getLong(i);
      if (x > -limit) {
        assertThat(result.getLong(i)).isBetween(x >> s, (x >> s) + 1);
      }
    }
    for (int x = -limit + 1; x < limit; x++) {
      assertThat(sums[x + limit]).as("sum over the masks").isEqualTo((long) x * 2 * MASKS >> s);
    }
  }

  @ParameterizedTest
  @MethodSource("shifts")
  void truncationAndReluOnEveryWidth(int s) {
    for (int k = 2; k <= 8 - s; k++) {
      Cases all = Cases.all(1 << 6);
      RingTensor result =
          all.run(Ariann.ARIANN.withComparisonBits(k), (p, x) -> p.relu(p.withScale(x, s), s));
      for (int i = 0; i < result.size(); i++) {
        long x = all.x.applyAsLong(i);
        long floor = x >> s;
        if (x > -(1 << 6) && floor >= -(1L << (k - 1)) && floor + 1 < 1L << (k - 1)) {
          assertThat(result.getLong(i)).isBetween(Math.max(0, floor), Math.max(0, floor + 1));
        }
      }
    }
  }

  /** Both bounds inside, at and beyond what the truncated value reaches, equal ones too. */
  @ParameterizedTest
  @CsvSource({"-3, 4", "0, 0", "-1, 0", "-20, 1", "5, 20", "-16, 15"})
  void truncationAndClipOnEveryWidth(int low, int high) {
    for (int s = 1; s <= 3; s++) {
      for (int m : new int[] {7, 8}) {
        for (int k = m == 8 ? 2 : m - s; k <= m - s; k++) {
          clips(low, high, s, m, k);
        }
      }
    }
  }

  private static void clips(int low, int high, int s, int m, int k) {
    Cases all = Cases.all(1 << (m - 2));
    RingTensor clipped =
        all.run(
            Ariann.ARIANN,
            (p, x) -> p.onWire(m).within(k).clip(p.withScale(x, s), s, low, high).clipped());
    for (int i = 0; i < clipped.size(); i++) {
      long floor = all.x.applyAsLong(i) >> s;
      if (floor - high >= -(1L << (k - 1)) && floor + 1 - low < 1L << (k - 1)) {
        long least = clip(floor, low, high);
        long most = clip(floor + 1, low, high);
        long y = clipped.getLong(i);
        assertThat(y == least || y == most).as("case %d", i).isTrue();
      }
    }
  }

  private static long clip(long y, long low, long high) {
    return Math.max(low, Math.min(high, y));
  }

  /** All values under all masks, in one round: the least that its keys have is a level. */
  @ParameterizedTest
  @MethodSource("widths")
  void signAndReluInOneRoundOnEveryWidth(int k) {
    Ariann suite = Ariann.ARIANN.withComparisonBits(k).withRounds(Rounds.LOW);
    Cases all = direct(1 << (k - 1));
    check(all.run(suite, Protocol::nonNegative), i -> all.x.applyAsLong(i) >= 0 ? 1 : 0);
    check(all.run(suite, (p, x) -> p.relu(x, 0)), i -> Math.max(0, all.x.applyAsLong(i)));
  }

  /** All values in [-limit, limit) under every mask r; few enough for one round. */
  private static Cases direct(int limit) {
    return new Cases(Ring.Z8, 2 * limit * MASKS, i -> i / MASKS - limit, i -> i % MASKS, i -> 0);
  }

  @ParameterizedTest
  @MethodSource("shifts")
  void truncationAndReluInOneRound(int s) {
    for (int m = s + 3; m <= 8; m++) {
      int bits = m;
      Cases all = direct(1 << (m - 2));
      RingTensor result =
          all.run(
              Ariann.ARIANN.withRounds(Rounds.LOW),
              (p, x) -> p.onWire(bits).relu(p.withScale(x, s), s));
      for (int i = 0; i < result.size(); i++) {
        long floor = all.x.applyAsLong(i) >> s;
        assertThat(result.getLong(i)).isBetween(Math.max(0, floor), Math.max(0, floor + 1));
      }
    }
  }

  /** Values below 2^(m-2) on openings of m bits of a ring of 8. */
  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6, 7})
  void truncationReluAndSignOnNarrowWires(int m) {
    int limit = 1 << (m - 2);
    Cases all = Cases.all(limit);
    IntToLongFunction x = all.x;
    check(
        all.run(Ariann.ARIANN, (p, v) -> p.onWire(m).nonNegative(v)),
        i -> x.applyAsLong(i) >= 0 ? 1 : 0);
    check(
        all.run(Ariann.ARIANN, (p, v) -> p.whole(p.onWire(m).relu(v, 0))),
        i -> Math.max(0, x.applyAsLong(i)));
    for (int s = 1; s <= m - 3; s++) {
      int shift = s;
      RingTensor cut =
          all.run(Ariann.ARIANN, (p, v) -> p.onWire(m).truncate(p.withScale(v, shift), shift));
      RingTensor positive =
          all.run(Ariann.ARIANN, (p, v) -> p.onWire(m).relu(p.withScale(v, shift), shift));
      for (int i = 0; i < cut.size(); i++) {
        long floor = x.applyAsLong(i) >> s;
        assertThat(cut.getLong(i)).isBetween(floor, floor + 1);
        assertThat(positive.getLong(i)).isBetween(Math.max(0, floor), Math.max(0, floor + 1));
      }
    }
  }

  /** Erratum (a) of AriaNN: x has the wrong sign exactly under the |x| masks where x + r wraps. */
  @Test
  void thePapersComparisonErrsExactlyWhereTheMaskWraps() {
    Cases all = Cases.all(128);
    RingTensor sign = all.run(Ariann.ARIANN.withPaperComparison(), Protocol::nonNegative);
    int[] errors = new int[256];
    for (int i = 0; i < sign.size(); i++) {
      long x = all.x.applyAsLong(i);
      long sum = x + all.r.applyAsLong(i);
      boolean wraps = sum < 0 || sum >= MASKS;
      assertThat(sign.getLong(i) == (x >= 0 ? 1 : 0)).isEqualTo(!wraps);
      errors[(int) x + 128] += wraps ? 1 : 0;
    }
    for (int x = -128; x < 128; x++) {
      assertThat(errors[x + 128]).isEqualTo(2 * Math.abs(x));
    }
  }
}
