package org.djlmpc.protocol.ariann;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.LongBinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.djlmpc.protocol.AdditiveShare;
import org.djlmpc.protocol.Bilinear;
import org.djlmpc.protocol.ChosenParties.Label;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.Rounds;
import org.djlmpc.protocol.Rows;
import org.djlmpc.protocol.Share;
import org.djlmpc.protocol.ShareHolder;
import org.djlmpc.protocol.Views;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What P0 and P1 see in each step, exactly: on the ring of 4 bits, for all inputs and all values of
 * everything random that the viewer does not know, the views of any two inputs are equally
 * distributed, and the results are right.
 */
class ExactViewsTest {
  private static final Ring RING = Ring.Z4;
  private static final Set<PartyId> DEALER = Set.of(PartyId.P2);
  private static final List<Integer> ONE = List.of(4);
  private static final List<Integer> TWO = List.of(4, 4);

  private static RingTensor summand(Share share) {
    return ((AdditiveShare) share).value();
  }

  private static Share input(Protocol p, PartyId owner, RingTensor x) {
    return p.input(owner, x.shape(), 0, p.self() == owner ? x : null);
  }

  /** One request on shares of the inputs. */
  private static Views.Work work(BiFunction<Protocol, List<Share>, Share> body) {
    return (holder, owner, inputs) ->
        holder.run(
            1,
            (request, suite) -> {
              Protocol p = suite.bind(request);
              List<Share> shares = new ArrayList<>();
              inputs.forEach(x -> shares.add(input(p, owner, x)));
              return summand(body.apply(p, shares));
            });
  }

  private static Views views(List<Integer> inputs, BiFunction<Protocol, List<Share>, Share> body) {
    return new Views(Ariann.ARIANN, RING, inputs, work(body));
  }

  /** In one round, which is for few elements. */
  private static Views direct(BiFunction<Protocol, Share, Share> body) {
    return small(Ariann.ARIANN.withRounds(Rounds.LOW), body);
  }

  /** Values from -4 to 3 only. */
  private static Views small(Ariann suite, BiFunction<Protocol, Share, Share> body) {
    return new Views(
        suite,
        RING,
        List.of(3),
        work(
            (p, in) -> {
              Share x = in.get(0);
              return body.apply(p, p.addPublic(x, RingTensor.full(RING, x.shape(), -4)));
            }));
  }

  private static Step direct(
      String name, BiFunction<Protocol, Share, Share> body, LongBinaryOperator result) {
    return new Step(name, direct(body), (x, y) -> result.applyAsLong(x[0] - 4, y) == y);
  }

  static Stream<Step> directSteps() {
    return Stream.of(
        direct("sign", Protocol::nonNegative, (x, y) -> x >= 0 ? 1 : 0),
        direct("relu", (p, x) -> p.relu(x, 0), (x, y) -> Math.max(0, x)));
  }

  @ParameterizedTest
  @MethodSource("directSteps")
  void aStepInOneRoundHidesItsInputFromBoth(Step step) {
    step.views.assertHidden(PartyId.P0, step.check);
    step.views.assertHidden(PartyId.P1, step.check);
  }

  @Test
  void truncationAndReluInOneRoundHideTheirInputFromBoth() {
    Views views = direct((p, x) -> p.relu(scaled(p, x), 1));
    Views.Check check =
        (in, y) -> {
          long x = in[0] - 4;
          return x == -4 || y == 0 && x < 0 || x >= 0 && isHalf(x, y);
        };
    views.assertHidden(PartyId.P0, check);
    assertPairsHidden(views, check, "none", List.of("R", "M", "b0", "b1", "b2"));
  }

  private static long reduced(long x) {
    return x << (Long.SIZE - 4) >> (Long.SIZE - 4);
  }

  private static Share scaled(Protocol p, Share x) {
    return p.withScale(x, 1);
  }

  private record Step(String name, Views views, Views.Check check) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static boolean isHalf(long x, long y) {
    return y == x >> 1 || y == (x >> 1) + 1;
  }

