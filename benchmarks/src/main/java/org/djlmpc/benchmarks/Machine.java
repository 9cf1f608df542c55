package org.djlmpc.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a measurement ran on, in words. */
public final class Machine {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final String CPU_NAME = "model name";

  private Machine() {}

  /** Processor, system and Java. */
  public static String description() throws IOException {
    return String.format(
        "Machine: %d x %s; %s %s; Java %s.",
        Runtime.getRuntime().availableProcessors(),
        processor(),
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        Runtime.version());
  }

  private static String processor() throws IOException {
    if (!Files.isReadable(CPU_INFO)) {
      return "processors";
    }
    try (Stream<String> lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.startsWith(CPU_NAME))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("processors");
    }
  }
}
