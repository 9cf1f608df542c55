package org.djlmpc.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.ring.Kernels;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.certificates.Identity;
import org.djlmpc.transport.certificates.IdentityFiles;
import org.djlmpc.transport.netty.ConnectionSecurity;
import org.djlmpc.transport.netty.MutualTls;
import org.djlmpc.transport.netty.NettyConfig;
import org.djlmpc.transport.netty.PlainTcp;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * One party of a measured job as a process of this machine: reads its assignment from standard
 * input, and writes progress and its result to standard output, one JSON object a line. Ends when
 * standard input does: then the command that started it is gone.
 */
@Command(
    name = LocalPartyCommand.NAME,
    description = "One party of a benchmark; started by the other commands.",
    hidden = true)
final class LocalPartyCommand implements Callable<Integer> {
  static final String NAME = "local-party";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ORPHANED = 3;
  private static final int SHARE_HOLDERS = 2;

  @Parameters(paramLabel = "PARTY", description = "P0, P1 or P2: for those who list processes.")
  private PartyId self = PartyId.P0;

  @Override
  public Integer call() {
    PrintStream out = System.out;
    // nothing but answers may be printed there
    System.setOut(System.err);
    try {
      List<JobResult> results = run(assignment(), out);
      print(
          out,
          Map.of(
              "results", results,
              "peak_memory", ResidentMemory.peak(ProcessHandle.current()),
              "kernels", Kernels.best().name()));
      return 0;
    } catch (InterruptedException | IOException | RuntimeException | Error e) {
      Failure failure = Failure.of(e);
      if (failure.code() == ErrorCode.INTERNAL) {
        e.printStackTrace();
      }
      print(out, Map.of("failure", failure));
      return 1;
    }
  }

  private PartyProcess.Assignment assignment() throws IOException {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line = input.readLine();
    Thread watch = new Thread(() -> haltAtEnd(input), "djl-mpc-watch");
    watch.setDaemon(true);
    watch.start();
    PartyProcess.Assignment assignment =
        JSON.readValue(line == null ? "" : line, PartyProcess.Assignment.class);
    if (assignment.self() != self) {
      throw new IOException("The assignment is for " + assignment.self() + ".");
    }
    return assignment;
  }

  private static void haltAtEnd(BufferedReader input) {
    try {
      while (input.readLine() != null) {
        // nothing more is expected
      }
    } catch (IOException e) {
      // as good as the end
    }
    Runtime.getRuntime().halt(ORPHANED);
  }

  private static List<JobResult> run(PartyProcess.Assignment assignment, PrintStream out)
      throws InterruptedException {
    Map<PartyId, InetSocketAddress> addresses = new EnumMap<>(PartyId.class);
    assignment
        .ports()
        .forEach(
            (party, port) ->
                addresses.put(
                    party, new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
    NettyConfig config =
        NettyConfig.of(
            assignment.self(),
            addresses.keySet(),
            addresses,
            assignment.session(),
            security(assignment.tls()));
    JobSpec job = assignment.job();
    // threads of one process hold one copy of the keys, processes one each, on the same machine
    PartyOptions options = job.options();
    PartyOptions divided = options.withKeyWindow(options.keyWindow().dividedAmong(SHARE_HOLDERS));
    return PartyRun.run(job, divided, config, new PrintedProgress(out));
  }

  private static ConnectionSecurity security(String directory) {
    return directory.isEmpty()
        ? PlainTcp.LOOPBACK_ONLY
        : MutualTls.of(Identity.load(IdentityFiles.in(Path.of(directory))));
  }

  private record PrintedProgress(PrintStream out) implements Job.Progress {
    @Override
    public void begin(int steps) {
      print(out, Map.of("begin", steps));
    }

    @Override
    public void step(String label, long bytes) {
      print(out, Map.of("step", label, "bytes", bytes));
    }
  }

  private static void print(PrintStream out, Map<String, ?> message) {
    try {
      out.println(JSON.writeValueAsString(message));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
