package org.djlmpc.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.djlmpc.layers.networks.FashionMnist;
import org.djlmpc.layers.networks.Network;
import org.djlmpc.session.Statistics;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The main job: a trained LeNet classifies real images that nobody sees. */
@Command(
    name = "demo",
    description =
        "Classifies 200 Fashion-MNIST images with a secret LeNet, and checks the answers.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final int USUAL_RING = 64;
  private static final int USUAL_FRACTION_BITS = 16;
  private static final double USUAL_DIFFERENCE = 0.01;

  private static final String PASSED =
      "PASSED: every answer agrees with plaintext, or differs by less than the expected error.";
  private static final String FAILED =
      "FAILED: outputs differ from plaintext by more than rounding explains.";
  private static final String NEXT =
      "Next: README.md, \"Encrypt your own model in one line\"; SECURITY.md says what is protected.";

  @Mixin private final JobOptions options = new JobOptions();

  @Mixin private final ProcessOptions processes = new ProcessOptions();

  @Option(
      names = "--images",
      defaultValue = "200",
      description = "How many of the 200 images. Default: all.")
  private int images = 200;

  @Spec private @Nullable CommandSpec command;

  @Override
  public Integer call() {
    if (command == null) {
      return 2;
    }
    PrintWriter out = command.commandLine().getOut();
    FashionMnist sample = FashionMnist.testSample();
    if (images < 1 || images > sample.size()) {
      throw options.wrong(
          "--images " + images + " are not there; give 1 to " + sample.size() + ".");
    }
    JobSpec spec = options.inference("lenet", images, null);
    float[] plain = Plaintext.measure(spec).outputs().get(0).floats();
    ErrorFigures errors = ErrorFigures.of(spec);
    out.printf(
        "LeNet, %d Fashion-MNIST images, %s, %s; P0 owns the network, P1 the images, P2 deals.%n",
        images,
        spec.protocol(),
        processes.chosen
            ? "three processes over loopback " + (processes.tls(true) ? "TLS" : "TCP")
            : "all parties as threads");
    out.flush();
    JobRunner.Outcome outcome = Progress.run(processes.runner(true), spec, "private inference");
    JobResult p0 = outcome.p0().get(outcome.p0().size() - 1);
    JobResult p1 = outcome.p1().get(outcome.p1().size() - 1);
    costs(out, p0, p1);
    float[] secret = p1.outputs().get(0).values();
    int classes = Network.LENET.classes();
    Agreement agreement = Agreement.of(plain, secret, classes);
    int[] labels = sample.labels(0, images);
    out.printf(
        Locale.ROOT, "plaintext accuracy      %6.2f %%%n", 100 * accuracy(plain, labels, classes));
    out.printf(
        Locale.ROOT, "private accuracy        %6.2f %%%n", 100 * accuracy(secret, labels, classes));
    out.printf(Locale.ROOT, "same answer             %6.2f %%%n", 100 * agreement.sameTop1());
    out.printf(Locale.ROOT, "largest logit difference  %.6f%n", agreement.largestDifference());
    out.printf(
        Locale.ROOT, "expected error            %.6f  (from rehearsals)%n", errors.expected());
    out.printf(Locale.ROOT, "worst-case error          %.6f%n", errors.worstCase());
    outcome
        .peakMemory()
        .forEach(
            (process, bytes) ->
                out.printf("peak memory of %-6s     %s%n", process, Quantities.bytes(bytes)));
    boolean passed = passes(spec, agreement, Math.min(errors.expected(), errors.worstCase()));
    out.println(passed ? PASSED : FAILED);
    out.println(NEXT);
    out.flush();
    return passed ? 0 : 1;
  }

  /**
   * Whether rounding explains all differences: none is larger than expected, nor, with the usual
   * encoding, larger than 0.01.
   */
  static boolean passes(JobSpec spec, Agreement agreement, double bound) {
    boolean usual = spec.ringBits() == USUAL_RING && spec.fractionBits() == USUAL_FRACTION_BITS;
    return agreement.explainedBy(bound)
        && (!usual || agreement.largestDifference() <= USUAL_DIFFERENCE);
  }

  private static double accuracy(float[] outputs, int[] labels, int classes) {
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      right += Agreement.top1(outputs, i, classes) == labels[i] ? 1 : 0;
    }
    return right / (double) labels.length;
  }

  private static void costs(PrintWriter out, JobResult p0, JobResult p1) {
    TextTable table =
        new TextTable()
            .text("layer")
            .number("offline s")
            .number("online s")
            .number("offline to P0")
            .number("offline to P1")
            .number("online sent P0")
            .number("online sent P1")
            .number("rounds");
    Statistics s0 = Statistics.ZERO;
    Statistics s1 = Statistics.ZERO;
    for (int i = 0; i < p0.layers().size(); i++) {
      Statistics c0 = p0.layers().get(i).cost();
      Statistics c1 = p1.layers().get(i).cost();
      row(table, p0.layers().get(i).label(), c0, c1);
      s0 = s0.plus(c0);
      s1 = s1.plus(c1);
    }
    row(table, "before and after", p0.total().minus(s0), p1.total().minus(s1));
    table.line();
    row(table, "total", p0.total(), p1.total());
    out.print(table);
    out.printf(
        "sharing the weights, once: %s, %s from P0, %s from P1%n",
        Quantities.seconds(Math.max(nanos(p0.setup()), nanos(p1.setup())) / 1e9),
        Quantities.bytes(p0.setup().offlineBytesSent()),
        Quantities.bytes(p1.setup().offlineBytesSent()));
  }

  private static void row(TextTable table, String label, Statistics p0, Statistics p1) {
    table.row(
        label,
        seconds(Math.max(p0.offlineNanos(), p1.offlineNanos())),
        seconds(Math.max(p0.onlineNanos(), p1.onlineNanos())),
        Quantities.bytes(p0.offlineBytesReceived()),
        Quantities.bytes(p1.offlineBytesReceived()),
        Quantities.bytes(p0.onlineBytesSent()),
        Quantities.bytes(p1.onlineBytesSent()),
        Math.max(p0.rounds(), p1.rounds()));
  }

  private static long nanos(Statistics cost) {
    return cost.offlineNanos() + cost.onlineNanos();
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.3f", nanos / 1e9);
  }
}
