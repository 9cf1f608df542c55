package org.djlmpc.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.translate.NoopTranslator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.protocol.ThreadedParties;
import org.djlmpc.protocol.ariann.Ariann;
import org.djlmpc.session.DisclosureLog;
import org.djlmpc.session.Statistics;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Programs on DJL's arrays and blocks, run by both share holders. */
final class LocalPartiesRunTest {
  private static final Shape PAIR = new Shape(2);

  private static LocalParties parties;

  @BeforeAll
  static void start() {
    parties = LocalParties.start(Ariann.ARIANN);
  }

  @AfterAll
  static void stop() {
    parties.close();
  }

  private static NDArray share(Party party, PartyId owner, float... values) {
    return party.share(owner, party.id() == owner ? values : null, new Shape(values.length));
  }

  private static void assertFails(ErrorCode code, ThrowingCallable action, String... words) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(MpcException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContainingAll(words);
  }

  @Test
  void onlyThoseWhoMayLearnGetTheResult() {
    var results =
        parties.run(
            party -> {
              NDArray a = share(party, PartyId.P0, 1.5f, -2);
              NDArray b = share(party, PartyId.P1, 4, 0.25f);
              assertThat(a.toString()).contains("secret");
              NDArray product = party.reveal(a.mul(b), Set.of(PartyId.P1), "a test of products");
              NDArray bit = party.revealToBoth(a.gt(b.neg()), "a test of comparisons");
              NDArray place = party.reveal(b.argMax(), Set.of(PartyId.P0), "a test of argMax");
              assertThat(bit.getDataType()).isEqualTo(DataType.BOOLEAN);
              NDList known = new NDList(bit);
              for (NDArray array : new NDArray[] {product, place}) {
                if (array != null) {
                  known.add(array);
                }
              }
              return known;
            });
    NDList p0 = results.p0();
    NDList p1 = results.p1();
    assertThat(p0).hasSize(2);
    assertThat(p0.get(0).toBooleanArray()).containsExactly(true, false);
    assertThat(p0.get(1).toLongArray()).containsExactly(0);
    assertThat(p1).hasSize(2);
    assertThat(p1.get(0).toBooleanArray()).containsExactly(true, false);
    assertThat(p1.get(1).toFloatArray())
        .usingComparatorWithPrecision(1e-3f)
        .containsExactly(6, -0.5f);
    assertThat(parties.disclosures(PartyId.P0))
        .extracting(DisclosureLog.Disclosure::reason)
        .contains("a test of products", "a test of comparisons", "a test of argMax");
    assertThat(parties.disclosures(PartyId.P1))
        .filteredOn(disclosure -> disclosure.reason().equals("a test of products"))
        .singleElement()
        .satisfies(disclosure -> assertThat(disclosure.learns()).containsExactly("P1"));
  }

  @Test
  void aBlockRunsOnSharedParametersAndSharedInputs() {
    float[] weights = {1, 2, -3, 0.5f, 0.25f, -1};
    float[] bias = {0.5f, -0.75f};
    float[] inputs = {1, 2, 3, -1, 0.5f, 4};
    float[] expected;
    try (NDManager torch = NDManager.newBaseManager("PyTorch")) {
      expected =
          forward(
                  torch.create(weights, new Shape(2, 3)),
                  torch.create(bias),
                  torch.create(inputs, new Shape(2, 3)))
              .toFloatArray();
    }
    var results =
        parties.run(
            party -> {
              boolean model = party.id() == PartyId.P0;
              NDArray y =
                  forward(
                      party.share(PartyId.P0, model ? weights : null, new Shape(2, 3)),
                      party.share(PartyId.P0, model ? bias : null, new Shape(2)),
                      party.share(PartyId.P1, model ? null : inputs, new Shape(2, 3)));
              Statistics cost = party.statistics();
              assertThat(cost.rounds()).isEqualTo(3);
              assertThat(cost.offlineBytesReceived()).isPositive();
              return party.revealToBoth(y, "a test of blocks");
            });
    assertThat(results.p0().toFloatArray())
        .usingComparatorWithPrecision(1e-3f)
        .containsExactly(expected);
    assertThat(results.p1().toFloatArray()).containsExactly(results.p0().toFloatArray());
  }

