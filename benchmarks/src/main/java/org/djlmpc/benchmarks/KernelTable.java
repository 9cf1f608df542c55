package org.djlmpc.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.djlmpc.benchmarks.kernels.ConvolutionBenchmark;
import org.djlmpc.benchmarks.kernels.GemmBenchmark;
import org.djlmpc.ring.Ring;
import org.openjdk.jmh.results.RunResult;

/**
 * The results of JMH, with what they are compared with: function keys and streams with the rate of
 * AES, matrix products with plain loops, all of the same run.
 */
final class KernelTable {
  private static final List<String> HEAD =
      List.of("benchmark", "parameters", "score", "best", "unit", "in other words");

  /**
   * A comparison of n bits takes n - 7 blocks: one for each of n - 8 levels, one for the leaves.
   */
  private static final int FREE_LEVELS = 7;

  private static final double BLOCK_BYTES = 16;
  private static final double BITS_PER_BYTE = 8;
  private static final double KILO = 1e3;
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
  private final String jmh;

  KernelTable(Collection<RunResult> results) {
    scores = results.stream().map(Score::of).toList();
    jmh = results.stream().map(result -> result.getParams().getJmhVersion()).findFirst().orElse("");
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
                + " JMH "
                + jmh
                + ".\n\nOne core, but for CategoriesBenchmark, whose parties are threads; means and"
                + " the best of 5 iterations of a second each, after 4 to warm up. The last"
                + " column is from the best. A comparison of n bits takes n - 7 blocks of AES,"
                + " and a pair of keys is counted as twice that. The engine uses VECTOR loops, and"
                + " PACKED ones without the Vector API. PLAIN are the three loops in the order that"
                + " suits the cache, TEXTBOOK in the order of the definition."
                + "\n\nMade by `benchmarks/run kernels`.",
            HEAD,
            rows);
  }

  private String words(Score score) {
    return switch (score.benchmark) {
      case "AesBenchmark.permute" -> gigabytes(score, BLOCK_BYTES);
      case "PrgBenchmark.fill" -> {
        double bytes = elementBytes(score);
        yield gigabytes(score, bytes) + ofAes(", ", score, bytes / BLOCK_BYTES, "");
      }
      case "OpeningBenchmark.open" -> gigabytes(score, elementBytes(score));
      case "WireBenchmark.keys" -> gigabytes(score, 1);
      case "DpfBenchmark.lessThan" -> ofAes(score, comparisonBlocks(score));
      case "DpfBenchmark.generate" -> ofAes(score, 2 * comparisonBlocks(score));
      case "GemmBenchmark.gemm64", "GemmBenchmark.gemm32" ->
          rate(GemmBenchmark.MULTIPLY_ADDS, score)
              + Arrays.stream(GemmBenchmark.Loops.values())
                  .map(loops -> times(score, loops))
                  .collect(Collectors.joining());
      case "ConvolutionBenchmark.convolution" ->
          rate(ConvolutionBenchmark.multiplyAdds(score.parameter("shape")), score);
      default -> "";
    };
  }

  private static double comparisonBlocks(Score score) {
    return Integer.parseInt(score.parameter("n")) - FREE_LEVELS;
  }

  private static double elementBytes(Score score) {
    return Ring.valueOf(score.parameter("ring")).bits() / BITS_PER_BYTE;
  }

  private static String gigabytes(Score score, double bytes) {
    return String.format(Locale.ROOT, "%.1f GB/s", score.best * bytes / KILO);
  }

  private String ofAes(Score score, double blocks) {
    return ofAes("", score, blocks, String.format(Locale.ROOT, " / %.0f", blocks));
  }

  /** The share of what AES could do, at so many blocks each. */
  private String ofAes(String before, Score score, double blocks, String after) {
    return scores.stream()
        .filter(other -> other.benchmark.equals("AesBenchmark.permute"))
        .map(aes -> score.best * blocks / aes.best)
        .map(share -> String.format(Locale.ROOT, "%s%.2f of AES%s", before, share, after))
        .findFirst()
        .orElse("");
  }

  private static String rate(double multiplyAdds, Score score) {
    return String.format(
        Locale.ROOT, "%.1f G multiply-adds/s", multiplyAdds / MILLION / score.best);
  }

  /** How many times as fast as slower loops. */
  private String times(Score score, GemmBenchmark.Loops loops) {
    if (GemmBenchmark.Loops.valueOf(score.parameter("loops")).compareTo(loops) >= 0) {
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
