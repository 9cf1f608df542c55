package org.djlmpc.layers.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.LinkShape;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.NetworkOptions;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.memory.MemoryNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SplitFailureTest {
  private static final SplitThreads.Options SEEDED = new SplitThreads.Options(LinkShape.NONE, 5L);

  private static SplitPlan plan() {
    return SplitTrainingTest.plan(2, 4, UpdateRule.adam(0.01f)).withTimeout(Duration.ofSeconds(60));
  }

  @AfterEach
  void noThreadIsLeftBehind() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("djl-mpc-split")) {
        thread.join(60_000); // one that has just been ended may still be leaving
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }

  /** Fails at its n-th batch. */
  private static RowSource failing(RowSource source, int batch) {
    AtomicInteger left = new AtomicInteger(batch);
    return new WatchedRows(
        source,
        asked -> {
          if (left.decrementAndGet() == 0) {
            throw new MpcException(ErrorCode.DATA_FILE, "The disk is gone.", "Buy one.");
          }
        });
  }

  @Test
  void aHolderThatFailsStopsAllAndTheyResume(@TempDir Path folder) {
    for (FirstLayer way : List.of(new MaskedSum(), new BeaverSum())) {
      SplitPlan plan = plan().withFirstLayer(way);
      Path at = folder.resolve(way.name());
      SplitTrainingTest.Learnt learnt = new SplitTrainingTest.Learnt();
      List<HolderSetup> setups = SyntheticRows.setups(300, 3, 2, learnt);
      setups.set(0, setups.get(0).withFolder(at.resolve("0")));
      setups.set(1, setups.get(1).withFolder(at.resolve("1")));
      ServerSetup server = ServerSetup.CPU.withSeed(1).withFolder(at.resolve("server"));
      List<HolderSetup> failing = new ArrayList<>(setups);
      RowSource train = setups.get(1).data().get(HolderSetup.TRAIN);
      // 4 batches an epoch: in the middle of the third
      failing.set(1, setups.get(1).with(HolderSetup.TRAIN, failing(train, 10)));
      SplitThreads parties = SplitThreads.start(plan, server, failing, SEEDED);
      assertThatThrownBy(() -> parties.train(SplitProgress.SILENT))
          .isInstanceOfSatisfying(
              MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_FILE));
      parties.close();
      try (SplitThreads again = SplitThreads.start(plan, server, setups, SEEDED)) {
        assertThat(again.resume(SplitProgress.SILENT))
            .extracting(EpochReport::epoch)
            .containsExactly(3, 4);
      }
      // the metrics go on, too
      assertThat(learnt.metrics).extracting(Metrics::epoch).containsExactly(1, 2, 3, 4);
    }
  }

  @Test
  void allPartiesGiveTheSameReason() {
    SplitPlan plan = plan();
    List<HolderSetup> setups = SyntheticRows.setups(300, 3, 2, LabelResults.IGNORED);
    RowSource train = setups.get(0).data().get(HolderSetup.TRAIN);
    setups.set(0, setups.get(0).with(HolderSetup.TRAIN, failing(train, 3)));
    Map<PartyId, Throwable> reasons = reasons(plan, plan, setups);
    assertThat(reasons).hasSize(4);
    assertThat(reasons.values())
        .allSatisfy(
            reason ->
                assertThat(reason)
                    .isInstanceOf(MpcException.class)
                    .hasMessageContaining("The disk is gone"));
  }

  @Test
  void anotherPlanIsFoundByAll() {
    SplitPlan other = plan().withFractionBits(20);
    List<HolderSetup> setups = SyntheticRows.setups(300, 3, 2, LabelResults.IGNORED);
    assertThat(reasons(plan(), other, setups).values())
        .hasSize(4)
        .allSatisfy(
            reason ->
                assertThat(((MpcException) reason).code())
                    .isEqualTo(ErrorCode.CONFIGURATION_MISMATCH));
  }

  /** Why each party stopped; the last holder has another plan. */
  private static Map<PartyId, Throwable> reasons(
      SplitPlan plan, SplitPlan other, List<HolderSetup> setups) {
    Map<PartyId, Network> networks =
        MemoryNetwork.create(
            plan.roles().parties(), NetworkOptions.DEFAULT.withIoTimeout(plan.timeout()));
    Map<PartyId, CompletableFuture<Void>> runs = new EnumMap<>(PartyId.class);
    ExecutorService threads = Executors.newCachedThreadPool();
    networks.forEach(
        (id, network) ->
            runs.put(
                id,
                CompletableFuture.runAsync(
                    () -> {
                      if (id == Roles.COORDINATOR) {
                        try (SplitCoordinator c = SplitCoordinator.open(network, plan)) {
                          c.train(SplitProgress.SILENT);
                        }
                      } else if (id == Roles.SERVER) {
                        SplitParty.serve(network, plan, ServerSetup.CPU);
                      } else {
                        boolean last = id == plan.roles().holder(1);
                        SplitParty.hold(network, last ? other : plan, setups.get(last ? 1 : 0));
                      }
                    },
                    threads)));
    Map<PartyId, Throwable> reasons = new EnumMap<>(PartyId.class);
    runs.forEach(
        (id, run) -> {
          try {
            run.orTimeout(3, TimeUnit.MINUTES).join();
          } catch (CompletionException e) {
            reasons.put(id, e.getCause());
          }
        });
    threads.shutdownNow();
    networks.values().forEach(Network::close);
    return reasons;
  }

  private static void refused(List<HolderSetup> setups, ErrorCode code, String text) {
    // a party may refuse before the others have met it
    assertThatThrownBy(
            () -> {
              try (SplitThreads parties =
                  SplitThreads.start(plan(), ServerSetup.CPU, setups, SEEDED)) {
                parties.train(SplitProgress.SILENT);
              }
            })
        .isInstanceOfSatisfying(MpcException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(text);
  }

  @Test
  void dataThatDoesNotFitIsRefused() {
    List<RowSource> sources = SyntheticRows.of(100, 3, 2, 1);
    HolderSetup first = HolderSetup.of(sources.get(0));
    HolderSetup second = HolderSetup.of(sources.get(1));
    refused(
        List.of(first, HolderSetup.of(RowSource.range(sources.get(1), 0, 99))),
        ErrorCode.SHAPE,
        "Align");
    refused(
        List.of(first.with(HolderSetup.VALIDATION, sources.get(0)), second),
        ErrorCode.SHAPE,
        HolderSetup.VALIDATION);
    refused(List.of(second, first), ErrorCode.ARGUMENT, "has no labels");
    float[][] rows = new float[100][3];
    float[] labels = new float[100];
    labels[7] = 2;
    refused(
        List.of(HolderSetup.of(RowSource.of(rows, labels)), second),
        ErrorCode.OUT_OF_RANGE,
        "label");
    refused(
        List.of(
            first,
            new HolderSetup(Map.of("other", sources.get(1)), null, null, LabelResults.IGNORED)),
        ErrorCode.ARGUMENT,
        HolderSetup.TRAIN);
  }

  @Test
  void resumingWithoutCheckpointsIsRefused() {
    try (SplitThreads parties =
        SplitThreads.start(
            plan(), ServerSetup.CPU, SyntheticRows.setups(100, 3, 2, LabelResults.IGNORED))) {
      assertThatThrownBy(() -> parties.resume(SplitProgress.SILENT))
          .hasMessageContaining("checkpoint");
    }
  }

  /** Scores of weights that nobody has trained would look like any others. */
  @Test
  void predictingWithoutWeightsIsRefused(@TempDir Path folder) {
    List<HolderSetup> setups = SyntheticRows.setups(100, 3, 2, LabelResults.IGNORED);
    HolderSetup stored = setups.get(0).withFolder(folder.resolve("0"));
    ServerSetup server = ServerSetup.CPU.withFolder(folder.resolve("server"));
    List<HolderSetup> incomplete = List.of(stored, setups.get(1));
    try (SplitThreads parties = SplitThreads.start(plan(), server, incomplete, SEEDED)) {
      parties.train(SplitProgress.SILENT);
      parties.infer("test");
    }
    try (SplitThreads parties = SplitThreads.start(plan(), server, incomplete, SEEDED)) {
      assertThatThrownBy(() -> parties.infer("test")).hasMessageContaining("have a checkpoint");
    }
  }

  /** Each has an epoch 1, of another training. */
  @Test
  void partsOfTwoTrainingsAreNotPutTogether(@TempDir Path folder) {
    List<HolderSetup> first = stored(folder.resolve("first"));
    List<HolderSetup> second = stored(folder.resolve("second"));
    SplitPlan plan = SplitTrainingTest.plan(2, 1, UpdateRule.sgd(0.1f));
    ServerSetup server = ServerSetup.CPU.withFolder(folder.resolve("server"));
    for (List<HolderSetup> setups : List.of(first, second)) {
      try (SplitThreads parties = SplitThreads.start(plan, server, setups)) {
        parties.train(SplitProgress.SILENT);
      }
    }
    try (SplitThreads parties = SplitThreads.start(plan, server, first)) {
      assertThatThrownBy(() -> parties.infer("test")).hasMessageContaining("one training");
    }
    try (SplitThreads parties = SplitThreads.start(plan, server, second)) {
      parties.infer("test");
    }
  }

  private static List<HolderSetup> stored(Path folder) {
    List<HolderSetup> setups = SyntheticRows.setups(100, 3, 2, LabelResults.IGNORED);
    setups.replaceAll(setup -> setup.withFolder(folder.resolve("" + setups.indexOf(setup))));
    return setups;
  }

  /** An earlier training's checkpoints must not be resumed in its place. */
  @Test
  void aTrainingThatDiesAtOnceLeavesNothingToResume(@TempDir Path folder) {
    ServerSetup server = ServerSetup.CPU.withFolder(folder.resolve("server"));
    List<HolderSetup> setups = stored(folder);
    try (SplitThreads parties = SplitThreads.start(plan(), server, setups)) {
      parties.train(SplitProgress.SILENT);
    }
    List<HolderSetup> failing = new ArrayList<>(setups);
    RowSource train = setups.get(1).data().get(HolderSetup.TRAIN);
    failing.set(1, setups.get(1).with(HolderSetup.TRAIN, failing(train, 1)));
    try (SplitThreads parties = SplitThreads.start(plan(), server, failing)) {
      assertThatThrownBy(() -> parties.train(SplitProgress.SILENT)).hasMessageContaining("disk");
    }
    try (SplitThreads parties = SplitThreads.start(plan(), server, setups)) {
      assertThatThrownBy(() -> parties.resume(SplitProgress.SILENT))
          .hasMessageContaining("have a checkpoint");
    }
    // and are not lost, also where a party never heard of the training
    for (String party : List.of("server", "0", "1")) {
      Path own = folder.resolve(party);
      assertThat(List.of(own, own.resolve("earlier")))
          .anyMatch(there -> Files.exists(there.resolve("epoch-4.part")));
    }
  }

  /** The holders' dealer runs at the coordinator, and waits for them. */
  @Test
  @Timeout(50)
  void aCoordinatorThatFailsStopsTheOthersBeforeTheirTimeout() {
    SplitProgress failing =
        new SplitProgress() {
          @Override
          public void epoch(EpochReport report) {
            throw new IllegalStateException("the screen is gone");
          }
        };
    SplitPlan plan = plan().withFirstLayer(new BeaverSum());
    List<HolderSetup> setups = SyntheticRows.setups(100, 3, 2, LabelResults.IGNORED);
    try (SplitThreads parties = SplitThreads.start(plan, ServerSetup.CPU, setups, SEEDED)) {
      assertThatThrownBy(() -> parties.train(failing)).hasMessageContaining("screen");
    }
  }

  @Test
  void divergingTrainingSaysSo() {
    SplitPlan plan = SplitTrainingTest.plan(2, 4, UpdateRule.sgd(1e30f));
    SplitPlan linear = plan.withTraining(plan.training().withEpochs(20));
    try (SplitThreads parties =
        SplitThreads.start(
            linear, ServerSetup.CPU, SyntheticRows.setups(100, 3, 2, LabelResults.IGNORED))) {
      assertThatThrownBy(() -> parties.train(SplitProgress.SILENT))
          .isInstanceOfSatisfying(
              MpcException.class,
              e -> assertThat(e.code()).isIn(ErrorCode.NOT_FINITE, ErrorCode.OUT_OF_RANGE));
    }
  }
}
