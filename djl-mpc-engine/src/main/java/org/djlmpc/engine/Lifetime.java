package org.djlmpc.engine;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.protocol.Share;
import org.jspecify.annotations.Nullable;

/**
 * How long, and on which thread, the secrets of a context are of use.
 *
 * <p>The secrets of a program mean something in its request and in its order of operations only. An
 * array that a variable carries to the other party's thread, or beyond the end of the program, must
 * say so instead of giving nonsense.
 */
final class Lifetime {
  private final @Nullable Thread thread;
  private final Set<Share> shares = Collections.newSetFromMap(new IdentityHashMap<>());
  private boolean ended;

  /**
   * A life.
   *
   * @param thread the only thread that may compute, or null for one that someone else looks after
   */
  Lifetime(@Nullable Thread thread) {
    this.thread = thread;
  }

  /** Throws unless the calling thread may compute with the secrets now. */
  void requireCurrent() {
    if (thread == null) {
      return;
    }
    if (hasEnded()) {
      throw new MpcException(
          ErrorCode.CLOSED,
          "This array belonged to a program of a party that has ended.",
          "Reveal what the program is to return, inside of it.");
    }
    if (Thread.currentThread() != thread) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A secret array is used on another thread than that of its party.",
          "Keep arrays in variables of the program, and compute on its own thread.");
    }
  }

  synchronized boolean hasEnded() {
    return ended;
  }

  /** An array holds this share from now on. */
  synchronized void began(Share share) {
    if (thread != null) {
      shares.add(share);
    }
  }

  /** No array holds this share any more. */
  synchronized void ended(Share share) {
    shares.remove(share);
  }

  /** Erases the shares that arrays still hold. */
  synchronized void end() {
    ended = thread != null;
    shares.forEach(Share::close);
    shares.clear();
  }
}
