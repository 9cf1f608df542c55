package org.djlmpc.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say where the parties of a command run. */
final class ProcessOptions {
  @Option(
      names = "--processes",
      description = "Run each party as a process of its own, on this machine.")
  boolean chosen;

  @Option(
      names = "--tls",
      negatable = true,
      description =
          "With --processes: the parties talk in TLS, with certificates for this run, or with"
              + " --no-tls in plain TCP on loopback. Default: TLS, for bench plain TCP.")
  private @Nullable Boolean tls;

  /** Runs a job as chosen; processes talk in TLS if the user says so, or as usual. */
  JobRunner runner(boolean usuallyTls) {
    return JobRunner.of(chosen, tls(usuallyTls));
  }

  /** Whether processes talk in TLS. */
  boolean tls(boolean usually) {
    return tls == null ? usually : tls;
  }
}