  static Stream<Step> steps() {
    return Stream.of(
        new Step("input", views(ONE, (p, in) -> in.get(0)), (x, y) -> y == x[0]),
        new Step(
            "product",
            views(TWO, (p, in) -> p.multiply(Bilinear.ELEMENTWISE, in.get(0), in.get(1))),
            (x, y) -> y == reduced(x[0] * x[1])),
        new Step(
            "square",
            views(ONE, (p, in) -> p.multiply(Bilinear.ELEMENTWISE, in.get(0), in.get(0))),
            (x, y) -> y == reduced(x[0] * x[0])),
        new Step("sign", views(ONE, (p, in) -> p.nonNegative(in.get(0))), ExactViewsTest::isSign),
        new Step(
            "zero", views(ONE, (p, in) -> p.isZero(in.get(0))), (x, y) -> y == (x[0] == 0 ? 1 : 0)),
        new Step(
            "interval",
            views(ONE, (p, in) -> p.between(in.get(0), -3, 5)),
            (x, y) -> y == (x[0] >= -3 && x[0] < 5 ? 1 : 0)),
        new Step(
            "relu", views(ONE, (p, in) -> p.relu(in.get(0), 0)), (x, y) -> y == Math.max(0, x[0])),
        new Step(
            "select",
            views(List.of(1, 4), (p, in) -> p.select(in.get(0), in.get(1))),
            (x, y) -> y == x[0] * x[1]),
        new Step(
            "truncation",
            views(ONE, (p, in) -> p.truncate(scaled(p, in.get(0)), 1)),
            (x, y) -> Math.abs(x[0]) >= 4 || isHalf(x[0], y)));
  }

  private static boolean isSign(long[] x, long y) {
    return y == (x[0] >= 0 ? 1 : 0);
  }

  @ParameterizedTest
  @MethodSource("steps")
  void aStepHidesItsInputsFromBoth(Step step) {
    step.views.assertHidden(PartyId.P0, step.check);
    step.views.assertHidden(PartyId.P1, step.check);
  }

  private static Views narrow(List<Integer> inputs, BiFunction<Protocol, List<Share>, Share> body) {
    return views(inputs, (p, in) -> body.apply(p.onWire(3), in)).onWire(3);
  }

  private static boolean isSmall(long[] x, int limit) {
    return Arrays.stream(x).allMatch(v -> v >= -limit && v < limit);
  }

  /** What is opened modulo 2^3 of elements modulo 2^4. */
  static Stream<Step> narrowSteps() {
    return Stream.of(
        new Step(
            "product",
            narrow(TWO, (p, in) -> p.multiply(Bilinear.ELEMENTWISE, in.get(0), in.get(1))),
            (x, y) -> (y - x[0] * x[1]) % 8 == 0),
        new Step(
            "sign",
            narrow(ONE, (p, in) -> p.nonNegative(in.get(0))),
            (x, y) -> !isSmall(x, 4) || isSign(x, y)),
        new Step(
            "zero",
            narrow(ONE, (p, in) -> p.isZero(in.get(0))),
            (x, y) -> !isSmall(x, 4) || y == (x[0] == 0 ? 1 : 0)),
        new Step(
            "interval",
            narrow(ONE, (p, in) -> p.between(in.get(0), -1, 2)),
            (x, y) -> !isSmall(x, 4) || y == (x[0] >= -1 && x[0] < 2 ? 1 : 0)),
        new Step(
            "relu",
            narrow(ONE, (p, in) -> p.relu(in.get(0), 0)),
            (x, y) -> !isSmall(x, 4) || (y - Math.max(0, x[0])) % 8 == 0),
        new Step(
            "select",
            narrow(List.of(1, 4), (p, in) -> p.select(in.get(0), in.get(1))),
            (x, y) -> (y - x[0] * x[1]) % 8 == 0),
        new Step(
            "made whole",
            narrow(ONE, (p, in) -> p.whole(new AriannShare(summand(in.get(0)), 0, null, 3))),
            (x, y) -> !isSmall(x, 2) || y == x[0]));
  }

