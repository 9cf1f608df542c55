package org.djlmpc.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.djlmpc.layers.split.leakage.Leakage;
import org.djlmpc.layers.split.leakage.LeakageFigure;
import org.djlmpc.layers.split.leakage.Variant;

/** What all trainings of a study gave away, and their means. */
final class LeakageRuns {
  private final Map<Variant, List<Leakage>> runs = new LinkedHashMap<>();

  /** Adds a training. */
  void add(Variant variant, Leakage leakage) {
    runs.computeIfAbsent(variant, key -> new ArrayList<>()).add(leakage);
  }

  /** What was measured, in order. */
  List<Variant> variants() {
    return List.copyOf(runs.keySet());
  }

  /** A figure of a variant. */
  double mean(Variant variant, LeakageFigure figure) {
    return Figures.mean(runs.getOrDefault(variant, List.of()), figure::of);
  }

  /** What the figure would be for who learns nothing, whatever the variant. */
  double guess(LeakageFigure figure) {
    return Figures.mean(runs.values().stream().flatMap(List::stream).toList(), figure::guess);
  }

  /** The same for one variant. */
  double guess(Variant variant, LeakageFigure figure) {
    return Figures.mean(runs.getOrDefault(variant, List.of()), figure::guess);
  }

  /** The first variant of SPNN: what the others are compared with. */
  Optional<Variant> first() {
    return runs.keySet().stream().filter(variant -> !variant.splitNn()).findFirst();
  }

  /** Attacks as a table. */
  TextTable attacks() {
    return table(LeakageFigure.areas());
  }

  /** Distance correlations as a table; the last row is for columns of unrelated rows. */
  TextTable correlations() {
    TextTable table = table(LeakageFigure.correlations());
    List<Object> guesses = new ArrayList<>(List.of("unrelated rows"));
    LeakageFigure.correlations().forEach(figure -> guesses.add(decimals(guess(figure))));
    return table.line().row(guesses.toArray());
  }

  private TextTable table(List<LeakageFigure> figures) {
    TextTable table = new TextTable().text("defence");
    figures.forEach(figure -> table.number(figure.title()));
    for (Variant variant : runs.keySet()) {
      List<Object> row = new ArrayList<>(List.of(variant.id()));
      figures.forEach(figure -> row.add(decimals(mean(variant, figure))));
      table.row(row.toArray());
    }
    return table;
  }

  static String decimals(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
