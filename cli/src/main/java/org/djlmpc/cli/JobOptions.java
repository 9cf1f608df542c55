package org.djlmpc.cli;

import org.djlmpc.graph.WeightMode;
import picocli.CommandLine.Option;

/** Options that all measuring commands share. */
final class JobOptions {
  @Option(
      names = "--processes",
      description = "Run each party as a process of its own, over loopback TCP.")
  boolean processes;

  @Option(
      names = "--protocol",
      defaultValue = "ariann",
      description = "Protocol suite: ariann. Default: ${DEFAULT-VALUE}.")
  String protocol = "ariann";

  @Option(
      names = "--comparison",
      defaultValue = "exact",
      description =
          "exact, or paper: AriaNN's comparison as printed, wrong with probability |x|/2^n.")
  String comparison = "exact";

  @Option(
      names = "--comparison-bits",
      defaultValue = "0",
      description = "Width of comparisons; 0 for the whole ring. Silently wrong beyond it.")
  int comparisonBits;

  @Option(
      names = "--ring",
      defaultValue = "64",
      description = "Bits of the ring: 32 or 64. Default: ${DEFAULT-VALUE}.")
  int ring = 64;

  @Option(
      names = "--fraction-bits",
      defaultValue = "16",
      description = "Fraction bits of the encoding. Default: ${DEFAULT-VALUE}.")
  int fractionBits = 16;

  @Option(names = "--repeat", defaultValue = "1", description = "Runs. Default: 1.")
  int repeat = 1;

  @Option(
      names = "--rtt-ms",
      defaultValue = "0",
      description = "Imitated round trip between parties, milliseconds.")
  double rttMs;

  @Option(
      names = "--bandwidth-mbps",
      defaultValue = "0",
      description = "Imitated bandwidth, megabits per second; 0 for unlimited.")
  double bandwidthMbps;

  @Option(
      names = "--timeout",
      defaultValue = "120",
      description = "Seconds to wait for a peer. Default: ${DEFAULT-VALUE}.")
  int timeoutSeconds = 120;

  @Option(
      names = "--weights",
      defaultValue = "SHARED",
      description = "SHARED between both, or in clear at their OWNER. Default: ${DEFAULT-VALUE}.")
  WeightMode mode = WeightMode.SHARED;

  JobSpec spec(JobSpec.Kind kind, int size, String model, int batch) {
    if (!protocol.equals("ariann")) {
      throw new IllegalArgumentException(
          "There is no protocol " + protocol + "; choose --protocol ariann.");
    }
    if (ring != 32 && ring != 64) {
      throw new IllegalArgumentException("There is no ring of " + ring + " bits; use 32 or 64.");
    }
    if (!comparison.equals("exact") && !comparison.equals("paper")) {
      throw new IllegalArgumentException("--comparison is exact or paper.");
    }
    if (repeat < 1 || size < 1 || batch < 1) {
      throw new IllegalArgumentException("--repeat, --size and --batch are at least 1.");
    }
    return new JobSpec(
        kind,
        protocol,
        comparison,
        comparisonBits,
        ring,
        fractionBits,
        size,
        model,
        batch,
        mode,
        repeat,
        rttMs,
        bandwidthMbps,
        timeoutSeconds);
  }
}
