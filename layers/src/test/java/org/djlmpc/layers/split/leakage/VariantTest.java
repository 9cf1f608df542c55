package org.djlmpc.layers.split.leakage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.djlmpc.layers.split.FirstActivation;
import org.djlmpc.layers.split.GradientDefence;
import org.djlmpc.layers.split.SplitNetwork;
import org.djlmpc.layers.split.SplitPlan;
import org.djlmpc.layers.split.Training;
import org.djlmpc.layers.split.UpdateRule;
import org.junit.jupiter.api.Test;

class VariantTest {
  private static final SplitPlan PLAN =
      SplitPlan.of(
          SplitNetwork.binary(FirstActivation.SIGMOID, 8, 8),
          2,
          Training.of(6, 32, UpdateRule.sgd(0.5f)));

  private static final UpdateRule LANGEVIN = UpdateRule.sgld(0.1f);
  private static final Strengths STRENGTHS = new Strengths(LANGEVIN, 0.5f, 3);

  private static SplitPlan plan(String name) {
    return Variant.byName(name).apply(PLAN, STRENGTHS);
  }

  @Test
  void changesThePlanAsItsNameSays() {
    SplitPlan langevin = PLAN.withTraining(PLAN.training().withRule(LANGEVIN));
    assertThat(plan("none")).isEqualTo(PLAN);
    assertThat(plan("sgld")).isEqualTo(langevin);
    assertThat(plan("noise")).isEqualTo(PLAN.withDefence(GradientDefence.noise(0.5f)));
    assertThat(plan("norms")).isEqualTo(PLAN.withDefence(GradientDefence.equalizeNorms()));
    assertThat(plan("bits")).isEqualTo(PLAN.withFractionBits(3));
    assertThat(plan("bits+sgld")).isEqualTo(langevin.withFractionBits(3));
    assertThat(plan("noise+norms")).isEqualTo(PLAN.withDefence(new GradientDefence(0.5f, true)));
    assertThat(plan("splitnn").firstLayer().name()).isEqualTo("splitnn");
  }

  @Test
  void hasOneNameForEachCombination() {
    assertThat(Variant.byName("bits+sgld").id()).isEqualTo("sgld+bits");
    assertThat(Variant.byName("none+noise")).isEqualTo(Variant.of(Defence.NOISE));
    assertThat(Variant.byName("norms+splitnn").id()).isEqualTo("splitnn+norms");
    assertThat(Variant.NONE.id()).isEqualTo("none");
  }

  @Test
  void refusesWhatThereIsNot() {
    assertThatThrownBy(() -> Variant.byName("sgld+x"))
        .hasMessageContaining("no defence x")
        .hasMessageContaining("splitnn");
    assertThatThrownBy(() -> Variant.byName("splitnn+bits")).hasMessageContaining("not rounded");
  }
}
