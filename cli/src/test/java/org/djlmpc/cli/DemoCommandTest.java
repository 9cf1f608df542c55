package org.djlmpc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DemoCommandTest {

  @ParameterizedTest
  @ValueSource(strings = {"demo --images 4", "demo --images 3 --processes --weights OWNER"})
  void classifiesImagesThatNobodySees(String command) {
    Run run = Run.of(command.split(" "));

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains(command.contains("processes") ? "three processes" : "all parties as threads")
        .containsPattern("01Conv2d/max_pool +[0-9.]+ +[0-9.]+ .* 4\n")
        .containsPattern("total +[0-9.]+ +[0-9.]+ ")
        .containsPattern("sharing the weights, once: .* from P0")
        .contains("same answer             100.00 %")
        .contains("PASSED")
        .contains("README.md");
    assertThat(run.status()).isZero();
  }

  @Test
  void passesOnlyWhatRoundingExplains() {
    float[] plain = {1, 2, 0, 5, 4.999f, 0};
    float[] close = {1, 2.005f, 0, 4.999f, 5, 0};
    float[] far = {1, 2.02f, 0, 5, 4.999f, 0};
    float[] wrong = {2.004f, 2, 0, 5, 4.999f, 0};
    JobSpec usual = Jobs.inference("lenet", 2);

    assertThat(DemoCommand.passes(usual, Agreement.of(plain, plain, 3), 0.001)).isTrue();
    assertThat(DemoCommand.passes(usual, Agreement.of(plain, close, 3), 0.006)).isTrue();
    assertThat(DemoCommand.passes(usual, Agreement.of(plain, close, 3), 0.004)).isFalse();
    assertThat(DemoCommand.passes(usual, Agreement.of(plain, far, 3), 233)).isFalse();
    assertThat(DemoCommand.passes(usual, Agreement.of(plain, wrong, 3), 0.006)).isFalse();
    assertThat(DemoCommand.passes(usual, Agreement.of(plain, plain, 3), Double.NaN)).isFalse();
  }
}
