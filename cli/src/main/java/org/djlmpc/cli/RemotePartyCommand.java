package org.djlmpc.cli;

import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.djlmpc.cli.numpy.NumpyFile;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.session.Statistics;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.netty.NettyConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** One party of a private inference between machines. */
@Command(
    name = "party",
    description =
        "One party of a private inference between machines: P0 has the model, P1 the inputs and the"
            + " answers, P2 deals.",
    mixinStandardHelpOptions = true)
final class RemotePartyCommand implements Callable<Integer> {
  private static final int LARGEST_PORT = 65_535;

  @Parameters(paramLabel = "PARTY", description = "P0, P1 or P2.")
  private PartyId self = PartyId.P0;

  @Option(
      names = "--at",
      required = true,
      split = ",",
      paramLabel = "PARTY=HOST:PORT",
      description = "Where the parties listen; the last one does not. P0=10.0.0.1:7000,P1=...")
  private Map<PartyId, String> at = new EnumMap<>(PartyId.class);

  @Option(
      names = "--session",
      defaultValue = "djl-mpc",
      description = "Name of the run, the same at all parties. Default: ${DEFAULT-VALUE}.")
  private String session = "djl-mpc";

  @Option(names = "--model", description = "P0: a model file, or a network such as lenet.")
  private @Nullable String model;

  @Option(names = "--input", description = "P1: a .npy or .npz file.")
  private @Nullable Path input;

  @Option(names = "--output", description = "P1: where the result goes, .npy or .npz.")
  private @Nullable Path output;

  @Mixin private final InputShapes shapes = new InputShapes();

  @Mixin private final TlsOptions tls = new TlsOptions();

  @Mixin private final JobOptions options = new JobOptions();

  @Spec private @Nullable CommandSpec command;

  @Override
  public Integer call() throws InterruptedException {
    if (command == null) {
      return 2;
    }
    PrintWriter out = command.commandLine().getOut();
    JobSpec job = job();
    NettyConfig config =
        NettyConfig.of(
            self,
            job.suite().parties(),
            addresses(),
            UUID.nameUUIDFromBytes(session.getBytes(StandardCharsets.UTF_8)),
            tls.security());
    if (output == null || self != PartyId.P1) {
      PartyRun.run(job, job.options(), config, Job.Progress.SILENT);
      out.printf("%s is done.%n", self);
    } else {
      try (OutputFile file = new OutputFile(output)) {
        List<JobResult> results = PartyRun.run(job, job.options(), config, Job.Progress.SILENT);
        JobResult last = results.get(results.size() - 1);
        OutputArrays.write(
            file,
            output,
            last.outputs().stream()
                .map(result -> PublicTensor.of(result.values(), result.shape()))
                .toList());
        Statistics total = last.total();
        out.printf(
            "%s is done: %s online, %s sent, %d rounds; the result is in %s.%n",
            self,
            Quantities.seconds(total.onlineNanos() / 1e9),
            Quantities.bytes(total.onlineBytesSent()),
            total.rounds(),
            output);
      }
    }
    out.flush();
    return 0;
  }

  /** What this party knows of the job; what the others know reaches it when they meet. */
  private JobSpec job() {
    return switch (self) {
      case P0 -> {
        String named = required(model, "--model");
        yield options.planned(named, shapes.batch, shapes.of(ModelSource.named(named), options));
      }
      case P1 -> {
        NumpyFile.requireKind(required(output, "--output"));
        Path data = required(input, "--input");
        yield options.inference("", data, InputArrays.choose(NumpyFile.read(data), List.of()));
      }
      default -> options.spec(JobSpec.Kind.RELU, 1);
    };
  }

  private <T> T required(@Nullable T value, String option) {
    if (value == null) {
      throw options.wrong(self + " needs " + option + ".");
    }
    return value;
  }

  private Map<PartyId, InetSocketAddress> addresses() {
    Map<PartyId, InetSocketAddress> addresses = new EnumMap<>(PartyId.class);
    at.forEach((party, text) -> addresses.put(party, address(text)));
    return addresses;
  }

  private InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    options.require(
        colon > 0 && port.matches("[0-9]{1,5}") && Integer.parseInt(port) <= LARGEST_PORT,
        "--at " + text + " is no address; give HOST:PORT, such as 10.0.0.1:7000.");
    String host = text.substring(0, colon).replaceAll("^\\[(.*)]$", "$1");
    InetSocketAddress address = new InetSocketAddress(host, Integer.parseInt(port));
    options.require(!address.isUnresolved(), "The host " + host + " is not known here.");
    return address;
  }
}
