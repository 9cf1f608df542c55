package org.djlmpc.layers.split.leakage;

import java.util.Arrays;
import java.util.Locale;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.GradientDefence;
import org.djlmpc.layers.split.SplitPlan;
import org.djlmpc.layers.split.UpdateRule;

/** What may be done so that less is given away. */
public enum Defence {
  /** The plan as it is. */
  NONE,
  /** All parties train by Langevin dynamics: SPNN's own, against attacks on h1. */
  SGLD,
  /**
   * Gaussian noise on the gradients that the label holder sends, as long as the longest of them.
   */
  NOISE,
  /** The gradients that the label holder sends are made equally long. */
  NORMS,
  /** h1 rounded to steps of 1/4. */
  BITS;

  /** Noise as long as the longest gradient. */
  private static final float NOISE_MULTIPLE = 1;

  private static final int FEW_BITS = 2;

  /** The name in commands and tables. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * A plan with this defence.
   *
   * @param langevin the rule of {@link #SGLD}
   */
  SplitPlan apply(SplitPlan plan, UpdateRule langevin) {
    return switch (this) {
      case NONE -> plan;
      case SGLD -> plan.withTraining(plan.training().withRule(langevin));
      case NOISE -> plan.withDefence(GradientDefence.noise(NOISE_MULTIPLE));
      case NORMS -> plan.withDefence(GradientDefence.equalizeNorms());
      case BITS -> plan.withFractionBits(FEW_BITS);
    };
  }

  /**
   * A defence by its name.
   *
   * @throws MpcException ARGUMENT if there is none
   */
  public static Defence byName(String name) {
    return Arrays.stream(values())
        .filter(defence -> defence.id().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new MpcException(
                    ErrorCode.ARGUMENT,
                    "There is no defence " + name + ".",
                    "Choose among " + Arrays.stream(values()).map(Defence::id).toList() + "."));
  }
}
