package org.djlmpc.cli.split;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.djlmpc.layers.split.SplitParty;
import org.djlmpc.layers.split.SplitPlan;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A holder. */
@Command(
    name = "holder",
    description = "Holds columns, and at one holder the labels, of split learning.",
    mixinStandardHelpOptions = true)
public final class HolderCommand implements Runnable {
  @Mixin private final ConfigFile where = new ConfigFile();

  @Option(
      names = "--number",
      required = true,
      paramLabel = "N",
      description = "Which holder this is, from 0.")
  private int number;

  @Spec private @Nullable CommandSpec command;

  @Override
  public void run() {
    if (command == null) {
      throw new IllegalStateException("no command");
    }
    Path file = where.path();
    SplitConfig config = SplitConfig.read(file);
    SplitPlan plan = config.plan();
    int last = plan.roles().holders() - 1;
    if (number < 0 || number > last) {
      throw new ParameterException(
          command.commandLine(),
          "--number " + number + " is not possible; give 0 to " + last + ".");
    }
    PartyId self = plan.roles().holder(number);
    String predictions = config.predictions();
    Path scores = predictions == null ? null : SplitConfig.beside(file, predictions);
    PrintWriter terminal = command.commandLine().getOut();
    try (HolderFiles files = new HolderFiles(config, file, plan.network());
        ScoreFiles results =
            new ScoreFiles(terminal, scores, new ScoreLines(plan.network(), files.label()))) {
      SplitParty.hold(config.connect(self, plan, file), plan, files.setup(results));
    }
  }
}
