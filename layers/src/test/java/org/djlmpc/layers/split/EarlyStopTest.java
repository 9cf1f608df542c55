package org.djlmpc.layers.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.djlmpc.transport.LinkShape;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Early stopping: when it stops, and that all parties go back to the best weights. */
class EarlyStopTest {
  private static final SplitThreads.Options SEEDED = new SplitThreads.Options(LinkShape.NONE, 5L);
  private static final int PATIENCE = 2;
  private static final List<String> PARTIES = List.of("server", "holder0", "holder1");

  /** Learns for some epochs, and then gets worse. */
  private static SplitPlan plan(int epochs) {
    SplitPlan plan = SplitTrainingTest.plan(2, epochs, UpdateRule.sgd(3000f));
    return plan.withTraining(plan.training().withPatience(PATIENCE));
  }

  private static SplitThreads start(
      SplitPlan plan, @Nullable Path folder, SplitTrainingTest.Learnt learnt) {
    List<HolderSetup> setups = SyntheticRows.setups(300, 3, 2, learnt);
    ServerSetup server = ServerSetup.CPU.withSeed(1);
    if (folder != null) {
      setups.replaceAll(
          setup -> setup.withFolder(folder.resolve("holder" + setups.indexOf(setup))));
      server = server.withFolder(folder.resolve("server"));
    }
    return SplitThreads.start(plan, server, setups, SEEDED);
  }

  private static Metrics best(List<Metrics> metrics) {
    return metrics.stream().min(Comparator.comparingDouble(Metrics::loss)).orElseThrow();
  }

  private static List<String> files(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  /** Trains until training stops, and evaluates the validation rows once more. */
  private static Metrics train(@Nullable Path folder) {
    SplitTrainingTest.Learnt learnt = new SplitTrainingTest.Learnt();
    List<Integer> kept = new ArrayList<>();
    try (SplitThreads parties = start(plan(50), folder, learnt)) {
      SplitProgress progress =
          new SplitProgress() {
            @Override
            public void kept(int epoch) {
              kept.add(epoch);
            }
          };
      int epochs = parties.train(progress).size();
      Metrics best = best(learnt.metrics);
      assertThat(epochs).isEqualTo(best.epoch() + PATIENCE).isLessThan(50);
      assertThat(kept).containsExactly(best.epoch());
      assertThat(best.epoch()).isGreaterThan(1);
      parties.infer("test");
      assertThat(learnt.metrics.get(epochs).loss()).isEqualTo(best.loss());
      return best;
    }
  }

  @Test
  void allPartiesGoBackToTheBestEpoch(@TempDir Path folder) throws IOException {
    Metrics best = train(folder);
    assertThat(train(null)).isEqualTo(best);
    for (String party : PARTIES) {
      assertThat(files(folder.resolve(party))).containsExactly("epoch-" + best.epoch() + ".part");
    }
    // others predict with it later
    SplitTrainingTest.Learnt later = new SplitTrainingTest.Learnt();
    try (SplitThreads parties = start(plan(50), folder, later)) {
      parties.infer("test");
    }
    assertThat(later.metrics).singleElement().extracting(Metrics::loss).isEqualTo(best.loss());
  }

  @Test
  void soTheyDoWhenEpochsRunOut() {
    int most = train(null).epoch() + 1;
    SplitTrainingTest.Learnt learnt = new SplitTrainingTest.Learnt();
    try (SplitThreads parties = start(plan(most), null, learnt)) {
      assertThat(parties.train(SplitProgress.SILENT)).hasSize(most);
      parties.infer("test");
    }
    assertThat(learnt.metrics.get(most).loss()).isEqualTo(best(learnt.metrics).loss());
    assertThat(learnt.metrics.get(most).loss()).isLessThan(learnt.metrics.get(most - 1).loss());
  }

  /** Also when all epochs are done, and the coordinator dies before it says so. */
  @Test
  void soTheyDoAfterAnInterruption(@TempDir Path folder) throws IOException {
    Metrics best = train(folder.resolve("whole"));
    for (int epoch = best.epoch(); epoch <= best.epoch() + PATIENCE; epoch++) {
      Path interrupted = folder.resolve("until" + epoch);
      stopAfter(epoch, interrupted);
      try (SplitThreads parties = start(plan(50), interrupted, new SplitTrainingTest.Learnt())) {
        assertThat(parties.resume(SplitProgress.SILENT)).hasSize(best.epoch() + PATIENCE - epoch);
      }
      for (String party : PARTIES) {
        String file = party + "/epoch-" + best.epoch() + ".part";
        assertThat(interrupted.resolve(file))
            .hasSameBinaryContentAs(folder.resolve("whole").resolve(file));
        assertThat(files(interrupted.resolve(party))).hasSize(1);
      }
    }
  }

  private static void stopAfter(int last, Path folder) {
    SplitProgress dying =
        new SplitProgress() {
          @Override
          public void epoch(EpochReport report) {
            if (report.epoch() == last) {
              throw new IllegalStateException("The coordinator dies.");
            }
          }
        };
    try (SplitThreads parties = start(plan(50), folder, new SplitTrainingTest.Learnt())) {
      assertThatThrownBy(() -> parties.train(dying)).hasMessageContaining("dies");
    }
  }

  @Test
  void aNewTrainingSetsTheCheckpointsOfAnEarlierOneAside(@TempDir Path folder) throws IOException {
    for (String party : PARTIES) {
      // what a killed process leaves
      Files.createDirectories(folder.resolve(party));
      Files.writeString(folder.resolve(party).resolve("epoch-1234567890.new"), "half");
    }
    for (int epochs : new int[] {4, 3, 1}) {
      SplitPlan plan = SplitTrainingTest.plan(2, epochs, UpdateRule.sgd(0.1f));
      try (SplitThreads parties = start(plan, folder, new SplitTrainingTest.Learnt())) {
        parties.train(SplitProgress.SILENT);
      }
    }
    for (String party : PARTIES) {
      assertThat(files(folder.resolve(party))).containsExactlyInAnyOrder("earlier", "epoch-1.part");
      assertThat(files(folder.resolve(party).resolve("earlier")))
          .containsExactlyInAnyOrder("epoch-2.part", "epoch-3.part");
    }
  }
}
