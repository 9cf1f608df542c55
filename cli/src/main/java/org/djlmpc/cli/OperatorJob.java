package org.djlmpc.cli;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.djlmpc.protocol.Cost;
import org.djlmpc.protocol.PlanLog;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.protocol.Share;
import org.djlmpc.protocol.ShareHolder;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Request;
import org.djlmpc.session.Statistics;
import org.djlmpc.transport.PartyId;

/**
 * Operators on secret values, each a request of its own, checked element by element at P1 against
 * exact ring arithmetic. Sharing the arguments and revealing the result are not counted.
 */
final class OperatorJob implements Job {
  private final JobSpec spec;
  private final List<? extends Workload> workloads;

  /**
   * The workloads of a job.
   *
   * @param workloads run one after the other; one result for each
   */
  OperatorJob(JobSpec spec, List<? extends Workload> workloads) {
    this.spec = spec;
    this.workloads = workloads;
  }

  /** One operator, as often as the job says. */
  static OperatorJob repeated(JobSpec spec) {
    return new OperatorJob(spec, Collections.nCopies(spec.repeat(), new OperatorWorkload(spec)));
  }

  /** What the protocol declares that a workload costs. */
  static Cost declared(JobSpec spec, Workload workload) {
    PlanLog log = new PlanLog();
    plan(spec, workload, spec.suite().plan(PartyId.P0, 1, spec.ring(), spec.fractionBits(), log));
    return log.cost();
  }

  @Override
  public List<JobResult> run(ShareHolder holder, Progress progress) {
    List<JobResult> results = new ArrayList<>();
    progress.begin(workloads.size());
    for (int i = 0; i < workloads.size(); i++) {
      Workload workload = workloads.get(i);
      int run = i;
      List<RingTensor> arguments = new ArrayList<>();
      for (int argument = 0; argument < workload.shapes().size(); argument++) {
        boolean own = holder.session().self() == owner(argument);
        arguments.add(
            own
                ? workload.values(argument, run)
                : RingTensor.absent(spec.ring(), workload.shapes().get(argument)));
      }
      // both have their data: no one's clock counts the other's preparations
      holder.run(
          2L * i + 1,
          (request, suite) -> {
            request.agree(new byte[] {1});
            return run;
          });
      JobResult result =
          holder.run(2L * i + 2, (request, suite) -> run(request, suite, workload, arguments, run));
      results.add(result);
      progress.step(
          spec.kind().name(),
          result.total().onlineBytesSent() + result.total().onlineBytesReceived());
    }
    return results;
  }

  private static PartyId owner(int argument) {
    return argument == 0 ? PartyId.P1 : PartyId.P0;
  }

  private JobResult run(
      Request request,
      ProtocolSuite suite,
      Workload workload,
      List<RingTensor> arguments,
      int run) {
    announce(request, suite, workload);
    request.online();
    Protocol protocol = suite.bind(request);
    List<Share> inputs = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      PartyId owner = owner(i);
      RingTensor own = request.self() == owner ? arguments.get(i) : null;
      inputs.add(protocol.input(owner, workload.shapes().get(i), spec.fractionBits(), own));
    }
    Statistics start = request.statistics();
    Share result = workload.compute(protocol, inputs);
    request.opener().flush();
    Statistics cost = request.statistics().minus(start);
    Statistics total =
        new Statistics(
            cost.offlineNanos() + start.offlineNanos(),
            cost.onlineNanos(),
            cost.offlineBytesSent() + start.offlineBytesSent(),
            cost.offlineBytesReceived() + start.offlineBytesReceived(),
            cost.onlineBytesSent(),
            cost.onlineBytesReceived(),
            cost.rounds());
    long keys = JobResult.keyBytes(request, suite);
    RingTensor revealed = protocol.reveal(result, Set.of(PartyId.P1), "result of a benchmark");
    return revealed == null
        ? JobResult.ofCost(total, keys)
        : check(revealed, workload, run, total, keys);
  }

  /** A rescaled product may be one unit above the floor; everything else is exact. */
  private JobResult check(
      RingTensor revealed, Workload workload, int run, Statistics total, long keys) {
    List<RingTensor> arguments = new ArrayList<>();
    for (int i = 0; i < workload.shapes().size(); i++) {
      arguments.add(workload.values(i, run));
    }
    RingTensor exact = workload.exact(arguments);
    int bits = workload.rescaledBits();
    long errors = 0;
    double largest = 0;
    for (int i = 0; i < revealed.size(); i++) {
      long difference = revealed.getLong(i) - (exact.getLong(i) >> bits);
      errors += difference == 0 || (bits > 0 && difference == 1) ? 0 : 1;
      double wanted = Math.scalb((double) exact.getLong(i), -bits);
      largest =
          Math.max(
              largest, Math.scalb(Math.abs(revealed.getLong(i) - wanted), -spec.fractionBits()));
    }
    return new JobResult(Statistics.ZERO, total, List.of(), keys, List.of(), errors, largest);
  }

  private void announce(Request request, ProtocolSuite suite, Workload workload) {
    PlanLog log = new PlanLog();
    plan(
        spec,
        workload,
        suite.plan(request.self(), request.id(), spec.ring(), spec.fractionBits(), log));
    request.announce(log.operations());
  }

  private static void plan(JobSpec spec, Workload workload, Protocol planner) {
    List<Share> absent = new ArrayList<>();
    for (Shape shape : workload.shapes()) {
      absent.add(planner.fromClient(RingTensor.absent(spec.ring(), shape), spec.fractionBits()));
    }
    workload.compute(planner, absent);
  }
}
