package org.djlmpc.cli;

import java.util.List;
import java.util.Optional;
import org.djlmpc.error.MpcException;
import org.djlmpc.protocol.AssistantServer;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.protocol.ShareHolder;
import org.djlmpc.session.Session;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.netty.NettyConfig;
import org.djlmpc.transport.netty.NettyNetwork;

/** One party's part in a job, in this process, with the others over the network. */
final class PartyRun {
  private PartyRun() {}

  /**
   * Connects and does the part.
   *
   * @param options of the job, for this machine
   * @return the results of a share holder, one for each run; nothing for an assistant
   * @throws MpcException why the first request failed, if one did
   */
  static List<JobResult> run(
      JobSpec job, PartyOptions options, NettyConfig config, Job.Progress progress)
      throws InterruptedException {
    ProtocolSuite suite = job.suite();
    NettyConfig limited =
        config.withConnectTimeout(options.timeout()).withOptions(options.network());
    try (Session session = Session.open(NettyNetwork.connect(limited), options.session(suite))) {
      PartyId party = config.self();
      if (party == PartyId.P0 || party == PartyId.P1) {
        return Job.of(job).run(new ShareHolder(session, suite), progress);
      }
      try (AssistantServer server = AssistantServer.start(session, suite)) {
        Optional<MpcException> failure = server.awaitEnd();
        if (failure.isPresent()) {
          throw failure.get();
        }
        return List.of();
      }
    }
  }
}
