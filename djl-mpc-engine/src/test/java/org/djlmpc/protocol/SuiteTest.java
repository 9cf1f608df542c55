package org.djlmpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.djlmpc.ring.ConvolutionSpec;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Request;
import org.djlmpc.session.Statistics;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/** What tests of any suite share: values, programs, and the comparison with declared costs. */
public abstract class SuiteTest {
  static final Duration TIME = Duration.ofMinutes(3);
  static final Set<PartyId> BOTH = Set.of(PartyId.P0, PartyId.P1);

  /** The suite under test. */
  protected abstract ProtocolSuite suite();

  /** Its ring. */
  protected abstract Ring ring();

  /** Settings of the parties. */
  protected PartyOptions options() {
    return PartyOptions.DEFAULT.withFixedPoint(ring(), 8).withTimeout(Duration.ofSeconds(60));
  }

  // ---- values

  final long limit(int belowTop) {
    return 1L << (ring().bits() - belowTop);
  }

  /**
   * 0, ±1, the ends of the open interval (-limit, limit), powers of two and their neighbours, and
   * random values.
   */
  final RingTensor values(long limit, int random, long seed) {
    List<Long> list = new ArrayList<>(List.of(0L, 1L, -1L, 2L, -2L, limit - 1, -limit + 1));
    for (long power = 4; power > 0 && power < limit; power <<= 3) {
      list.addAll(List.of(power, -power, power - 1, -power + 1));
    }
    new Random(seed).longs(random, -limit + 1, limit).forEach(list::add);
    return RingTensor.tabulate(ring(), new Shape(list.size()), list::get);
  }

  final RingTensor shuffled(RingTensor x, long seed) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < x.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(seed));
    return RingTensor.tabulate(ring(), x.shape(), i -> x.getLong(order.get(i)));
  }

  final RingTensor random(Shape shape, long seed) {
    Random random = new Random(seed);
    return RingTensor.tabulate(ring(), shape, i -> random.nextLong());
  }

  static List<Long> longs(@Nullable RingTensor x) {
    assertThat(x).isNotNull();
    return LongStream.range(0, x.size()).mapToObj(i -> x.getLong((int) i)).toList();
  }

  // ---- programs

  /** A computation on shares. */
  interface Work {
    Share run(Protocol protocol, List<Share> inputs);
  }

  /** A computation with the values to try it on. */
  record Example(String name, Work work, RingTensor... inputs) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Every interactive primitive, on small tensors. */
  final List<Example> examples() {
    RingTensor x = random(new Shape(2, 3), 1);
    RingTensor y = random(new Shape(2, 3), 2);
    RingTensor small = values(limit(2), 0, 3);
    RingTensor bits = RingTensor.tabulate(ring(), x.shape(), i -> i % 2);
    var conv = Bilinear.convolution(new ConvolutionSpec(1, 1, 1, 0, 1, 1, 1));
    return List.of(
        new Example(
            "multiply", (p, in) -> p.multiply(Bilinear.ELEMENTWISE, in.get(0), in.get(1)), x, y),
        new Example("linear", (p, in) -> p.multiply(Bilinear.LINEAR, in.get(0), in.get(1)), x, y),
        new Example(
            "convolve",
            (p, in) -> p.multiply(conv, in.get(0), in.get(1)),
            random(new Shape(1, 2, 4, 4), 4),
            random(new Shape(3, 2, 3, 3), 5)),
        new Example("truncate", (p, in) -> p.truncate(p.withScale(in.get(0), 5), 5), small),
        new Example("relu", (p, in) -> p.relu(in.get(0), 0), x),
        new Example("truncate and relu", (p, in) -> p.relu(p.withScale(in.get(0), 5), 5), small),
        new Example(
            "truncate and relu, both",
            (p, in) -> {
              Protocol.Truncated both = p.truncateAndRelu(p.withScale(in.get(0), 5), 5);
              return p.add(both.value(), both.positive());
            },
            small),
        new Example(
            "truncate and clip",
            (p, in) -> p.clip(p.withScale(in.get(0), 5), 5, -30, 7).clipped(),
            small),
        new Example("nonNegative", (p, in) -> p.nonNegative(in.get(0)), x),
        new Example("isZero", (p, in) -> p.isZero(in.get(0)), x),
        new Example("select", (p, in) -> p.select(in.get(1), in.get(0)), x, bits),
        new Example("maximum", (p, in) -> p.maximum(in.get(0), in.get(1)), small, small));
  }

  /** Shares of P0's values. */
  static List<Share> inputs(Protocol protocol, RingTensor... values) {
    List<Share> shares = new ArrayList<>();
    for (RingTensor input : values) {
      shares.add(
          protocol.input(
              PartyId.P0, input.shape(), 0, protocol.self() == PartyId.P0 ? input : null));
    }
    return shares;
  }

  /** What a planner says about the work. */
  final PlanLog plan(Request request, Work work, List<Share> inputs) {
    PlanLog log = new PlanLog();
    Protocol planner =
        suite().plan(request.self(), request.id(), ring(), options().fractionBits(), log);
    work.run(planner, inputs.stream().map(planner::shadow).toList());
    return log;
  }

  /** What a program gave and cost one party, and what was declared for it. */
  record Run(RingTensor output, Statistics measured, Cost declared) {}

  /**
   * Runs the work in a request, with the cost that a planner declares for it.
   *
   * @param announced whether all operations are announced beforehand, or each when it comes
   */
  final Run run(
      Request request, Protocol protocol, Work work, List<Share> inputs, boolean announced) {
    PlanLog log = plan(request, work, inputs);
    Statistics before = request.statistics();
    if (announced) {
      request.announce(log.operations());
    }
    request.online();
    Share result = work.run(protocol, inputs);
    request.opener().flush();
    Statistics measured = request.statistics().minus(before);
    RingTensor output = protocol.reveal(result, BOTH, "test");
    assertThat(output).isNotNull();
    return new Run(output, measured, log.cost());
  }

  /** Checks that both parties learnt the same, and that it cost what was declared. */
  static RingTensor checked(ThreadedParties.Results<Run> runs) {
    Run p0 = runs.p0();
    Run p1 = runs.p1();
    assertThat(longs(p0.output)).isEqualTo(longs(p1.output));
    assertThat(p0.declared).as("declared at P0").isEqualTo(p1.declared);
    Cost declared = p0.declared;
    // a message to one party only makes its chain longer than the other's
    assertThat(Math.max(p0.measured.rounds(), p1.measured.rounds()))
        .as("rounds")
        .isEqualTo(declared.rounds());
    assertThat(p0.measured.onlineBytesSent())
        .as("online bytes of P0")
        .isEqualTo(declared.onlineBytesP0());
    assertThat(p1.measured.onlineBytesSent())
        .as("online bytes of P1")
        .isEqualTo(declared.onlineBytesP1());
    assertThat(p0.measured.offlineBytesReceived())
        .as("key bytes of P0")
        .isEqualTo(declared.keyBytesP0());
    assertThat(p1.measured.offlineBytesReceived())
        .as("key bytes of P1")
        .isEqualTo(declared.keyBytesP1());
    return p0.output;
  }
}
