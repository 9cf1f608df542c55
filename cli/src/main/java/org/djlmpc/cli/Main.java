package org.djlmpc.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The djl-mpc command. */
@Command(
    name = "djl-mpc",
    description = "Runs deep-learning models as secure multi-party computation.",
    mixinStandardHelpOptions = true,
    subcommands = {BenchCommand.class, PartyCommand.class, ErrorsDoc.class},
    versionProvider = Main.JarVersion.class)
public final class Main implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  /** Runs the command and exits with its status. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main());
  }

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "Missing subcommand");
    }
  }

  static final class JarVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"djl-mpc " + (version == null ? "(unpackaged)" : version)};
    }
  }
}
