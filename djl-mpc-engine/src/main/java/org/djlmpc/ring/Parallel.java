package org.djlmpc.ring;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Splits a loop over the caller and helpers of the common pool.
 *
 * <p>The caller takes pieces too and waits only for pieces that a helper has begun, so a busy or
 * missing pool costs speed and can never block.
 */
public final class Parallel {

  private static volatile int parallelism = Runtime.getRuntime().availableProcessors();

  private Parallel() {}

  /** Work on pieces of a loop. */
  @FunctionalInterface
  public interface Piece {
    /** Runs one piece. */
    void run(int piece);
  }

  /** Work on a range of positions. */
  @FunctionalInterface
  public interface Range {
    /** Runs the positions from {@code from} to {@code to - 1}. */
    void run(int from, int to);
  }

  /** Threads that one loop uses at most. */
  public static int parallelism() {
    return parallelism;
  }

  static void setParallelism(int threads) {
    Shapes.requireArgument(
        threads >= 1, "Parallelism " + threads + ".", "Use at least one thread.");
    parallelism = threads;
  }

  /** Runs {@code piece} for 0 to {@code pieces - 1}, on at most {@link #parallelism} threads. */
  public static void pieces(int pieces, Piece piece) {
    int helpers = Math.min(parallelism, pieces) - 1;
    if (helpers < 1) {
      for (int i = 0; i < pieces; i++) {
        piece.run(i);
      }
      return;
    }
    new Loop(pieces, piece).run(helpers);
  }

  /**
   * Runs {@code range} over 0 to {@code size}, in pieces of at least {@code grain} positions that
   * start at multiples of 64.
   */
  static void ranges(int size, int grain, Range range) {
    int pieces = Math.max(1, Math.min(parallelism, size / grain));
    if (pieces == 1) {
      range.run(0, size);
      return;
    }
    int length = (size / pieces + 63) & -64;
    pieces(
        pieces,
        i -> {
          long from = (long) i * length;
          long to = i == pieces - 1 ? size : Math.min(size, from + length);
          if (from < to) {
            range.run((int) from, (int) to);
          }
        });
  }

  private static final class Loop {
    private final int pieces;
    private final Piece piece;
    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch done;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Loop(int pieces, Piece piece) {
      this.pieces = pieces;
      this.piece = piece;
      this.done = new CountDownLatch(pieces);
    }

    void run(int helpers) {
      try {
        for (int i = 0; i < helpers; i++) {
          ForkJoinPool.commonPool().execute(this::takePieces);
        }
      } catch (RejectedExecutionException noHelpers) {
        // The pool is full or shut down: the caller does the work.
      }
      takePieces();
      awaitUninterruptibly();
      Throwable thrown = failure.get();
      if (thrown instanceof Error error) {
        throw error;
      }
      if (thrown instanceof RuntimeException exception) {
        throw exception;
      }
    }

    private void takePieces() {
      for (int i = next.getAndIncrement(); i < pieces; i = next.getAndIncrement()) {
        try {
          piece.run(i);
        } catch (RuntimeException | Error thrown) {
          failure.compareAndSet(null, thrown);
        } finally {
          done.countDown();
        }
      }
    }

    /** The pieces are short computations; leaving before they end would race with their writes. */
    private void awaitUninterruptibly() {
      boolean interrupted = false;
      while (true) {
        try {
          done.await();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
