package org.djlmpc.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.djlmpc.cli.identity.Protection;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.certificates.IdentityFiles;
import org.djlmpc.transport.netty.ConnectionSecurity;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a party that talks to other machines proves who it is; a password is no option. */
final class TlsOptions {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--tls",
      paramLabel = "DIR",
      description = "This party's directory, as djl-mpc certs issue has written it.")
  private @Nullable Path directory;

  @Option(
      names = "--key-store",
      paramLabel = "FILE",
      description = "This party's key and certificate, PKCS#12; instead of --tls.")
  private @Nullable Path keyStore;

  @Option(
      names = "--key-store-password-file",
      paramLabel = "FILE",
      description =
          "File whose first line is the password of the key store. Default: the variable "
              + IdentityFiles.PASSWORD_VARIABLE
              + ".")
  private @Nullable Path passwordFile;

  @Option(
      names = "--trust",
      paramLabel = "FILE",
      description =
          "Certificates of the authorities that this party trusts, PEM; with --key-store.")
  private @Nullable Path trust;

  @Option(
      names = "--pin",
      paramLabel = "PARTY=FINGERPRINT",
      description =
          "Accept of this party the one certificate with this SHA-256 fingerprint; repeat for more"
              + " parties.")
  private Map<PartyId, String> pins = new LinkedHashMap<>();

  @Option(
      names = "--insecure-plain-tcp",
      description = "No protection at all; between processes of this machine only.")
  private boolean plain;

  /**
   * The protection that the options describe.
   *
   * @throws ParameterException if they describe none, or more than one
   * @throws org.djlmpc.error.MpcException KEY_STORE if a file cannot be used
   */
  ConnectionSecurity security() {
    var protection = new Protection(directory, keyStore, passwordFile, trust, pins, plain);
    protection
        .problem(name -> "--" + name)
        .ifPresent(
            problem -> {
              throw wrong(problem);
            });
    return protection.security();
  }

  private ParameterException wrong(String problem) {
    if (command == null) {
      throw new IllegalStateException(problem);
    }
    return new ParameterException(command.commandLine(), problem);
  }
}
