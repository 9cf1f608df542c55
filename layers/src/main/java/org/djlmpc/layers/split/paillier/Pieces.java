package org.djlmpc.layers.split.paillier;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.ring.Parallel;

/** Loops over all cores that end early when the thread that waits for them is interrupted. */
final class Pieces {
  private Pieces() {}

  /**
   * Runs {@code piece} for 0 to {@code count - 1}.
   *
   * @throws MpcException with code CANCELLED after an interruption, which stays visible
   */
  static void run(int count, Parallel.Piece piece) {
    Thread caller = Thread.currentThread();
    Parallel.pieces(
        count,
        i -> {
          if (!caller.isInterrupted()) {
            piece.run(i);
          }
        });
    if (caller.isInterrupted()) {
      throw new MpcException(
          ErrorCode.CANCELLED,
          "Paillier arithmetic was interrupted.",
          ErrorCode.CANCELLED.nextStep());
    }
  }
}
