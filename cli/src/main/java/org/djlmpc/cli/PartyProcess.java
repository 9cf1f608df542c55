package org.djlmpc.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * The process of one party, seen from the command that started it. It is told its assignment on its
 * standard input, which stays open: when it ends, so does the process. It answers with lines of
 * JSON on its standard output.
 */
final class PartyProcess {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What every JVM with the Vector API says, where once is enough; and what Java 25 says if it is
   * interrupted before it has started.
   */
  private static final List<String> NOISE =
      List.of("WARNING: Using incubator modules", "Runtime.exit(130) logging failed");

  /** By convention of POSIX shells and of Java, 128 and the signal. */
  private static final int SIGNALLED = 128;

  private static final int SIGINT = 2;

  /**
   * What a party process is told.
   *
   * @param self who it is
   * @param session names the run
   * @param ports where each party listens on loopback
   * @param tls directory with its identity, or nothing for plain TCP
   * @param job what to do
   */
  record Assignment(
      PartyId self, UUID session, Map<PartyId, Integer> ports, String tls, JobSpec job) {}

  /**
   * How a party process ended.
   *
   * @param results one for each run
   * @param peakMemory largest resident memory, in bytes, -1 if unknown
   * @param kernels name of the ring's kernels that it used in the end
   * @param failure why it failed, or null
   * @param died whether it failed without a word
   */
  record Answer(
      List<JobResult> results,
      long peakMemory,
      String kernels,
      @Nullable Failure failure,
      boolean died) {

    static Answer failed(Failure failure, boolean died) {
      return new Answer(List.of(), -1, "", failure, died);
    }
  }

  private final PartyId party;
  private final Process process;

  private PartyProcess(PartyId party, Process process) {
    this.party = party;
    this.process = process;
  }

  /**
   * Starts a party.
   *
   * @param progress told about its progress, on a thread of this class
   * @param ended told once when it has ended, on a thread of this class
   */
  static PartyProcess start(
      Assignment assignment, Job.Progress progress, Consumer<ProcessRunner.Ended> ended) {
    PartyId party = assignment.self();
    PartyProcess started;
    try {
      ProcessBuilder builder = new ProcessBuilder(command(party));
      // not an argument: process listings stay readable
      builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
      Process process = builder.start();
      started = new PartyProcess(party, process);
      thread(party + "-errors", started::passErrorsOn);
      // stays open as long as the process may run
      BufferedWriter input = process.outputWriter(StandardCharsets.UTF_8);
      input.write(JSON.writeValueAsString(assignment));
      input.newLine();
      input.flush();
    } catch (IOException e) {
      throw new MpcException(
          ErrorCode.CONNECT,
          "The process of " + party + " could not be started: " + e.getMessage() + ".",
          "Check that " + command(party).get(0) + " can be run.",
          e);
    }
    thread(
        party + "-answers",
        () -> ended.accept(new ProcessRunner.Ended(party, started.read(progress))));
    return started;
  }

  private static List<String> command(PartyId party) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // the same heap, modules and properties as this process
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of(Main.class.getName(), LocalPartyCommand.NAME, party.name()));
    return command;
  }

  private static void thread(String name, Runnable work) {
    Thread thread = new Thread(work, "djl-mpc-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private Answer read(Job.Progress progress) {
    Answer answer = null;
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode message = JSON.readTree(line);
        if (message.has("begin")) {
          progress.begin(message.get("begin").asInt());
        } else if (message.has("step")) {
          progress.step(message.get("step").asText(), message.get("bytes").asLong());
        } else {
          answer = answer(message);
        }
      }
      return answer != null ? answer : Answer.failed(vanished(process.waitFor()), true);
    } catch (IOException | IllegalArgumentException e) {
      kill();
      return Answer.failed(
          new Failure(
              ErrorCode.INTERNAL,
              party + " printed something else than its answer.",
              ErrorCode.INTERNAL.nextStep()),
          false);
    } catch (InterruptedException e) {
      return Answer.failed(vanished(-1), true);
    }
  }

  private Answer answer(JsonNode message) throws JsonProcessingException {
    if (message.has("failure")) {
      Failure failure = JSON.treeToValue(message.get("failure"), Failure.class);
      return Answer.failed(
          new Failure(failure.code(), party + ": " + failure.problem(), failure.nextStep()), false);
    }
    return new Answer(
        JSON.convertValue(message.get("results"), new TypeReference<List<JobResult>>() {}),
        message.get("peak_memory").asLong(),
        message.get("kernels").asText(),
        null,
        false);
  }

  private Failure vanished(int status) {
    String how =
        status > SIGNALLED
            ? "was killed by signal " + (status - SIGNALLED)
            : "ended with exit status " + status;
    return new Failure(
        ErrorCode.PEER_GONE,
        "The process of " + party + " " + how + ", without a result.",
        "See what it printed, if anything, and start again.");
  }

  private void passErrorsOn() {
    try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (NOISE.stream().noneMatch(line::startsWith)) {
          System.err.println(party + ": " + line);
        }
      }
    } catch (IOException e) {
      // the process is gone, and its answer says so
    }
  }

  /** Whether it has ended by an interruption, as by Ctrl-C. */
  boolean wasInterrupted() {
    return !process.isAlive() && process.exitValue() == SIGNALLED + SIGINT;
  }

  /** Ends the process at once if it still runs, and waits until it is gone. */
  void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
