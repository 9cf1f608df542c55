package org.djlmpc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.djlmpc.preprocessing.KeyWindow;
import org.junit.jupiter.api.Test;

class JobSpecTest {
  /** The window of a job is that of its parties, and of the samples made for it. */
  @Test
  void keyWindow() {
    JobSpec job = Jobs.relu(10, 1);
    assertThat(job.options().keyWindow()).isEqualTo(KeyWindow.of(300L << 20));
    assertThat(job.withRepeat(3).options()).isEqualTo(job.options());
    assertThat(job.forSample(List.of(), 3).options().keyWindow()).isEqualTo(job.keyWindow());
  }
}
