package org.djlmpc.transport.netty;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.certificates.CertificateCheck;
import org.djlmpc.transport.certificates.CertificateCheck.Role;
import org.djlmpc.transport.certificates.Fingerprint;
import org.jspecify.annotations.Nullable;

/**
 * Believes certificates of parties, during the handshake, and of one party where it dialled one.
 */
final class PartyTrustManager extends X509ExtendedTrustManager {
  private final CertificateCheck check;
  private final Map<PartyId, Fingerprint> pins;
  private final @Nullable PartyId dialled;

  PartyTrustManager(
      CertificateCheck check, Map<PartyId, Fingerprint> pins, @Nullable PartyId dialled) {
    this.check = check;
    this.pins = pins;
    this.dialled = dialled;
  }

  private void check(X509Certificate[] chain, Role role) throws CertificateException {
    String owner = dialled == null ? "a party that connected" : dialled.name();
    try {
      List<X509Certificate> shown = List.of(chain);
      PartyId named = check.check(owner, shown, role);
      if (dialled != null && named != dialled) {
        throw notTheOne(owner + " showed a certificate that names " + named + ".");
      }
      Fingerprint pinned = pins.get(named);
      Fingerprint fingerprint = Fingerprint.of(shown.get(0));
      if (pinned != null && !pinned.equals(fingerprint)) {
        throw notTheOne(
            named + " showed the certificate " + fingerprint + ", which is not the pinned one.");
      }
    } catch (MpcException e) {
      throw CertificateCheck.asCertificateException(e);
    }
  }

  private static MpcException notTheOne(String problem) {
    return new MpcException(
        ErrorCode.CERTIFICATE_NAME, problem, ErrorCode.CERTIFICATE_NAME.nextStep());
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain, Role.CONNECTS);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain, Role.LISTENS);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain, Role.CONNECTS);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain, Role.LISTENS);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain, Role.CONNECTS);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain, Role.LISTENS);
  }

  /**
   * Names none, so that a party shows its certificate whatever it is, and is told what is wrong.
   */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
