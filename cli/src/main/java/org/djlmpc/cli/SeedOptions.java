package org.djlmpc.cli;

import java.util.stream.LongStream;
import picocli.CommandLine.Option;

/** How often an experiment is done, and with which randomness. */
final class SeedOptions {
  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of rows, weights and order. Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(
      names = "--seeds",
      defaultValue = "1",
      description = "How many seeds, from --seed on. Default: ${DEFAULT-VALUE}.")
  private int seeds = 1;

  /** The first seed. */
  long first() {
    return seed;
  }

  /** All seeds. */
  long[] all() {
    return LongStream.range(seed, seed + seeds).toArray();
  }

  /** What is wrong with the options, or nothing. */
  String problem() {
    return seeds >= 1 ? "" : "--seeds " + seeds + " is too few; give at least 1.";
  }

  /** For the line above a table of means. */
  @Override
  public String toString() {
    return seeds == 1 ? "seed " + seed : "means over " + seeds + " seeds";
  }
}
