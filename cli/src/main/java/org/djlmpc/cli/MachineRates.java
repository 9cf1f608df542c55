package org.djlmpc.cli;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.Operators;
import org.djlmpc.graph.Pooling;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.graph.Traced;
import org.djlmpc.graph.Tracer;
import org.djlmpc.session.Statistics;

/**
 * How fast this machine is, in seconds, when all parties share it: measured on small networks that
 * run through the whole system, so that keys, kernels, memory and channels are in the figures.
 *
 * @param relu for a byte of keys of a ReLU, which both parties received together
 * @param maximum for a byte of keys of a maximum
 * @param traffic for a byte that a party sends online
 * @param round for a round of small messages
 */
record MachineRates(Pair relu, Pair maximum, Pair traffic, Pair round) {
  /** Elements of the samples: large enough for the speed of large layers, and done in 0.1 s. */
  private static final int ELEMENTS = 1 << 16;

  private static final int DEPTH = 8;
  private static final int WIDTH = 8;

  /** Before those that count, in a JVM that the first sample has warmed up. */
  private static final int UNREPORTED = 7;

  private static final int REPORTED = 5;

  /**
   * Seconds before and while the inputs are there.
   *
   * @param offline on preprocessing
   * @param online on everything else
   */
  record Pair(double offline, double online) {
    static final Pair ZERO = new Pair(0, 0);

    Pair times(double offlineFactor, double onlineFactor) {
      return new Pair(offline * offlineFactor, online * onlineFactor);
    }

    Pair times(double factor) {
      return times(factor, factor);
    }

    Pair plus(Pair other) {
      return new Pair(offline + other.offline, online + other.online);
    }
  }

  /** One sample's run. */
  private record Sample(Pair seconds, long keys, long sent, int rounds) {}

  /** Measures this machine with the protocol of a job, in some seconds. */
  static MachineRates measure(JobSpec spec) {
    // small messages first, as often as it takes: cold code is most of what they cost
    Sample chain = run(spec, new Shape(1, WIDTH), MachineRates::chain, Warmup.AUTO);
    Pair round = chain.seconds.times(1.0 / chain.rounds);
    Sample relu =
        run(
            spec,
            new Shape(ELEMENTS),
            (o, x) -> o.operators().unary(Operators.Unary.RELU, x),
            UNREPORTED);
    Sample maximum =
        run(
            spec,
            new Shape(1, 1, 256, ELEMENTS / 256),
            (o, x) ->
                o.operators()
                    .pool(x, new Pooling(Pooling.Kind.MAX, 2, 2, 2, 2, 0, 0, false, false)),
            UNREPORTED);
    Sample wide =
        run(
            spec,
            new Shape(ELEMENTS / WIDTH, WIDTH),
            (o, x) -> o.operators().linear(x, weight(o, "wide", 1), null),
            UNREPORTED);
    return new MachineRates(
        perUnit(relu, round, sample -> sample.keys),
        perUnit(maximum, round, sample -> sample.keys),
        perUnit(wide, round, sample -> sample.sent),
        round);
  }

  private static Pair perUnit(Sample sample, Pair round, ToLongFunction<Sample> units) {
    Pair rest = sample.seconds.plus(round.times(-sample.rounds));
    // a machine that is busy may be slower at nothing than at something
    Pair least = sample.seconds.times(0.25);
    return new Pair(Math.max(rest.offline, least.offline), Math.max(rest.online, least.online))
        .times(1.0 / Math.max(1, units.applyAsLong(sample)));
  }

  private static Traced chain(Tracer tracer, Traced x) {
    Traced value = x;
    for (int i = 0; i < DEPTH; i++) {
      value = tracer.operators().linear(value, weight(tracer, "w" + i, WIDTH), null);
      value = tracer.operators().unary(Operators.Unary.RELU, value);
    }
    return value;
  }

  private static Traced weight(Tracer tracer, String name, int rows) {
    return tracer.weight(name, PublicTensor.full(new Shape(rows, WIDTH), DataType.FLOAT32, 0.1));
  }

  private static Sample run(
      JobSpec spec, Shape shape, BiFunction<Tracer, Traced, Traced> network, int warmup) {
    Tracer tracer = new Tracer();
    Traced input = tracer.input("x", shape, DataType.FLOAT32);
    Graph graph = tracer.finish(List.of(network.apply(tracer, input)));
    JobRunner.Outcome outcome =
        new Warmup(warmup, Warmup.ENOUGH_SECONDS, true)
            .run(
                spec.forSample(List.of(JobSpec.Input.of("", shape)), REPORTED),
                job -> new ThreadRunner().run(job, new InferJob(job, graph), Job.Progress.SILENT));
    double[] offline = new double[REPORTED];
    double[] online = new double[REPORTED];
    for (int i = 0; i < REPORTED; i++) {
      Statistics p0 = outcome.p0().get(i).total();
      Statistics p1 = outcome.p1().get(i).total();
      offline[i] = Math.max(p0.offlineNanos(), p1.offlineNanos()) / 1e9;
      online[i] = Math.max(p0.onlineNanos(), p1.onlineNanos()) / 1e9;
    }
    JobResult p0 = outcome.p0().get(REPORTED - 1);
    JobResult p1 = outcome.p1().get(REPORTED - 1);
    return new Sample(
        new Pair(median(offline), median(online)),
        p0.keyBytes() + p1.keyBytes(),
        Math.max(p0.total().onlineBytesSent(), p1.total().onlineBytesSent()),
        Math.max(p0.total().rounds(), p1.total().rounds()));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
