package org.djlmpc.transport.certificates;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.djlmpc.transport.PartyId;

/** Identities of one project, good and bad. All of them trust the project's authority. */
public final class TestCertificates {
  private static final Duration DAY = Duration.ofDays(1);
  private static final CertificateAuthority AUTHORITY = CertificateAuthority.create("ours", DAY);

  /** The same name and another key: it takes the signature to tell them apart. */
  private static final CertificateAuthority FOREIGN = CertificateAuthority.create("ours", DAY);

  private TestCertificates() {}

  /** As it should be. */
  public static Identity good(PartyId party) {
    return AUTHORITY.issue(party, List.of("localhost"), DAY);
  }

  /** It expired an hour ago. */
  public static Identity expired(PartyId party) {
    Instant now = Instant.now();
    return AUTHORITY.issue(party, List.of(), now.minus(DAY), now.minusSeconds(3600));
  }

  /** It will be valid in an hour. */
  public static Identity early(PartyId party) {
    Instant now = Instant.now();
    return AUTHORITY.issue(party, List.of(), now.plusSeconds(3600), now.plus(DAY));
  }

  /** Another authority has issued it. */
  public static Identity foreign(PartyId party) {
    return trustingOurs(FOREIGN.issue(party, List.of(), DAY));
  }

  /** Nobody has issued it. */
  public static Identity selfSigned(PartyId party) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair pair = generator.generateKeyPair();
    X500Name name = new X500Name("CN=" + party);
    Instant now = Instant.now();
    X509Certificate certificate =
        new JcaX509CertificateConverter()
            .getCertificate(
                new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.ONE,
                        Date.from(now.minus(DAY)),
                        Date.from(now.plus(DAY)),
                        name,
                        pair.getPublic())
                    .addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(
                            new GeneralName(
                                GeneralName.uniformResourceIdentifier, PartyName.uri(party))))
                    .build(
                        new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    return new Identity(pair.getPrivate(), List.of(certificate), List.of(AUTHORITY.certificate()));
  }

  /** The certificate of the project's authority. */
  public static X509Certificate authority() {
    return AUTHORITY.certificate();
  }

  /** A party poses as an authority: its own certificate follows in the chain. */
  static Identity issuedBy(Identity issuer, PartyId party) {
    CertificateAuthority posing =
        CertificateAuthority.of(new KeyStoreFile.Entry(issuer.key(), issuer.chain()));
    Identity issued = posing.issue(party, List.of(), DAY);
    return new Identity(
        issued.key(),
        List.of(issued.chain().get(0), issuer.chain().get(0)),
        List.of(AUTHORITY.certificate()));
  }

  private static Identity trustingOurs(Identity identity) {
    return new Identity(identity.key(), identity.chain(), List.of(AUTHORITY.certificate()));
  }
}