  private static NDArray forward(NDArray weight, NDArray bias, NDArray x) {
    SequentialBlock block =
        new SequentialBlock().add(Linear.builder().setUnits(2).build()).add(Activation.reluBlock());
    Map<String, NDArray> values = Map.of("weight", weight, "bias", bias);
    for (Parameter parameter : block.getParameters().values()) {
      parameter.setArray(values.get(parameter.getName()));
    }
    return block
        .forward(new ParameterStore(x.getManager(), false), new NDList(x), false)
        .singletonOrThrow();
  }

  @Test
  void modelsAndManagersOfAProgramTakePart() {
    var results =
        parties.run(
            party -> {
              try (Model model = Model.newInstance("inside", "MPC");
                  NDManager manager = NDManager.newBaseManager("MPC")) {
                model.setBlock(Linear.builder().setUnits(2).build());
                model.getBlock().initialize(manager, DataType.FLOAT32, new Shape(1, 2));
                Parameter weight = model.getBlock().getParameters().get(0).getValue();
                float[] drawn = weight.getArray().toFloatArray();
                NDArray x = share(party, PartyId.P1, 1, 1).reshape(1, 2);
                x.attach(manager);
                NDList y =
                    model
                        .getBlock()
                        .forward(new ParameterStore(manager, false), new NDList(x), false);
                float[] answer = party.revealToBoth(y.head(), "a test of models").toFloatArray();
                assertThat(answer[0]).isCloseTo(drawn[0] + drawn[1], within(1e-3f));
                assertFails(
                    ErrorCode.ARGUMENT, () -> model.newPredictor(new NoopTranslator()), "forward");
                return drawn;
              }
            });
    // initial weights are public, and the same at both
    assertThat(results.p0()).containsExactly(results.p1());
    assertThat(results.p0()).isNotEqualTo(new float[results.p0().length]);
  }

  @Test
  void publicRandomNumbersAreCommonAndNew() {
    var first = parties.run(LocalPartiesRunTest::draw);
    var second = parties.run(LocalPartiesRunTest::draw);
    assertThat(first.p0()).containsExactly(first.p1());
    assertThat(second.p0()).isNotEqualTo(first.p0());
    double mean = 0;
    double square = 0;
    for (float x : first.p0()) {
      mean += x / first.p0().length;
      square += x * x / first.p0().length;
    }
    assertThat(mean).isCloseTo(0, within(0.05));
    assertThat(square).isCloseTo(1, within(0.07));
  }

  private static float[] draw(Party party) {
    NDArray dice = party.manager().randomInteger(1, 7, new Shape(6000), DataType.INT32);
    for (int face = 1; face <= 6; face++) {
      assertThat(dice.eq(face).sum().getLong()).isBetween(790L, 1210L);
    }
    NDArray uniform = party.manager().randomUniform(-2, 2, new Shape(5000));
    assertThat(uniform.max().getFloat()).isBetween(1.9f, 2f);
    assertThat(uniform.min().getFloat()).isBetween(-2f, -1.9f);
    return party.manager().randomNormal(new Shape(20_000)).toFloatArray();
  }

  @Test
  void secretsThatEscapeAreOfNoUse() {
    Map<PartyId, NDArray> escaped = new ConcurrentHashMap<>();
    Map<PartyId, NDArray> detached = new ConcurrentHashMap<>();
    parties.run(
        party -> {
          NDArray secret = share(party, PartyId.P0, 1, 2);
          escaped.put(party.id(), secret);
          NDArray copy = secret.duplicate();
          copy.detach();
          detached.put(party.id(), copy);
          return 0;
        });
    assertFails(ErrorCode.CLOSED, () -> escaped.get(PartyId.P0).add(1), "program", "Reveal");
    assertFails(ErrorCode.CLOSED, () -> detached.get(PartyId.P1).add(1), "program", "Reveal");
    assertFails(
        ErrorCode.CLOSED,
        () ->
            parties.run(
                party -> party.revealToBoth(detached.get(party.id()), "a secret of another time")),
        "program");
    assertFails(
        ErrorCode.IMPLICIT_REVEAL,
        () -> parties.run(party -> share(party, PartyId.P0, 1, 2)),
        "returned");
    detached.values().forEach(NDArray::close);
  }

