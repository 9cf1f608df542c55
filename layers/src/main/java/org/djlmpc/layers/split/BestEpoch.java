package org.djlmpc.layers.split;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Which epoch of a training has the smallest validation loss; kept by the label holder, if somebody
 * wants to know.
 */
final class BestEpoch {
  private final int patience;
  private double loss = Double.POSITIVE_INFINITY;
  private int epoch;
  private int epochsSince;

  BestEpoch(int patience) {
    this.patience = patience;
  }

  /**
   * Another epoch has ended.
   *
   * @param number from 1, with which a training begins
   * @param validationLoss NaN if there is none
   */
  void add(int number, double validationLoss) {
    if (number == 1) {
      loss = Double.POSITIVE_INFINITY;
      epoch = 0;
      epochsSince = 0;
    }
    if (patience == 0) {
      return;
    }
    if (validationLoss < loss) {
      loss = validationLoss;
      epoch = number;
      epochsSince = 0;
    } else if (!Double.isNaN(validationLoss)) {
      epochsSince++;
    }
  }

  /** Without patience nobody is told anything. */
  Verdict verdict() {
    return patience == 0 ? Verdict.NONE : new Verdict(epochsSince >= patience, epoch);
  }

  void save(DataOutput out) throws IOException {
    out.writeDouble(loss);
    out.writeInt(epoch);
    out.writeInt(epochsSince);
  }

  void load(DataInput in) throws IOException {
    loss = in.readDouble();
    epoch = in.readInt();
    epochsSince = in.readInt();
  }
}
