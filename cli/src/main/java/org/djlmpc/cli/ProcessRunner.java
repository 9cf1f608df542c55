package org.djlmpc.cli;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.netty.LoopbackPorts;
import org.jspecify.annotations.Nullable;

/**
 * Each party as a process of its own on this machine, connected over loopback: in TLS with
 * certificates for this run alone, or in plain TCP. When one complains, the others get a moment to
 * say why; none outlives the run, nor this process.
 */
final class ProcessRunner implements JobRunner {
  private static final long FAREWELL_SECONDS = 5;

  private final boolean tls;

  /** A runner whose parties talk in TLS, or in plain TCP. */
  ProcessRunner(boolean tls) {
    this.tls = tls;
  }

  /** A party process has ended with this answer. */
  record Ended(PartyId party, PartyProcess.Answer answer) {}

  @Override
  public Outcome run(JobSpec spec, Job.Progress progress) {
    ConcurrentLinkedQueue<PartyProcess> processes = new ConcurrentLinkedQueue<>();
    CountDownLatch interrupted = new CountDownLatch(1);
    Thread atExit =
        new Thread(
            () -> {
              interrupted.countDown();
              processes.forEach(PartyProcess::kill);
            },
            "djl-mpc-at-exit");
    Runtime.getRuntime().addShutdownHook(atExit);
    try (RunCertificates certificates = RunCertificates.of(tls, spec.suite().parties())) {
      UUID session = UUID.randomUUID();
      Map<PartyId, Integer> ports = freePorts(spec.suite().parties());
      BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
      for (PartyId party : ports.keySet()) {
        Job.Progress listener = party == PartyId.P1 ? progress : Job.Progress.SILENT;
        var assignment =
            new PartyProcess.Assignment(party, session, ports, certificates.directory(party), spec);
        processes.add(PartyProcess.start(assignment, listener, ended::add));
      }
      Map<PartyId, PartyProcess.Answer> answers;
      try {
        answers = await(processes.size(), ended);
      } catch (MpcException e) {
        if (processes.stream().anyMatch(PartyProcess::wasInterrupted)) {
          // Ctrl-C reaches all processes of a terminal, and this one perhaps last
          interrupted.await(FAREWELL_SECONDS, TimeUnit.SECONDS);
        }
        throw e;
      }
      Map<String, Long> memory = new LinkedHashMap<>();
      answers.forEach((party, answer) -> memory.put(party.name(), answer.peakMemory()));
      return new Outcome(
          of(answers, PartyId.P0).results(),
          of(answers, PartyId.P1).results(),
          memory,
          of(answers, PartyId.P1).kernels());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MpcException(
          ErrorCode.CANCELLED, "The run was interrupted.", "Start it again if still wanted.", e);
    } finally {
      processes.forEach(PartyProcess::kill);
      try {
        Runtime.getRuntime().removeShutdownHook(atExit);
      } catch (IllegalStateException e) {
        // the hook is running already
      }
    }
  }

  /** The answers of all, in the order of the parties, or the reason for which one failed. */
  private static Map<PartyId, PartyProcess.Answer> await(int parties, BlockingQueue<Ended> ended)
      throws InterruptedException {
    Map<PartyId, PartyProcess.Answer> answers = new EnumMap<>(PartyId.class);
    List<Failure> failures = new ArrayList<>();
    for (int i = 0; i < parties; i++) {
      Ended next = failures.isEmpty() ? ended.take() : farewell(ended);
      if (next == null) {
        break;
      }
      Failure failure = next.answer.failure();
      if (failure == null) {
        answers.put(next.party, next.answer);
      } else if (next.answer.died()) {
        // this is why its peers lost it
        throw failure.exception();
      } else {
        failures.add(failure);
      }
    }
    if (!failures.isEmpty()) {
      throw Failure.original(failures).exception();
    }
    return answers;
  }

  private static @Nullable Ended farewell(BlockingQueue<Ended> ended) throws InterruptedException {
    return ended.poll(FAREWELL_SECONDS, TimeUnit.SECONDS);
  }

  private static PartyProcess.Answer of(Map<PartyId, PartyProcess.Answer> answers, PartyId party) {
    PartyProcess.Answer answer = answers.get(party);
    if (answer == null) {
      throw new MpcException(
          ErrorCode.INTERNAL, party + " has no answer.", "Report this with the stack trace.");
    }
    return answer;
  }

  private static Map<PartyId, Integer> freePorts(Iterable<PartyId> parties) {
    Map<PartyId, Integer> ports = new EnumMap<>(PartyId.class);
    parties.forEach(party -> ports.put(party, LoopbackPorts.free()));
    return ports;
  }
}
