package org.djlmpc.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds out whether a person is watching. */
final class Terminal {

  private Terminal() {}

  /** Whether standard error is a terminal that can rewrite a line. */
  @SuppressWarnings("SystemConsoleNull") // isTerminal asks the Console of newer JDKs
  static boolean isStandardError() {
    if ("dumb".equals(System.getenv("TERM"))) {
      return false;
    }
    // Java tells only of standard input and output together; with output piped into another program
    // the bar should still be drawn, so ask the system where it can tell.
    Path link = Path.of("/proc/self/fd/2");
    if (Files.isSymbolicLink(link)) {
      try {
        String target = Files.readSymbolicLink(link).toString();
        return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
      } catch (IOException e) {
        return false;
      }
    }
    Console console = System.console();
    return console != null && isTerminal(console);
  }

  /** From JDK 22 on there may be a Console without a terminal, which says so itself. */
  private static boolean isTerminal(Console console) {
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
