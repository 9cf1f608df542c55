package org.djlmpc.cli;

import java.io.BufferedWriter;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.djlmpc.layers.split.align.AlignmentOptions;
import org.djlmpc.layers.split.align.RowAlignment;
import org.djlmpc.layers.split.data.CsvFile;
import org.djlmpc.layers.split.data.RowIds;
import org.djlmpc.layers.split.data.RowSelection;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.NetworkOptions;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.netty.NettyConfig;
import org.djlmpc.transport.netty.NettyNetwork;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** One holder of a row alignment. */
@Command(
    name = "align",
    description =
        "Finds the rows that all holders have, without showing the others, and writes this holder's"
            + " in the common order. Every holder runs this at the same time.",
    mixinStandardHelpOptions = true)
final class SplitAlignCommand implements Callable<Integer> {
  private static final int PARTS = 100;

  @Option(names = "--self", required = true, description = "This holder, such as P0.")
  private PartyId self = PartyId.P0;

  @Option(
      names = "--holder",
      required = true,
      paramLabel = "PARTY=HOST:PORT",
      description = "Where each holder listens, this one too; the same at all of them.")
  private Map<PartyId, String> holders = new EnumMap<>(PartyId.class);

  @Option(
      names = "--session",
      required = true,
      description = "A name for this run, the same at all holders.")
  private String session = "";

  @Option(names = "--file", required = true, description = "This holder's rows, CSV.")
  private Path file = Path.of("");

  @Option(names = "--id", required = true, description = "The column that names the rows.")
  private String id = "";

  @Option(names = "--output", required = true, description = "For the common rows, CSV in UTF-8.")
  private Path output = Path.of("");

  @Mixin private final CsvOptions text = new CsvOptions();

  @Option(
      names = "--pad-to",
      defaultValue = "1",
      description =
          "Round the number of rows up to a multiple of this before others learn it. Default:"
              + " ${DEFAULT-VALUE}.")
  private int padTo = 1;

  @Option(
      names = "--timeout",
      defaultValue = "300",
      description = "Seconds to wait for a holder. Default: ${DEFAULT-VALUE}.")
  private int timeout = 300;

  @Mixin private final TlsOptions tls = new TlsOptions();

  @Spec private @Nullable CommandSpec command;

  @Override
  public Integer call() {
    if (command == null) {
      return 2;
    }
    AtLeastOne.require(command, "--pad-to", padTo);
    AtLeastOne.require(command, "--timeout", timeout);
    NettyConfig config = config();
    CsvFile csv = text.of(file);
    List<String> ids = RowIds.read(csv, id);
    try (OutputFile aligned = new OutputFile(output)) {
      int[] rows = align(config, ids);
      aligned.write(
          stream -> {
            Writer writer =
                new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
            RowSelection.write(csv, rows, writer);
          });
      PrintWriter out = command.commandLine().getOut();
      out.printf("%d of %d rows are common; written to %s%n", rows.length, ids.size(), output);
      out.flush();
    }
    return 0;
  }

  private int[] align(NettyConfig config, List<String> ids) {
    try (Network network = NettyNetwork.connect(config);
        ProgressBar bar = ProgressBar.start("aligning", "percent", PARTS)) {
      AlignmentOptions options =
          AlignmentOptions.standard()
              .withPadTo(padTo)
              .withProgress(part -> bar.update(Math.round(PARTS * part), 0));
      return RowAlignment.align(network, 1, holders.keySet(), ids, options);
    }
  }

  private NettyConfig config() {
    Map<PartyId, InetSocketAddress> addresses = new EnumMap<>(PartyId.class);
    holders.forEach((party, address) -> addresses.put(party, address(party, address)));
    Duration patience = Duration.ofSeconds(timeout);
    return NettyConfig.of(
            self,
            holders.keySet(),
            addresses,
            UUID.nameUUIDFromBytes(session.getBytes(StandardCharsets.UTF_8)),
            tls.security())
        .withConnectTimeout(patience)
        .withOptions(NetworkOptions.DEFAULT.withIoTimeout(patience));
  }

  private InetSocketAddress address(PartyId party, String text) {
    int colon = text.lastIndexOf(':');
    try {
      return new InetSocketAddress(
          text.substring(0, Math.max(0, colon)), Integer.parseInt(text.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          Objects.requireNonNull(command).commandLine(),
          "The address " + text + " of " + party + " is not HOST:PORT.",
          e);
    }
  }
}
