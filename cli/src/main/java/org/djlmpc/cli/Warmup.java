package org.djlmpc.cli;

import java.util.function.Function;

/**
 * Runs a job until the JVM has compiled what it needs, so that times are those of a system at work
 * and not those of a compiler.
 *
 * @param runs so many before the first that counts; {@link #AUTO} for as many as it takes
 * @param enoughSeconds how long runs take until all that matters is compiled
 * @param lasting whether compiled code outlasts a job: not if its parties are processes of their
 *     own
 */
record Warmup(int runs, double enoughSeconds, boolean lasting) {
  /** No number: batches of 1, 2, 4 and so on, until runs have taken long enough to compile. */
  static final int AUTO = -1;

  /** What one JVM needs for code that matters. */
  static final double ENOUGH_SECONDS = 2.5;

  /**
   * A first run takes seconds more than the next, to compile and to take memory from the system:
   * little of a run that is this long.
   */
  private static final double LONG_SECONDS = 20;

  private static final int MOST = 63;

  /**
   * Runs a job; one that takes much longer than it takes to compile runs as often as its
   * description says.
   *
   * @param runner runs a job as often as its description says
   * @return the last runs, as many as the description says
   */
  JobRunner.Outcome run(JobSpec spec, Function<JobSpec, JobRunner.Outcome> runner) {
    if (runs != AUTO) {
      return runner.apply(spec.withRepeat(runs + spec.repeat())).last(spec.repeat());
    }
    double spent = 0;
    for (int before = 0; ; before = 2 * before + 1) {
      JobRunner.Outcome outcome = runner.apply(spec.withRepeat(before + spec.repeat()));
      JobRunner.Outcome reported = outcome.last(spec.repeat());
      double beforehand = outcome.seconds() - reported.seconds();
      spent = lasting ? spent + outcome.seconds() : beforehand;
      boolean warm = before > 0 && spent >= enoughSeconds;
      if (warm || outcome.last(1).seconds() >= LONG_SECONDS || before >= MOST) {
        return reported;
      }
    }
  }
}