  @Test
  void aSecretOfTheOtherPartyIsRefused() {
    Map<PartyId, NDArray> common = new ConcurrentHashMap<>();
    CyclicBarrier both = new CyclicBarrier(2);
    parties.run(
        party -> {
          common.put(party.id(), share(party, PartyId.P0, 1, 2));
          both.await();
          assertFails(
              ErrorCode.ARGUMENT,
              () -> common.get(PartyId.P0).add(common.get(PartyId.P1)),
              "another thread");
          both.await();
          return 0;
        });
  }

  /** Each party's program names itself, or its own reason: neither gives the other its share. */
  @Test
  void nothingIsRevealedUnlessBothProgramsAskForTheSame() {
    String words = "do not run the same program";
    assertFails(
        ErrorCode.ANNOUNCEMENT_MISMATCH,
        () ->
            parties.run(
                party -> {
                  NDArray x = share(party, PartyId.P0, 1);
                  PartyId other = party.id() == PartyId.P0 ? PartyId.P1 : PartyId.P0;
                  return party.reveal(x, Set.of(other), "to the other") == null;
                }),
        words);
    assertFails(
        ErrorCode.ANNOUNCEMENT_MISMATCH,
        () ->
            parties.run(
                party ->
                    party.reveal(
                        share(party, PartyId.P0, 1),
                        Set.of(PartyId.P0, PartyId.P1),
                        "by " + party.id())),
        words);
  }

  @Test
  void mistakesAreNamedAndTheNextProgramRuns() {
    assertFails(
        ErrorCode.ARGUMENT,
        () -> parties.run(party -> party.share(PartyId.P0, new float[2], PAIR).getShape()),
        "P1 gives values that P0 owns");
    assertFails(
        ErrorCode.ARGUMENT,
        () -> parties.run(party -> party.share(PartyId.P2, new float[2], PAIR).getShape()),
        "P2 holds no shares");
    assertFails(
        ErrorCode.NOT_FINITE,
        () -> parties.run(party -> share(party, PartyId.P0, Float.NaN, 1).getShape()),
        "1 of 2 values");
    assertFails(
        ErrorCode.OUT_OF_RANGE,
        () -> parties.run(party -> share(party, PartyId.P1, 1e30f, 1).getShape()),
        "1.073741824E9",
        "fraction bits");
    assertFails(
        ErrorCode.ARGUMENT,
        () -> parties.run(party -> party.reveal(share(party, PartyId.P0, 1), Set.of(), "nobody")),
        "P0, P1 or both");
    assertFails(
        ErrorCode.IMPLICIT_REVEAL,
        () -> parties.run(party -> share(party, PartyId.P0, 1).toFloatArray()),
        "Open it explicitly");
    assertFails(
        ErrorCode.PROGRAM,
        () ->
            parties.run(
                party -> {
                  throw new IOException("the disk is full");
                }),
        "IOException");
    assertThatThrownBy(
            () ->
                parties.run(
                    party -> {
                      if (party.id() == PartyId.P1) {
                        throw new IllegalStateException("only P1");
                      }
                      return party.revealToBoth(share(party, PartyId.P0, 1), "never").getFloat();
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("only P1");
    assertThatThrownBy(() -> parties.run(party -> share(party, PartyId.P0, 1, 2).sort()))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("sort");
    ThreadedParties.Results<Float> next =
        parties.run(party -> party.revealToBoth(share(party, PartyId.P0, 3), "after").getFloat());
    assertThat(List.of(next.p0(), next.p1())).containsExactly(3f, 3f);
    assertThat(ArrayContext.current()).isSameAs(ArrayContext.PUBLIC);
  }

  @Test
  void arraysOfAnyEngineAndTypeAreShared() {
    try (NDManager torch = NDManager.newBaseManager("PyTorch")) {
      NDArray ints = torch.create(new int[] {7, -9});
      var results =
          parties.run(
              party -> {
                NDArray x = party.share(PartyId.P1, party.id() == PartyId.P1 ? ints : null, PAIR);
                NDArray known = party.manager().create(new double[] {0.5, 0.25});
                return party.revealToBoth(x.mul(known), "a test of types").toFloatArray();
              });
      assertThat(results.p0()).usingComparatorWithPrecision(1e-3f).containsExactly(3.5f, -2.25f);
    }
  }
}
