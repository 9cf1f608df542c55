package org.djlmpc.benchmarks.split;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.djlmpc.layers.split.Metrics;
import org.djlmpc.layers.split.compare.Outcome;

/**
 * What was measured in a {@link SplitCell}.
 *
 * @param cell what it is
 * @param auc of the test rows
 * @param loss of the test rows
 * @param seconds of an epoch, the median
 * @param bytes that all parties send in an epoch
 * @param trainLosses of each epoch, while training
 * @param testLosses of each epoch, NaN without a curve
 */
record SplitResult(
    SplitCell cell,
    double auc,
    double loss,
    double seconds,
    double bytes,
    List<Double> trainLosses,
    List<Double> testLosses) {
  /** Names of {@link #values}. */
  static final List<String> HEAD =
      List.of("AUC", "log loss", "s/epoch", "bytes/epoch", "training losses", "test losses");

  static SplitResult of(SplitCell cell, Outcome outcome) {
    return new SplitResult(
        cell,
        outcome.test().auc(),
        outcome.test().loss(),
        outcome.secondsPerEpoch(),
        outcome.bytesPerEpoch(),
        outcome.curve().stream().map(Metrics::trainLoss).toList(),
        outcome.curve().stream().map(Metrics::loss).toList());
  }

  /** What was measured, as columns of a file. */
  List<String> values() {
    return List.of(
        Double.toString(auc),
        Double.toString(loss),
        Double.toString(seconds),
        Double.toString(bytes),
        joined(trainLosses),
        joined(testLosses));
  }

  /** The reverse of {@link #values}. */
  static SplitResult of(SplitCell cell, List<String> values) {
    return new SplitResult(
        cell,
        Double.parseDouble(values.get(0)),
        Double.parseDouble(values.get(1)),
        Double.parseDouble(values.get(2)),
        Double.parseDouble(values.get(3)),
        parsed(values.get(4)),
        parsed(values.get(5)));
  }

  private static String joined(List<Double> numbers) {
    return numbers.stream().map(number -> Double.toString(number)).collect(Collectors.joining(" "));
  }

  private static List<Double> parsed(String text) {
    return Arrays.stream(text.split(" ", -1))
        .filter(number -> !number.isEmpty())
        .map(Double::valueOf)
        .toList();
  }
}
