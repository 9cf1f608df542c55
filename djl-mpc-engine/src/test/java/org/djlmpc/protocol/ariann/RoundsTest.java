package org.djlmpc.protocol.ariann;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import org.djlmpc.protocol.Cost;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.PlanLog;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.Rounds;
import org.djlmpc.protocol.SecretMath;
import org.djlmpc.protocol.Share;
import org.djlmpc.protocol.ThreadedParties;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Statistics;
import org.djlmpc.transport.LinkShape;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Maxima and their positions over all pairs: exact on ties, in a constant number of rounds. */
class RoundsTest {
  private static final Duration TIME = Duration.ofMinutes(3);
  private static final int COLUMNS = 60;

  private record Run(RingTensor result, Statistics online, Cost planned) {}

  private static Run run(Rounds rounds, BiFunction<SecretMath, Share, Share> work, RingTensor x) {
    Ariann suite = Ariann.ARIANN.withRounds(rounds);
    PlanLog log = new PlanLog();
    Protocol planner = suite.plan(PartyId.P0, 1, Ring.Z64, 16, log);
    work.apply(
        new SecretMath(planner), planner.fromClient(RingTensor.absent(Ring.Z64, x.shape()), 16));
    try (var parties = ThreadedParties.start(suite, PartyOptions.DEFAULT)) {
      return parties
          .submit(
              (request, bound) -> {
                Protocol p = bound.bind(request);
                RingTensor mine = request.self() == PartyId.P0 ? x : null;
                Share share = p.input(PartyId.P0, x.shape(), 16, mine);
                Share result = work.apply(new SecretMath(p), share);
                Statistics online = request.statistics();
                RingTensor opened = p.reveal(result, Set.of(PartyId.P0, PartyId.P1), "test");
                return new Run(opened, online, log.cost());
              })
          .await(TIME)
          .p0();
    }
  }

  /** Few different values, so that most columns have ties, negative ones too. */
  private static RingTensor values(int k) {
    Random random = new Random(k);
    return RingTensor.tabulate(
        Ring.Z64, new Shape(k, COLUMNS), i -> (random.nextInt(4) - 3L) << 14);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 9, 16, 17, 24})
  void fewRoundsFindTheMaximumAndItsFirstPosition(int k) {
    RingTensor x = values(k);
    Run maximum = run(Rounds.LOW, SecretMath::maximumOfFirstAxis, x);
    Run position = run(Rounds.LOW, SecretMath::argMaxOfFirstAxis, x);
    for (int column = 0; column < COLUMNS; column++) {
      int best = 0;
      for (int i = 1; i < k; i++) {
        boolean larger = x.getLong(i * COLUMNS + column) > x.getLong(best * COLUMNS + column);
        best = larger ? i : best;
      }
      assertThat(maximum.result.getLong(column)).isEqualTo(x.getLong(best * COLUMNS + column));
      assertThat(position.result.getLong(column)).isEqualTo(best);
    }
    for (Run run : new Run[] {maximum, position}) {
      assertThat(run.online.rounds()).isEqualTo(run.planned.rounds());
      assertThat(run.online.onlineBytesSent()).isEqualTo(run.planned.onlineBytesP0());
    }
    int steps = k == 1 ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(k - 1);
    assertThat(maximum.planned.rounds()).isEqualTo(Math.min(4, steps));
    assertThat(position.planned.rounds()).isEqualTo(Math.min(3, 2 * steps));
    Run bytes = run(Rounds.BYTES, SecretMath::maximumOfFirstAxis, x);
    assertThat(bytes.planned.rounds()).isEqualTo(2 * steps);
    assertThat(bytes.result.getLong(7)).isEqualTo(maximum.result.getLong(7));
    assertThat(bytes.planned.keyBytesP0()).isLessThanOrEqualTo(maximum.planned.keyBytesP0());
    long comparisons = k > 16 ? k * (k - 1) / 2 + k : k - 1;
    assertThat(maximum.planned.comparisons()).isEqualTo(comparisons * COLUMNS);
  }

  /** What a round costs in bytes and keys. */
  @Test
  void aComparisonInOneRoundHasALargerKey() {
    Shape shape = new Shape(1 << 16);
    for (int k : new int[] {20, 64}) {
      Cost two = relu(Ariann.ARIANN.withComparisonBits(k), shape);
      Cost one = relu(Ariann.ARIANN.withComparisonBits(k).withRounds(Rounds.LOW), shape);
      assertThat(one.rounds()).isEqualTo(1);
      assertThat(two.rounds()).isEqualTo(2);
      assertThat(two.onlineBytesP0() - one.onlineBytesP0()).isEqualTo(shape.size() / 8);
      // 16 bytes of seed and three words for each bit of the gate, of 48 at most
      double key = 40.0 * (Math.min(k, 48) - 1) + 24;
      assertThat(one.keyBytesP0() / (double) shape.size()).isBetween(key, key + 0.01);
      assertThat(one.keyBytesP1() - one.keyBytesP0()).isEqualTo(5 * 8 * shape.size());
      assertThat(two.keyBytesP0()).isLessThan(one.keyBytesP0() / 2);
    }
    Ariann low = Ariann.ARIANN.withRounds(Rounds.LOW);
    assertThat(relu(low, new Shape(1 << 24)).rounds()).isEqualTo(1);
    assertThat(relu(low.withPaperComparison(), shape).rounds()).isEqualTo(3);
  }

  @Test
  void aRoundIsSparedWhereTheLinkTakesLongerThanTheComparisons() {
    Ariann slow = Ariann.ARIANN.withRounds(Rounds.forLink(new LinkShape(70, 1000)));
    assertThat(relu(slow, new Shape(1 << 11)).rounds()).isEqualTo(1);
    assertThat(relu(slow, new Shape(1 << 14))).isEqualTo(relu(Ariann.ARIANN, new Shape(1 << 14)));
    Ariann thin = Ariann.ARIANN.withRounds(Rounds.forLink(new LinkShape(70, 10)));
    assertThat(relu(thin, new Shape(1 << 11)).rounds()).isEqualTo(2);
    Ariann near = Ariann.ARIANN.withRounds(Rounds.forLink(LinkShape.NONE));
    assertThat(relu(near, new Shape(1)).rounds()).isEqualTo(2);
  }

  /** More than a wave of chunks, with a rest. */
  @Test
  void aLargeReluTakesOneRoundAsPlanned() {
    RingTensor x =
        RingTensor.tabulate(
            Ring.Z64, new Shape((1 << 17) + 3), i -> (i * 7919L - 500_000_000L) << 16);
    Run run = run(Rounds.LOW, (math, share) -> math.protocol().relu(share, 0), x);
    for (int i = 0; i < x.size(); i++) {
      assertThat(run.result.getLong(i)).isEqualTo(Math.max(0, x.getLong(i)));
    }
    assertThat(run.online.rounds()).isEqualTo(run.planned.rounds()).isEqualTo(1);
    assertThat(run.online.onlineBytesSent()).isEqualTo(run.planned.onlineBytesP0());
  }

  private static Cost relu(Ariann suite, Shape shape) {
    PlanLog log = new PlanLog();
    Protocol planner = suite.plan(PartyId.P0, 1, Ring.Z64, 16, log);
    planner.relu(planner.fromClient(RingTensor.absent(Ring.Z64, shape), 32), 16);
    return log.cost();
  }
}
