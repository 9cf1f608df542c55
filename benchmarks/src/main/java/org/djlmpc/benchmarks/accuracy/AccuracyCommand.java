package org.djlmpc.benchmarks.accuracy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.djlmpc.benchmarks.Report;
import org.djlmpc.layers.networks.FashionMnist;
import org.djlmpc.layers.networks.Network;
import org.djlmpc.layers.networks.TrainedNetworks;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.ariann.Ariann;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** AriaNN's Table 3: private against normal accuracy, for networks whose data can be had. */
@Command(
    name = "accuracy",
    description = "AriaNN's Table 3: private against normal accuracy.",
    mixinStandardHelpOptions = true)
public final class AccuracyCommand implements Runnable {

  @Mixin private final ImageOptions options = new ImageOptions();

  @Override
  public void run() {
    FashionMnist images = options.testImages();
    int count = options.count(images);
    List<List<String>> rows = new ArrayList<>();
    for (Network network : TrainedNetworks.networks()) {
      try (Classifier classifier = new Classifier(network, images, count)) {
        float[] plain = classifier.plain();
        float[] secret = classifier.secret(Ariann.ARIANN, PartyOptions.DEFAULT);
        List<String> row =
            List.of(
                network.id(),
                Integer.toString(count),
                Report.percent(classifier.accuracy(plain)),
                Report.percent(classifier.accuracy(secret)),
                Report.percent(classifier.agreement(plain, secret)),
                String.format(Locale.ROOT, "%.5f", largestDifference(plain, secret)));
        System.out.println(String.join("  ", row));
        rows.add(row);
      }
    }
    try {
      new Report(options.output(), "accuracy")
          .table(
              "Private against normal accuracy (AriaNN, Table 3)",
              "Networks trained on Fashion-MNIST by this project, because MNIST's original files, CIFAR-10,"
                  + " Tiny ImageNet and Hymenoptera are in no package repository. So the table's rows"
                  + " for AlexNet, VGG16 and ResNet18 have no counterpart here. 64-bit ring, 16"
                  + " fraction bits, exact comparison.",
              List.of(
                  "network",
                  "images",
                  "normal accuracy %",
                  "private accuracy %",
                  "same answers %",
                  "largest logit difference"),
              rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double largestDifference(float[] a, float[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }
}
