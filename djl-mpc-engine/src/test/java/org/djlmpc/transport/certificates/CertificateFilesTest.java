package org.djlmpc.transport.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.certificates.CertificateCheck.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Identities survive in files, which say clearly what is wrong with them. */
final class CertificateFilesTest {
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir private Path directory;

  private Path issued(PartyId party) {
    Path authority = directory.resolve("authority");
    if (!Files.exists(authority)) {
      CertificateAuthority.create("test", DAY).save(authority);
    }
    Path files = directory.resolve(party.name());
    CertificateAuthority.open(authority)
        .issue(party, List.of("10.0.0.7", "a.example"), DAY)
        .save(files);
    return files;
  }

  private static void assertUnusable(ThrowingCallable work, String text) {
    assertThatExceptionOfType(MpcException.class)
        .isThrownBy(work)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.KEY_STORE))
        .withMessageContaining(text);
  }

  @Test
  void anIdentityIsReadAsItWasWritten() throws Exception {
    Identity p0 = Identity.load(IdentityFiles.in(issued(PartyId.P0)));
    Identity p1 = Identity.load(IdentityFiles.in(issued(PartyId.P1)));

    assertThat(p0.party()).isEqualTo(PartyId.P0);
    assertThat(p0.check().check("P1", p1.chain(), Role.CONNECTS)).isEqualTo(PartyId.P1);
    X509Certificate certificate = p0.chain().get(0);
    assertThat(certificate.getSubjectAlternativeNames())
        .containsExactlyInAnyOrder(
            List.of(6, "djl-mpc:party:P0"), List.of(7, "10.0.0.7"), List.of(2, "a.example"));
    assertThat(certificate.getSerialNumber().bitLength()).isBetween(64, 127);
    assertThat(certificate.getSerialNumber()).isNotEqualTo(p1.chain().get(0).getSerialNumber());
    assertThat(certificate.getBasicConstraints()).isNegative();
    assertThat(certificate.getPublicKey().getAlgorithm()).isEqualTo("EC");
    assertThat(p0.key().getEncoded()).isNotEqualTo(p1.key().getEncoded());
  }

  @Test
  void filesBelongToTheirOwnerAlone() throws IOException {
    issued(PartyId.P0);
    List<String> open = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(path -> !path.equals(directory)).toList()) {
        String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        if (!permissions.endsWith("------")) {
          open.add(file + " " + permissions);
        }
      }
    }
    assertThat(open).isEmpty();
  }

  @Test
  void nothingIsOverwritten() {
    Path files = issued(PartyId.P0);
    assertUnusable(() -> issued(PartyId.P0), "identity.p12 exists already");
    assertThat(Identity.load(IdentityFiles.in(files)).party()).isEqualTo(PartyId.P0);
  }

  @Test
  void whatIsWrongWithAFileIsSaid() throws IOException {
    Path files = issued(PartyId.P0);
    IdentityFiles good = IdentityFiles.in(files);
    Path missing = directory.resolve("nothing");
    Path other = Files.writeString(directory.resolve("other"), "no password of it\n");
    KeyStorePassword wrong = KeyStorePassword.fromFile(other);

    assertUnusable(
        () -> Identity.load(new IdentityFiles(missing, good.password(), good.trust())),
        "There is no file " + missing);
    assertUnusable(
        () -> Identity.load(new IdentityFiles(good.keyStore(), good.password(), missing)),
        "There is no file " + missing);
    assertUnusable(
        () -> Identity.load(new IdentityFiles(good.keyStore(), wrong, good.trust())),
        "The password does not open " + good.keyStore());
    assertUnusable(
        () -> Identity.load(new IdentityFiles(other, good.password(), good.trust())),
        "is no PKCS#12 key store");
    assertUnusable(
        () -> Identity.load(new IdentityFiles(good.keyStore(), good.password(), other)),
        "holds no certificates");
    assertUnusable(() -> KeyStorePassword.fromFile(missing).read(), "cannot be read");
    assertUnusable(
        () -> KeyStorePassword.fromEnvironment("DJL_MPC_NO_SUCH_VARIABLE").read(),
        "no variable DJL_MPC_NO_SUCH_VARIABLE");
  }

  @Test
  void aPasswordIsTheFirstLineOfItsFile() throws IOException {
    for (String text : List.of("grün pass", "grün pass\n", "grün pass\r\nmore\n")) {
      Path file = Files.writeString(directory.resolve("password"), text);
      assertThat(KeyStorePassword.fromFile(file).read()).isEqualTo("grün pass".toCharArray());
    }
  }

  @Test
  void aFingerprintIsReadWithColonsAndWithout() {
    Fingerprint own = Fingerprint.of(TestCertificates.authority());
    assertThat(Fingerprint.parse(own.toString())).isEqualTo(own);
    assertThat(Fingerprint.parse(own.hex())).isEqualTo(own);
    assertThat(own.toString()).matches("([0-9A-F]{2}:){31}[0-9A-F]{2}");
    assertThatExceptionOfType(MpcException.class)
        .isThrownBy(() -> Fingerprint.parse(own.hex().substring(1)))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.ARGUMENT));
  }

  @Test
  void anAuthorityIsNoParty() {
    CertificateCheck check = new CertificateCheck(List.of(TestCertificates.authority()));
    assertThatExceptionOfType(MpcException.class)
        .isThrownBy(() -> check.check("P0", List.of(TestCertificates.authority()), Role.LISTENS))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CERTIFICATE_AUTHORITY));
  }

  @Test
  void aPartyCannotIssueCertificates() {
    Identity p0 = TestCertificates.good(PartyId.P0);
    Identity forged = TestCertificates.issuedBy(p0, PartyId.P1);
    CertificateCheck check = new CertificateCheck(List.of(TestCertificates.authority()));
    assertThatExceptionOfType(MpcException.class)
        .isThrownBy(() -> check.check("P1", forged.chain(), Role.CONNECTS))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CERTIFICATE_AUTHORITY));
  }
}
