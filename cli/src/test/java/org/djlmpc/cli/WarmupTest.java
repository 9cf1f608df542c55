package org.djlmpc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.djlmpc.session.Statistics;
import org.junit.jupiter.api.Test;

/** Times count once the JVM has compiled. */
final class WarmupTest {
  private final List<Integer> batches = new ArrayList<>();

  private JobRunner.Outcome runner(JobSpec spec, double seconds) {
    batches.add(spec.repeat());
    JobResult run = JobResult.ofCost(new Statistics((long) (seconds * 1e9), 0, 0, 0, 0, 0, 0), 0);
    List<JobResult> runs = Collections.nCopies(spec.repeat(), run);
    return new JobRunner.Outcome(runs, runs, Map.of(), "plain");
  }

  private JobRunner.Outcome measured(Warmup warmup, int repeat, double seconds) {
    return warmup.run(Jobs.relu(100, repeat), spec -> runner(spec, seconds));
  }

  @Test
  void smallJobsRunUntilTheCompilerIsDone() {
    JobRunner.Outcome outcome = measured(new Warmup(Warmup.AUTO, 2.5, true), 2, 0.1);

    assertThat(batches).containsExactly(2, 3, 5, 9, 17);
    assertThat(outcome.p0()).hasSize(2);
    assertThat(outcome.p1()).hasSize(2);
  }

  @Test
  void whatOneProcessHasCompiledIsOfNoUseToTheNext() {
    measured(new Warmup(Warmup.AUTO, 8, false), 2, 0.6);

    assertThat(batches).containsExactly(2, 3, 5, 9, 17);
  }

  @Test
  void longJobsRunAsOftenAsTheyShould() {
    measured(new Warmup(Warmup.AUTO, 2.5, true), 1, 21);
    measured(new Warmup(4, 2.5, true), 3, 0.001);
    measured(new Warmup(Warmup.AUTO, 2.5, true), 1, 3);
    measured(new Warmup(Warmup.AUTO, 8, false), 7, 4);

    assertThat(batches).containsExactly(1, 7, 1, 2, 7, 8, 10);
  }
}
