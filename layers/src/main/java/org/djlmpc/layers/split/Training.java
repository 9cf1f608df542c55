package org.djlmpc.layers.split;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * How to train.
 *
 * @param epochs at most so many
 * @param batch rows of a batch
 * @param rule of every party
 * @param shuffleWindow consecutive rows that are shuffled together; see {@link RowOrder}
 * @param patience epochs without a smaller validation loss after which training stops; 0 never
 *     stops early. If it is not 0, the weights in the end are those of the epoch with the smallest
 *     validation loss, and all parties learn which one that is.
 */
public record Training(int epochs, int batch, UpdateRule rule, int shuffleWindow, int patience) {
  private static final int DEFAULT_WINDOW = 1 << 20;

  /** Checks the numbers. */
  public Training {
    if (epochs < 0 || batch < 1 || batch > 1 << 24 || shuffleWindow < 1 || patience < 0) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Training of "
              + epochs
              + " epochs in batches of "
              + batch
              + ", window "
              + shuffleWindow
              + ", patience "
              + patience
              + ".",
          "Use positive numbers, batches of at most 16 million rows, and 0 for no early stop.");
    }
  }

  /** So many epochs; windows of a million rows, no early stop. */
  public static Training of(int epochs, int batch, UpdateRule rule) {
    return new Training(epochs, batch, rule, DEFAULT_WINDOW, 0);
  }

  /** The same with early stopping, which needs validation data. */
  public Training withPatience(int epochsWithoutProgress) {
    return new Training(epochs, batch, rule, shuffleWindow, epochsWithoutProgress);
  }

  /** The same with other windows. */
  public Training withShuffleWindow(int rows) {
    return new Training(epochs, batch, rule, rows, patience);
  }

  /** The same with another rule of updates. */
  public Training withRule(UpdateRule other) {
    return new Training(epochs, batch, other, shuffleWindow, patience);
  }

  /** The same with another number of epochs. */
  public Training withEpochs(int most) {
    return new Training(most, batch, rule, shuffleWindow, patience);
  }
}
