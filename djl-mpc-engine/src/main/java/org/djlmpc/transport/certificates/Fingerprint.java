package org.djlmpc.transport.certificates;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * SHA-256 of an encoded certificate, which people compare over another channel.
 *
 * @param hex 64 digits, lower case
 */
public record Fingerprint(String hex) {
  private static final int DIGITS = 64;

  /** The fingerprint of a certificate. */
  public static Fingerprint of(X509Certificate certificate) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return new Fingerprint(HexFormat.of().formatHex(hash));
    } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
      throw new MpcException(
          ErrorCode.INTERNAL, "A certificate cannot be hashed.", ErrorCode.INTERNAL.nextStep(), e);
    }
  }

  /**
   * Reads a fingerprint, with colons or without.
   *
   * @throws MpcException ARGUMENT if it is none
   */
  public static Fingerprint parse(String text) {
    String hex = text.strip().replace(":", "").toLowerCase(Locale.ROOT);
    if (hex.length() != DIGITS || !hex.matches("[0-9a-f]*")) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "This is no SHA-256 fingerprint: " + text + ".",
          "Give 64 hexadecimal digits, as djl-mpc certs show prints them.");
    }
    return new Fingerprint(hex);
  }

  /** Pairs of digits with colons between. */
  @Override
  public String toString() {
    return HexFormat.ofDelimiter(":").withUpperCase().formatHex(HexFormat.of().parseHex(hex));
  }
}
