package org.djlmpc.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.certificates.Fingerprint;
import org.djlmpc.transport.certificates.Identity;
import org.djlmpc.transport.certificates.IdentityFiles;
import org.djlmpc.transport.certificates.KeyStorePassword;
import org.djlmpc.transport.netty.ConnectionSecurity;
import org.djlmpc.transport.netty.MutualTls;
import org.djlmpc.transport.netty.PlainTcp;
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
    long ways = Stream.of(directory != null, keyStore != null, plain).filter(way -> way).count();
    if (ways != 1) {
      throw wrong(
          "Give --tls DIR, or --key-store and --trust, or --insecure-plain-tcp; one of them.");
    }
    if (plain) {
      return PlainTcp.LOOPBACK_ONLY;
    }
    Map<PartyId, Fingerprint> pinned = new LinkedHashMap<>();
    pins.forEach((party, fingerprint) -> pinned.put(party, Fingerprint.parse(fingerprint)));
    return MutualTls.of(Identity.load(files())).withPins(pinned);
  }

  private IdentityFiles files() {
    if (directory != null) {
      return IdentityFiles.in(directory);
    }
    if (keyStore == null || trust == null) {
      throw wrong("--key-store needs --trust FILE, the authorities that this party trusts.");
    }
    KeyStorePassword password =
        passwordFile == null
            ? KeyStorePassword.fromEnvironment(IdentityFiles.PASSWORD_VARIABLE)
            : KeyStorePassword.fromFile(passwordFile);
    return new IdentityFiles(keyStore, password, trust);
  }

  private ParameterException wrong(String problem) {
    if (command == null) {
      throw new IllegalStateException(problem);
    }
    return new ParameterException(command.commandLine(), problem);
  }
}
