package org.djlmpc.cli;

import java.util.List;
import java.util.Map;

/**
 * Runs a measured job at all parties: as threads of this process, or as processes on this machine.
 */
interface JobRunner {

  /**
   * What came out.
   *
   * @param p0 P0's results, one for each repetition
   * @param p1 P1's results, one for each repetition
   * @param peakMemory largest resident memory of each process, in bytes
   */
  record Outcome(List<JobResult> p0, List<JobResult> p1, Map<String, Long> peakMemory) {}

  /** Runs the job; progress comes from P1. */
  Outcome run(JobSpec spec, Job.Progress progress);

  /** The runner for a choice of the user. */
  static JobRunner of(boolean processes) {
    return processes ? new ProcessRunner() : new ThreadRunner();
  }
}
