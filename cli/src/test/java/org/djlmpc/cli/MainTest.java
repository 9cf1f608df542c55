package org.djlmpc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;

final class MainTest {

  @Test
  void printsItsUsage() {
    StringWriter out = new StringWriter();
    CommandLine command = Main.commandLine().setOut(new PrintWriter(out));

    int status = command.execute("--help");

    assertThat(status).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("Usage: djl-mpc");
  }

  @Test
  void rejectsAnUnknownSubcommand() {
    StringWriter err = new StringWriter();
    CommandLine command = Main.commandLine().setErr(new PrintWriter(err));

    int status = command.execute("no-such-subcommand");

    assertThat(status).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("no-such-subcommand");
  }
}
