package org.djlmpc.benchmarks.accuracy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.djlmpc.benchmarks.Report;
import org.djlmpc.layers.networks.FashionMnist;
import org.djlmpc.layers.networks.Network;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.ariann.Ariann;
import org.djlmpc.ring.Ring;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * AriaNN's Table 5: accuracy of a network over the precision of its numbers and the width of its
 * comparisons. The paper counts decimal digits; here are bits after the binary point.
 */
@Command(
    name = "precision",
    description = "AriaNN's Table 5: accuracy over fraction bits and comparison width.",
    mixinStandardHelpOptions = true)
public final class PrecisionCommand implements Runnable {
  private static final List<Integer> FRACTION_BITS = List.of(2, 4, 6, 8, 10, 12, 14, 16);
  private static final List<Integer> WIDTHS = List.of(12, 14, 16, 18, 20, 22, 24, 28, 32);

  @Mixin private final ImageOptions options = new ImageOptions();

  @Override
  public void run() {
    FashionMnist images = options.testImages();
    int count = options.count(images);
    List<String> head = new ArrayList<>(List.of("fraction bits"));
    WIDTHS.forEach(width -> head.add("k = " + width));
    List<List<String>> rows = new ArrayList<>();
    Map<String, List<double[]>> lines = new LinkedHashMap<>();
    try (Classifier classifier = new Classifier(Network.NETWORK_A, images, count)) {
      double plain = classifier.accuracy(classifier.plain());
      System.out.printf(Locale.ROOT, "%d images, in clear %.2f %%%n", count, 100 * plain);
      for (int f : FRACTION_BITS) {
        PartyOptions precision = PartyOptions.DEFAULT.withFixedPoint(Ring.Z64, f);
        List<String> row = new ArrayList<>(List.of(Integer.toString(f)));
        List<double[]> line = new ArrayList<>();
        for (int width : WIDTHS) {
          float[] logits = classifier.secret(Ariann.ARIANN.withComparisonBits(width), precision);
          double accuracy = 100 * classifier.accuracy(logits);
          row.add(String.format(Locale.ROOT, "%.1f", accuracy));
          line.add(new double[] {width, accuracy});
        }
        System.out.println(String.join("  ", row));
        rows.add(row);
        lines.put(f + " fraction bits", line);
      }
      Report report = new Report(options.output(), "precision");
      report.table(
          "Accuracy over fraction bits and comparison width (AriaNN, Table 5)",
          String.format(
              Locale.ROOT,
              "Private top-1 accuracy in %% of Network A on %d test images of Fashion-MNIST, 64-bit"
                  + " ring; in clear %.1f %%. A comparison of k bits is right for |x| < 2^(k-1-f)."
                  + "%n%n![chart](precision.png)",
              count,
              100 * plain),
          head,
          rows);
      report.chart(
          String.format(Locale.ROOT, "Network A on Fashion-MNIST (in clear %.1f %%)", 100 * plain),
          "comparison width k in bits",
          "private accuracy in %",
          lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
