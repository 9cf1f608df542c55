package org.djlmpc.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.djlmpc.cli.numpy.NumpyFile;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.layers.networks.FashionMnist;
import org.djlmpc.transport.netty.LoopbackPorts;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Parties that know addresses and certificates only. */
@Timeout(900)
final class RemotePartyCommandTest {
  @TempDir private Path directory;

  private String addresses = "";

  @BeforeEach
  void issueCertificatesAndFindPorts() throws IOException {
    Run.of("certs", "init", path("ca"));
    for (String party : new String[] {"P0", "P1", "P2"}) {
      Run.of("certs", "issue", path("ca"), "--party", party);
    }
    addresses = "P0=localhost:" + LoopbackPorts.free() + ",P1=localhost:" + LoopbackPorts.free();
    try (OutputStream out = Files.newOutputStream(directory.resolve("x.npy"))) {
      float[] pixels = FashionMnist.testSample().pixels(0, 2);
      NumpyFile.write(PublicTensor.of(pixels, new Shape(2, 1, 28, 28)), out);
    }
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private CompletableFuture<Run> party(String party, String... more) {
    String[] common = {"party", party, "--at", addresses, "--tls", path("ca/" + party)};
    String[] all = new String[common.length + more.length];
    System.arraycopy(common, 0, all, 0, common.length);
    System.arraycopy(more, 0, all, common.length, more.length);
    return Run.start(all).orTimeout(5, TimeUnit.MINUTES);
  }

  @Test
  void eachPartyBringsItsOwnAndP1LearnsTheAnswer() {
    CompletableFuture<Run> p0 = party("P0", "--model", "lenet", "--batch", "2");
    CompletableFuture<Run> p2 = party("P2");
    Run p1 = party("P1", "--input", path("x.npy"), "--output", path("y.npy")).join();

    assertThat(p1.status()).as(p1.err()).isZero();
    assertThat(p0.join().out()).isEqualToIgnoringNewLines("P0 is done.");
    assertThat(p2.join().out()).isEqualToIgnoringNewLines("P2 is done.");
    Run.of("run", "lenet", "--input", path("x.npy"), "--output", path("p.npy"), "--plain");
    float[] plain = values("p.npy");
    float[] secret = values("y.npy");
    assertThat(secret).hasSize(20);
    for (int i = 0; i < plain.length; i++) {
      assertThat(secret[i]).isCloseTo(plain[i], within(0.01f));
    }
  }

  @Test
  void whenOneFailsAllSayWhyAndExitWithAnError() throws IOException {
    try (OutputStream out = Files.newOutputStream(directory.resolve("wrong.npy"))) {
      NumpyFile.write(PublicTensor.of(new float[784], new Shape(1, 1, 28, 28)), out);
    }
    CompletableFuture<Run> p0 = party("P0", "--model", "lenet", "--batch", "2");
    CompletableFuture<Run> p2 = party("P2");
    Run p1 = party("P1", "--input", path("wrong.npy"), "--output", path("y.npy")).join();

    for (Run run : new Run[] {p0.join(), p1, p2.join()}) {
      assertThat(run.status()).as(run.out() + run.err()).isNotZero();
      assertThat(run.err()).hasLineCount(1).contains("MPC-");
    }
    assertThat(directory.resolve("y.npy")).doesNotExist();
  }

  private float[] values(String file) {
    Map<String, PublicTensor> arrays = NumpyFile.read(directory.resolve(file));
    return Objects.requireNonNull(arrays.get("")).floats();
  }

  @Test
  void noPartyStartsWithoutAWayToProveWhoItIs() {
    String[] start = {"party", "P2", "--at", addresses};
    assertThat(Run.of(start).err()).hasLineCount(1).contains("Give --tls DIR");
    assertThat(Run.of("party", "P2", "--at", addresses, "--tls", path("ca/P1")).err())
        .hasLineCount(1)
        .contains("MPC-422", "This party is P2, and its certificate names P1.");
    assertThat(
            Run.of("party", "P2", "--at", "P0=192.0.2.1:7,P1=192.0.2.2:7", "--insecure-plain-tcp")
                .err())
        .hasLineCount(1)
        .contains("in the clear");
  }
}
