package org.djlmpc.cli;

import java.io.PrintStream;

/**
 * Somebody stops this process, such as by Ctrl-C: it says so in one line. What its threads run into
 * while it goes down is no news.
 */
final class Interruption {
  private final PrintStream err;
  private volatile boolean done;

  private Interruption(PrintStream err) {
    this.err = err;
  }

  /** From now on, until {@link #end}, the end of this process is an interruption. */
  static Interruption watch(PrintStream err) {
    Interruption interruption = new Interruption(err);
    Runtime.getRuntime().addShutdownHook(new Thread(interruption::tell, "djl-mpc-interrupted"));
    return interruption;
  }

  private void tell() {
    if (!done) {
      if (Terminal.isStandardError()) {
        // below what a progress bar, or the terminal's ^C, has left
        err.println();
      }
      err.println("djl-mpc: interrupted.");
      err.flush();
    }
  }

  /** The command has ended by itself. */
  void end() {
    done = !isUnderWay();
  }

  /** Whether this process is about to end, by a signal or by itself. */
  static boolean isUnderWay() {
    Thread probe = new Thread(() -> {});
    try {
      Runtime.getRuntime().addShutdownHook(probe);
      Runtime.getRuntime().removeShutdownHook(probe);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }
}
