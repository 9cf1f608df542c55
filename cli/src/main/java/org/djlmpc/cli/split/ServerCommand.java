package org.djlmpc.cli.split;

import ai.djl.Device;
import java.nio.file.Path;
import org.djlmpc.layers.split.Roles;
import org.djlmpc.layers.split.ServerSetup;
import org.djlmpc.layers.split.SplitParty;
import org.djlmpc.layers.split.SplitPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The server. */
@Command(
    name = "server",
    description = "Runs the hidden layers of split learning, on sums that it sees in clear.",
    mixinStandardHelpOptions = true)
public final class ServerCommand implements Runnable {
  @Mixin private final ConfigFile where = new ConfigFile();

  @Override
  public void run() {
    Path file = where.path();
    SplitConfig config = SplitConfig.read(file);
    SplitPlan plan = config.plan();
    String device = config.device();
    ServerSetup setup =
        new ServerSetup(
                Device.cpu(),
                config.folder(file),
                config.experimentSeed(),
                ServerSetup.CPU.observer())
            .withDevice(device == null ? Device.Type.CPU : device);
    SplitParty.serve(config.connect(Roles.SERVER, plan, file), plan, setup);
  }
}
