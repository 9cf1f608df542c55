package org.djlmpc.cli.split;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that every party of split learning has. */
final class ConfigFile {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "This party's configuration; see docs/split.md.")
  private Path file = Path.of("");

  /** Where it is; what it names lies beside it. */
  Path path() {
    return file;
  }
}
