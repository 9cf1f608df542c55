package org.djlmpc.transport.certificates;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.djlmpc.error.MpcException;

/** A file with certificates of either kind, to look at. */
public final class CertificateFile {
  private CertificateFile() {}

  /**
   * Reads the certificates of a key store ({@code .p12}, {@code .pfx}), or of a PEM or DER file.
   * The password of a key store is in the file {@code password} beside it, for an authority's
   * {@code authority.password}, or in the variable {@link IdentityFiles#PASSWORD_VARIABLE}.
   *
   * @throws MpcException KEY_STORE if the file cannot be read
   */
  public static List<X509Certificate> read(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (!name.endsWith(".p12") && !name.endsWith(".pfx")) {
      return PemFile.read(file);
    }
    String password =
        name.equals(CertificateAuthority.KEY_STORE_FILE)
            ? CertificateAuthority.PASSWORD_FILE
            : IdentityFiles.PASSWORD_FILE;
    return KeyStoreFile.read(file, IdentityFiles.passwordIn(file.resolveSibling(password))).chain();
  }

  /** A remark on a certificate that is not valid today; empty if it is. */
  public static String validity(X509Certificate certificate) {
    Instant now = Instant.now();
    if (now.isAfter(certificate.getNotAfter().toInstant())) {
      return " (expired)";
    }
    return now.isBefore(certificate.getNotBefore().toInstant()) ? " (not yet valid)" : "";
  }
}
