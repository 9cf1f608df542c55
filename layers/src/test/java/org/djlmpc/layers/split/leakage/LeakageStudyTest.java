package org.djlmpc.layers.split.leakage;

import static org.assertj.core.api.Assertions.assertThat;

import org.djlmpc.layers.split.FirstActivation;
import org.djlmpc.layers.split.SplitNetwork;
import org.djlmpc.layers.split.SplitPlan;
import org.djlmpc.layers.split.Training;
import org.djlmpc.layers.split.UpdateRule;
import org.djlmpc.layers.split.data.DataSet;
import org.djlmpc.layers.split.data.Table;
import org.junit.jupiter.api.Test;

class LeakageStudyTest {
  private static final SplitPlan PLAN =
      SplitPlan.of(
          SplitNetwork.binary(FirstActivation.SIGMOID, 8, 8),
          2,
          Training.of(6, 32, UpdateRule.sgd(0.5f)));

  private static final UpdateRule LANGEVIN = UpdateRule.sgld(0.1f);

  @Test
  void findsWhatIsGivenAwayAndWhatHelpsAgainstIt() {
    try (Table table = DataSet.CREDIT_DATA.table(1500, 1)) {
      LeakageStudy study = new LeakageStudy(table, "Income", 1);

      Leakage open = study.run(PLAN, Defence.NONE, LANGEVIN);

      assertThat(open.taskAuc()).isGreaterThan(0.65);
      assertThat(open.shadowAuc()).isGreaterThan(0.7);
      assertThat(open.knownRowsAuc()).isGreaterThan(0.7);
      assertThat(open.inputs()).isGreaterThan(2 * open.independent()).isLessThan(1);
      assertThat(open.serverNormAuc()).isGreaterThan(0.75);
      assertThat(open.holderNormAuc()).isGreaterThan(0.75);

      Leakage equal = study.run(PLAN, Defence.NORMS, LANGEVIN);
      assertThat(equal.serverNormAuc()).isLessThan(0.6);
      assertThat(equal.labels()).isGreaterThan(0.5); // the direction still tells
    }
  }

  @Test
  void defencesChangeThePlanAsTheySay() {
    assertThat(Defence.NONE.apply(PLAN, LANGEVIN)).isEqualTo(PLAN);
    assertThat(Defence.SGLD.apply(PLAN, LANGEVIN))
        .isEqualTo(PLAN.withTraining(PLAN.training().withRule(LANGEVIN)));
    assertThat(Defence.NOISE.apply(PLAN, LANGEVIN).defence().noise()).isEqualTo(1);
    assertThat(Defence.NORMS.apply(PLAN, LANGEVIN).defence().equalNorms()).isTrue();
    assertThat(Defence.BITS.apply(PLAN, LANGEVIN).fractionBits()).isEqualTo(2);
  }

  @Test
  void categoriesCanBePropertiesToo() {
    try (Table table = DataSet.CREDIT_DATA.table(600, 1)) {
      Leakage leakage =
          new LeakageStudy(table, "Home", 1)
              .run(PLAN.withTraining(PLAN.training().withEpochs(2)), Defence.BITS, LANGEVIN);
      assertThat(leakage.knownRowsAuc()).isBetween(0.5, 1.0);
      assertThat(leakage.inputs()).isBetween(0.1, 1.0);
    }
  }
}
