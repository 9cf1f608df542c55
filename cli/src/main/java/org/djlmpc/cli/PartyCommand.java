package org.djlmpc.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.djlmpc.error.MpcException;
import org.djlmpc.protocol.AssistantServer;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.protocol.ShareHolder;
import org.djlmpc.session.Session;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.netty.NettyConfig;
import org.djlmpc.transport.netty.NettyNetwork;
import picocli.CommandLine.Command;

/**
 * One party of a measured job as a process: reads its assignment from standard input, and writes
 * progress and its result to standard output, one JSON object a line.
 */
@Command(
    name = "party",
    description = "One party of a benchmark; started by the other commands.",
    hidden = true)
final class PartyCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public Integer call() throws InterruptedException {
    PrintStream out = System.out;
    try {
      ProcessRunner.Assignment assignment =
          JSON.readValue(System.in, ProcessRunner.Assignment.class);
      List<JobResult> results = run(assignment, out);
      print(
          out,
          Map.of("results", results, "peak_memory", ResidentMemory.peak(ProcessHandle.current())));
      return 0;
    } catch (MpcException e) {
      print(out, Map.of("failure", String.valueOf(e.getMessage())));
      return 1;
    } catch (IOException e) {
      print(out, Map.of("failure", "The assignment cannot be read."));
      return 2;
    }
  }

  private static List<JobResult> run(ProcessRunner.Assignment assignment, PrintStream out)
      throws InterruptedException {
    JobSpec job = assignment.job();
    ProtocolSuite suite = job.suite();
    PartyOptions options = job.options();
    try (Session session = Session.open(connect(assignment, options), options.session(suite))) {
      PartyId self = assignment.self();
      if (self == PartyId.P0 || self == PartyId.P1) {
        return Job.of(job)
            .run(
                new ShareHolder(session, suite),
                (label, steps, bytes) ->
                    print(out, Map.of("step", label, "steps", steps, "bytes", bytes)));
      }
      try (AssistantServer server = AssistantServer.start(session, suite)) {
        server.awaitEnd();
        return List.of();
      }
    }
  }

  private static Network connect(ProcessRunner.Assignment assignment, PartyOptions options) {
    Map<PartyId, InetSocketAddress> addresses = new EnumMap<>(PartyId.class);
    assignment
        .ports()
        .forEach(
            (party, port) ->
                addresses.put(
                    party, new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
    return NettyNetwork.connect(
        NettyConfig.of(assignment.self(), addresses.keySet(), addresses, assignment.session())
            .withOptions(options.network()));
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