  @ParameterizedTest
  @MethodSource("narrowSteps")
  void aStepOnANarrowWireHidesItsInputsFromBoth(Step step) {
    step.views.assertHidden(PartyId.P0, step.check);
    step.views.assertHidden(PartyId.P1, step.check);
  }

  @Test
  void truncationAndReluHideTheirInputFromBoth() {
    Views views = views(ONE, (p, in) -> p.relu(scaled(p, in.get(0)), 1));
    Views.Check check =
        (x, y) -> Math.abs(x[0]) >= 4 || y == 0 && x[0] < 0 || x[0] >= 0 && isHalf(x[0], y);
    views.assertHidden(PartyId.P0, check);
    assertPairsHidden(views, check, "c0", List.of("R", "M", "rho0", "rho R0", "rho M0"));
  }

  /** Dependent values are too many to enumerate at once: all pairs of them, with another one. */
  private static void assertPairsHidden(
      Views views, Views.Check check, String other, List<String> dependent) {
    for (String first : dependent) {
      for (String second : dependent.subList(0, dependent.indexOf(first))) {
        Set<String> names = Set.of("r", other, first, second);
        views
            .enumerating(label -> label.holders().equals(DEALER) || names.contains(label.name()))
            .assertHidden(PartyId.P1, check);
      }
    }
  }

  /** Two comparisons by one key on one opening, and the truncated value, which is a result too. */
  @Test
  void truncationAndClipHideTheirInputFromBoth() {
    Views views =
        small(
            Ariann.ARIANN,
            (p, x) -> {
              Protocol.Clipped both = p.clip(scaled(p, x), 1, -1, 1);
              return p.add(both.clipped(), Objects.requireNonNull(both.value()));
            });
    Views.Check check =
        (in, y) -> {
          long floor = in[0] - 4 >> 1;
          return in[0] == 0 || y == doubled(floor) || y == doubled(floor + 1);
        };
    views.assertHidden(PartyId.P0, check);
    assertPairsHidden(views, check, "none", List.of("R", "M", "rho0", "rho1", "rho R1", "rho M0"));
    assertPairsHidden(views, check, "c0", List.of("c1", "rho1"));
  }

  /** y + clip(y, -1, 1). */
  private static long doubled(long y) {
    return y + Math.max(-1, Math.min(1, y));
  }

  /** W at its owner: the other party sees nothing of W, nor of x. */
  @ParameterizedTest
  @EnumSource(
      value = PartyId.class,
      names = {"P0", "P1"})
  void weightsAtTheirOwnerAreHiddenFromTheOther(PartyId viewer) {
    Views.Work work =
        (holder, owner, in) ->
            holder.run(
                1,
                (request, suite) -> {
                  Protocol p = suite.bind(request);
                  Share x = input(p, owner, in.get(0));
                  RingTensor values = p.self() == owner ? in.get(1) : null;
                  Share w = p.owned(owner, in.get(1).shape(), 0, values);
                  return summand(p.multiply(Bilinear.ELEMENTWISE, x, w));
                });
    new Views(Ariann.ARIANN, RING, TWO, work)
        .assertHidden(viewer, (x, y) -> y == reduced(x[0] * x[1]));
  }

  /** The same with weights that were fixed in a request of their own. */
  @ParameterizedTest
  @EnumSource(
      value = PartyId.class,
      names = {"P0", "P1"})
  void fixedWeightsAtTheirOwnerAreHiddenFromTheOther(PartyId viewer) {
    Views.Work work =
        (holder, owner, in) -> {
          Share w =
              holder.run(
                  1,
                  (request, suite) -> {
                    Protocol p = suite.bind(request);
                    Rows values = p.self() == owner ? Rows.of(in.get(1)) : null;
                    request.online();
                    return p.fixed(owner, in.get(1).shape(), 0, true, values);
                  });
          return product(holder, 2, owner, in.get(0), w);
        };
    new Views(Ariann.ARIANN, RING, TWO, work)
        .assertHidden(viewer, (x, y) -> y == reduced(x[0] * x[1]));
  }

