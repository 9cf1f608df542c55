package org.djlmpc.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.djlmpc.error.ErrorCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The djl-mpc command. */
@Command(
    name = "djl-mpc",
    description = "Runs deep-learning models as secure multi-party computation.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:done",
      "1:failed; the message says why (docs/errors.md lists the codes)",
      "2:wrong use of the command line",
      "130:interrupted"
    },
    subcommands = {
      HelpCommand.class,
      DemoCommand.class,
      CalibrateCommand.class,
      RunCommand.class,
      PlanCommand.class,
      BenchCommand.class,
      SplitCommand.class,
      RemotePartyCommand.class,
      CertsCommand.class,
      LocalPartyCommand.class,
      ErrorsDoc.class
    },
    versionProvider = Main.JarVersion.class)
public final class Main implements Runnable {

  private static final int INTERRUPTED = 130;

  @Spec private @Nullable CommandSpec spec;

  /** Runs the command and exits with its status. */
  public static void main(String[] args) {
    if (args.length > 0 && args[0].equals(LocalPartyCommand.NAME)) {
      // the command that started it speaks for it
      System.exit(execute(commandLine(), args));
    }
    Interruption interruption = Interruption.watch(System.err);
    int status = execute(commandLine(), args);
    interruption.end();
    System.exit(status);
  }

  static int execute(CommandLine commandLine, String... args) {
    try {
      return commandLine.execute(args);
    } catch (OutOfMemoryError e) {
      // picocli hands over exceptions only; what filled the heap is free by now
      return tell(Failure.of(e), commandLine);
    }
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .registerConverter(Path.class, Main::path)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Main::badInput)
        .setExecutionExceptionHandler(Main::failed);
  }

  /** No option names the current directory by an empty word, which a shell makes of a variable. */
  private static Path path(String text) {
    if (text.isEmpty()) {
      throw new TypeConversionException("the name of the file is empty");
    }
    return Path.of(text);
  }

  /** One line: what is wrong and where to look. */
  private static int badInput(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.printf(
        "djl-mpc: %s See %s --help.%n",
        sentence(String.valueOf(e.getMessage()).replaceFirst("^Error: ", "")),
        command.getCommandSpec().qualifiedName());
    err.flush();
    return ExitCode.USAGE;
  }

  /** One line: what happened and what to do next. A stack trace is for faults of ours only. */
  private static int failed(Exception e, CommandLine command, ParseResult parsed) {
    if (Interruption.isUnderWay()) {
      return INTERRUPTED;
    }
    Failure failure = Failure.of(e);
    int status = tell(failure, command);
    if (failure.code() == ErrorCode.INTERNAL) {
      e.printStackTrace(command.getErr());
      command.getErr().flush();
    }
    return status;
  }

  private static int tell(Failure failure, CommandLine command) {
    PrintWriter err = command.getErr();
    err.printf("djl-mpc: %s%n", failure.exception().getMessage());
    err.flush();
    return ExitCode.SOFTWARE;
  }

  private static String sentence(String text) {
    return text.endsWith(".") ? text : text + ".";
  }

  @Override
  public void run() {
    if (spec != null) {
      throw missingSubcommand(spec);
    }
  }

  /** A command was given that only groups others. */
  static ParameterException missingSubcommand(CommandSpec spec) {
    String names =
        spec.subcommands().entrySet().stream()
            .filter(command -> !command.getValue().getCommandSpec().usageMessage().hidden())
            .map(Map.Entry::getKey)
            .collect(Collectors.joining(", "));
    return new ParameterException(
        spec.commandLine(), "Missing subcommand; give one of " + names + ".");
  }

  static final class JarVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"djl-mpc " + (version == null ? "(unpackaged)" : version)};
    }
  }
}
