package org.djlmpc.zoo.torchscript.run;

import org.djlmpc.zoo.ModelErrors;

/** What one run of a program may cost: hostile code loops and nests without end. */
public final class Budget {
  /** Large models take some ten thousand steps. */
  private static final long MAX_STEPS = 1_000_000;

  /** Calls, statements and expressions inside one another; several Java frames each. */
  private static final int MAX_DEPTH = 600;

  private long steps;
  private int depth;

  /** A run that has cost nothing yet. */
  public Budget() {}

  /**
   * Takes steps: one for each expression, one for each item that is made.
   *
   * @throws org.djlmpc.error.MpcException MALFORMED_MODEL if there are none left
   */
  public void charge(long count) {
    if (count < 0 || count > MAX_STEPS - steps) {
      throw ModelErrors.malformed("The model's code runs for more than " + MAX_STEPS + " steps.");
    }
    steps += count;
  }

  void enter() {
    charge(1);
    if (++depth > MAX_DEPTH) {
      throw ModelErrors.malformed("The model's code nests more than " + MAX_DEPTH + " deep.");
    }
  }

  void exit() {
    depth--;
  }
}
