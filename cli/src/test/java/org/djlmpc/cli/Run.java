package org.djlmpc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine;

/**
 * What a command of djl-mpc printed, run in this process.
 *
 * @param status exit status
 * @param out standard output
 * @param err messages of the command on standard error
 */
record Run(int status, String out, String err) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Runs a command beside others that it may wait for, on a thread of its own. */
  static CompletableFuture<Run> start(String... arguments) {
    return CompletableFuture.supplyAsync(() -> of(arguments), work -> new Thread(work).start());
  }

  static Run of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int status = Main.execute(commandLine, arguments);
    return new Run(status, out.toString(), err.toString());
  }

  /** Each line of the output as a JSON object. */
  List<JsonNode> json() {
    return out.lines().map(Run::parsed).toList();
  }

  private static JsonNode parsed(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(line, e);
    }
  }
}
