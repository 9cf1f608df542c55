package org.djlmpc.benchmarks.accuracy;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.djlmpc.benchmarks.Report;
import org.djlmpc.engine.BlockTracer;
import org.djlmpc.engine.LocalParties;
import org.djlmpc.graph.EvaluationListener;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.Node;
import org.djlmpc.graph.PublicOperators;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.graph.Rewrites;
import org.djlmpc.layers.networks.FashionMnist;
import org.djlmpc.layers.networks.Network;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.ariann.Ariann;
import org.djlmpc.transport.PartyId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * AriaNN's Appendix C.1: how often the paper's comparison fails on Network-2, and what that costs
 * in accuracy. A comparison of y modulo 2^k fails with probability |y| / 2^k.
 *
 * <p>Failures are counted on what really enters the network's ReLUs: these values, computed in
 * clear, are shared, compared privately, and revealed.
 */
@Command(
    name = "paper-comparison",
    description = "AriaNN's C.1: failures of the paper's comparison on Network-2.",
    mixinStandardHelpOptions = true)
public final class PaperComparisonCommand implements Runnable {
  private static final List<Integer> WIDTHS = List.of(22, 24, 26, 28, 30, 32, 40, 64);
  private static final int COUNTED = 200;

  @Mixin private final ImageOptions options = new ImageOptions();

  @Override
  public void run() {
    FashionMnist images = options.testImages();
    int count = options.count(images);
    List<List<String>> rows = new ArrayList<>();
    try (Classifier classifier = new Classifier(Network.NETWORK_B, images, count)) {
      float[] plain = classifier.plain();
      List<float[]> compared = compared(classifier, images, Math.min(COUNTED, count));
      for (int width : WIDTHS) {
        Ariann paper = Ariann.ARIANN.withPaperComparison().withComparisonBits(width);
        float[] literal = classifier.secret(paper, PartyOptions.DEFAULT);
        float[] exact =
            classifier.secret(Ariann.ARIANN.withComparisonBits(width), PartyOptions.DEFAULT);
        long failures = failures(paper, compared);
        List<String> row =
            List.of(
                Integer.toString(width),
                Long.toString(compared.stream().mapToLong(values -> values.length).sum()),
                Long.toString(failures),
                String.format(Locale.ROOT, "%.1f", expected(compared, width)),
                Report.percent(classifier.accuracy(plain)),
                Report.percent(classifier.accuracy(exact)),
                Report.percent(classifier.accuracy(literal)));
        System.out.println(String.join("  ", row));
        rows.add(row);
      }
      new Report(options.output(), "paper-comparison")
          .table(
              "Failures of the paper's comparison on Network-2 (AriaNN, Appendix C.1)",
              "Comparisons of k bits with 16 fraction bits. Failures are counted on the values that"
                  + " enter the ReLUs for the first images; accuracies are those of the whole"
                  + " network, with its maxima.",
              List.of(
                  "width k",
                  "comparisons",
                  "failures of the paper's",
                  "expected: sum of |y| / 2^k",
                  "accuracy in clear %",
                  "private, exact comparison %",
                  "private, the paper's comparison %"),
              rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What enters each ReLU, layer by layer. */
  private static List<float[]> compared(Classifier classifier, FashionMnist images, int count) {
    Shape shape = Network.NETWORK_B.inputShape(count);
    Graph graph = Rewrites.apply(BlockTracer.trace(classifier.model().getBlock(), shape));
    PublicOperators operators = new PublicOperators();
    PublicTensor[] values = new PublicTensor[graph.valueCount()];
    List<float[]> compared = new ArrayList<>();
    graph.evaluate(
        operators,
        List.of(PublicTensor.of(images.pixels(0, count), shape)),
        graph.weights(operators),
        new EvaluationListener<>() {
          @Override
          public void started(Node node) {
            if (node.op().name().equals("relu")) {
              compared.add(values[node.inputs().get(0)].floats());
            }
          }

          @Override
          public void finished(Node node, PublicTensor output) {
            values[node.id()] = output;
          }
        });
    return compared;
  }

  /** Wrong results of private ReLUs: away from the right one by more than rounding. */
  private static long failures(Ariann suite, List<float[]> inputs) {
    double tolerance = 1.0 / (1 << (PartyOptions.DEFAULT.fractionBits() - 2));
    long failures = 0;
    try (LocalParties parties = LocalParties.start(suite)) {
      for (float[] values : inputs) {
        float[] results = relu(parties, values);
        for (int i = 0; i < values.length; i++) {
          failures += Math.abs(results[i] - Math.max(0, values[i])) > tolerance ? 1 : 0;
        }
      }
    }
    return failures;
  }

  private static float[] relu(LocalParties parties, float[] values) {
    Shape shape = new Shape(values.length);
    return parties
        .run(
            party -> {
              var x = party.share(PartyId.P0, party.id() == PartyId.P0 ? values : null, shape);
              var y = party.reveal(x.getNDArrayInternal().relu(), Set.of(PartyId.P0), "counting");
              return y == null ? new float[0] : y.toFloatArray();
            })
        .p0();
  }

  private static double expected(List<float[]> inputs, int width) {
    double sum = 0;
    for (float[] values : inputs) {
      for (float value : values) {
        sum += Math.abs(Math.scalb(value, PartyOptions.DEFAULT.fractionBits()));
      }
    }
    return Math.scalb(sum, -width);
  }
}
