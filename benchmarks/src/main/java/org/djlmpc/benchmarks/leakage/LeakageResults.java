package org.djlmpc.benchmarks.leakage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.djlmpc.benchmarks.MeasuredLines;
import org.djlmpc.layers.split.leakage.Leakage;
import org.djlmpc.layers.split.leakage.LeakageFigure;

/** All trainings so far, a line of a file each. */
final class LeakageResults {
  static final int SEEDS = 5;
  private static final List<LeakageFigure> FIGURES = List.of(LeakageFigure.values());
  private static final String GUESS = "_of_unrelated_rows";

  private final MeasuredLines lines;

  /** Reads what earlier runs have measured. */
  LeakageResults(Path file) throws IOException {
    List<String> values =
        Stream.concat(
                FIGURES.stream().map(LeakageFigure::id),
                LeakageFigure.correlations().stream().map(figure -> figure.id() + GUESS))
            .toList();
    lines = new MeasuredLines(file, Subject.keys(), values);
  }

  /** The seeds that are measured. */
  static long[] seeds() {
    return LongStream.rangeClosed(1, SEEDS).toArray();
  }

  boolean contains(Subject subject, String variant, long seed) {
    return lines.get(subject.key(variant, seed)).isPresent();
  }

  /** How many of the seeds are there. */
  int count(Subject subject, String variant) {
    return found(subject, variant).size();
  }

  void add(Subject subject, String variant, long seed, Leakage leakage) throws IOException {
    List<String> values = new ArrayList<>();
    FIGURES.forEach(figure -> values.add(Double.toString(figure.of(leakage))));
    LeakageFigure.correlations()
        .forEach(figure -> values.add(Double.toString(figure.guess(leakage))));
    lines.add(subject.key(variant, seed), values);
  }

  /** A figure over the seeds. */
  DoubleSummaryStatistics figure(Subject subject, String variant, LeakageFigure figure) {
    return column(subject, variant, FIGURES.indexOf(figure));
  }

  /** What a correlation is for unrelated rows. */
  DoubleSummaryStatistics guess(Subject subject, String variant, LeakageFigure correlation) {
    int column = FIGURES.size() + LeakageFigure.correlations().indexOf(correlation);
    return column(subject, variant, column);
  }

  private DoubleSummaryStatistics column(Subject subject, String variant, int column) {
    return found(subject, variant).stream()
        .mapToDouble(values -> Double.parseDouble(values.get(column)))
        .summaryStatistics();
  }

  private List<List<String>> found(Subject subject, String variant) {
    return Arrays.stream(seeds())
        .mapToObj(seed -> lines.get(subject.key(variant, seed)))
        .flatMap(values -> values.stream())
        .toList();
  }
}
