package org.djlmpc.layers.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.djlmpc.layers.split.paillier.HomomorphicSum;
import org.djlmpc.transport.LinkShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sparse rows train as dense ones do, by all ways. */
class SparseTrainingTest {
  private static final long SHUFFLE = 5;

  private static List<HolderSetup> holders(UnaryOperator<RowBatch> form, LabelResults results) {
    SplittableRandom random = new SplittableRandom(8);
    int rows = 128;
    float[] labels = new float[rows];
    RowBatch first = SparseRowsTest.mixed(rows, random, labels);
    RowBatch second = SparseRowsTest.mixed(rows, random, null);
    for (int row = 0; row < rows; row++) {
      boolean even = (first.categories(0)[row] + second.categories(0)[row]) % 2 == 0;
      labels[row] = even ? 1 : 0;
    }
    List<HolderSetup> setups = new ArrayList<>();
    for (RowBatch all : List.of(first, second)) {
      RowSource source = RowSource.of(form.apply(all));
      setups.add(
          HolderSetup.of(source)
              .with("test", RowSource.range(source, 0, 64))
              .withSeed(setups.size())
              .withResults(results));
    }
    return setups;
  }

  private static SplitPlan plan(UpdateRule rule) {
    return SplitTrainingTest.plan(2, 4, rule);
  }

  private static SplitTrainingTest.Learnt train(SplitPlan plan, UnaryOperator<RowBatch> form) {
    SplitTrainingTest.Learnt learnt = new SplitTrainingTest.Learnt();
    try (SplitThreads parties =
        SplitThreads.start(
            plan,
            ServerSetup.CPU.withSeed(1),
            holders(form, learnt),
            new SplitThreads.Options(LinkShape.NONE, SHUFFLE))) {
      parties.train(SplitProgress.SILENT);
      parties.infer("test");
    }
    return learnt;
  }

  static Stream<FirstLayer> ways() {
    return Stream.of(new MaskedSum(), new BeaverSum(), HomomorphicSum.DEFAULT);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void sparseRowsTrainAsDenseOnes(FirstLayer way) {
    SplitPlan plan = plan(UpdateRule.adam(0.02f)).withFirstLayer(way);
    SplitTrainingTest.Learnt sparse = train(plan, rows -> rows);
    SplitTrainingTest.Learnt dense = train(plan, SparseRowsTest::writtenOut);
    assertThat(sparse.scores).hasSize(64);
    for (int i = 0; i < 64; i++) {
      assertThat(sparse.scores.get(i)).isCloseTo(dense.scores.get(i), within(2e-3f));
    }
    assertThat(sparse.metrics.get(3).trainLoss())
        .isLessThan(sparse.metrics.get(0).trainLoss() - 0.01);
  }

  @Test
  void resumingContinuesAsIfNothingHadHappened(@TempDir Path folder) {
    for (UpdateRule rule : List.of(UpdateRule.momentum(0.1f, 0.9f), UpdateRule.adam(0.01f))) {
      Path whole = folder.resolve(rule.kind() + "-whole");
      Path halves = folder.resolve(rule.kind() + "-halves");
      List<HolderSetup> setups = holders(rows -> rows, LabelResults.IGNORED);
      SplitTrainingTest.run(SplitTrainingTest.plan(2, 4, rule), setups, whole, false);
      SplitTrainingTest.run(SplitTrainingTest.plan(2, 2, rule), setups, halves, false);
      SplitTrainingTest.run(SplitTrainingTest.plan(2, 4, rule), setups, halves, true);
      for (String part : List.of("server/epoch-4.part", "holder0/epoch-4.part")) {
        assertThat(halves.resolve(part)).hasSameBinaryContentAs(whole.resolve(part));
      }
    }
  }

  @Test
  void plaintextTrainsOnSparseRowsToo() {
    for (UpdateRule rule : List.of(UpdateRule.momentum(0.2f, 0.8f), UpdateRule.adam(0.02f))) {
      SplitTrainingTest.Learnt plain = new SplitTrainingTest.Learnt();
      ServerSetup server = ServerSetup.CPU.withSeed(1);
      try (PlainTraining training =
          new PlainTraining(plan(rule), server, holders(rows -> rows, plain), SHUFFLE)) {
        training.train(SplitProgress.SILENT);
        training.infer("test");
      }
      SplitTrainingTest.Learnt split = train(plan(rule), rows -> rows);
      for (int epoch = 0; epoch < 4; epoch++) {
        assertThat(split.metrics.get(epoch).trainLoss())
            .isCloseTo(plain.metrics.get(epoch).trainLoss(), within(2e-4));
      }
      assertThat(split.metrics.get(4).loss()).isCloseTo(plain.metrics.get(4).loss(), within(2e-4));
    }
  }
}
