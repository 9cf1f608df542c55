package org.djlmpc.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.protocol.ThreadedParties;
import org.djlmpc.transport.PartyId;

/** All parties as threads of this process. */
final class ThreadRunner implements JobRunner {

  @Override
  public Outcome run(JobSpec spec, Job.Progress progress) {
    try (ThreadedParties parties = ThreadedParties.start(spec.suite(), spec.options())) {
      var p0 =
          CompletableFuture.supplyAsync(
              () -> Job.of(spec).run(parties.holder(PartyId.P0), (label, steps, bytes) -> {}),
              task -> start(task, "P0"));
      var p1 =
          CompletableFuture.supplyAsync(
              () -> Job.of(spec).run(parties.holder(PartyId.P1), progress),
              task -> start(task, "P1"));
      MpcException forwarded = null;
      for (CompletableFuture<List<JobResult>> party : List.of(p0, p1)) {
        try {
          party.join();
        } catch (CompletionException e) {
          if (e.getCause() instanceof MpcException reason
              && reason.code() == ErrorCode.ABORTED
              && forwarded == null) {
            // the other party knows the original reason
            forwarded = reason;
          } else if (e.getCause() instanceof RuntimeException cause) {
            throw cause;
          } else {
            throw e;
          }
        }
      }
      if (forwarded != null) {
        throw forwarded;
      }
      return new Outcome(
          p0.join(), p1.join(), Map.of("all", ResidentMemory.peak(ProcessHandle.current())));
    }
  }

  private static void start(Runnable task, String name) {
    Thread thread = new Thread(task, "djl-mpc-" + name);
    thread.setDaemon(true);
    thread.start();
  }
}
