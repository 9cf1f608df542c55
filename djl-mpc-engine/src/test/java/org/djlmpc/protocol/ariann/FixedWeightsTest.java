package org.djlmpc.protocol.ariann;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.djlmpc.protocol.Bilinear;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.Rows;
import org.djlmpc.protocol.Share;
import org.djlmpc.protocol.ThreadedParties;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Weights that are shared in pieces are what whole ones are, and take less memory. */
class FixedWeightsTest {
  private static final Duration TIME = Duration.ofMinutes(3);
  private static final Set<PartyId> BOTH = Set.of(PartyId.P0, PartyId.P1);

  /** More than one piece. */
  private static final Shape SHAPE = new Shape(1100, 1000);

  private final ThreadedParties parties =
      ThreadedParties.start(
          Ariann.ARIANN, PartyOptions.DEFAULT.withTimeout(Duration.ofSeconds(60)));

  @AfterEach
  void close() {
    parties.close();
  }

  private static RingTensor random(long seed, Shape shape, int bits) {
    SplittableRandom random = new SplittableRandom(seed);
    return RingTensor.tabulate(Ring.Z64, shape, i -> random.nextLong() >> (Long.SIZE - bits));
  }

  private static long[] longs(RingTensor tensor) {
    return LongStream.range(0, tensor.size()).map(i -> tensor.getLong((int) i)).toArray();
  }

  private ThreadedParties.Results<AriannShare> share(RingTensor w, PartyId owner, boolean clear) {
    return parties
        .submit(
            (request, suite) -> {
              Protocol p = suite.bind(request);
              Rows mine = request.self() == owner ? Rows.of(w) : null;
              AriannShare[] shared = new AriannShare[1];
              request.setup(() -> shared[0] = (AriannShare) p.fixed(owner, SHAPE, 0, clear, mine));
              return shared[0];
            })
        .await(TIME);
  }

  @Test
  void productsWithThemAreRightInEveryRequest() {
    for (boolean clear : new boolean[] {false, true}) {
      for (PartyId owner : BOTH) {
        RingTensor w = random(1, SHAPE, owner == PartyId.P0 ? 20 : 60);
        var weights = share(w, owner, clear);
        for (int request = 0; request < 2; request++) {
          RingTensor x = random(2 + request, new Shape(2, 1000), 64);
          var results =
              parties
                  .submit(
                      (r, suite) -> {
                        Protocol p = suite.bind(r);
                        Share mine = r.self() == PartyId.P0 ? weights.p0() : weights.p1();
                        Share in =
                            p.input(PartyId.P1, x.shape(), 0, r.self() == PartyId.P1 ? x : null);
                        Share out = p.multiply(Bilinear.LINEAR, in, mine);
                        return Objects.requireNonNull(p.reveal(out, BOTH, "test"));
                      })
                  .await(TIME);
          assertThat(longs(results.p0())).isEqualTo(longs(x.matmulTransposed(w)));
        }
        weights.p0().close();
        weights.p1().close();
      }
    }
  }

  @Test
  void theyKeepOneTensorAndStillHaveASummand() {
    for (boolean clear : new boolean[] {false, true}) {
      RingTensor w = random(4, SHAPE, 25);
      var weights = share(w, PartyId.P0, clear);
      AriannShare p0 = weights.p0();
      AriannShare p1 = weights.p1();
      List<RingTensor> kept =
          List.of(
              Objects.requireNonNull(clear ? p0.published() : p0.masked()).kept(),
              Objects.requireNonNull(clear ? p1.published() : p1.masked()).kept());
      assertThat(kept.get(0).isAbsent()).isEqualTo(clear);
      assertThat(LongStream.of(longs(kept.get(1))).distinct().count()).isGreaterThan(1_090_000);
      assertThat(p0.rows().whole() == null).as("made when needed").isEqualTo(clear);
      assertThat(longs(p0.value().add(p1.value()))).isEqualTo(longs(w));
      if (clear) {
        assertThat(longs(p0.value())).isEqualTo(longs(w));
      }
      List<RingTensor> made = List.of(p0.value(), p1.value());
      p0.close();
      p1.close();
      assertThat(made).allMatch(tensor -> LongStream.of(longs(tensor)).allMatch(v -> v == 0));
      assertThat(longs(kept.get(1))).containsOnly(0);
      assertThat(longs(p0.value())).as("after closing").containsOnly(0);
    }
  }
}