  /** And their owner, whoever knows x, sees nothing of x. */
  @ParameterizedTest
  @EnumSource(
      value = PartyId.class,
      names = {"P0", "P1"})
  void theOwnerOfWeightsSeesNothingOfTheInput(PartyId viewer) {
    Views.Work work =
        (holder, owner, in) ->
            holder.run(
                1,
                (request, suite) -> {
                  Protocol p = suite.bind(request);
                  Share x = input(p, owner, in.get(0));
                  Shape shape = in.get(0).shape();
                  RingTensor known = RingTensor.full(RING, shape, 3);
                  Share w = p.owned(viewer, shape, 0, p.self() == viewer ? known : null);
                  return summand(p.multiply(Bilinear.ELEMENTWISE, x, w));
                });
    new Views(Ariann.ARIANN, RING, ONE, work).assertHidden(viewer, (x, y) -> true);
  }

  /** Weights that were opened under their mask once serve two later requests. */
  @ParameterizedTest
  @EnumSource(
      value = PartyId.class,
      names = {"P0", "P1"})
  void fixedWeightsAndTheInputsOfTwoRequestsAreHidden(PartyId viewer) {
    Views.Work work =
        (holder, owner, in) -> {
          Share w =
              holder.run(
                  1,
                  (request, suite) -> {
                    Protocol p = suite.bind(request);
                    Share weights = input(p, owner, in.get(0));
                    request.setup(() -> p.fix(weights));
                    return weights;
                  });
          RingTensor first = product(holder, 2, owner, in.get(1), w);
          return first.add(product(holder, 3, owner, in.get(2), w));
        };
    // two inputs each; the second request's C_1 is left out as the first's is
    new Views(Ariann.ARIANN, RING, List.of(1, 1, 1), work)
        .enumerating(label -> label.name().equals("ariann/mask") || label.request() == 2)
        .assertHidden(viewer, (x, y) -> y == reduced(x[0] * (x[1] + x[2])));
  }

  private static RingTensor product(
      ShareHolder holder, long number, PartyId owner, RingTensor x, Share w) {
    return holder.run(
        number,
        (request, suite) -> {
          Protocol p = suite.bind(request);
          return summand(p.multiply(Bilinear.ELEMENTWISE, input(p, owner, x), w));
        });
  }

  /** Who learns a result learns nothing else; who does not, nothing. */
  @Test
  void aRevealShowsTheResultAndOnlyToItsRecipient() {
    for (PartyId recipient : List.of(PartyId.P0, PartyId.P1)) {
      Views views =
          views(
              ONE,
              (p, in) -> {
                Share relu = p.relu(in.get(0), 0);
                p.reveal(relu, Set.of(recipient), "test");
                return relu;
              });
      Views.Check check = (x, y) -> y == Math.max(0, x[0]);
      PartyId other = recipient == PartyId.P0 ? PartyId.P1 : PartyId.P0;
      views.assertHidden(other, check);
      views.assertHidden(recipient, (x, y, received) -> y, check);
      // the test sees what is revealed
      assertThat(views.firstDifference(recipient, (x, y, received) -> 0, check)).isNotNull();
    }
  }

  /** Revealing a truncated value shows it as a rounding with the threshold u = x1 mod 2^s. */
  @ParameterizedTest
  @EnumSource(
      value = PartyId.class,
      names = {"P0", "P1"})
  void aRevealedTruncationShowsTheValueAndTheRoundingThreshold(PartyId viewer) {
    Views views =
        views(
            ONE,
            (p, in) -> {
              Share y = p.truncate(scaled(p, in.get(0)), 1);
              p.reveal(y, Set.of(viewer), "test");
              return y;
            });
    // the last message is the reveal; the one before it is the other's share of x1
    views.assertHidden(
        viewer, (x, y, received) -> 2 * y + (received[received.length - 2] & 1), (x, y) -> true);
  }

