package org.djlmpc.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ParallelTest {

  private final int threads = Kernels.parallelism();

  @AfterEach
  void restoreParallelism() {
    Kernels.setParallelism(threads);
  }

  @Test
  void everyPositionIsVisitedOnce() {
    for (int parallelism = 1; parallelism < 7; parallelism++) {
      Kernels.setParallelism(parallelism);
      for (int size : new int[] {0, 1, 64, 1000, 64 * 7 + 1}) {
        AtomicIntegerArray visits = new AtomicIntegerArray(size);
        Parallel.ranges(
            size,
            10,
            (from, to) -> {
              assertThat(from % 64).isZero();
              for (int i = from; i < to; i++) {
                visits.incrementAndGet(i);
              }
            });
        for (int i = 0; i < size; i++) {
          assertThat(visits.get(i)).isEqualTo(1);
        }
      }
    }
  }

  /** All workers of the pool are stuck: the caller does the work alone. */
  @Test
  void aBusyPoolDoesNotBlock() {
    Kernels.setParallelism(4);
    CountDownLatch release = new CountDownLatch(1);
    try {
      for (int i = 0; i < ForkJoinPool.getCommonPoolParallelism() + 1; i++) {
        ForkJoinPool.commonPool().execute(() -> awaitQuietly(release));
      }
      AtomicIntegerArray visits = new AtomicIntegerArray(20);
      Parallel.pieces(20, visits::incrementAndGet);
      for (int i = 0; i < 20; i++) {
        assertThat(visits.get(i)).isEqualTo(1);
      }
    } finally {
      release.countDown();
    }
  }

  @Test
  void failuresReachTheCaller() {
    Kernels.setParallelism(3);
    assertThatThrownBy(
            () ->
                Parallel.pieces(
                    9,
                    i -> {
                      if (i == 5) {
                        throw new IllegalStateException("piece 5");
                      }
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("piece 5");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
