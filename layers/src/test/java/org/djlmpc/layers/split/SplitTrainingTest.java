package org.djlmpc.layers.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.LinkShape;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitTrainingTest {
  private static final SplitThreads.Options SEEDED = new SplitThreads.Options(LinkShape.NONE, 5L);
  private static final int WIDTH = 8;
  private static final int BATCH = 64;

  static SplitPlan plan(int holders, int epochs, UpdateRule rule) {
    SplitNetwork network = SplitNetwork.binary(FirstActivation.TANH, WIDTH, 6);
    return SplitPlan.of(network, holders, Training.of(epochs, BATCH, rule));
  }

  /** Keeps what the label holder learns. */
  static final class Learnt implements LabelResults {
    final List<Metrics> metrics = new ArrayList<>();
    final List<Float> scores = new ArrayList<>();

    @Override
    public void metrics(Metrics more) {
      metrics.add(more);
    }

    @Override
    public void scores(String dataset, long firstRow, float[] more) {
      assertThat(firstRow).isEqualTo(scores.size());
      for (float score : more) {
        scores.add(score);
      }
    }
  }

  @Test
  void threeHoldersLearnTogether() {
    Learnt learnt = new Learnt();
    List<Integer> progress = new ArrayList<>();
    try (SplitThreads parties =
        SplitThreads.start(
            plan(3, 5, UpdateRule.adam(0.01f)),
            ServerSetup.CPU.withSeed(1),
            SyntheticRows.setups(1000, 4, 3, learnt),
            SEEDED)) {
      List<EpochReport> epochs =
          parties.train(
              new SplitProgress() {
                @Override
                public void epoch(EpochReport report) {
                  progress.add(report.epoch());
                }
              });
      parties.infer("test");
      assertThat(epochs).hasSize(5);
      // a frame has 25 bytes of header
      long frames = 25 * (800 / BATCH + 1 + 200 / BATCH + 1);
      assertThat(epochs.get(2).bytes().get(PartyId.P3).get(PartyId.P1))
          .isEqualTo(1000 * WIDTH * 8 + frames);
      assertThat(epochs.get(2).bytes().get(PartyId.P3).get(PartyId.P2)).isZero();
    }
    assertThat(progress).containsExactly(1, 2, 3, 4, 5);
    assertThat(learnt.metrics.get(4).auc()).isGreaterThan(0.95);
    assertThat(learnt.metrics.get(4).trainLoss()).isLessThan(learnt.metrics.get(0).trainLoss() / 2);
    assertThat(learnt.metrics.get(5).auc()).isEqualTo(learnt.metrics.get(4).auc());
    assertThat(learnt.scores).hasSize(200).allMatch(score -> score >= 0 && score <= 1);
  }

  private static List<HolderSetup> in(Path folder, List<HolderSetup> setups) {
    List<HolderSetup> stored = new ArrayList<>();
    for (int h = 0; h < setups.size(); h++) {
      stored.add(setups.get(h).withFolder(folder.resolve("holder" + h)));
    }
    return stored;
  }

  @Test
  void resumingContinuesAsIfNothingHadHappened(@TempDir Path folder) throws Exception {
    for (UpdateRule rule : List.of(UpdateRule.adam(0.01f), UpdateRule.momentum(0.1f, 0.9f))) {
      Path whole = folder.resolve(rule.kind() + "-whole");
      Path halves = folder.resolve(rule.kind() + "-halves");
      run(plan(2, 4, rule), whole, false);
      run(plan(2, 2, rule), halves, false);
      run(plan(2, 4, rule), halves, true);
      for (String part : List.of("server", "holder0", "holder1")) {
        assertThat(halves.resolve(part).resolve("epoch-4.part"))
            .hasSameBinaryContentAs(whole.resolve(part).resolve("epoch-4.part"));
        try (var files = Files.list(whole.resolve(part))) {
          assertThat(files.map(file -> file.getFileName().toString()))
              .containsExactlyInAnyOrder("epoch-3.part", "epoch-4.part");
        }
      }
    }
  }

  private static void run(SplitPlan plan, Path folder, boolean resume) {
    run(plan, SyntheticRows.setups(300, 3, 2, LabelResults.IGNORED), folder, resume);
  }

  /** Trains with checkpoints of each party in a folder. */
  static void run(SplitPlan plan, List<HolderSetup> holders, Path folder, boolean resume) {
    try (SplitThreads parties =
        SplitThreads.start(
            plan,
            ServerSetup.CPU.withSeed(1).withFolder(folder.resolve("server")),
            in(folder, holders),
            SEEDED)) {
      if (resume) {
        parties.resume(SplitProgress.SILENT);
      } else {
        parties.train(SplitProgress.SILENT);
      }
    }
  }

  /** Written as one network, or as its parts: the same parameters in the same order. */
  @Test
  void aWholeNetworkIsSplit() {
    Supplier<SequentialBlock> whole =
        () ->
            new SequentialBlock()
                .add(Linear.builder().setUnits(WIDTH).build())
                .add(Activation.tanhBlock())
                .add(Linear.builder().setUnits(6).build())
                .add(Activation.tanhBlock())
                .add(Linear.builder().setUnits(1).build());
    SplitNetwork network = SplitNetwork.of("tanh 8-6-1", whole, LabelLoss.BINARY);
    assertThat(network.width()).isEqualTo(WIDTH);
    assertThat(network.hidden().outputWidth()).isEqualTo(6);
    SplitPlan parts = plan(2, 2, UpdateRule.adam(0.01f));
    SplitPlan split = SplitPlan.of(network, 2, parts.training());
    assertThat(lastLoss(split)).isEqualTo(lastLoss(parts));
    assertThatThrownBy(
            () ->
                SplitNetwork.of(
                    "headless",
                    () -> new SequentialBlock().add(whole.get()).add(Activation.tanhBlock()),
                    LabelLoss.BINARY))
        .isInstanceOfSatisfying(
            MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_OPERATOR))
        .hasMessageContaining("headless")
        .hasMessageContaining("SequentialBlock");
  }

  private static double lastLoss(SplitPlan plan) {
    Learnt learnt = new Learnt();
    try (SplitThreads parties =
        SplitThreads.start(
            plan, ServerSetup.CPU.withSeed(1), SyntheticRows.setups(300, 3, 2, learnt), SEEDED)) {
      parties.train(SplitProgress.SILENT);
    }
    return learnt.metrics.get(learnt.metrics.size() - 1).loss();
  }

  @Test
  void anyOfTheWaysGivesTheSameNetworkUpToRounding() {
    List<Double> losses = new ArrayList<>();
    for (FirstLayer way : List.of(new MaskedSum(), new BeaverSum())) {
      Learnt learnt = new Learnt();
      try (SplitThreads parties =
          SplitThreads.start(
              plan(2, 3, UpdateRule.sgd(0.5f)).withFirstLayer(way),
              ServerSetup.CPU.withSeed(1),
              SyntheticRows.setups(400, 3, 2, learnt),
              SEEDED)) {
        parties.train(SplitProgress.SILENT);
        parties.infer("test");
      }
      losses.add(learnt.metrics.get(3).loss());
    }
    assertThat(losses.get(1)).isCloseTo(losses.get(0), within(1e-3));
  }
}
