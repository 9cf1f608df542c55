package org.djlmpc.cli;

import java.util.Map;
import java.util.TreeMap;
import org.djlmpc.error.ErrorCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints docs/errors.md, the page about all error codes. For the maintainers of djl-mpc. */
@Command(
    name = "errors-doc",
    description = "Prints the page docs/errors.md from the error codes.",
    mixinStandardHelpOptions = true,
    hidden = true)
final class ErrorsDoc implements Runnable {

  private static final Map<Character, String> GROUPS =
      new TreeMap<>(
          Map.of(
              '1', "Values and arguments",
              '2', "Models and files",
              '3', "Preprocessing and configuration",
              '4', "Parties and network",
              '5', "Faults of djl-mpc"));

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (spec != null) {
      spec.commandLine().getOut().print(markdown());
      spec.commandLine().getOut().flush();
    }
  }

  /** The page, in the order of the codes. */
  static String markdown() {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Errors

        <!-- Generated from org.djlmpc.error.ErrorCode: bin/djl-mpc errors-doc > docs/errors.md -->

        Every error of djl-mpc is an `MpcException` with one of these codes. Its message says what
        happened and what to do next; `code()` and `nextStep()` give the parts. A code keeps its meaning
        from version to version. No message contains a share, a key or a secret value.
        """);
    GROUPS.forEach((digit, title) -> appendGroup(page, digit, title));
    return page.toString();
  }

  private static void appendGroup(StringBuilder page, char digit, String title) {
    page.append("\n## ").append(title).append("\n\n| code | name | what happened | what to do |\n");
    page.append("|---|---|---|---|\n");
    Map<String, ErrorCode> codes = new TreeMap<>();
    for (ErrorCode code : ErrorCode.values()) {
      if (code.id().charAt("MPC-".length()) == digit) {
        codes.put(code.id(), code);
      }
    }
    codes.forEach(
        (id, code) ->
            page.append("| ")
                .append(id)
                .append(" | `")
                .append(code.name())
                .append("` | ")
                .append(code.title())
                .append(" | ")
                .append(code.nextStep())
                .append(" |\n"));
  }
}
