package org.djlmpc.protocol.ariann;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.djl.ndarray.types.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.djlmpc.crypto.Prg;
import org.djlmpc.crypto.Seed;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.preprocessing.Material;
import org.djlmpc.preprocessing.OneTimeKey;
import org.djlmpc.preprocessing.Operation;
import org.djlmpc.preprocessing.Prepared;
import org.djlmpc.preprocessing.Streams;
import org.djlmpc.protocol.Bilinear;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.SecretMath;
import org.djlmpc.protocol.Share;
import org.djlmpc.protocol.ThreadedParties;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.Awaiting;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.Payload;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Shares and keys are gone when they are closed, used, or given up; and a key is used once. */
class ErasureTest {
  private static final Duration TIME = Duration.ofMinutes(3);
  private static final Shape SHAPE = new Shape(4, 4);
  private static final RingTensor VALUES =
      RingTensor.tabulate(Ring.Z64, SHAPE, i -> 0x0123456789abcdefL + i);

  private final ThreadedParties parties =
      ThreadedParties.start(
          Ariann.ARIANN, PartyOptions.DEFAULT.withTimeout(Duration.ofSeconds(60)));

  @AfterEach
  void close() {
    parties.close();
  }

  private static Share input(Protocol p) {
    return p.input(PartyId.P0, SHAPE, 0, p.self() == PartyId.P0 ? VALUES : null);
  }

  private static boolean erased(RingTensor tensor) {
    return tensor.isAbsent()
        || IntStream.range(0, tensor.size()).allMatch(i -> tensor.getLong(i) == 0);
  }

  private static boolean erased(BitTensor bits) {
    return IntStream.range(0, bits.wordCount()).allMatch(i -> bits.word(i) == 0);
  }

  @Test
  void aClosedShareIsErasedWithAllThatItRemembers() {
    var results =
        parties
            .submit(
                (request, suite) -> {
                  Protocol p = suite.bind(request);
                  AriannShare x = (AriannShare) input(p);
                  RingTensor mine = request.self() == PartyId.P0 ? VALUES : null;
                  AriannShare w = (AriannShare) p.owned(PartyId.P0, SHAPE, 0, mine);
                  p.multiply(Bilinear.MATMUL, x, w);
                  p.multiply(Bilinear.MATMUL, w, x);
                  AriannShare rescaled = (AriannShare) p.truncate(p.withScale(x, 5), 5);
                  x.rescaled(rescaled);
                  return List.of(x, w, rescaled);
                })
            .await(TIME);
    for (List<AriannShare> shares : List.of(results.p0(), results.p1())) {
      AriannShare x = shares.get(0);
      AriannShare w = shares.get(1);
      List<RingTensor> secrets =
          Stream.of(x.masked(), x.given(), w.masked(), w.published())
              .map(Objects::requireNonNull)
              .map(Masked::kept)
              .filter(tensor -> !tensor.isAbsent())
              .toList();
      assertThat(secrets).hasSizeGreaterThan(2).noneMatch(ErasureTest::erased);
      x.close();
      w.close();
      assertThat(secrets).allMatch(ErasureTest::erased);
      assertThat(List.of(x.value(), w.value(), shares.get(2).value()))
          .allMatch(ErasureTest::erased);
    }
  }

  @Test
  void whatIsRevealedIsAShareOfItsOwn() {
    var results =
        parties
            .submit(
                (request, suite) -> {
                  Protocol p = suite.bind(request);
                  var math = new SecretMath(p);
                  Share x = input(p);
                  Share product = p.withScale(x, p.fractionBits() + 5);
                  Share rescaled = math.rescale(p.withScale(x, p.fractionBits() + 5));
                  List<Share> kept = List.of(x, product, rescaled);
                  kept.forEach(share -> math.revealable(share).close());
                  return kept.stream().map(share -> ((AriannShare) share).value()).toList();
                })
            .await(TIME);
    assertThat(results.p0()).noneMatch(ErasureTest::erased);
    assertThat(results.p1()).noneMatch(ErasureTest::erased);
  }

