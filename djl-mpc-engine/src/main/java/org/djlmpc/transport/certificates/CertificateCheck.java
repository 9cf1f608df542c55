package org.djlmpc.transport.certificates;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a chain of certificates proves that its owner is a party: the first certificate
 * is valid today, was issued by one of the trusted authorities (RFC 5280, section 6; no revocation
 * lists), serves its purpose, and names one party.
 */
public final class CertificateCheck {
  private static final int DIGITAL_SIGNATURE = 0;
  private static final String ANY_PURPOSE = "2.5.29.37.0";

  private final List<X509Certificate> authorities;
  private final Set<TrustAnchor> anchors;

  /** What the owner of a certificate does on a connection. */
  public enum Role {
    /** It accepts connections: a server of TLS. */
    LISTENS("1.3.6.1.5.5.7.3.1"),
    /** It makes connections: a client of TLS. */
    CONNECTS("1.3.6.1.5.5.7.3.2");

    private final String purpose;

    Role(String purpose) {
      this.purpose = purpose;
    }
  }

  /** Trusts what these authorities have issued. */
  public CertificateCheck(List<X509Certificate> authorities) {
    this.authorities = List.copyOf(authorities);
    anchors =
        authorities.stream()
            .map(authority -> new TrustAnchor(authority, null))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** The authorities that this check trusts. */
  public List<X509Certificate> authorities() {
    return authorities;
  }

  /**
   * Checks a chain.
   *
   * @param owner who showed it, for messages: {@code P1}, or {@code a party that connected}
   * @param chain the certificate of the owner, then those of the authorities between
   * @param role what the owner does with it
   * @return the party that it names
   * @throws MpcException CERTIFICATE_MISSING, CERTIFICATE_DATE, CERTIFICATE_AUTHORITY or
   *     CERTIFICATE_NAME
   */
  public PartyId check(String owner, List<X509Certificate> chain, Role role) {
    if (chain.isEmpty()) {
      throw new MpcException(
          ErrorCode.CERTIFICATE_MISSING,
          sentence(owner) + " showed no certificate.",
          ErrorCode.CERTIFICATE_MISSING.nextStep());
    }
    X509Certificate certificate = chain.get(0);
    String shown = sentence(owner) + " showed the certificate " + Fingerprint.of(certificate);
    checkPath(shown, chain);
    checkPurpose(shown, certificate, role);
    return PartyName.in(certificate)
        .orElseThrow(
            () ->
                new MpcException(
                    ErrorCode.CERTIFICATE_NAME,
                    shown + ", which does not name exactly one party.",
                    ErrorCode.CERTIFICATE_NAME.nextStep()));
  }

  private static String sentence(String owner) {
    return Character.toUpperCase(owner.charAt(0)) + owner.substring(1);
  }

  private void checkPath(String shown, List<X509Certificate> chain) {
    // a path ends below its anchor
    List<X509Certificate> path =
        chain.stream().filter(certificate -> !authorities.contains(certificate)).toList();
    if (path.isEmpty() || !path.get(0).equals(chain.get(0))) {
      throw notTrusted(shown, ", which is an authority's own.", null);
    }
    try {
      PKIXParameters parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      var result =
          (PKIXCertPathValidatorResult)
              CertPathValidator.getInstance("PKIX")
                  .validate(
                      CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
      checkDate(
          shown + ", whose authority's certificate", result.getTrustAnchor().getTrustedCert());
    } catch (CertPathValidatorException e) {
      if (e.getReason() == BasicReason.EXPIRED || e.getReason() == BasicReason.NOT_YET_VALID) {
        path.forEach(certificate -> checkDate(shown + ", which", certificate));
      }
      throw notTrusted(shown, ", which no authority that is trusted here has issued.", e);
    } catch (InvalidAlgorithmParameterException e) {
      throw notTrusted(shown, ", and there is no authority that is trusted here.", e);
    } catch (GeneralSecurityException e) {
      throw notTrusted(shown, ", which cannot be checked.", e);
    }
  }

  private static void checkDate(String shown, X509Certificate certificate) {
    Instant now = Instant.now();
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    String reason = null;
    BasicReason basic = BasicReason.EXPIRED;
    if (now.isAfter(until)) {
      reason = " expired on " + until + ".";
    } else if (now.isBefore(from)) {
      reason = " is not valid before " + from + ".";
      basic = BasicReason.NOT_YET_VALID;
    }
    if (reason != null) {
      throw new MpcException(
          ErrorCode.CERTIFICATE_DATE,
          shown + reason,
          ErrorCode.CERTIFICATE_DATE.nextStep(),
          new CertPathValidatorException(reason, null, null, -1, basic));
    }
  }

  private static void checkPurpose(String shown, X509Certificate certificate, Role role) {
    try {
      List<String> purposes = certificate.getExtendedKeyUsage();
      boolean[] usage = certificate.getKeyUsage();
      boolean fits =
          certificate.getBasicConstraints() < 0
              && (usage == null || usage[DIGITAL_SIGNATURE])
              && (purposes == null
                  || purposes.contains(role.purpose)
                  || purposes.contains(ANY_PURPOSE));
      if (!fits) {
        throw notTrusted(shown, ", which is not meant for a party's connections.", null);
      }
    } catch (CertificateParsingException e) {
      throw notTrusted(shown, ", which cannot be read.", e);
    }
  }

  private static MpcException notTrusted(String shown, String reason, @Nullable Exception cause) {
    return new MpcException(
        ErrorCode.CERTIFICATE_AUTHORITY,
        shown + reason,
        ErrorCode.CERTIFICATE_AUTHORITY.nextStep(),
        cause);
  }

  /**
   * The same failure, for a trust manager. Its cause tells TLS which alert to send. The JDK and
   * BoringSSL know two that say more than "internal error": certificate_expired, and for a
   * certificate that is not valid yet bad_certificate, which fits all other reasons.
   */
  public static CertificateException asCertificateException(MpcException reason) {
    boolean expired =
        reason.getCause() instanceof CertPathValidatorException path
            && path.getReason() == BasicReason.EXPIRED;
    return new CertificateException(
        reason.getMessage(),
        new CertPathValidatorException(
            reason.getMessage(),
            reason,
            null,
            -1,
            expired ? BasicReason.EXPIRED : BasicReason.NOT_YET_VALID));
  }
}
