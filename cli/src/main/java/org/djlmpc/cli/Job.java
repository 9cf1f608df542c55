package org.djlmpc.cli;

import java.util.List;
import org.djlmpc.protocol.ShareHolder;

/**
 * A measured job as a share holder runs it. P0 owns the model or the weights, P1 owns the data and
 * learns the result. Both run the same code; in processes nothing else connects them.
 */
interface Job {

  /** Told about progress; on the thread of the party. */
  @FunctionalInterface
  interface Progress {
    /** A step is done. */
    void step(String label, int steps, long bytesSent);
  }

  /** Runs the job as often as its description says, in requests 1, 2, 3 and so on. */
  List<JobResult> run(ShareHolder holder, Progress progress);

  /** The job of a description. */
  static Job of(JobSpec spec) {
    return spec.kind() == JobSpec.Kind.INFER ? new InferJob(spec) : new OperatorJob(spec);
  }
}
