package org.djlmpc.layers.split;

/** Told by the coordinator how training goes; runs on its thread. */
public interface SplitProgress {
  /** Tells nobody. */
  SplitProgress SILENT = new SplitProgress() {};

  /**
   * Some batches are done.
   *
   * @param epoch from 1
   * @param done batches of this epoch
   * @param batches of an epoch
   */
  default void batches(int epoch, int done, int batches) {}

  /** An epoch is done. */
  default void epoch(EpochReport report) {}

  /**
   * Training with {@link Training#patience} has ended.
   *
   * @param epoch with the smallest validation loss, whose weights all parties have now
   */
  default void kept(int epoch) {}
}
