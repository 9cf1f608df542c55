package org.djlmpc.cli;

import org.jspecify.annotations.Nullable;

/** Runs a job with a progress bar. */
final class Progress {
  private Progress() {}

  static JobRunner.Outcome run(JobRunner runner, JobSpec spec, String task) {
    Bar bar = new Bar(task);
    try {
      return runner.run(spec, bar);
    } finally {
      bar.close();
    }
  }

  private static final class Bar implements Job.Progress {
    private final String task;
    private @Nullable ProgressBar bar;

    Bar(String task) {
      this.task = task;
    }

    @Override
    public synchronized void begin(int steps) {
      bar = ProgressBar.start(task, "steps", steps);
    }

    @Override
    public synchronized void step(String label, long bytes) {
      if (bar != null) {
        bar.step(bytes);
      }
    }

    synchronized void close() {
      if (bar != null) {
        bar.close();
      }
    }
  }
}
