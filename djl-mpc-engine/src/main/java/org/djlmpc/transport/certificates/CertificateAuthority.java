package org.djlmpc.transport.certificates;

import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.PartyId;

/**
 * The authority of one project: it issues a certificate to each party, and each party trusts it and
 * nothing else. Whoever has its key can pose as every party.
 *
 * <p>Keys are on the curve P-256, signatures ECDSA with SHA-256, serial numbers 127 random bits.
 */
public final class CertificateAuthority {
  /** For clocks that go wrong: certificates are valid since this long. */
  private static final Duration BACKDATED = Duration.ofHours(1);

  private static final int SERIAL_BITS = 127;
  static final String KEY_STORE_FILE = "authority.p12";
  static final String PASSWORD_FILE = "authority.password";

  private final PrivateKey key;
  private final X509Certificate certificate;

  private CertificateAuthority(PrivateKey key, X509Certificate certificate) {
    this.key = key;
    this.certificate = certificate;
  }

  /**
   * Makes a new authority.
   *
   * @param project a name for people
   * @param validity from now on
   */
  public static CertificateAuthority create(String project, Duration validity) {
    KeyPair pair = newKeyPair();
    X500Name name = name(project + " authority");
    Instant now = Instant.now();
    Signed signed =
        new Signed(
            name, pair.getPrivate(), name, pair.getPublic(), validFrom(now), now.plus(validity));
    return new CertificateAuthority(
        pair.getPrivate(),
        signed.make(
            builder -> {
              builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
              builder.addExtension(
                  Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            }));
  }

  /**
   * Reads the files of an authority.
   *
   * @throws MpcException KEY_STORE if a file is missing or damaged, or the password is wrong
   */
  public static CertificateAuthority open(Path directory) {
    return of(
        KeyStoreFile.read(
            directory.resolve(KEY_STORE_FILE),
            IdentityFiles.passwordIn(directory.resolve(PASSWORD_FILE))));
  }

  static CertificateAuthority of(KeyStoreFile.Entry entry) {
    return new CertificateAuthority(entry.key(), entry.chain().get(0));
  }

  /**
   * Writes the files of the authority, readable by their owner only: {@code authority.p12}, its
   * random password {@code authority.password}, and the certificate {@code authority.pem}.
   *
   * @throws MpcException KEY_STORE if one exists already or cannot be written
   */
  public void save(Path directory) {
    OwnerOnly.createDirectory(directory);
    KeyStoreFile.write(
        directory.resolve(KEY_STORE_FILE),
        directory.resolve(PASSWORD_FILE),
        new KeyStoreFile.Entry(key, List.of(certificate)));
    PemFile.write(directory.resolve(IdentityFiles.TRUST_FILE), List.of(certificate));
  }

  /** The certificate of the authority itself. */
  public X509Certificate certificate() {
    return certificate;
  }

  /**
   * Issues a certificate that is valid from now on.
   *
   * @param party who gets it
   * @param hosts names or addresses of its machine, for people and other programs: parties check
   *     each other's name, not where they are
   * @param validity from now on
   */
  public Identity issue(PartyId party, List<String> hosts, Duration validity) {
    Instant now = Instant.now();
    return issue(party, hosts, validFrom(now), now.plus(validity));
  }

  /**
   * Issues a certificate.
   *
   * @param party who gets it
   * @param hosts names or addresses of its machine, as above
   * @param from first moment at which it is valid
   * @param until last moment at which it is valid
   */
  public Identity issue(PartyId party, List<String> hosts, Instant from, Instant until) {
    KeyPair pair = newKeyPair();
    X500Name issuer = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    Signed signed = new Signed(issuer, key, name(party.name()), pair.getPublic(), from, until);
    X509Certificate issued =
        signed.make(
            builder -> {
              builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
              builder.addExtension(
                  Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
              builder.addExtension(
                  Extension.extendedKeyUsage,
                  false,
                  new ExtendedKeyUsage(
                      new KeyPurposeId[] {
                        KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                      }));
              builder.addExtension(Extension.subjectAlternativeName, false, names(party, hosts));
              builder.addExtension(
                  Extension.authorityKeyIdentifier,
                  false,
                  new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate));
            });
    return new Identity(pair.getPrivate(), List.of(issued), List.of(certificate));
  }

  private static Instant validFrom(Instant now) {
    return now.minus(BACKDATED);
  }

  private static X500Name name(String commonName) {
    return new X500NameBuilder().addRDN(BCStyle.CN, commonName).build();
  }

  private static GeneralNames names(PartyId party, List<String> hosts) {
    List<GeneralName> names = new ArrayList<>();
    names.add(new GeneralName(GeneralName.uniformResourceIdentifier, PartyName.uri(party)));
    for (String host : hosts) {
      int type = IPAddress.isValid(host) ? GeneralName.iPAddress : GeneralName.dNSName;
      names.add(new GeneralName(type, host));
    }
    return new GeneralNames(names.toArray(GeneralName[]::new));
  }

  private static KeyPair newKeyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), new SecureRandom());
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw failed(e);
    }
  }

  /** Adds what differs between certificates. */
  @FunctionalInterface
  private interface Extensions {
    void addTo(X509v3CertificateBuilder builder) throws Exception;
  }

  /** What every certificate says. */
  private record Signed(
      X500Name issuer,
      PrivateKey issuerKey,
      X500Name subject,
      PublicKey subjectKey,
      Instant from,
      Instant until) {

    X509Certificate make(Extensions extensions) {
      BigInteger serial = new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(0);
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer, serial, Date.from(from), Date.from(until), subject, subjectKey);
      try {
        builder.addExtension(
            Extension.subjectKeyIdentifier,
            false,
            new JcaX509ExtensionUtils().createSubjectKeyIdentifier(subjectKey));
        extensions.addTo(builder);
        return new JcaX509CertificateConverter()
            .getCertificate(
                builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey)));
      } catch (Exception e) {
        throw failed(e);
      }
    }
  }

  private static MpcException failed(Exception e) {
    return new MpcException(
        ErrorCode.INTERNAL,
        "A certificate could not be made: " + e.getMessage() + ".",
        ErrorCode.INTERNAL.nextStep(),
        e);
  }
}
