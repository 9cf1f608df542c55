package org.djlmpc.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.djlmpc.cli.identity.PartyNames;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.certificates.CertificateAuthority;
import org.djlmpc.transport.certificates.CertificateFile;
import org.djlmpc.transport.certificates.Fingerprint;
import org.djlmpc.transport.certificates.PartyName;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes and shows the certificates with which parties prove who they are. */
@Command(
    name = "certs",
    description = "Makes and shows certificates for TLS between the parties.",
    mixinStandardHelpOptions = true,
    subcommands = {CertsCommand.Init.class, CertsCommand.Issue.class, CertsCommand.Show.class})
final class CertsCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (spec != null) {
      throw Main.missingSubcommand(spec);
    }
  }

  /** What the three have in common: something to say. */
  private abstract static class Speaking implements Callable<Integer> {
    @Spec private @Nullable CommandSpec command;

    abstract void speak(PrintWriter out);

    @Override
    public Integer call() {
      if (command == null) {
        return 2;
      }
      PrintWriter out = command.commandLine().getOut();
      speak(out);
      out.flush();
      return 0;
    }

    Duration validity(int days) {
      if (days < 1 || days > 36_500) {
        if (command == null) {
          throw new IllegalStateException("no command");
        }
        throw new ParameterException(
            command.commandLine(), "--days " + days + " is not possible; give 1 to 36500.");
      }
      return Duration.ofDays(days);
    }
  }

  @Command(
      name = "init",
      description =
          "Makes the authority of a project. Whoever has its directory can pose as every party.",
      mixinStandardHelpOptions = true)
  static final class Init extends Speaking {
    @Parameters(paramLabel = "DIR", description = "Directory of the authority, to be made.")
    private Path directory = Path.of("");

    @Option(
        names = "--name",
        defaultValue = "djl-mpc",
        description = "Name of the project, for people. Default: ${DEFAULT-VALUE}.")
    private String name = "djl-mpc";

    @Option(
        names = "--days",
        defaultValue = "3650",
        description = "How long it is valid. Default: ${DEFAULT-VALUE}.")
    private int days = 3650;

    @Override
    void speak(PrintWriter out) {
      CertificateAuthority authority = CertificateAuthority.create(name, validity(days));
      authority.save(directory);
      out.printf("The authority is in %s. Keep it to yourself.%n", directory);
      out.printf("SHA-256 fingerprint %s%n", Fingerprint.of(authority.certificate()));
      out.printf("Next: djl-mpc certs issue %s --party P0 --host its.host.name%n", directory);
    }
  }

  @Command(
      name = "issue",
      description = "Makes the key and the certificate of a party, in a directory for it.",
      mixinStandardHelpOptions = true)
  static final class Issue extends Speaking {
    @Parameters(paramLabel = "DIR", description = "Directory of the authority.")
    private Path directory = Path.of("");

    @Option(
        names = "--party",
        required = true,
        converter = PartyNames.class,
        description = PartyNames.HELP)
    private PartyId party = PartyId.P0;

    @Option(
        names = "--host",
        description = "Name or address of its machine, for people; parties do not check it.")
    private List<String> hosts = new ArrayList<>();

    @Option(
        names = "--days",
        defaultValue = "365",
        description = "How long it is valid. Default: ${DEFAULT-VALUE}.")
    private int days = 365;

    @Option(
        names = "--output",
        paramLabel = "DIR",
        description = "Directory for the party, to be made. Default: its name, in DIR.")
    private @Nullable Path output;

    @Override
    void speak(PrintWriter out) {
      var identity = CertificateAuthority.open(directory).issue(party, hosts, validity(days));
      Path files = output == null ? directory.resolve(party.name()) : output;
      identity.save(files);
      out.printf("The identity of %s is in %s. Move it there over a safe way.%n", party, files);
      out.printf("SHA-256 fingerprint %s%n", Fingerprint.of(identity.chain().get(0)));
      out.printf("%s uses it with --tls %s%n", party, files.getFileName());
    }
  }

  @Command(
      name = "show",
      description = "Says what is in a key store or a file of certificates.",
      mixinStandardHelpOptions = true)
  static final class Show extends Speaking {
    @Parameters(
        paramLabel = "FILE",
        description =
            "A .p12 file, or certificates in PEM or DER. The password of a .p12 file is read from"
                + " the file password beside it, or from the variable DJL_MPC_KEY_STORE_PASSWORD.")
    private Path file = Path.of("");

    @Override
    void speak(PrintWriter out) {
      for (X509Certificate certificate : CertificateFile.read(file)) {
        boolean authority = certificate.getBasicConstraints() >= 0;
        out.printf(
            "%s: %s%n",
            PartyName.in(certificate)
                .map(party -> "Party " + party)
                .orElse(authority ? "Authority" : "Names no party"),
            certificate.getSubjectX500Principal().getName());
        out.printf("  issued by           %s%n", certificate.getIssuerX500Principal().getName());
        out.printf(
            "  valid               from %s until %s%s%n",
            certificate.getNotBefore().toInstant(),
            certificate.getNotAfter().toInstant(),
            CertificateFile.validity(certificate));
        List<String> hosts = PartyName.hosts(certificate);
        if (!hosts.isEmpty()) {
          out.printf("  hosts               %s%n", String.join(", ", hosts));
        }
        out.printf("  SHA-256 fingerprint %s%n", Fingerprint.of(certificate));
        out.printf("  serial number       %s%n", certificate.getSerialNumber().toString(16));
      }
    }
  }
}
