package org.djlmpc.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.certificates.CertificateAuthority;
import org.jspecify.annotations.Nullable;

/**
 * Certificates for one run of processes on this machine, in a temporary directory of their owner.
 * The authority that issues them is forgotten at once.
 */
final class RunCertificates implements AutoCloseable {
  private static final Duration VALIDITY = Duration.ofDays(7);

  private final @Nullable Path root;
  private final Thread atExit = new Thread(this::remove, "djl-mpc-certificates");

  private RunCertificates(@Nullable Path root) {
    this.root = root;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Certificates for these parties, or none. */
  static RunCertificates of(boolean wanted, Set<PartyId> parties) {
    if (!wanted) {
      return new RunCertificates(null);
    }
    try {
      RunCertificates certificates = new RunCertificates(Files.createTempDirectory("djl-mpc-"));
      CertificateAuthority authority = CertificateAuthority.create("this run", VALIDITY);
      for (PartyId party : parties) {
        authority
            .issue(party, List.of("localhost"), VALIDITY)
            .save(Path.of(certificates.directory(party)));
      }
      return certificates;
    } catch (IOException e) {
      throw new UncheckedIOException("No temporary directory for certificates.", e);
    }
  }

  /** The directory of a party; nothing if there are no certificates. */
  String directory(PartyId party) {
    return root == null ? "" : root.resolve(party.name()).toString();
  }

  @Override
  public void close() {
    remove();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // it runs already
    }
  }

  private void remove() {
    if (root == null || !Files.exists(root)) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // they are the owner's alone, and worthless after the run
    }
  }
}
