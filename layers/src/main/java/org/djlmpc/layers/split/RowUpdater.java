package org.djlmpc.layers.split;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Updates a matrix in the rows that a gradient reaches, so that a step costs these and not all. The
 * others change, too, by momentum or noise: they catch up when they are next needed, to what they
 * would be if every step had changed every row, up to rounding; noise has the same distribution.
 */
final class RowUpdater implements AutoCloseable {
  private final float[] theta;
  private final int width;
  private final Updater updater;

  /** The last step that each row had; empty if rows without gradient stand still. */
  private final long[] seen;

  /**
   * Nothing updated so far.
   *
   * @param theta (rows, width), which it changes
   */
  RowUpdater(UpdateRule rule, float[] theta, int width) {
    this.theta = theta;
    this.width = width;
    updater = new Updater(rule, theta.length);
    seen = new long[updater.isIdleStill() ? 0 : theta.length / width];
  }

  /** One step. */
  void update(GradientRows gradient) {
    for (int i = 0; i < gradient.count(); i++) {
      catchUp(gradient.row(i));
    }
    updater.begin();
    for (int i = 0; i < gradient.count(); i++) {
      int row = gradient.row(i);
      updater.step(theta, row * width, gradient.values(), i * width, width);
      if (seen.length > 0) {
        seen[row] = updater.steps();
      }
    }
  }

  /** Makes up for the steps that a row was left out of. Must come before its values are read. */
  void catchUp(int row) {
    if (seen.length > 0 && seen[row] != updater.steps()) {
      updater.idle(seen[row], theta, row * width, width);
      seen[row] = updater.steps();
    }
  }

  /** The same for all rows. */
  void catchUp() {
    for (int row = 0; row < seen.length; row++) {
      catchUp(row);
    }
  }

  /** Writes what the rule remembers; all rows must have caught up. */
  void save(DataOutput out) throws IOException {
    updater.save(out);
  }

  void load(DataInput in) throws IOException {
    updater.load(in);
    Arrays.fill(seen, updater.steps());
  }

  /** Erases what the rule remembers. */
  @Override
  public void close() {
    updater.close();
    Arrays.fill(seen, 0);
  }
}
