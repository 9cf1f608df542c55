package org.djlmpc.cli;

import org.djlmpc.transport.LinkShape;
import picocli.CommandLine.Option;

/** Latency and bandwidth that are imitated between parties. */
final class LinkOptions {
  @Option(
      names = "--rtt-ms",
      defaultValue = "0",
      description = "Imitated round trip between parties, milliseconds.")
  private double rttMs;

  @Option(
      names = "--bandwidth-mbps",
      defaultValue = "0",
      description = "Imitated bandwidth of each link, megabits per second; 0 for unlimited.")
  private double bandwidthMbps;

  /** Round trip, milliseconds. */
  double rttMs() {
    return rttMs;
  }

  /** Megabits per second, 0 for unlimited. */
  double bandwidthMbps() {
    return bandwidthMbps;
  }

  /** What is wrong with the options, or nothing. */
  String problem() {
    return bandwidthMbps >= 0
        ? ""
        : "--bandwidth-mbps " + bandwidthMbps + " is negative; give 0 for no limit, or more.";
  }

  /** The link that is imitated. */
  LinkShape shape() {
    return shape(rttMs, bandwidthMbps);
  }

  /**
   * A link.
   *
   * @param rttMs round trip, milliseconds
   * @param bandwidthMbps megabits per second, 0 for unlimited
   */
  static LinkShape shape(double rttMs, double bandwidthMbps) {
    return new LinkShape(rttMs, bandwidthMbps == 0 ? Double.POSITIVE_INFINITY : bandwidthMbps);
  }
}
