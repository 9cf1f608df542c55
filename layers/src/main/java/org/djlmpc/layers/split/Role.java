package org.djlmpc.layers.split;

import org.jspecify.annotations.Nullable;

/** What the server and the holders do, batch by batch; {@link PartyLoop} says when. */
interface Role extends AutoCloseable {
  /** What this party keeps in checkpoints. */
  Part part();

  /**
   * Rows of a data set; -1 at the server, which knows none.
   *
   * @throws org.djlmpc.error.MpcException ARGUMENT if it is required and not there
   */
  long rows(String dataset, boolean required);

  /** Begins a job. */
  Work begin(SplitJob job);

  /** Erases the party's part. */
  @Override
  void close();

  /** One job. */
  interface Work extends AutoCloseable {
    /**
     * One batch of training.
     *
     * @param next the step that is certain to follow, or null
     */
    void train(Step step, @Nullable Step next, long[] rows);

    /**
     * One batch without training.
     *
     * @param next the step that is certain to follow, or null
     * @param predicts whether the scores are wanted, and not only how good they are
     */
    void infer(Step step, @Nullable Step next, String dataset, long[] rows, boolean predicts);

    /** Ends an epoch, after its validation. */
    void endEpoch(int epoch);

    /** What to make of the epochs so far. */
    Verdict verdict();

    /** Ends a prediction. */
    void endInference(String dataset);

    @Override
    void close();
  }
}
