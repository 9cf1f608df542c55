package org.djlmpc.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What every option that counts something demands. */
final class AtLeastOne {
  private AtLeastOne() {}

  /**
   * Refuses less.
   *
   * @throws ParameterException naming the option
   */
  static void require(CommandSpec command, String option, int number) {
    if (number < 1) {
      throw new ParameterException(
          command.commandLine(), option + " " + number + " is too few; give at least 1.");
    }
  }
}
