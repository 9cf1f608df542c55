package org.djlmpc.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Private inference of the papers' networks, end to end: one row for each network, batch size and
 * link, medians of several runs, each row measured by {@code bin/djl-mpc bench} in a JVM of its
 * own.
 */
@Command(
    name = "networks",
    description = "Private inference of the papers' networks; writes RESULTS.md.",
    mixinStandardHelpOptions = true)
final class NetworksCommand implements Callable<Integer> {
  private static final double MEGA = 1e6;

  /** A network, and how many images at once. */
  private record Run(String model, int batch) {
    static Run parse(String text) {
      int colon = text.indexOf(':');
      return colon < 0
          ? new Run(text, 1)
          : new Run(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }
  }

  /** A network between the parties, as the papers imitate it. */
  private enum Link {
    /** One machine, not slowed down. */
    LOCAL(0, 0),
    /** A local network. */
    LAN(0.3, 10_000),
    /** A wide network. */
    WAN(70, 1_000);

    private final double rttMs;
    private final double mbps;

    Link(double rttMs, double mbps) {
      this.rttMs = rttMs;
      this.mbps = mbps;
    }
  }

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
      description = "Imitated links: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private List<Link> links = List.of();

  @Option(
      names = "--repeat",
      defaultValue = "5",
      description = "Measured runs of each. Default: ${DEFAULT-VALUE}.")
  private int repeat;

  @Option(
      names = "--comparison-bits",
      defaultValue = "32",
      description = "Width of comparisons, 0 for the whole ring. Default: ${DEFAULT-VALUE}.")
  private int comparisonBits;

  @Option(
      names = "--weights",
      defaultValue = "OWNER",
      description = "OWNER or SHARED. Default: ${DEFAULT-VALUE}.")
  private String weights = "";

  @Option(
      names = "--output",
      defaultValue = "benchmarks",
      description = "Folder for RESULTS.md and its chart. Default: ${DEFAULT-VALUE}.")
  private Path output = Path.of("");

  private final ObjectMapper json = new ObjectMapper();

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<List<String>> rows = new ArrayList<>();
    Map<String, Map<String, Double>> bars = new LinkedHashMap<>();
    String java = "";
    int failed = 0;
    for (Link link : links) {
      for (String text : networks) {
        Run run = Run.parse(text);
        System.out.printf("%s, batch %d, %s%n", run.model, run.batch, link);
        List<JsonNode> results = measure(run, link);
        if (results.isEmpty()) {
          failed++;
          continue;
        }
        List<String> row = row(run, link, results);
        System.out.println("  " + String.join("  ", row));
        rows.add(row);
        java = results.get(0).get("java").asText();
        bars.computeIfAbsent(link.name(), key -> new LinkedHashMap<>())
            .put(text, median(results, r -> number(r, "total_s")));
      }
    }
    Report report = new Report(output, "RESULTS");
    report.table("Private inference of the papers' networks", text(java), HEAD, rows);
    report.bars("Private inference, offline and online", "seconds", bars);
    return failed == 0 ? 0 : 1;
  }

  private static final List<String> HEAD =
      List.of(
          "network",
          "batch",
          "link",
          "offline s",
          "online s",
          "total s",
          "online MB P0",
          "online MB P1",
          "keys MB",
          "rounds",
          "memory GB",
          "plaintext s",
          "total / plaintext",
          "same answers");

  private String text(String java) {
    return String.format(
        Locale.ROOT,
        "Medians of %d runs after one to warm up. All parties and the dealer are threads of one JVM"
            + " on a machine with %d processors; Java %s. 64-bit ring, 16 fraction bits, comparisons"
            + " of %s, weights %s. Offline and online overlap, so that the total is less than their"
            + " sum. LAN: %s ms round trip, %s Mbit/s; WAN: %s ms, %s Mbit/s; both imitated. Plaintext:"
            + " PyTorch, one thread.%n%n![chart](RESULTS.png)%n%nMade by `benchmarks/run networks`.",
        repeat,
        Runtime.getRuntime().availableProcessors(),
        java,
        comparisonBits == 0 ? "the whole ring" : comparisonBits + " bits",
        weights.equals("OWNER") ? "in clear at their owner" : "shared",
        Link.LAN.rttMs,
        Link.LAN.mbps,
        Link.WAN.rttMs,
        Link.WAN.mbps);
  }

  private List<String> row(Run run, Link link, List<JsonNode> results) {
    double total = median(results, r -> number(r, "total_s"));
    double plain = median(results, r -> number(r, "plain_s"));
    return List.of(
        run.model,
        Integer.toString(run.batch),
        link.name(),
        seconds(median(results, r -> number(r, "offline_s"))),
        seconds(median(results, r -> number(r, "online_s"))),
        seconds(total),
        decimal(bytes(results.get(0), "online_bytes", "P0") / MEGA),
        decimal(bytes(results.get(0), "online_bytes", "P1") / MEGA),
        decimal(bytes(results.get(0), "key_bytes", "P0") / MEGA),
        results.get(0).get("rounds").asText(),
        decimal(number(results.get(0), "peak_rss") / (1 << 30)),
        seconds(plain),
        decimal(total / plain),
        decimal(100 * median(results, r -> number(r, "agree_top1"))) + " %");
  }

  /** What the command printed, one object for each run; none if it failed. */
  private List<JsonNode> measure(Run run, Link link) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "bin/djl-mpc",
                "bench",
                "infer",
                "--json",
                "--model",
                run.model,
                "--batch",
                Integer.toString(run.batch),
                "--weights",
                weights,
                "--comparison-bits",
                Integer.toString(comparisonBits),
                "--repeat",
                Integer.toString(repeat),
                "--timeout",
                "600"));
    if (link != Link.LOCAL) {
      command.addAll(
          List.of(
              "--rtt-ms",
              Double.toString(link.rttMs),
              "--bandwidth-mbps",
              Double.toString(link.mbps)));
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
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