  /** An operation whose key is kept for the test to look at. */
  private record Kept<K extends OneTimeKey>(Prepared<K> prepared, Queue<K> keys)
      implements Prepared<K> {
    @Override
    public Operation operation() {
      return prepared.operation();
    }

    @Override
    public K prepare(Material material) {
      K key = prepared.prepare(material);
      keys.add(key);
      return key;
    }
  }

  private static final DReluGate GATE = new DReluGate(DReluGate.Variant.EXACT, 64);

  private static List<RingTensor> tensors(TruncateRelu.Key key) {
    List<RingTensor> tensors = new ArrayList<>(List.of(key.r(), key.shifted(), key.msb()));
    key.bits().forEach(bit -> tensors.addAll(List.of(bit.rho(), bit.rhoShifted(), bit.rhoMsb())));
    return tensors;
  }

  @Test
  void aKeyIsErasedAfterUseAndWhenItIsNotUsed() {
    for (boolean used : new boolean[] {true, false}) {
      Map<PartyId, Queue<TruncateRelu.Key>> keys = new ConcurrentHashMap<>();
      var running =
          parties.submit(
              (request, suite) -> {
                Protocol p = suite.bind(request);
                Queue<TruncateRelu.Key> kept = new ConcurrentLinkedQueue<>();
                keys.put(request.self(), kept);
                var step =
                    new TruncateRelu(
                        SHAPE,
                        5,
                        List.of(-32L, 32L),
                        new DReluGate(DReluGate.Variant.EXACT, 59),
                        Width.of(Ring.Z64));
                int j = request.self() == PartyId.P0 ? 0 : 1;
                request.announce(List.of(new Kept<>(step.prepared(j), kept)));
                assertThat(kept).as("prepared ahead").hasSize(1);
                assertThat(tensors(kept.element())).noneMatch(ErasureTest::erased);
                if (used) {
                  p.clip(p.withScale(input(p), 5), 5, -32, 32);
                  return 0;
                }
                throw new IllegalStateException("the program fails");
              });
      try {
        running.await(TIME);
      } catch (IllegalStateException e) {
        assertThat(used).isFalse();
      }
      // the failure of one party may come before the other has ended
      Awaiting.until(
          () ->
              keys.values().stream()
                  .flatMap(Queue::stream)
                  .allMatch(
                      key ->
                          tensors(key).stream().allMatch(ErasureTest::erased)
                              && key.gate().c().stream().allMatch(ErasureTest::erased)));
      assertThat(keys).hasSize(2);
    }
  }

