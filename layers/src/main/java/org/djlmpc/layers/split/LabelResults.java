package org.djlmpc.layers.split;

import java.util.function.Consumer;

/** Told what the label holder learns, at the label holder, on its thread. */
public interface LabelResults {
  /** Forgets everything. */
  LabelResults IGNORED = new LabelResults() {};

  /** Takes the metrics and forgets the scores. */
  static LabelResults ofMetrics(Consumer<Metrics> listener) {
    return new LabelResults() {
      @Override
      public void metrics(Metrics metrics) {
        listener.accept(metrics);
      }
    };
  }

  /** How good the network is, after each epoch and each prediction with labels. */
  default void metrics(Metrics metrics) {}

  /** That a data set that was predicted has no labels, and so no metrics. */
  default void withoutLabels(String dataset, int epoch) {}

  /**
   * Predictions for some rows of a data set, which come in order.
   *
   * @param dataset the name of the data set
   * @param firstRow number of the first row, from 0
   * @param scores (rows, outputs): probabilities, or numbers for {@link LabelLoss#SQUARED}; erased
   *     after the call, so copy what is to be kept
   */
  default void scores(String dataset, long firstRow, float[] scores) {}
}
