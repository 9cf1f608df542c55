package org.djlmpc.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.djlmpc.benchmarks.kernels.ConvolutionBenchmark;
import org.djlmpc.benchmarks.kernels.GemmBenchmark;
import org.openjdk.jmh.results.RunResult;

/**
 * The results of JMH, with what they are compared with: function keys with the rate of AES, matrix
 * products with plain loops, both of the same run.
 */
final class KernelTable {
  private static final List<String> HEAD =
      List.of("benchmark", "parameters", "score", "best", "unit", "in other words");

  /**
   * Blocks of AES for a key of 32-bit comparisons: the unit in which function keys are measured.
   */
  private static final double EVALUATION_BLOCKS = 25;

  private static final double GENERATION_BLOCKS = 50;
  private static final double MILLION = 1e6;

  /** One benchmark's figures. */
  private record Score(
      String benchmark, Map<String, String> parameters, double mean, double best, String unit) {
    static Score of(RunResult result) {
      Map<String, String> parameters = new LinkedHashMap<>();
      for (String key : result.getParams().getParamsKeys()) {
        parameters.put(key, result.getParams().getParam(key));
      }
      String[] name = result.getParams().getBenchmark().split("[.]", -1);
      String unit = result.getPrimaryResult().getScoreUnit();
      var statistics = result.getPrimaryResult().getStatistics();
      return new Score(
          name[name.length - 2] + "." + name[name.length - 1],
          parameters,
          statistics.getMean(),
          unit.startsWith("ops") ? statistics.getMax() : statistics.getMin(),
          unit);
    }

    String parameter(String name) {
      return parameters.getOrDefault(name, "");
    }
  }

  private final List<Score> scores;

  KernelTable(Collection<RunResult> results) {
    scores = results.stream().map(Score::of).toList();
  }

  /** Writes the table into a folder. */
  void write(Path folder) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    for (Score score : scores) {
      rows.add(
          List.of(
              score.benchmark,
              String.join(", ", score.parameters.values()),
              number(score.mean),
              number(score.best),
              score.unit,
              words(score)));
    }
    new Report(folder, "kernels")
        .table(
            "Kernels",
            Machine.description()
                + "\n\nOne core; means and the best of 5 iterations of a second each, after 4 to warm"
                + " up. The last column is from the best. Plain kernels: packed in blocks, so that"
                + " the compiler vectorises them; textbook: the three loops that define the product."
                + "\n\nMade by `benchmarks/run kernels`.",
            HEAD,
            rows);
  }

  private String words(Score score) {
    return switch (score.benchmark) {
      case "DpfBenchmark.lessThan" -> ofAes(score, EVALUATION_BLOCKS);
      case "DpfBenchmark.generate" -> ofAes(score, GENERATION_BLOCKS);
      case "GemmBenchmark.gemm64", "GemmBenchmark.gemm32" ->
          rate(GemmBenchmark.MULTIPLY_ADDS, score)
              + times(score, GemmBenchmark.Loops.PLAIN)
              + times(score, GemmBenchmark.Loops.TEXTBOOK);
      case "ConvolutionBenchmark.convolution" ->
          rate(ConvolutionBenchmark.multiplyAdds(score.parameter("shape")), score);
      default -> "";
    };
  }

  private String ofAes(Score score, double blocks) {
    if (!score.parameter("n").equals("32")) {
      return "";
    }
    return scores.stream()
        .filter(other -> other.benchmark.equals("AesBenchmark.permute"))
        .map(
            aes ->
                String.format(Locale.ROOT, "%.2f of AES / %.0f", share(score, aes, blocks), blocks))
        .findFirst()
        .orElse("");
  }

  private static double share(Score score, Score aes, double blocks) {
    return score.best / (aes.best / blocks);
  }

  private static String rate(double multiplyAdds, Score score) {
    return String.format(
        Locale.ROOT, "%.1f G multiply-adds/s", multiplyAdds / MILLION / score.best);
  }

  private String times(Score score, GemmBenchmark.Loops loops) {
    if (score.parameter("loops").equals(loops.name())) {
      return "";
    }
    return scores.stream()
        .filter(other -> other.benchmark.equals(score.benchmark))
        .filter(other -> other.parameter("loops").equals(loops.name()))
        .map(
            other ->
                String.format(
                    Locale.ROOT,
                    ", %.1f x %s",
                    other.best / score.best,
                    loops.name().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElse("");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}
