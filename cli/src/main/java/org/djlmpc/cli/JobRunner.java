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
   * @param p0 P0's results, one for each run
   * @param p1 P1's results, one for each run
   * @param peakMemory largest resident memory of each process, in bytes, in the order of the
   *     parties
   * @param kernels name of the ring's kernels that P1 used in the end
   */
  record Outcome(
      List<JobResult> p0, List<JobResult> p1, Map<String, Long> peakMemory, String kernels) {

    /** The last runs alone. */
    Outcome last(int count) {
      int from = p1.size() - count;
      return new Outcome(
          p0.subList(from, p0.size()), p1.subList(from, p1.size()), peakMemory, kernels);
    }

    /** How long all runs took at P1. */
    double seconds() {
      return p1.stream()
          .mapToDouble(run -> (run.total().offlineNanos() + run.total().onlineNanos()) / 1e9)
          .sum();
    }
  }

  /**
   * Runs the job; progress comes from P1.
   *
   * @throws org.djlmpc.error.MpcException the first reason for which a party stopped
   */
  Outcome run(JobSpec spec, Job.Progress progress);

  /**
   * The runner for a choice of the user.
   *
   * @param tls whether processes talk in TLS
   */
  static JobRunner of(boolean processes, boolean tls) {
    return processes ? new ProcessRunner(tls) : new ThreadRunner();
  }
}
