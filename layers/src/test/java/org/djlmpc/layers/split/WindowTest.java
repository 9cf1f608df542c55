package org.djlmpc.layers.split;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.djlmpc.layers.split.paillier.HomomorphicSum;
import org.djlmpc.transport.LinkShape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What has left a holder and is not used yet takes memory at the server. */
class WindowTest {
  private static final int ROWS = 20 * 64;

  static List<FirstLayer> ways() {
    return List.of(new MaskedSum(), HomomorphicSum.DEFAULT);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aHolderWithoutLabelsDoesNotRunAheadOfTheServer(FirstLayer way) {
    AtomicInteger read = new AtomicInteger();
    List<HolderSetup> setups = SyntheticRows.setups(100, 3, 2, LabelResults.IGNORED);
    // the holder without labels comes first in the chain of ciphertexts, where nobody slows it down
    Collections.reverse(setups);
    List<RowSource> rows = SyntheticRows.of(ROWS, 3, 2, 7);
    setups.set(
        0,
        setups.get(0).with("many", new WatchedRows(rows.get(1), asked -> read.incrementAndGet())));
    setups.set(1, setups.get(1).with("many", rows.get(0)));
    AtomicInteger most = new AtomicInteger();
    AtomicInteger used = new AtomicInteger();
    ServerObserver slow =
        new ServerObserver() {
          @Override
          public void forward(Step step, long[] batch, float[] h1, boolean training) {
            if (!training) {
              // gives a holder that does not wait the time to run ahead
              LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
              most.accumulateAndGet(read.get() - used.getAndIncrement(), Math::max);
            }
          }
        };
    SplitPlan plan =
        SplitTrainingTest.plan(2, 1, UpdateRule.sgd(0.1f)).withLabelHolder(1).withFirstLayer(way);
    try (SplitThreads parties =
        SplitThreads.start(
            plan,
            ServerSetup.CPU.withObserver(slow),
            setups,
            new SplitThreads.Options(LinkShape.NONE, 5L))) {
      parties.train(SplitProgress.SILENT);
      used.set(0);
      parties.infer("many");
    }
    assertThat(read).hasValue(20);
    assertThat(most.get()).isBetween(1, Window.BATCHES);
  }
}
