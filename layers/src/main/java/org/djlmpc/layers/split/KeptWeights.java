package org.djlmpc.layers.split;

import java.util.Arrays;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * A party's weights of the best epoch of a training, to go back to in the end: in its checkpoints,
 * or in memory if it keeps none.
 */
final class KeptWeights implements AutoCloseable {
  private final Checkpoints checkpoints;
  private final Part part;
  private int last;
  private int best;
  private byte[] kept = {};

  /**
   * Nothing kept so far.
   *
   * @param part of this party
   * @param last the epoch whose weights it has
   */
  KeptWeights(Checkpoints checkpoints, Part part, int last) {
    this.checkpoints = checkpoints;
    this.part = part;
    this.last = last;
  }

  /**
   * The best epoch so far is known.
   *
   * @param epoch 0 for none
   */
  void keep(int epoch) {
    if (epoch == last && epoch != best && !checkpoints.isKeeping()) {
      erase();
      kept = Checkpoints.bytes(part);
    }
    best = epoch;
  }

  /** Another epoch has ended. */
  void endEpoch(int epoch) {
    last = epoch;
    checkpoints.write(epoch, best, part);
  }

  /**
   * Goes back to the best epoch.
   *
   * @param epoch 0 to stay
   * @throws MpcException INTERNAL if it is not the one that was kept
   */
  void restore(int epoch) {
    if (epoch == 0 || epoch == last) {
      return;
    }
    if (checkpoints.isKeeping()) {
      checkpoints.read(epoch, part);
      checkpoints.removeAfter(epoch);
    } else if (epoch == best && kept.length > 0) {
      Checkpoints.load(kept, part);
    } else {
      throw new MpcException(
          ErrorCode.INTERNAL,
          "The weights of epoch " + epoch + " were not kept.",
          ErrorCode.INTERNAL.nextStep());
    }
    last = epoch;
  }

  private void erase() {
    Arrays.fill(kept, (byte) 0);
  }

  /** Erases what is kept in memory. */
  @Override
  public void close() {
    erase();
  }
}
