package org.djlmpc.layers.split.leakage;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.djlmpc.layers.split.GradientDefence;
import org.djlmpc.layers.split.SplitPlan;

/** What may be done so that less is given away; see {@link Variant} for several at once. */
public enum Defence {
  /** All parties train by Langevin dynamics: SPNN's own, against attacks on h1. */
  SGLD,
  /** Gaussian noise on the gradients that the label holder sends. */
  NOISE,
  /** The gradients that the label holder sends are made equally long. */
  NORMS,
  /** h1 rounded to few fraction bits. */
  BITS;

  /** The name in commands and tables. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A plan with this defence too. */
  SplitPlan apply(SplitPlan plan, Strengths strengths) {
    return switch (this) {
      case SGLD -> plan.withTraining(plan.training().withRule(strengths.langevin()));
      case NOISE ->
          plan.withDefence(new GradientDefence(strengths.noise(), plan.defence().equalNorms()));
      case NORMS -> plan.withDefence(new GradientDefence(plan.defence().noise(), true));
      case BITS -> plan.withFractionBits(strengths.fractionBits());
    };
  }

  static Optional<Defence> byName(String name) {
    return Arrays.stream(values()).filter(defence -> defence.id().equals(name)).findFirst();
  }
}
