package org.djlmpc.benchmarks.networks;

import java.util.Locale;

/** A network between the parties, as the papers imitate it. */
enum LinkSpeed {
  /** One machine, not slowed down. */
  LOCAL(0, 0),
  /** A local network. */
  LAN(0.3, 10_000),
  /** A wide network. */
  WAN(70, 1_000);

  private final double rttMs;
  private final double mbps;

  LinkSpeed(double rttMs, double mbps) {
    this.rttMs = rttMs;
    this.mbps = mbps;
  }

  /** Round trip in milliseconds. */
  double rttMs() {
    return rttMs;
  }

  /** Megabits per second, 0 for unlimited. */
  double mbps() {
    return mbps;
  }

  @Override
  public String toString() {
    return this == LOCAL
        ? "LOCAL"
        : String.format(Locale.ROOT, "%s %s ms, %.0f Mbit/s", name(), rttMs, mbps);
  }
}
