package org.djlmpc.layers.split.leakage;

import org.djlmpc.layers.split.GradientDefence;
import org.djlmpc.layers.split.UpdateRule;

/**
 * How strong each {@link Defence} is.
 *
 * @param langevin the rule of {@link Defence#SGLD}: a higher temperature hides more
 * @param noise of {@link Defence#NOISE}, as in {@link GradientDefence}: more hides more
 * @param fractionBits of {@link Defence#BITS}: fewer hide more
 */
public record Strengths(UpdateRule langevin, float noise, int fractionBits) {
  /** Noise as long as the longest gradient, h1 in steps of 1/4. */
  public static Strengths of(UpdateRule langevin) {
    return new Strengths(langevin, 1, 2);
  }
}
