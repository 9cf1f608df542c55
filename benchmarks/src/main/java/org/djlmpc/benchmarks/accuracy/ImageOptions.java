package org.djlmpc.benchmarks.accuracy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.djlmpc.layers.networks.FashionMnist;
import picocli.CommandLine.Option;

/** Options about images and results that all experiments have. */
final class ImageOptions {
  @Option(
      names = "--data",
      defaultValue = "/usr/share/datasets/fashion-mnist",
      description = "Folder with Fashion-MNIST's files; without them 200 images are used.")
  private Path data = Path.of("");

  @Option(names = "--images", defaultValue = "1000", description = "How many test images.")
  private int images;

  @Option(
      names = "--output",
      defaultValue = "benchmarks/results",
      description = "Folder for tables and charts.")
  private Path output = Path.of("");

  /** Test images: all of them, or the sample that comes with the library. */
  FashionMnist testImages() {
    return Files.isDirectory(data) ? FashionMnist.test(data) : FashionMnist.testSample();
  }

  /** How many of them to use. */
  int count(FashionMnist set) {
    return Math.min(images, set.size());
  }

  Path output() {
    return output;
  }
}
