package org.djlmpc.cli;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.djlmpc.protocol.Bilinear;
import org.djlmpc.protocol.PlanLog;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.protocol.SecretMath;
import org.djlmpc.protocol.Share;
import org.djlmpc.protocol.ShareHolder;
import org.djlmpc.ring.ConvolutionSpec;
import org.djlmpc.ring.IndexMap;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Request;
import org.djlmpc.session.Statistics;
import org.djlmpc.transport.PartyId;

/**
 * One operator on secret values, checked element by element at P1 against exact ring arithmetic.
 *
 * <p>P0 owns the second argument of products, P1 the first; both are drawn from public seeds, so
 * that P1 can check.
 */
final class OperatorJob implements Job {
  private static final int CHANNELS = 64;
  private static final int POOL_SIDE = 32;

  private final JobSpec spec;

  OperatorJob(JobSpec spec) {
    this.spec = spec;
  }

  /** Shapes of the arguments. */
  List<Shape> shapes() {
    int n = spec.size();
    return switch (spec.kind()) {
      case RELU -> List.of(new Shape(n));
      case MATMUL -> List.of(new Shape(n, n), new Shape(n, n));
      case CONV -> List.of(new Shape(1, CHANNELS, n, n), new Shape(CHANNELS, CHANNELS, 3, 3));
      case MAXPOOL ->
          List.of(new Shape(1, Math.max(1, n / (POOL_SIDE * POOL_SIDE)), POOL_SIDE, POOL_SIDE));
      case INFER -> throw new IllegalStateException("a network is no operator");
    };
  }

  static ConvolutionSpec convolution() {
    return new ConvolutionSpec(1, 1, 1, 1, 1, 1, 1);
  }

  /** ReLU over the whole ring; the maximum over half of it; products of numbers in [-1, 1). */
  private RingTensor values(int argument, int run) {
    SplittableRandom random = new SplittableRandom(31L * run + argument);
    int bits =
        switch (spec.kind()) {
          case RELU -> spec.ringBits();
          case MAXPOOL -> spec.ringBits() - 1;
          default -> spec.fractionBits() + 1;
        };
    return RingTensor.tabulate(
        spec.ring(), shapes().get(argument), i -> random.nextLong() >> (Long.SIZE - bits));
  }

  private Share compute(Protocol protocol, List<Share> in) {
    SecretMath math = new SecretMath(protocol);
    return switch (spec.kind()) {
      case RELU -> protocol.relu(in.get(0), 0);
      case MATMUL -> math.rescale(math.multiply(Bilinear.MATMUL, in.get(0), in.get(1)));
      case CONV ->
          math.rescale(math.multiply(Bilinear.convolution(convolution()), in.get(0), in.get(1)));
      case MAXPOOL -> math.maximumOfFirstAxis(protocol.rearrange(in.get(0), windows()));
      case INFER -> throw new IllegalStateException("a network is no operator");
    };
  }

  private IndexMap windows() {
    return IndexMap.windows(shapes().get(0), 2, 2, 2, 2, 0, 0, POOL_SIDE / 2, POOL_SIDE / 2);
  }

  /** The exact result in the ring, before rescaling. */
  private RingTensor exact(int run) {
    RingTensor x = values(0, run);
    return switch (spec.kind()) {
      case RELU -> RingTensor.tabulate(spec.ring(), x.shape(), i -> Math.max(0, x.getLong(i)));
      case MATMUL -> x.matmul(values(1, run));
      case CONV -> x.convolution(values(1, run), convolution());
      case MAXPOOL -> {
        RingTensor w = x.rearrange(windows());
        int inner = w.size() / 4;
        yield RingTensor.tabulate(
            spec.ring(),
            w.shape().slice(1),
            i ->
                Math.max(
                    Math.max(w.getLong(i), w.getLong(i + inner)),
                    Math.max(w.getLong(i + 2 * inner), w.getLong(i + 3 * inner))));
      }
      case INFER -> throw new IllegalStateException("a network is no operator");
    };
  }

  @Override
  public List<JobResult> run(ShareHolder holder, Progress progress) {
    List<JobResult> results = new ArrayList<>();
    for (int i = 0; i < spec.repeat(); i++) {
      int run = i;
      results.add(holder.run(1L + i, (request, suite) -> run(request, suite, run)));
      progress.step(spec.kind().name(), spec.repeat(), 0);
    }
    return results;
  }

  private JobResult run(Request request, ProtocolSuite suite, int run) {
    announce(request, suite);
    request.online();
    Protocol protocol = suite.bind(request);
    List<Share> inputs = new ArrayList<>();
    for (int i = 0; i < shapes().size(); i++) {
      PartyId owner = i == 0 ? PartyId.P1 : PartyId.P0;
      RingTensor own = request.self() == owner ? values(i, run) : null;
      inputs.add(protocol.input(owner, shapes().get(i), spec.fractionBits(), own));
    }
    // making the test data is not part of the job
    Statistics start = request.statistics();
    Share result = compute(protocol, inputs);
    request.opener().flush();
    Statistics end = request.statistics();
    Statistics cost =
        new Statistics(
            end.offlineNanos(),
            end.onlineNanos() - start.onlineNanos(),
            end.offlineBytesSent(),
            end.offlineBytesReceived(),
            end.onlineBytesSent() - start.onlineBytesSent(),
            end.onlineBytesReceived() - start.onlineBytesReceived(),
            end.rounds() - start.rounds());
    RingTensor revealed = protocol.reveal(result, Set.of(PartyId.P1), "result of a benchmark");
    return revealed == null
        ? new JobResult(cost, List.of(), cost.offlineBytesReceived(), new float[0], 0, 0)
        : check(revealed, run, cost);
  }

  /** A rescaled product may be one unit above the floor; everything else is exact. */
  private JobResult check(RingTensor revealed, int run, Statistics cost) {
    RingTensor exact = exact(run);
    boolean product = spec.kind() == JobSpec.Kind.MATMUL || spec.kind() == JobSpec.Kind.CONV;
    long errors = 0;
    double largest = 0;
    for (int i = 0; i < revealed.size(); i++) {
      long floor = product ? exact.getLong(i) >> spec.fractionBits() : exact.getLong(i);
      long difference = revealed.getLong(i) - floor;
      if (difference != 0 && !(product && difference == 1)) {
        errors++;
      }
      double wanted = product ? Math.scalb((double) exact.getLong(i), -spec.fractionBits()) : floor;
      largest =
          Math.max(
              largest, Math.scalb(Math.abs(revealed.getLong(i) - wanted), -spec.fractionBits()));
    }
    return new JobResult(
        cost, List.of(), cost.offlineBytesReceived(), new float[0], errors, largest);
  }

  private void announce(Request request, ProtocolSuite suite) {
    PlanLog log = new PlanLog();
    Ring ring = spec.ring();
    Protocol planner = suite.plan(request.self(), request.id(), ring, spec.fractionBits(), log);
    List<Share> absent = new ArrayList<>();
    for (Shape shape : shapes()) {
      absent.add(planner.fromClient(RingTensor.absent(ring, shape), spec.fractionBits()));
    }
    compute(planner, absent);
    request.announce(log.operations());
  }
}
