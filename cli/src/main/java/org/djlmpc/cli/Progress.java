package org.djlmpc.cli;

/** Runs a job with a progress bar. */
final class Progress {
  private Progress() {}

  static JobRunner.Outcome run(JobRunner runner, JobSpec spec, String task) {
    Bar bar = new Bar(spec, task);
    try {
      return runner.run(spec, bar);
    } finally {
      bar.close();
    }
  }

  /** Knows how many steps there are only when the first is done. */
  private static final class Bar implements Job.Progress {
    private final JobSpec spec;
    private final String task;
    private @org.jspecify.annotations.Nullable ProgressBar bar;

    Bar(JobSpec spec, String task) {
      this.spec = spec;
      this.task = task;
    }

    @Override
    public synchronized void step(String label, int steps, long bytesSent) {
      boolean network = spec.kind() == JobSpec.Kind.INFER;
      ProgressBar current = bar;
      if (current == null) {
        current =
            ProgressBar.start(
                task, network ? "layers" : "runs", network ? (long) steps * spec.repeat() : steps);
        bar = current;
      }
      current.step(bytesSent);
    }

    synchronized void close() {
      if (bar != null) {
        bar.close();
      }
    }
  }
}
