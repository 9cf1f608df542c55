package org.djlmpc.cli;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
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
      Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
      var p0 = start(job, parties, PartyId.P0, Job.Progress.SILENT, failures);
      var p1 = start(job, parties, PartyId.P1, progress, failures);
      try {
        CompletableFuture.allOf(p0, p1).join();
      } catch (CompletionException e) {
        // in the order in which they happened: what closing causes comes later
        throw Failure.original(failures.stream().map(Failure::of).toList()).exception(e);
      }
      return new Outcome(
          p0.join(),
          p1.join(),
          Map.of("all", ResidentMemory.peak(ProcessHandle.current())),
          Kernels.best().name());
    }
  }

  /**
   * Runs a party's job. What fails outside of a request reaches nobody, so all parties are closed:
   * else the others would wait for their timeout.
   */
  private static CompletableFuture<List<JobResult>> start(
      Job job,
      ThreadedParties parties,
      PartyId party,
      Job.Progress progress,
      Queue<Throwable> failures) {
    CompletableFuture<List<JobResult>> result =
        CompletableFuture.supplyAsync(
            () -> job.run(parties.holder(party), progress),
            task -> {
              Thread thread = new Thread(task, "djl-mpc-" + party);
              thread.setDaemon(true);
              thread.start();
            });
    return result.whenComplete(
        (results, failure) -> {
          if (failure != null) {
            failures.add(failure);
            parties.close();
          }
        });
  }
}
