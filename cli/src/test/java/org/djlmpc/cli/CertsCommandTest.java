package org.djlmpc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The authority of a project, as its keeper sees it. */
final class CertsCommandTest {
  private static final String FINGERPRINT = "SHA-256 fingerprint ([0-9A-F]{2}:){31}[0-9A-F]{2}";

  @TempDir private Path directory;

  private Path authority() {
    Path authority = directory.resolve("ca");
    Run made = Run.of("certs", "init", authority.toString(), "--name", "ours");
    assertThat(made.status()).as(made.err()).isZero();
    assertThat(made.out()).containsPattern(FINGERPRINT);
    return authority;
  }

  private static Run issue(Path authority, String party) {
    return Run.of("certs", "issue", authority.toString(), "--party", party, "--host", "a.example");
  }

  @Test
  void aCertificateIsIssuedAndShown() {
    Path authority = authority();
    Run issued = issue(authority, "server");
    assertThat(issued.status()).as(issued.err()).isZero();

    Run shown = Run.of("certs", "show", authority.resolve("P1/identity.p12").toString());

    assertThat(shown.out())
        .contains("Party P1: CN=P1", "issued by           CN=ours authority", "a.example")
        .containsPattern(FINGERPRINT)
        .doesNotContain("expired");
    String fingerprint = shown.out().lines().filter(line -> line.contains("SHA")).findFirst().get();
    assertThat(issued.out()).contains(fingerprint.strip());
    assertThat(Run.of("certs", "show", authority.resolve("authority.p12").toString()).out())
        .contains("Authority: CN=ours authority");
  }

  @Test
  void rolesOfSplitLearningAreParties() {
    Path authority = authority();
    Map.of("coordinator", "P0", "SERVER", "P1", "holder0", "P2", "holder13", "P15")
        .forEach(
            (role, party) -> {
              Run issued = issue(authority, role);
              assertThat(issued.status()).as(issued.err()).isZero();
              assertThat(issued.out()).contains("The identity of " + party + " is in");
            });
    assertThat(issue(authority, "holder14").err()).hasLineCount(1).contains("no party holder14");
  }

  @Test
  void mistakesAreSaidInOneLine() {
    Path authority = authority();
    issue(authority, "P0");
    assertThat(issue(authority, "P0").err()).hasLineCount(1).contains("MPC-427", "exists already");
    assertThat(issue(authority, "P16").err()).hasLineCount(1).contains("There is no party P16");
    assertThat(issue(directory.resolve("none"), "P0").err())
        .hasLineCount(1)
        .contains("MPC-427", "There is no file");
    Run twice = Run.of("certs", "init", authority.toString());
    assertThat(twice.status()).isEqualTo(1);
    assertThat(twice.err()).hasLineCount(1).contains("authority.p12 exists already");
    assertThat(Run.of("certs", "init", directory.resolve("x").toString(), "--days", "0").err())
        .hasLineCount(1)
        .contains("--days 0 is not possible");
  }
}
