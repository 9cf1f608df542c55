package org.djlmpc.layers.split.leakage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.djlmpc.layers.split.FirstActivation;
import org.djlmpc.layers.split.SplitNetwork;
import org.djlmpc.layers.split.SplitPlan;
import org.djlmpc.layers.split.Training;
import org.djlmpc.layers.split.UpdateRule;
import org.djlmpc.layers.split.data.DataSet;
import org.djlmpc.layers.split.data.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeakageStudyTest {
  private static final SplitPlan PLAN =
      SplitPlan.of(
          SplitNetwork.binary(FirstActivation.SIGMOID, 8, 8),
          2,
          Training.of(6, 32, UpdateRule.sgd(0.5f)));

  private static final Strengths STRENGTHS = Strengths.of(UpdateRule.sgld(0.1f));

  @Test
  void findsWhatIsGivenAwayAndWhatHelpsAgainstIt() {
    try (Table table = DataSet.CREDIT_DATA.table(1500, 1)) {
      LeakageStudy study = new LeakageStudy(table.divide(2), "Income", 1);

      Leakage open = study.run(PLAN, Variant.NONE, STRENGTHS);

      assertThat(open.taskAuc()).isGreaterThan(0.65);
      assertThat(open.shadowAuc()).isGreaterThan(0.7);
      assertThat(open.knownRowsAuc()).isGreaterThan(0.7);
      assertThat(open.serverInputs().found())
          .isGreaterThan(2 * open.serverInputs().independent())
          .isLessThan(1);
      assertThat(open.serverNormAuc()).isGreaterThan(0.75);
      assertThat(open.holderNormAuc()).isGreaterThan(0.75);

      Leakage equal = study.run(PLAN, Variant.of(Defence.NORMS), STRENGTHS);
      assertThat(equal.serverNormAuc()).isLessThan(0.6);
      assertThat(equal.serverLabels().found()).isGreaterThan(0.5); // the direction still tells
    }
  }

  /**
   * Sixty independent columns, and as many values of h1: who knows theta knows all of a row. The
   * noise comes from a cryptographic generator; over twelve runs the bounds on figures with noise
   * were five standard deviations away or more.
   */
  @Test
  void langevinNoiseHidesThetaFromTheShadowAndGradientNoiseTheLabels(@TempDir Path folder)
      throws IOException {
    List<Table> holders = MadeUpHolders.of(folder, 1600, 30, 3);
    LeakageStudy study = new LeakageStudy(holders, "a5", 3);
    SplitPlan plan =
        SplitPlan.of(
            SplitNetwork.binary(FirstActivation.SIGMOID, 60, 8),
            2,
            Training.of(8, 32, UpdateRule.sgd(0.5f)));
    float temperature = UpdateRule.temperature(study.trainingRows()) / 4;
    Strengths strengths = Strengths.of(UpdateRule.sgld(1, temperature));

    Leakage open = study.run(plan, Variant.NONE, strengths);
    assertThat(open.taskAuc()).isGreaterThan(0.9);
    assertThat(open.shadowAuc()).isGreaterThan(0.95);
    assertThat(open.serverNormAuc()).isGreaterThan(0.95);
    assertThat(open.holderNormAuc()).isGreaterThan(0.9);
    assertThat(open.serverLabels().found()).isGreaterThan(0.95);
    assertThat(open.holderLabels().found()).isGreaterThan(0.85);
    assertThat(open.holderLabels().independent()).isLessThan(0.15);
    assertThat(open.holderInputs().found())
        .isGreaterThan(1.2 * open.holderInputs().independent())
        .isLessThan(0.5);
    assertThat(open.labelHolderInputs().found())
        .isGreaterThan(1.4 * open.labelHolderInputs().independent())
        .isLessThan(open.serverInputs().found());

    Leakage langevin = study.run(plan, Variant.of(Defence.SGLD), strengths);
    assertThat(langevin.taskAuc()).isGreaterThan(0.75);
    assertThat(langevin.shadowAuc()).isLessThan(0.93);

    Leakage noise = study.run(plan, Variant.of(Defence.NOISE), strengths);
    assertThat(noise.taskAuc()).isGreaterThan(0.85);
    assertThat(noise.serverNormAuc()).isLessThan(0.9);
    assertThat(noise.serverLabels().found()).isLessThan(0.85);
  }

  @Test
  void aHolderSeesItsOwnGradientAndNotTheOthersColumns(@TempDir Path folder) throws IOException {
    List<Table> holders = MadeUpHolders.of(folder, 400, 3, 1);
    int[] rows = {5, 6, 7, 8, 9, 10};
    SplitPlan plan = PLAN.withLabelHolder(1).withTraining(Training.of(1, 4, UpdateRule.sgd(0.5f)));

    WatchedTraining spnn = new WatchedTraining(plan, holders, rows, rows, 1);
    WatchedTraining splitNn =
        new WatchedTraining(
            Variant.byName("splitnn").apply(plan, STRENGTHS), holders, rows, rows, 1);

    int[] all = {0, 1, 2, 3, 4, 5};
    assertThat(spnn.firstGradient(0)).isEqualTo(spnn.view().firstGradient());
    assertThat(splitNn.firstGradient(1).width()).isEqualTo(4);
    assertThat(splitNn.firstGradient(1).values()[4])
        .isEqualTo(splitNn.view().firstGradient().values()[8 + 4]);
    Rows inputs = spnn.inputs(all);
    assertThat(inputs.width()).isEqualTo(6);
    assertThat(spnn.inputsOfOthers(0, all).values()[3]).isEqualTo(inputs.values()[6 + 3]);
    assertThat(spnn.inputsOfOthers(1, all).values()[3]).isEqualTo(inputs.values()[6]);
  }

  @Test
  void categoriesCanBePropertiesToo() {
    try (Table table = DataSet.CREDIT_DATA.table(600, 1)) {
      Leakage leakage =
          new LeakageStudy(table.divide(3), "Home", 1)
              .run(
                  SplitPlan.of(PLAN.network(), 3, PLAN.training().withEpochs(2)),
                  Variant.byName("sgld+bits"),
                  STRENGTHS);
      assertThat(leakage.knownRowsAuc()).isBetween(0.5, 1.0);
      assertThat(leakage.serverInputs().found()).isBetween(0.1, 1.0);
    }
  }

  @Test
  void refusesHoldersThatDoNotFitTogether(@TempDir Path folder) throws IOException {
    List<Table> holders = MadeUpHolders.of(folder, 50, 2, 1);
    Table longer = MadeUpHolders.of(folder, 60, 2, 1).get(0);

    assertThatThrownBy(() -> new LeakageStudy(List.of(longer, holders.get(1)), "a0", 1))
        .hasMessageContaining("[60, 50] rows");
    assertThatThrownBy(() -> new LeakageStudy(holders.subList(0, 1), "a0", 1))
        .hasMessageContaining("0 holders have labels");
    assertThatThrownBy(() -> new LeakageStudy(holders, "c0", 1))
        .hasMessageContaining("no feature c0")
        .hasMessageContaining("a0, a1, b0, b1");
  }
}
