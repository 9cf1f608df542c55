package org.djlmpc.protocol.ariann;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.BiConsumer;
import org.djlmpc.protocol.Bilinear;
import org.djlmpc.protocol.Cost;
import org.djlmpc.protocol.PlanLog;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.SecretMath;
import org.djlmpc.protocol.Share;
import org.djlmpc.ring.Ring;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.Test;

/**
 * AriaNN's costs in figures, so that nobody makes them worse unseen: what is declared here is what
 * channels measure ({@link AriannConformanceTest}).
 */
class AriannCostTest {
  private static final int SIZE = 80_000;
  private static final Shape SHAPE = new Shape(SIZE);

  private static Cost cost(Ring ring, Shape shape, BiConsumer<Protocol, Share> work) {
    PlanLog log = new PlanLog();
    Protocol planner = Ariann.ARIANN.plan(PartyId.P0, 2, ring, 8, log);
    work.accept(planner, planner.input(PartyId.P0, shape, 0, null));
    return log.cost();
  }

  private static void assertOnline(Cost cost, int rounds, double bytesPerElement) {
    assertThat(cost.rounds()).isEqualTo(rounds);
    assertThat(cost.onlineBytesP0()).isEqualTo((long) (bytesPerElement * SIZE));
    assertThat(cost.onlineBytesP1()).isEqualTo((long) (bytesPerElement * SIZE));
  }

  @Test
  void aComparisonOpensTheValueAndOneBit() {
    for (Ring ring : List.of(Ring.Z32, Ring.Z64)) {
      double bytes = ring.bytes() + 1.0 / 8;
      assertOnline(cost(ring, SHAPE, (p, x) -> p.relu(x, 0)), 2, bytes);
      assertOnline(cost(ring, SHAPE, (p, x) -> p.relu(x, 8)), 2, bytes);
      assertOnline(cost(ring, SHAPE, (p, x) -> p.truncateAndRelu(x, 8)), 2, bytes);
      // both bounds by one opening, and by one function key
      assertOnline(cost(ring, SHAPE, (p, x) -> p.clip(x, 8, -5, 9)), 2, bytes + 1.0 / 8);
      assertThat(cost(ring, SHAPE, (p, x) -> p.clip(x, 8, -5, 9)).keyBytesP0())
          .isEqualTo(cost(ring, SHAPE, (p, x) -> p.relu(x, 8)).keyBytesP0());
      assertOnline(cost(ring, SHAPE, Protocol::nonNegative), 2, bytes);
      assertOnline(cost(ring, SHAPE, Protocol::isZero), 2, bytes);
      assertOnline(cost(ring, SHAPE, (p, x) -> p.maximum(x, x)), 2, bytes);
      assertOnline(cost(ring, SHAPE, (p, x) -> p.select(x, x)), 1, bytes);
      assertOnline(cost(ring, SHAPE, (p, x) -> p.truncate(x, 8)), 1, ring.bytes());
    }
  }

  /**
   * P0's keys are function keys only, P1's also the dependent values; a sign of 64 bits has 928.
   */
  @Test
  void keysAreAsLargeAsTheirConstruction() {
    Cost relu = cost(Ring.Z64, SHAPE, (p, x) -> p.relu(x, 0));
    assertThat(relu.keyBytesP0() / (double) SIZE).isBetween(912.0, 928.01);
    assertThat((relu.keyBytesP1() - relu.keyBytesP0()) / (double) SIZE).isEqualTo(16.125);
    Cost narrow = cost(Ring.Z32, SHAPE, (p, x) -> p.relu(x, 0));
    assertThat(narrow.keyBytesP0() / (double) SIZE).isBetween(400.0, 416.01);
    Cost truncation = cost(Ring.Z64, SHAPE, (p, x) -> p.truncate(x, 8));
    assertThat(truncation.keyBytesP0()).isZero();
    assertThat(truncation.keyBytesP1()).isEqualTo(16L * SIZE);
  }

  @Test
  void activationsThatNeedTheirArgumentOpenItOnce() {
    Cost cost = costOfProduct(SecretMath::abs);
    assertOnline(cost, 2, 8 + 1.0 / 8);
    Cost known =
        costOfProduct(
            (math, product) -> {
              math.rescale(product);
              math.abs(product);
            });
    assertOnline(known, 3, 8 + 8 + 1.0 / 8);
    // x clip(x, -3, 3): the clip's opening rescales x for the product
    Cost swish =
        costOfProduct(
            (math, product) ->
                math.multiply(Bilinear.ELEMENTWISE, product, math.clip(product, -3, 3)));
    assertOnline(swish, 3, 8 + 2.0 / 8 + 8 + 8);
  }

  /** Of a program whose argument is a product: its rescaling is pending. */
  private static Cost costOfProduct(BiConsumer<SecretMath, Share> program) {
    return cost(Ring.Z64, SHAPE, (p, x) -> program.accept(new SecretMath(p), p.withScale(x, 16)));
  }

  @Test
  void aSecretInSeveralProductsIsOpenedOnce() {
    Cost cost =
        cost(
            Ring.Z64,
            new Shape(10, 10),
            (p, x) -> {
              p.multiply(Bilinear.MATMUL, x, x);
              p.multiply(Bilinear.LINEAR, x, x);
              p.multiply(Bilinear.ELEMENTWISE, x, p.input(PartyId.P1, x.shape(), 0, null));
            });
    assertThat(cost.onlineBytesP0()).isEqualTo(2 * 800);
    assertThat(cost.rounds()).isEqualTo(2);
    assertThat(cost.keyBytesP0()).isZero();
    assertThat(cost.keyBytesP1()).isEqualTo(3 * 800);
  }

  @Test
  void fixedWeightsAreNotSentAgain() {
    for (boolean owned : new boolean[] {false, true}) {
      Protocol sharing = Ariann.ARIANN.plan(PartyId.P0, 1, Ring.Z64, 8, new PlanLog());
      Shape shape = new Shape(300, 100);
      Share weights =
          owned
              ? sharing.owned(PartyId.P0, shape, 0, null)
              : sharing.input(PartyId.P0, shape, 0, null);
      sharing.fix(weights);
      Cost query =
          cost(
              Ring.Z64,
              new Shape(2, 100),
              (p, x) -> p.multiply(Bilinear.LINEAR, x, p.shadow(weights)));
      assertThat(query.rounds()).isEqualTo(1);
      assertThat(query.onlineBytesP0()).isEqualTo(owned ? 0 : 1600);
      assertThat(query.onlineBytesP1()).isEqualTo(1600);
      assertThat(query.keyBytesP1()).isEqualTo(2 * 300 * 8);
      assertThat(query.multiplyAdds()).isEqualTo(2 * 300 * 100);
    }
  }
}