  @Test
  void everyKeyErasesAllItsParts() {
    var results =
        parties
            .submit(
                (request, suite) -> {
                  suite.bind(request);
                  int j = request.self() == PartyId.P0 ? 0 : 1;
                  Truncation.Key truncation =
                      request.key(new Truncation(SHAPE, 5, Width.of(Ring.Z64)).prepared(j));
                  Selector.Key selector =
                      request.key(new Selector(SHAPE, Width.of(Ring.Z64)).prepared(j));
                  Triple.Key triple =
                      request.key(
                          new Triple(
                                  Bilinear.ELEMENTWISE,
                                  new Mask(request.id(), 0, SHAPE, null),
                                  new Mask(request.id(), 1, SHAPE, null),
                                  Ring.Z64)
                              .prepared(j, null));
                  List<RingTensor> parts =
                      List.of(
                          truncation.r(),
                          truncation.shifted(),
                          truncation.msb(),
                          selector.r(),
                          selector.rho(),
                          selector.rhoR(),
                          triple.k());
                  assertThat(parts).noneMatch(ErasureTest::erased);
                  truncation.close();
                  selector.close();
                  triple.close();
                  assertThat(erased(selector.rhoBit())).isTrue();
                  return parts;
                })
            .await(TIME);
    assertThat(results.p0()).allMatch(ErasureTest::erased);
    assertThat(results.p1()).allMatch(ErasureTest::erased);

    results =
        parties
            .submit(
                (request, suite) -> {
                  suite.bind(request);
                  int j = request.self() == PartyId.P0 ? 0 : 1;
                  // their last parts, the function keys, are read only when they are evaluated
                  Sign.Key sign =
                      new Sign(SHAPE, GATE, Width.of(Ring.Z64)).prepared(j).prepare(material(j));
                  Relu.Key relu =
                      new Relu(SHAPE, GATE, Width.of(Ring.Z64)).prepared(j).prepare(material(j));
                  PointKey zero =
                      new Zero(SHAPE, Width.of(Ring.Z64)).prepared(j).prepare(material(j));
                  DirectTruncateRelu.Key direct =
                      new DirectTruncateRelu(SHAPE, 5, GATE, Width.of(Ring.Z64))
                          .prepared(j)
                          .prepare(material(j));
                  List<RingTensor> parts =
                      List.of(
                          direct.r(),
                          direct.shifted(),
                          direct.msb(),
                          direct.gate().b().get(0),
                          direct.gate().b().get(2),
                          sign.r(),
                          sign.rho(),
                          relu.r(),
                          relu.rho(),
                          relu.rhoR(),
                          zero.r(),
                          zero.rho());
                  assertThat(parts).noneMatch(ErasureTest::erased);
                  sign.close();
                  relu.close();
                  zero.close();
                  direct.close();
                  assertThat(List.of(sign.gate().c().get(0), relu.gate().c().get(0), zero.c()))
                      .allMatch(ErasureTest::erased);
                  return parts;
                })
            .await(TIME);
    assertThat(results.p0()).allMatch(ErasureTest::erased);
    assertThat(results.p1()).allMatch(ErasureTest::erased);
  }

  /** Material whose every part is random. */
  private static Material material(int j) {
    Streams streams = Streams.of(Seed.random());
    return new Material() {
      private int parts;

      @Override
      public int number() {
        return 0;
      }

      @Override
      public Prg stream(String name) {
        return streams.stream(name, j, 0);
      }

      @Override
      public RingTensor seeded(String name, Ring ring, Shape shape) {
        return streams.tensor(name, j, 0, ring, shape);
      }

      @Override
      public BitTensor seededBits(String name, int count) {
        return streams.bits(name, j, 0, count);
      }

      @Override
      public RingTensor tensor(Ring ring, Shape shape) {
        return streams.tensor("part", j, parts++, ring, shape);
      }

      @Override
      public BitTensor bits(int count) {
        return streams.bits("part", j, parts++, count);
      }

      @Override
      public Payload chunk(int length) {
        return Payload.take(length, 1);
      }

      @Override
      public Streams streams() {
        return streams;
      }
    };
  }

  @Test
  void aKeyCannotBeReadTwice() {
    assertThatExceptionOfType(MpcException.class)
        .isThrownBy(
            () ->
                parties
                    .submit(
                        (request, suite) -> {
                          suite.bind(request);
                          int j = request.self() == PartyId.P0 ? 0 : 1;
                          Sign sign = new Sign(SHAPE, GATE, Width.of(Ring.Z64));
                          Sign.Key key = request.key(sign.prepared(j));
                          var party = new Step.Party(j, request.opener());
                          sign.run(party, key, VALUES);
                          return sign.run(party, key, VALUES);
                        })
                    .await(TIME))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.KEY_REUSED));
  }

  @Test
  void aClosedSessionHasNoSeeds() {
    Streams streams = parties.holder(PartyId.P0).session().streams(PartyId.P1);
    streams.stream("test", 1, 0).close();
    parties.close();
    assertThatExceptionOfType(MpcException.class)
        .isThrownBy(() -> streams.stream("test", 1, 0))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
  }
}
