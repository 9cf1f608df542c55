package org.djlmpc.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Party processes answer, die or are left alone; none stays behind. */
@Timeout(900)
final class ProcessRunnerTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** More runs than a test waits for. */
  private static final int ENDLESS = 100_000;

  @AfterEach
  void noPartyIsLeft() {
    await(() -> parties(ProcessHandle.current()).isEmpty());
  }

  private static List<ProcessHandle> parties(ProcessHandle parent) {
    return parent
        .descendants()
        .filter(process -> arguments(process).contains(LocalPartyCommand.NAME))
        .toList();
  }

  private static List<String> arguments(ProcessHandle process) {
    return Arrays.asList(process.info().arguments().orElse(new String[0]));
  }

  private static void kill(PartyId party) {
    parties(ProcessHandle.current()).stream()
        .filter(process -> arguments(process).contains(party.name()))
        .forEach(ProcessHandle::destroyForcibly);
  }

  /** Calls back when the first run is done. */
  private record AtFirstStep(Runnable action) implements Job.Progress {
    @Override
    public void begin(int steps) {}

    @Override
    public void step(String label, long bytes) {
      action.run();
    }
  }

  @Test
  void saysWhichProcessDied() {
    Job.Progress killer = new AtFirstStep(() -> kill(PartyId.P0));

    assertThatThrownBy(() -> new ProcessRunner(false).run(Jobs.relu(20_000, ENDLESS), killer))
        .isInstanceOf(MpcException.class)
        .hasMessageContaining("The process of P0 was killed by signal 9")
        .extracting(e -> ((MpcException) e).code())
        .isEqualTo(ErrorCode.PEER_GONE);
  }

  @Test
  void endsWhenAProcessDiesBeforeTheOthersHaveMetIt() {
    CompletableFuture<Run> run =
        Run.start("bench", "relu", "--size", "1000", "--processes", "--warmup", "0", "--json");
    await(() -> parties(ProcessHandle.current()).size() == 3);
    kill(PartyId.P1);

    Run result = run.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).hasLineCount(1).contains("MPC-402").contains("The process of P1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void partiesEndWithTheCommandThatStartedThem(boolean forcibly) throws Exception {
    Process command = command("bench relu --size 20000 --processes --json --repeat " + ENDLESS);
    List<ProcessHandle> parties = new ArrayList<>();
    try {
      await(() -> parties(command.toHandle()).size() == 3);
      parties.addAll(parties(command.toHandle()));
      if (forcibly) {
        command.destroyForcibly();
      } else {
        command.destroy();
      }
      for (ProcessHandle party : parties) {
        party.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
      assertThat(command.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      parties.forEach(ProcessHandle::destroyForcibly);
      command.destroyForcibly();
    }
  }

  /** Ctrl-C reaches the parties before the command here: none of them is news. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void anInterruptionIsOneLine(@TempDir Path folder) throws Exception {
    Path printed = folder.resolve("printed");
    ProcessBuilder builder =
        builder("bench relu --size 20000 --processes --json --repeat " + ENDLESS)
            .redirectErrorStream(false)
            .redirectError(printed.toFile());
    builder.command().addAll(0, interruptible());
    Process command = builder.start();
    try {
      await(() -> parties(command.toHandle()).size() == 3);
      List<ProcessHandle> parties = parties(command.toHandle());
      for (ProcessHandle party : parties) {
        interrupt(party);
      }
      interrupt(command.toHandle());
      assertThat(command.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(command.exitValue()).isEqualTo(130);
      assertThat(Files.readAllLines(printed)).containsExactly("djl-mpc: interrupted.");
      for (ProcessHandle party : parties) {
        party.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    } finally {
      command.destroyForcibly();
    }
  }

  /**
   * Who runs the tests in the background of a script has them ignore interrupts, as Java then does.
   */
  private static List<String> interruptible() throws Exception {
    List<String> command = List.of("env", "--default-signal=INT");
    List<String> trial = new ArrayList<>(command);
    trial.add("true");
    return new ProcessBuilder(trial).start().waitFor() == 0 ? command : List.of();
  }

  private static void interrupt(ProcessHandle process) throws Exception {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
  }

  private static Process command(String arguments) throws IOException {
    return builder(arguments).start();
  }

  private static ProcessBuilder builder(String arguments) {
    return JavaProcess.builder(List.of("-Xmx256m"), Main.class, List.of(arguments.split(" ")))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(Condition condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
      LockSupport.parkNanos(5_000_000); // the processes need the processor
    }
  }
}
