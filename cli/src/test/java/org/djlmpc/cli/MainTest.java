package org.djlmpc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

final class MainTest {

  @Test
  void printsItsUsage() {
    StringWriter out = new StringWriter();
    CommandLine command = Main.commandLine().setOut(new PrintWriter(out));

    int status = command.execute("--help");

    assertThat(status).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("Usage: djl-mpc", "Exit status", "errors.md");
  }

  @Test
  void withoutArgumentsNamesItsCommands() {
    Run run = Run.of();

    assertThat(run.status()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("demo", "run", "--help").doesNotContain("errors-doc");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpsWithEveryCommand(String command) {
    Run asked = Run.of(("help " + command).split(" "));

    assertThat(asked.status()).isZero();
    assertThat(asked.out()).contains("Usage: djl-mpc " + command);
    assertThat(Run.of(command, "--help").out()).isEqualTo(asked.out());
  }

  /** All but local-party, which only other commands start. */
  static Stream<String> commands() {
    return Main.commandLine().getSubcommands().keySet().stream()
        .filter(command -> !command.equals("local-party"));
  }

  @Test
  void rejectsAnUnknownSubcommand() {
    StringWriter err = new StringWriter();
    CommandLine command = Main.commandLine().setErr(new PrintWriter(err));

    int status = command.execute("no-such-subcommand");

    assertThat(status).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("no-such-subcommand");
  }

  @Command
  private static final class LargerThanTheHeap implements Callable<Integer> {
    @Override
    public Integer call() {
      return new long[Integer.MAX_VALUE].length; // 16 GiB, and more than an array may have
    }
  }

  @Test
  void workThatIsLargerThanTheHeapEndsInOneLine() {
    StringWriter err = new StringWriter();
    CommandLine command = Main.commandLine().addSubcommand("large", new LargerThanTheHeap());

    int status = Main.execute(command.setErr(new PrintWriter(err)), "large");

    assertThat(status).isEqualTo(ExitCode.SOFTWARE);
    assertThat(err.toString().strip())
        .startsWith("djl-mpc: MPC-305: This command needs more than its Java heap of ")
        .contains("-Xmx")
        .doesNotContain("\n");
  }
}
