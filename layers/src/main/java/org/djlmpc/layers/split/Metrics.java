package org.djlmpc.layers.split;

/**
 * How good the network is on a data set.
 *
 * @param dataset its name
 * @param epoch after so many epochs
 * @param trainLoss mean over the epoch's batches while they were trained, NaN outside of training
 * @param loss mean over the data set, NaN if there is none
 * @param auc area under the ROC curve, NaN for another loss than BINARY or where one class is
 *     missing
 * @param accuracy part of the rows whose most probable class is theirs, NaN for another loss than
 *     SOFTMAX
 */
public record Metrics(
    String dataset, int epoch, double trainLoss, double loss, double auc, double accuracy) {
  /** Of an epoch without validation data. */
  static Metrics ofTraining(int epoch, double trainLoss) {
    return new Metrics(
        HolderSetup.VALIDATION, epoch, trainLoss, Double.NaN, Double.NaN, Double.NaN);
  }
}
