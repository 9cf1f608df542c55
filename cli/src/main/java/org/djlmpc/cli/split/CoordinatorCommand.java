package org.djlmpc.cli.split;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.djlmpc.layers.split.EpochReport;
import org.djlmpc.layers.split.Roles;
import org.djlmpc.layers.split.SplitCoordinator;
import org.djlmpc.layers.split.SplitPlan;
import org.djlmpc.layers.split.SplitProgress;
import org.djlmpc.transport.Network;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The coordinator. */
@Command(
    name = "coordinator",
    description = "Starts, watches and ends split learning; sees no data.",
    mixinStandardHelpOptions = true)
public final class CoordinatorCommand implements Runnable {
  @Mixin private final ConfigFile where = new ConfigFile();

  @Option(names = "--resume", description = "Go on from the last checkpoint that all parties have.")
  private boolean resume;

  @Option(names = "--no-training", description = "Only predict, with the last checkpoint.")
  private boolean noTraining;

  @Option(
      names = "--predict",
      paramLabel = "NAME",
      description = "Predict this data set afterwards; repeat for more.")
  private List<String> predict = new ArrayList<>();

  @Override
  public void run() {
    SplitConfig config = SplitConfig.read(where.path());
    SplitPlan plan = config.plan();
    Printed progress = new Printed(System.out, plan.training().epochs());
    try (SplitCoordinator coordinator = open(config, plan)) {
      if (resume) {
        coordinator.resume(progress);
      } else if (!noTraining) {
        coordinator.train(progress);
      }
      predict.forEach(coordinator::infer);
    }
  }

  private SplitCoordinator open(SplitConfig config, SplitPlan plan) {
    Network network = config.connect(Roles.COORDINATOR, plan, where.path());
    Long seed = config.experimentSeed();
    return seed == null
        ? SplitCoordinator.open(network, plan)
        : SplitCoordinator.open(network, plan, seed);
  }

  private record Printed(PrintStream out, int epochs) implements SplitProgress {
    @Override
    public void epoch(EpochReport report) {
      out.println(
          String.format(
              Locale.ROOT,
              "epoch %d of %d: %.2f s, %.1f MB sent by all parties",
              report.epoch(),
              epochs,
              report.seconds(),
              report.bytesSent() / 1e6));
    }

    @Override
    public void kept(int epoch) {
      out.println("weights of epoch " + epoch + ", which has the smallest validation loss");
    }
  }
}
