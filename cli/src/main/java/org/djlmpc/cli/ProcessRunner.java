package org.djlmpc.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.PartyId;

/** Each party as a process of its own on this machine, connected over loopback TCP. */
final class ProcessRunner implements JobRunner {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long EXIT_SECONDS = 20;

  /** What a party process is told on its standard input. */
  record Assignment(PartyId self, UUID session, Map<PartyId, Integer> ports, JobSpec job) {}

  @Override
  public Outcome run(JobSpec spec, Job.Progress progress) {
    UUID session = UUID.randomUUID();
    Map<PartyId, Integer> ports = freePorts(spec.suite().parties());
    Map<PartyId, Process> processes = new EnumMap<>(PartyId.class);
    Map<PartyId, CompletableFuture<Answer>> answers = new EnumMap<>(PartyId.class);
    try {
      for (PartyId party : ports.keySet()) {
        Process process = start(new Assignment(party, session, ports, spec));
        processes.put(party, process);
        Job.Progress listener = party == PartyId.P1 ? progress : (label, steps, bytes) -> {};
        answers.put(party, CompletableFuture.supplyAsync(() -> read(party, process, listener)));
      }
      Map<String, Long> memory = new HashMap<>();
      Map<PartyId, List<JobResult>> results = new EnumMap<>(PartyId.class);
      List<String> failures = new ArrayList<>();
      answers.forEach(
          (party, future) -> {
            Answer answer = future.join();
            if (answer.failure.isEmpty()) {
              results.put(party, answer.results);
              memory.put(party.name(), answer.peakMemory);
            } else {
              failures.add(party + ": " + answer.failure);
            }
          });
      if (!failures.isEmpty()) {
        throw new MpcException(
            ErrorCode.ABORTED,
            "A party process failed. " + String.join(" ", failures),
            "Resolve the reason and start again.");
      }
      return new Outcome(
          results.getOrDefault(PartyId.P0, List.of()),
          results.getOrDefault(PartyId.P1, List.of()),
          memory);
    } finally {
      processes.values().forEach(ProcessRunner::end);
    }
  }

  private record Answer(List<JobResult> results, long peakMemory, String failure) {}

  private static Answer read(PartyId party, Process process, Job.Progress progress) {
    Answer answer = new Answer(List.of(), -1, "ended without a result");
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode message = JSON.readTree(line);
        if (message.has("step")) {
          progress.step(
              message.get("step").asText(),
              message.get("steps").asInt(),
              message.get("bytes").asLong());
        } else if (message.has("failure")) {
          answer = new Answer(List.of(), -1, message.get("failure").asText());
        } else {
          answer =
              new Answer(
                  JSON.convertValue(
                      message.get("results"), new TypeReference<List<JobResult>>() {}),
                  message.get("peak_memory").asLong(),
                  "");
        }
      }
      return answer;
    } catch (IOException e) {
      return new Answer(List.of(), -1, party + " printed something else than its result");
    }
  }

  private static Process start(Assignment assignment) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // the same heap, modules and properties as this process
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "party"));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      try (var input = process.outputWriter(StandardCharsets.UTF_8)) {
        input.write(JSON.writeValueAsString(assignment));
      }
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException("A party process could not be started.", e);
    }
  }

  private static void end(Process process) {
    try {
      if (!process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Ports that nobody listens on; all are held until the last one is found. */
  private static Map<PartyId, Integer> freePorts(Iterable<PartyId> parties) {
    Map<PartyId, Integer> ports = new EnumMap<>(PartyId.class);
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (PartyId party : parties) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        held.add(socket);
        ports.put(party, socket.getLocalPort());
      }
      for (ServerSocket socket : held) {
        socket.close();
      }
      return ports;
    } catch (IOException e) {
      throw new UncheckedIOException("No free port on the loopback address.", e);
    }
  }
}
