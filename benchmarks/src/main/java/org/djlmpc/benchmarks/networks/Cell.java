package org.djlmpc.benchmarks.networks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One measurement: what tells it from all others.
 *
 * @param model name of the network
 * @param batch images at once
 * @param link between the parties
 * @param weights owner or shared
 * @param comparisonBits width of comparisons, 0 for the whole ring
 */
record Cell(String model, int batch, LinkSpeed link, String weights, int comparisonBits) {
  /** Names of {@link #key}. */
  static final List<String> HEAD = List.of("network", "batch", "link", "weights", "bits");

  Cell {
    weights = weights.toLowerCase(Locale.ROOT);
  }

  /** Reads a network with its batch size, such as {@code lenet:128}. */
  static Cell parse(String text, LinkSpeed link, String weights, int comparisonBits) {
    int colon = text.indexOf(':');
    return new Cell(
        colon < 0 ? text : text.substring(0, colon),
        colon < 0 ? 1 : Integer.parseInt(text.substring(colon + 1)),
        link,
        weights,
        comparisonBits);
  }

  /** The first columns of the table. */
  List<String> key() {
    return List.of(
        model,
        Integer.toString(batch),
        link.name(),
        weights,
        comparisonBits == 0 ? "all" : Integer.toString(comparisonBits));
  }

  /** The command that measures it and prints an object of JSON for each run. */
  List<String> command(int warmup, int repeat) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "bin/djl-mpc",
                "bench",
                "infer",
                "--json",
                "--model",
                model,
                "--batch",
                Integer.toString(batch),
                "--weights",
                weights.toUpperCase(Locale.ROOT),
                "--comparison-bits",
                Integer.toString(comparisonBits),
                "--warmup",
                Integer.toString(warmup),
                "--repeat",
                Integer.toString(repeat),
                "--timeout",
                "600"));
    if (link != LinkSpeed.LOCAL) {
      command.addAll(
          List.of(
              "--rtt-ms",
              Double.toString(link.rttMs()),
              "--bandwidth-mbps",
              Double.toString(link.mbps())));
    }
    return command;
  }

  @Override
  public String toString() {
    return String.join(" ", key());
  }
}
