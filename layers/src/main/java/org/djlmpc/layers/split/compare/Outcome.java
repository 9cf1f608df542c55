package org.djlmpc.layers.split.compare;

import java.util.List;
import org.djlmpc.layers.split.EpochReport;
import org.djlmpc.layers.split.Metrics;

/**
 * What came out of a training.
 *
 * @param test metrics of the test rows, after training
 * @param curve metrics of each epoch, with the loss while training; those of the test rows are NaN
 *     unless the experiment is validated
 * @param epochs time and bytes of each epoch
 */
public record Outcome(Metrics test, List<Metrics> curve, List<EpochReport> epochs) {
  /** Copies the lists. */
  public Outcome {
    curve = List.copyOf(curve);
    epochs = List.copyOf(epochs);
  }

  /** The median time of an epoch; the first one, in which the JVM still compiles, counts as one. */
  public double secondsPerEpoch() {
    double[] seconds = epochs.stream().mapToDouble(EpochReport::seconds).sorted().toArray();
    return (seconds[(seconds.length - 1) / 2] + seconds[seconds.length / 2]) / 2;
  }

  /** What all parties sent in all epochs. */
  public long bytes() {
    return epochs.stream().mapToLong(EpochReport::bytesSent).sum();
  }

  /** What all parties send in an epoch, on average. */
  public double bytesPerEpoch() {
    return epochs.stream().mapToLong(EpochReport::bytesSent).average().orElse(0);
  }
}