  /** What is revealed in place of a truncated value is the value plus noise, whatever else. */
  @Test
  void aRevealedBlurShowsTheValueWithNoise() {
    Views views =
        direct(
            (p, x) -> {
              Share y = p.blurred(scaled(p, x), 1);
              p.reveal(y, Set.of(PartyId.P1), "test");
              return y;
            });
    Views.Check check = (in, y) -> y == in[0] - 4 || y == in[0] - 5;
    views.assertHidden(PartyId.P0, check);
    views.assertHidden(PartyId.P1, (in, y, received) -> y, check);
  }

  /** Steps one after the other, by what is opened in them. */
  @Test
  void openingsOfAWholeProgramHideItsInput() {
    List<Step> programs =
        List.of(
            new Step(
                "sign, then select",
                views(ONE, (p, in) -> p.select(p.nonNegative(in.get(0)), in.get(0))),
                (x, y) -> y == Math.max(0, x[0])),
            new Step(
                "relu, then product",
                views(
                    ONE,
                    (p, in) -> p.multiply(Bilinear.ELEMENTWISE, p.relu(in.get(0), 0), in.get(0))),
                (x, y) -> y == reduced(Math.max(0, x[0]) * x[0])),
            new Step(
                "truncation and relu, then zero",
                views(ONE, (p, in) -> p.isZero(p.relu(scaled(p, in.get(0)), 1))),
                (x, y) -> y == 1 || x[0] > 0 || x[0] <= -4),
            new Step(
                "truncation and relu, then zero of what both make",
                views(
                    ONE,
                    (p, in) -> {
                      Protocol.Truncated t = p.truncateAndRelu(scaled(p, in.get(0)), 1);
                      return p.isZero(p.add(t.value(), t.positive()));
                    }),
                (x, y) -> Math.abs(x[0]) >= 4 || y == 0 || Math.abs(x[0]) < 2));
    for (Step program : programs) {
      Views openings = program.views.enumerating(ExactViewsTest::isMask);
      openings.assertHidden(PartyId.P0, program.check);
      openings.assertHidden(PartyId.P1, program.check);
    }
  }

  /** What is needed once for each opening. */
  private static boolean isMask(Label label) {
    return Set.of("r", "ariann/mask").contains(label.name()) || label.holders().equals(DEALER);
  }

  private static Views twoSigns(UnaryOperator<Label> names) {
    return views(
            TWO,
            (p, in) -> {
              Share first = p.nonNegative(in.get(0));
              return p.add(first, p.negate(p.nonNegative(in.get(1))));
            })
        .enumerating(ExactViewsTest::isMask)
        .renaming(names);
  }

  /** The test finds a mask that two operations use. */
  @Test
  void aMaskThatIsUsedTwiceIsSeen() {
    Views.Learnt nothing = (x, y, received) -> 0;
    Views.Check any = (x, y) -> true;
    for (PartyId viewer : List.of(PartyId.P0, PartyId.P1)) {
      assertThat(twoSigns(label -> label).firstDifference(viewer, nothing, any)).isNull();
      for (String name : List.of("r", "rho")) {
        UnaryOperator<Label> reuse =
            label ->
                label.name().equals(name) && isMask(label)
                    ? new Label(label.holders(), label.request(), name, 0)
                    : label;
        assertThat(twoSigns(reuse).firstDifference(viewer, nothing, any))
            .as("%s used twice, seen by %s", name, viewer)
            .isNotNull();
      }
    }
  }

  /** The test finds dependent values that are split by the same stream. */
  @Test
  void aSummandThatIsUsedTwiceIsSeen() {
    Views views =
        views(ONE, (p, in) -> p.relu(in.get(0), 0))
            .renaming(
                label ->
                    label.name().equals("rho r")
                        ? new Label(label.holders(), label.request(), "rho", label.number())
                        : label);
    Views.Learnt nothing = (x, y, received) -> 0;
    assertThat(views.firstDifference(PartyId.P1, nothing, (x, y) -> true)).isNotNull();
  }
}
