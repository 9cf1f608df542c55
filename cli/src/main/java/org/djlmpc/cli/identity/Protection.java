package org.djlmpc.cli.identity;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
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

/**
 * How a party proves who it is: by a directory as {@code certs issue} writes it, by a key store and
 * authorities to trust, or not at all.
 *
 * @param directory this party's directory
 * @param keyStore this party's key and certificate, PKCS#12
 * @param passwordFile of the key store, or null for the variable {@value
 *     org.djlmpc.transport.certificates.IdentityFiles#PASSWORD_VARIABLE}
 * @param trust with a key store: certificates of the authorities that this party trusts
 * @param pins the one certificate to accept of a party, by its SHA-256 fingerprint
 * @param plain no protection, between processes of one machine
 */
public record Protection(
    @Nullable Path directory,
    @Nullable Path keyStore,
    @Nullable Path passwordFile,
    @Nullable Path trust,
    Map<PartyId, String> pins,
    boolean plain) {
  /** Copies the pins. */
  public Protection {
    pins = Map.copyOf(pins);
  }

  /**
   * What is missing, or too much.
   *
   * @param spelling how the user writes {@code tls}, {@code key-store}, {@code trust} and {@code
   *     insecure-plain-tcp}
   */
  public Optional<String> problem(UnaryOperator<String> spelling) {
    long ways = Stream.of(directory != null, keyStore != null, plain).filter(way -> way).count();
    if (ways != 1) {
      return Optional.of(
          String.format(
              "Give %s DIR, or %s and %s, or %s; one of them.",
              spelling.apply("tls"),
              spelling.apply("key-store"),
              spelling.apply("trust"),
              spelling.apply("insecure-plain-tcp")));
    }
    return keyStore != null && trust == null
        ? Optional.of(
            String.format(
                "%s needs %s FILE, the authorities that this party trusts.",
                spelling.apply("key-store"), spelling.apply("trust")))
        : Optional.empty();
  }

  /**
   * The protection itself, if there is no {@link #problem}.
   *
   * @throws org.djlmpc.error.MpcException KEY_STORE if a file cannot be used, ARGUMENT for a pin
   *     that is no fingerprint
   */
  public ConnectionSecurity security() {
    if (plain) {
      return PlainTcp.LOOPBACK_ONLY;
    }
    Map<PartyId, Fingerprint> pinned = new LinkedHashMap<>();
    pins.forEach((party, fingerprint) -> pinned.put(party, Fingerprint.parse(fingerprint)));
    return MutualTls.of(Identity.load(files())).withPins(pinned);
  }

  private IdentityFiles files() {
    if (keyStore == null || trust == null) {
      return IdentityFiles.in(directory == null ? Path.of("") : directory);
    }
    KeyStorePassword password =
        passwordFile == null
            ? KeyStorePassword.fromEnvironment(IdentityFiles.PASSWORD_VARIABLE)
            : KeyStorePassword.fromFile(passwordFile);
    return new IdentityFiles(keyStore, password, trust);
  }
}
