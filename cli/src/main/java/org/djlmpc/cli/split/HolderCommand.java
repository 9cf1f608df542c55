package org.djlmpc.cli.split;

import java.io.PrintStream;
import java.nio.file.Path;
import org.djlmpc.layers.split.SplitParty;
import org.djlmpc.layers.split.SplitPlan;
import org.djlmpc.transport.PartyId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

  @Override
  public void run() {
    Path file = where.path();
    SplitConfig config = SplitConfig.read(file);
    SplitPlan plan = config.plan();
    PartyId self = plan.roles().holder(number);
    String predictions = config.predictions();
    Path scores = predictions == null ? null : SplitConfig.beside(file, predictions);
    PrintStream terminal = System.out;
    try (HolderFiles files = new HolderFiles(config, file);
        ScoreFiles results = new ScoreFiles(terminal, scores, plan.network().outputs())) {
      SplitParty.hold(config.connect(self, plan, file), plan, files.setup(results));
    }
  }
}
