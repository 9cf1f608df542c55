package org.djlmpc.transport.certificates;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;

/** Files with certificates: PEM (RFC 7468), one after the other, or one in DER. */
final class PemFile {
  private static final int LINE = 64;

  private PemFile() {}

  /**
   * Reads all certificates of a file.
   *
   * @throws MpcException KEY_STORE if the file is missing, or holds none
   */
  static List<X509Certificate> read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      List<X509Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!certificates.isEmpty()) {
        return certificates;
      }
    } catch (IOException e) {
      throw KeyStoreFile.unreadable(file, e);
    } catch (CertificateException e) {
      throw noCertificates(file, e);
    }
    throw noCertificates(file, null);
  }

  static void write(Path file, List<X509Certificate> certificates) {
    Base64.Encoder encoder = Base64.getMimeEncoder(LINE, new byte[] {'\n'});
    OwnerOnly.create(
        file,
        out -> {
          for (X509Certificate certificate : certificates) {
            String text =
                "-----BEGIN CERTIFICATE-----\n"
                    + encoder.encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
            out.write(text.getBytes(StandardCharsets.US_ASCII));
          }
        });
  }

  private static MpcException noCertificates(Path file, @Nullable Exception e) {
    return new MpcException(
        ErrorCode.KEY_STORE,
        file + " holds no certificates.",
        "Name a PEM file with certificates, such as authority.pem.",
        e);
  }
}
