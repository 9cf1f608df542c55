package org.djlmpc.cli;

import org.djlmpc.cli.split.CoordinatorCommand;
import org.djlmpc.cli.split.HolderCommand;
import org.djlmpc.cli.split.ServerCommand;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Split learning. */
@Command(
    name = "split",
    description =
        "Split learning: holders of different columns train one network; a server runs its hidden"
            + " layers in clear.",
    mixinStandardHelpOptions = true,
    subcommands = {
      CoordinatorCommand.class,
      ServerCommand.class,
      HolderCommand.class,
      SplitAlignCommand.class,
      SplitCompareCommand.class,
      SplitDataCommand.class,
      SplitLeakageCommand.class
    })
final class SplitCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (spec != null) {
      throw Main.missingSubcommand(spec);
    }
  }
}
