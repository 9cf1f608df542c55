package org.djlmpc.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.djlmpc.layers.split.leakage.LeakageFigure;
import org.djlmpc.layers.split.leakage.Variant;

/** The figures of a study in plain words, with what to do next where they are high. */
final class LeakageReading {
  private static final double GUESS = 0.6;
  private static final double HINT = 0.75;
  private static final double MOST = 0.9;

  /** A correlation so far above that of unrelated rows is worth a word. */
  private static final double APART = 0.1;

  /** A defence that gains less is not named. */
  private static final double GAIN = 0.02;

  private static final String LESS_SEEN =
      "Make the first layer narrower than the columns (`--width`), or leave the column out.";

  private static final String LABEL_NOISE =
      "Let the label holder add `noise`, more of it with `--noise`. `norms` alone moves what lengths"
          + " tell into directions: look at labels~grad.";

  private static final Map<LeakageFigure, String> WHAT =
      Map.of(
          LeakageFigure.SHADOW_ATTACK_AUC, "the server tells the property, with rows of its own",
          LeakageFigure.KNOWN_ROWS_ATTACK_AUC, "the same, knowing the property of half of the rows",
          LeakageFigure.SERVER_NORM_AUC, "the server tells the label",
          LeakageFigure.HOLDER_NORM_AUC, "a holder without labels tells the label",
          LeakageFigure.SERVER_INPUTS, "all inputs in what the server sees",
          LeakageFigure.SERVER_LABELS, "the labels in what the server sees",
          LeakageFigure.HOLDER_INPUTS, "the others' inputs in what a holder without labels sees",
          LeakageFigure.HOLDER_LABELS, "the labels in what a holder without labels sees",
          LeakageFigure.LABEL_HOLDER_INPUTS, "the others' inputs in what the label holder sees");

  private static final Map<LeakageFigure, String> NEXT =
      Map.of(
          LeakageFigure.SHADOW_ATTACK_AUC,
          "Train with `sgld`, at a higher `--temperature` if need be, and give no party a seed;"
              + " it does not hinder a server that knows rows. "
              + LESS_SEEN,
          LeakageFigure.KNOWN_ROWS_ATTACK_AUC,
          LESS_SEEN + " Let nobody operate the server who knows your rows.",
          LeakageFigure.SERVER_NORM_AUC,
          LABEL_NOISE,
          LeakageFigure.HOLDER_NORM_AUC,
          LABEL_NOISE,
          LeakageFigure.SERVER_INPUTS,
          LESS_SEEN + " Attack the columns that matter: `--property`.",
          LeakageFigure.SERVER_LABELS,
          LABEL_NOISE,
          LeakageFigure.HOLDER_INPUTS,
          "It comes by the labels and the network's errors, which depend on all columns; `noise`"
              + " covers both.",
          LeakageFigure.HOLDER_LABELS,
          LABEL_NOISE,
          LeakageFigure.LABEL_HOLDER_INPUTS,
          "Try a narrower last layer of the server (`--hidden`).");

  private final LeakageRuns runs;

  LeakageReading(LeakageRuns runs) {
    this.runs = runs;
  }

  /** A list of Markdown. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    runs.first()
        .ifPresent(
            first -> {
              text.append("Of `").append(first.id()).append("`, the first that was measured:\n\n");
              LeakageFigure.attacks().forEach(figure -> text.append(line(first, figure)));
              LeakageFigure.correlations().forEach(figure -> text.append(line(first, figure)));
            });
    return text.toString();
  }

  private String line(Variant first, LeakageFigure figure) {
    double value = runs.mean(first, figure);
    double guess = runs.guess(first, figure);
    boolean low = figure.isCorrelation() ? value < guess + APART : value < GUESS;
    String verdict = figure.isCorrelation() ? correlation(value, guess) : attack(value);
    return String.format(
        Locale.ROOT,
        "- *%s*, %s: %.3f, %s.%s\n",
        figure.title(),
        WHAT.get(figure),
        value,
        verdict,
        low ? "" : lower(first, figure) + " " + NEXT.get(figure));
  }

  private static String attack(double auc) {
    if (auc < GUESS) {
      return "hardly better than a guess";
    }
    return auc < HINT ? "a hint" : auc < MOST ? "right for most rows" : "right for nearly all rows";
  }

  private static String correlation(double value, double guess) {
    return value < guess + APART
        ? "hardly more than unrelated rows have"
        : String.format(Locale.ROOT, "where unrelated rows have %.3f", guess);
  }

  /** Which of the other variants lowers the figure most, and what it costs. */
  private String lower(Variant first, LeakageFigure figure) {
    List<Variant> others =
        runs.variants().stream()
            .filter(variant -> !variant.splitNn() && !variant.equals(first))
            .toList();
    return others.stream()
        .min(Comparator.comparingDouble(variant -> runs.mean(variant, figure)))
        .filter(best -> runs.mean(best, figure) < runs.mean(first, figure) - GAIN)
        .map(
            best ->
                String.format(
                    Locale.ROOT,
                    " Lowest with `%s`: %.3f, at a task AUC of %.3f instead of %.3f.",
                    best.id(),
                    runs.mean(best, figure),
                    runs.mean(best, LeakageFigure.TASK_AUC),
                    runs.mean(first, LeakageFigure.TASK_AUC)))
        .orElse(others.isEmpty() ? "" : " None of the measured defences lowers it.");
  }
}
