package org.djlmpc.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.djlmpc.protocol.ThreadedParties;
import org.djlmpc.ring.Kernels;
import org.djlmpc.transport.PartyId;

/** All parties as threads of this process. */
final class ThreadRunner implements JobRunner {

  @Override
  public Outcome run(JobSpec spec, Job.Progress progress) {
    return run(spec, Job.of(spec), progress);
  }

  /** Runs a job that nobody could start by its description alone. */
  Outcome run(JobSpec spec, Job job, Job.Progress progress) {
    try (ThreadedParties parties = ThreadedParties.start(spec.suite(), spec.options())) {
      var p0 = start(job, parties, PartyId.P0, Job.Progress.SILENT);
      var p1 = start(job, parties, PartyId.P1, progress);
      List<CompletionException> failures = new ArrayList<>();
      for (CompletableFuture<List<JobResult>> party : List.of(p0, p1)) {
        try {
          party.join();
        } catch (CompletionException e) {
          failures.add(e);
        }
      }
      if (!failures.isEmpty()) {
        throw failures.stream()
            .filter(failure -> !Failure.of(failure).passedOn())
            .findFirst()
            .orElse(failures.get(0));
      }
      return new Outcome(
          p0.join(),
          p1.join(),
          Map.of("all", ResidentMemory.peak(ProcessHandle.current())),
          Kernels.best().name());
    }
  }

  private static CompletableFuture<List<JobResult>> start(
      Job job, ThreadedParties parties, PartyId party, Job.Progress progress) {
    return CompletableFuture.supplyAsync(
        () -> job.run(parties.holder(party), progress),
        task -> {
          Thread thread = new Thread(task, "djl-mpc-" + party);
          thread.setDaemon(true);
          thread.start();
        });
  }
}
