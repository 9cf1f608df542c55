package org.djlmpc.cli;

import java.util.List;
import org.djlmpc.protocol.ShareHolder;

/**
 * A measured job as a share holder runs it. P0 owns the model or the weights, P1 owns the data and
 * learns the result. Both run the same code; in processes nothing else connects them.
 */
interface Job {

  /** Told about progress; on the thread of the party. */
  interface Progress {
    /** Tells nobody. */
    Progress SILENT =
        new Progress() {
          @Override
          public void begin(int steps) {}

          @Override
          public void step(String label, long bytes) {}
        };

    /** The job begins, which has this many steps. */
    void begin(int steps);

    /**
     * A step is done.
     *
     * @param label what was done
     * @param bytes that it moved online between the share holders, both ways
     */
    void step(String label, long bytes);
  }

  /** Runs the job as often as its description says, in requests 1, 2, 3 and so on. */
  List<JobResult> run(ShareHolder holder, Progress progress);

  /** The job of a description. */
  static Job of(JobSpec spec) {
    return switch (spec.kind()) {
      case INFER -> new InferJob(spec);
      case OPS -> new OperatorJob(spec, TableRow.all(spec.ring()));
      default -> OperatorJob.repeated(spec);
    };
  }
}
