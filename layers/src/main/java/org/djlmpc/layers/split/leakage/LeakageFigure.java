package org.djlmpc.layers.split.leakage;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The figures of a {@link Leakage}, one by one: for tables, charts and files. */
public enum LeakageFigure {
  /** See {@link Leakage#taskAuc}. */
  TASK_AUC("task AUC"),
  /** See {@link Leakage#shadowAuc}. */
  SHADOW_ATTACK_AUC("shadow attack"),
  /** See {@link Leakage#knownRowsAuc}. */
  KNOWN_ROWS_ATTACK_AUC("known rows"),
  /** See {@link Leakage#serverNormAuc}. */
  SERVER_NORM_AUC("norm, server"),
  /** See {@link Leakage#holderNormAuc}. */
  HOLDER_NORM_AUC("norm, holder"),
  /** See {@link Leakage#serverInputs}. */
  SERVER_INPUTS("server: inputs~h1"),
  /** See {@link Leakage#serverLabels}. */
  SERVER_LABELS("server: labels~grad hL"),
  /** See {@link Leakage#holderInputs}. */
  HOLDER_INPUTS("holder: inputs~grad h1"),
  /** See {@link Leakage#holderLabels}. */
  HOLDER_LABELS("holder: labels~grad h1"),
  /** See {@link Leakage#labelHolderInputs}. */
  LABEL_HOLDER_INPUTS("label holder: inputs~hL");

  /** The area under the curve of who guesses. */
  private static final double GUESS = 0.5;

  private final String title;

  LeakageFigure(String title) {
    this.title = title;
  }

  /** Areas under the ROC curve: that of the network, and those of attacks. */
  public static List<LeakageFigure> areas() {
    return Arrays.stream(values()).filter(figure -> !figure.isCorrelation()).toList();
  }

  /** Areas under the ROC curve of attacks. */
  public static List<LeakageFigure> attacks() {
    return List.of(SHADOW_ATTACK_AUC, KNOWN_ROWS_ATTACK_AUC, SERVER_NORM_AUC, HOLDER_NORM_AUC);
  }

  /** Distance correlations, party by party. */
  public static List<LeakageFigure> correlations() {
    return Arrays.stream(values()).filter(LeakageFigure::isCorrelation).toList();
  }

  /** Whether it is a distance correlation; the others are areas under the ROC curve. */
  public boolean isCorrelation() {
    return compareTo(SERVER_INPUTS) >= 0;
  }

  /** The name in files. */
  public String id() {
    return name().toLowerCase(Locale.ROOT) + (isCorrelation() ? "_distance_correlation" : "");
  }

  /** The name in tables. */
  public String title() {
    return title;
  }

  /** The figure itself. */
  public double of(Leakage leakage) {
    return switch (this) {
      case TASK_AUC -> leakage.taskAuc();
      case SHADOW_ATTACK_AUC -> leakage.shadowAuc();
      case KNOWN_ROWS_ATTACK_AUC -> leakage.knownRowsAuc();
      case SERVER_NORM_AUC -> leakage.serverNormAuc();
      case HOLDER_NORM_AUC -> leakage.holderNormAuc();
      default -> correlation(leakage).found();
    };
  }

  /** What the figure would be for who learns nothing. */
  public double guess(Leakage leakage) {
    return isCorrelation() ? correlation(leakage).independent() : GUESS;
  }

  private Correlation correlation(Leakage leakage) {
    return switch (this) {
      case SERVER_INPUTS -> leakage.serverInputs();
      case SERVER_LABELS -> leakage.serverLabels();
      case HOLDER_INPUTS -> leakage.holderInputs();
      case HOLDER_LABELS -> leakage.holderLabels();
      case LABEL_HOLDER_INPUTS -> leakage.labelHolderInputs();
      default -> throw new IllegalStateException(name());
    };
  }
}
