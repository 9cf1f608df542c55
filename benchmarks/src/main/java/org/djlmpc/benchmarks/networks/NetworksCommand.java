package org.djlmpc.benchmarks.networks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.djlmpc.benchmarks.Machine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Private inference of the papers' networks, end to end: one row for each network, batch size, link
 * and kind of weights, medians of several runs, each row measured by {@code bin/djl-mpc bench} in a
 * JVM of its own and written as soon as it is there.
 */
@Command(
    name = "networks",
    description = "Private inference of the papers' networks; writes RESULTS.md row by row.",
    mixinStandardHelpOptions = true)
public final class NetworksCommand implements Callable<Integer> {
  private static final double MEGA = 1e6;
  private static final String TOTAL = "total s";

  private static final List<String> COLUMNS =
      List.of(
          "offline s",
          "online s",
          TOTAL,
          "best total s",
          "online MB P0",
          "online MB P1",
          "keys MB",
          "rounds",
          "memory GB",
          "plaintext s",
          "total / plaintext",
          "same answers",
          "runs");

  @Option(
      names = "--networks",
      split = ",",
      defaultValue =
          "network-a:1,network-a:128,network-b:128,lenet:128,network-d:128,alexnet-cifar10:1,"
              + "alexnet-64:1,vgg16-cifar10:1,vgg16-64:1,resnet18:1,vgg16:1",
      description = "Networks with batch sizes, such as lenet:128. Default: ${DEFAULT-VALUE}.")
  private List<String> networks = List.of();

  @Option(
      names = "--links",
      split = ",",
      defaultValue = "LAN,WAN",
      description = "Imitated links: LOCAL, LAN, WAN. Default: ${DEFAULT-VALUE}.")
  private List<LinkSpeed> links = List.of();

  @Option(
      names = "--repeat",
      defaultValue = "5",
      description = "Measured runs of each. Default: ${DEFAULT-VALUE}.")
  private int repeat;

  @Option(
      names = "--warmup",
      defaultValue = "3",
      description = "Runs before those, while the JVM compiles. Default: ${DEFAULT-VALUE}.")
  private int warmup;

  @Option(
      names = "--comparison-bits",
      defaultValue = "32",
      description = "Width of comparisons, 0 for the whole ring. Default: ${DEFAULT-VALUE}.")
  private int comparisonBits;

  @Option(
      names = "--weights",
      split = ",",
      defaultValue = "OWNER",
      description = "OWNER, SHARED or both. Default: ${DEFAULT-VALUE}.")
  private List<String> weights = List.of();

  @Option(
      names = "--missing",
      description = "Measure only what the table lacks: continues an interrupted run.")
  private boolean missing;

  @Option(
      names = "--output",
      defaultValue = "benchmarks",
      description = "Folder for RESULTS.md and its chart. Default: ${DEFAULT-VALUE}.")
  private Path output = Path.of("");

  private final ObjectMapper json = new ObjectMapper();

  @Override
  public Integer call() throws IOException, InterruptedException {
    ResultTable table = new ResultTable(output, Machine.description(), text(), COLUMNS, TOTAL);
    int failed = 0;
    for (Cell cell : cells()) {
      if (missing && table.contains(cell)) {
        continue;
      }
      System.out.println(cell);
      List<JsonNode> results = measure(cell);
      if (results.isEmpty()) {
        failed++;
        continue;
      }
      List<String> values = values(results);
      System.out.println("  " + String.join("  ", values));
      table.add(cell, values);
    }
    return failed == 0 ? 0 : 1;
  }

  private List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (LinkSpeed link : links) {
      for (String mode : weights) {
        networks.forEach(text -> cells.add(Cell.parse(text, link, mode, comparisonBits)));
      }
    }
    return cells;
  }

  private static String text() {
    return "Medians of the runs, after others to warm up. All parties and the dealer are threads of"
        + " one JVM. 64-bit ring, 16 fraction bits; bits: width of comparisons; weights: shared, or"
        + " in clear at their owner. Offline and online overlap, so that the total is less than"
        + " their sum. Imitated links: "
        + Stream.of(LinkSpeed.LAN, LinkSpeed.WAN)
            .map(LinkSpeed::toString)
            .collect(Collectors.joining("; "))
        + ". Plaintext: PyTorch, one thread.\n\n![chart](RESULTS.png)\n\nMade by `benchmarks/run"
        + " networks`.";
  }

  /** The columns of a row. */
  private static List<String> values(List<JsonNode> results) {
    JsonNode last = results.get(results.size() - 1);
    double total = median(results, r -> number(r, "total_s"));
    double plain = number(last, "plain_s");
    return List.of(
        seconds(median(results, r -> number(r, "offline_s"))),
        seconds(median(results, r -> number(r, "online_s"))),
        seconds(total),
        seconds(results.stream().mapToDouble(r -> number(r, "total_s")).min().orElse(0)),
        decimal(bytes(last, "online_bytes", "P0") / MEGA),
        decimal(bytes(last, "online_bytes", "P1") / MEGA),
        decimal(bytes(last, "key_bytes", "P0") / MEGA),
        last.get("rounds").asText(),
        decimal(number(last, "peak_rss") / (1 << 30)),
        String.format(Locale.ROOT, "%.5f", plain),
        decimal(total / plain),
        decimal(100 * median(results, r -> number(r, "agree_top1"))) + " %",
        Integer.toString(results.size()));
  }

  /** What the command printed, one object for each run; none if it failed. */
  private List<JsonNode> measure(Cell cell) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(cell.command(warmup, repeat))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<JsonNode> results = new ArrayList<>();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      String line;
      while ((line = lines.readLine()) != null) {
        results.add(json.readTree(line));
      }
    }
    return process.waitFor() == 0 ? results : List.of();
  }

  private static double median(List<JsonNode> results, ToDoubleFunction<JsonNode> value) {
    double[] sorted = results.stream().mapToDouble(value).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  private static double number(JsonNode result, String name) {
    return result.get(name).asDouble();
  }

  private static double bytes(JsonNode result, String name, String party) {
    return result.get(name).get(party).asDouble();
  }

  private static String seconds(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
