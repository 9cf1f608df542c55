package org.djlmpc.transport.certificates;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a party keeps its identity.
 *
 * @param keyStore PKCS#12 file with the private key and its certificates
 * @param password of the key store
 * @param trust certificates of the authorities that this party trusts, PEM or DER
 */
public record IdentityFiles(Path keyStore, KeyStorePassword password, Path trust) {
  /** Holds the password where no file does. */
  public static final String PASSWORD_VARIABLE = "DJL_MPC_KEY_STORE_PASSWORD";

  static final String KEY_STORE_FILE = "identity.p12";
  static final String TRUST_FILE = "authority.pem";
  static final String PASSWORD_FILE = "password";

  /**
   * The files as {@code djl-mpc certs issue} writes them: {@code identity.p12} and {@code
   * authority.pem}; the password is in the file {@code password}, or if there is none in the
   * variable {@value #PASSWORD_VARIABLE}.
   */
  public static IdentityFiles in(Path directory) {
    return new IdentityFiles(
        directory.resolve(KEY_STORE_FILE),
        passwordIn(directory.resolve(PASSWORD_FILE)),
        directory.resolve(TRUST_FILE));
  }

  static KeyStorePassword passwordIn(Path file) {
    return () ->
        Files.exists(file)
            ? KeyStorePassword.fromFile(file).read()
            : KeyStorePassword.fromEnvironment(PASSWORD_VARIABLE).read();
  }
}
