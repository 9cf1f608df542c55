package org.djlmpc.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.djlmpc.transport.PartyId.P0;
import static org.djlmpc.transport.PartyId.P1;
import static org.djlmpc.transport.PartyId.P2;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.ByParty;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.NetworkOptions;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.certificates.Fingerprint;
import org.djlmpc.transport.certificates.Identity;
import org.djlmpc.transport.certificates.TestCertificates;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** P0 listens, P1 dials: who gets in, who does not, and what each side is told. */
@Timeout(900)
final class TlsHandshakeTest {
  private static final Set<PartyId> TWO = Set.of(P0, P1);

  private static final Duration LONG = Duration.ofMinutes(2);

  /**
   * How long a listener waits that a test lets wait: it cannot know whether the right party still
   * comes. Long enough for a few handshakes on a slow machine.
   */
  private static final Duration LISTENING = Duration.ofSeconds(10);

  private final List<InetSocketAddress> ports = new ArrayList<>();

  @AfterEach
  void findNoThreadAndNoPortLeft() throws IOException {
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("djl-mpc"));
    for (InetSocketAddress port : ports) {
      try (ServerSocket free = new ServerSocket()) {
        free.setReuseAddress(true);
        free.bind(port);
      }
    }
  }

  /** Which TLS the two sides use. */
  private record Stacks(SslProvider listening, SslProvider dialling) {
    static List<Stacks> all() {
      assertThat(OpenSsl.isAvailable()).as("netty-tcnative").isTrue();
      return List.of(
          new Stacks(SslProvider.JDK, SslProvider.JDK),
          new Stacks(SslProvider.OPENSSL, SslProvider.JDK),
          new Stacks(SslProvider.JDK, SslProvider.OPENSSL),
          new Stacks(SslProvider.OPENSSL, SslProvider.OPENSSL));
    }
  }

  /** A party that does not look at its own certificate, and tells whom it refused and why. */
  private record Careless(ConnectionSecurity security, CompletableFuture<MpcException> refusal)
      implements ConnectionSecurity {
    Careless(ConnectionSecurity security) {
      this(security, new CompletableFuture<>());
    }

    @Override
    public void checkSelf(PartyId self) {}

    @Override
    public void checkAddress(InetSocketAddress address) {
      security.checkAddress(address);
    }

    @Override
    public void install(ChannelPipeline pipeline, @Nullable PartyId dialled) {
      security.install(pipeline, dialled);
    }

    @Override
    public void verify(Channel connection, PartyId claimed) {
      try {
        security.verify(connection, claimed);
      } catch (MpcException e) {
        refusal.complete(e);
        throw e;
      }
    }

    @Override
    public @Nullable MpcException explain(Throwable failure, String peer) {
      MpcException reason = security.explain(failure, peer);
      if (reason != null) {
        refusal.complete(reason);
      }
      return reason;
    }
  }

  /** How a meeting of P0 and P1 shall fail. */
  private record Failing(
      String name,
      Careless p0,
      ConnectionSecurity p1,
      ErrorCode atP0,
      String textAtP0,
      ErrorCode atP1,
      String textAtP1) {}

  private ByParty<NettyConfig> configs(ConnectionSecurity p0, ConnectionSecurity p1) {
    ByParty<NettyConfig> plain = Loopback.configs(TWO, NetworkOptions.DEFAULT);
    ports.add(address(plain.of(P0)));
    return new ByParty<>(
        Map.of(
            P0, plain.of(P0).withSecurity(p0).withConnectTimeout(LONG),
            P1, plain.of(P1).withSecurity(p1).withConnectTimeout(LONG)));
  }

  /** A listener whose time is up soon. */
  private static Connecting listening(NettyConfig p0) {
    return Connecting.start(p0.withConnectTimeout(LISTENING));
  }

  private static InetSocketAddress address(NettyConfig config) {
    return Objects.requireNonNull(config.addresses().get(P0));
  }

  /** A party that is connecting, on a thread of its own. */
  private record Connecting(Thread thread, CompletableFuture<Network> network) {
    static Connecting start(NettyConfig config) {
      CompletableFuture<Network> network = new CompletableFuture<>();
      Thread thread =
          new Thread(
              () -> {
                try {
                  network.complete(NettyNetwork.connect(config));
                } catch (MpcException e) {
                  network.completeExceptionally(e);
                }
              },
              "connecting");
      thread.start();
      return new Connecting(thread, network);
    }

    MpcException failure(String name) {
      Throwable thrown =
          network.handle((some, failure) -> failure).orTimeout(4, TimeUnit.MINUTES).join();
      assertThat(thrown).as(name).isInstanceOf(MpcException.class);
      return (MpcException) thrown;
    }
  }

  private static void assertFailure(
      String name, MpcException failure, ErrorCode code, String text) {
    assertThat(failure.code()).as(name + ": " + failure.getMessage()).isEqualTo(code);
    assertThat(failure).as(name).hasMessageContaining(text);
  }

  /** P1 gives up by itself; P0 would wait for a better P1. */
  private void assertFails(Failing meeting) {
    String name = meeting.name;
    ByParty<NettyConfig> configs = configs(meeting.p0, meeting.p1);
    Connecting p0 = Connecting.start(configs.of(P0));
    Connecting p1 = Connecting.start(configs.of(P1));
    assertFailure(name + " at P1", p1.failure(name), meeting.atP1, meeting.textAtP1);
    MpcException refusal = meeting.p0.refusal.orTimeout(4, TimeUnit.MINUTES).join();
    assertFailure(name + " at P0", refusal, meeting.atP0, meeting.textAtP0);
    p0.thread.interrupt();
    assertFailure(name + " in the end", p0.failure(name), ErrorCode.CANCELLED, "P0");
  }

  @Test
  void whoHasAGoodCertificateGetsIn() {
    for (Stacks stacks : Stacks.all()) {
      meet(
          MutualTls.with(TestCertificates.good(P0), stacks.listening),
          MutualTls.with(TestCertificates.good(P1), stacks.dialling));
    }
  }

  private void meet(MutualTls atP0, MutualTls atP1) {
    Map<PartyId, Network> networks = Loopback.connect(configs(atP0, atP1));
    byte[] sent = {1, 2, 3};
    try (Network p0 = Objects.requireNonNull(networks.get(P0));
        Network p1 = Objects.requireNonNull(networks.get(P1))) {
      p1.channel(P0, 1).send(FrameType.OPEN, 0, sent.clone());
      assertThat(p0.channel(P1, 1).receive(FrameType.OPEN, 0)).isEqualTo(sent);
      p0.channel(P1, 1).send(FrameType.OPEN, 0, sent.clone());
      assertThat(p1.channel(P0, 1).receive(FrameType.OPEN, 0)).isEqualTo(sent);
    }
  }

  @Test
  void aBadCertificateIsRefusedByTheListenerAndBothLearnWhy() throws Exception {
    Map<String, Bad> bad = badOnes(P1, P2);
    for (Stacks stacks : Stacks.all()) {
      MutualTls good = MutualTls.with(TestCertificates.good(P0), stacks.listening);
      bad.forEach(
          (name, shown) ->
              assertFails(
                  new Failing(
                      name + " " + stacks,
                      new Careless(good),
                      new Careless(MutualTls.with(shown.identity, stacks.dialling)),
                      shown.code,
                      shown.text,
                      ErrorCode.CERTIFICATE_REFUSED,
                      "P0 at ")));
    }
  }

  @Test
  void aBadCertificateIsRefusedByTheDiallerAndBothLearnWhy() throws Exception {
    Map<String, Bad> bad = badOnes(P0, P2);
    for (Stacks stacks : Stacks.all()) {
      MutualTls good = MutualTls.with(TestCertificates.good(P1), stacks.dialling);
      bad.forEach(
          (name, shown) ->
              assertFails(
                  new Failing(
                      name + " " + stacks,
                      new Careless(MutualTls.with(shown.identity, stacks.listening)),
                      good,
                      ErrorCode.CERTIFICATE_REFUSED,
                      "refused the certificate of this party",
                      shown.code,
                      shown.text)));
    }
  }

  /** A certificate that must be refused, and the refusal. */
  private record Bad(Identity identity, ErrorCode code, String text) {}

  private static Map<String, Bad> badOnes(PartyId party, PartyId other) throws Exception {
    return Map.of(
        "expired",
            new Bad(TestCertificates.expired(party), ErrorCode.CERTIFICATE_DATE, "expired on"),
        "early",
            new Bad(TestCertificates.early(party), ErrorCode.CERTIFICATE_DATE, "not valid before"),
        "foreign",
            new Bad(
                TestCertificates.foreign(party), ErrorCode.CERTIFICATE_AUTHORITY, "no authority"),
        "self-signed",
            new Bad(
                TestCertificates.selfSigned(party),
                ErrorCode.CERTIFICATE_AUTHORITY,
                "no authority"),
        "wrong name", new Bad(TestCertificates.good(other), ErrorCode.CERTIFICATE_NAME, "names"));
  }

  @Test
  void plainTcpAndTlsDoNotMeetAndSaySo() {
    List<Connecting> listeners = new ArrayList<>();
    for (SslProvider provider : List.of(SslProvider.JDK, SslProvider.OPENSSL)) {
      ByParty<NettyConfig> plainDialler =
          configs(MutualTls.with(TestCertificates.good(P0), provider), PlainTcp.LOOPBACK_ONLY);
      ByParty<NettyConfig> plainListener =
          configs(PlainTcp.LOOPBACK_ONLY, MutualTls.with(TestCertificates.good(P1), provider));
      listeners.add(listening(plainDialler.of(P0)));
      listeners.add(listening(plainListener.of(P0)));
      Connecting plain1 = Connecting.start(plainDialler.of(P1));
      Connecting tls1 = Connecting.start(plainListener.of(P1));
      assertFailure("plain P1", plain1.failure("P1"), ErrorCode.NOT_TLS, "it speaks TLS only");
      assertFailure("TLS P1", tls1.failure("P1"), ErrorCode.NOT_TLS, "answered in plain TCP");
    }
    // P0 waits until its time is up, and then says what it has seen
    String missed = "P0 is not connected with [P1] after 10000 ms: It refused a connection from /";
    for (Connecting p0 : listeners) {
      assertFailure("P0", p0.failure("P0"), ErrorCode.NOT_TLS, missed);
    }
  }

  @Test
  void anotherCertificateThanThePinnedOneIsRefused() {
    Identity p1 = TestCertificates.good(P1);
    Fingerprint pinned = Fingerprint.of(p1.chain().get(0));
    MutualTls pinning = MutualTls.of(TestCertificates.good(P0)).withPins(Map.of(P1, pinned));
    // which is on the class path of the tests
    assertThat(pinning).hasToString("TLSv1.3 of BoringSSL");
    meet(pinning, MutualTls.of(p1));
    assertFails(
        new Failing(
            "pin",
            new Careless(pinning),
            MutualTls.of(TestCertificates.good(P1)),
            ErrorCode.CERTIFICATE_NAME,
            "not the pinned one",
            ErrorCode.CERTIFICATE_REFUSED,
            "P0 at "));
  }

  @Test
  void aPartyFindsItsOwnMistakesBeforeItOpensAnything() {
    record Own(Identity identity, ErrorCode code, String text) {}
    List<Own> own =
        List.of(
            new Own(TestCertificates.expired(P0), ErrorCode.CERTIFICATE_DATE, "expired on"),
            new Own(TestCertificates.early(P0), ErrorCode.CERTIFICATE_DATE, "not valid before"),
            new Own(TestCertificates.foreign(P0), ErrorCode.CERTIFICATE_AUTHORITY, "no authority"),
            new Own(
                TestCertificates.good(P2),
                ErrorCode.CERTIFICATE_NAME,
                "This party is P0, and its certificate names P2."));
    for (Own mistake : own) {
      MutualTls security = MutualTls.of(mistake.identity);
      NettyConfig config = configs(security, security).of(P0);
      MpcException failure = Connecting.start(config).failure("own");
      assertFailure("own", failure, mistake.code, mistake.text);
    }
  }

  /** A TLS client of the JDK, which believes everybody. */
  private static SSLContext stranger(KeyManager @Nullable [] keys) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {new BelievesAll()}, null);
    return context;
  }

  private static KeyManager[] keys(Identity identity) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    Certificate[] chain = identity.chain().toArray(Certificate[]::new);
    store.setKeyEntry("key", identity.key(), new char[0], chain);
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  /** Connects to P0 and returns what it is told in the end. */
  private static String alert(SSLContext context, String protocol, InetSocketAddress address)
      throws Exception {
    try (Socket raw = connected(address);
        SSLSocket socket =
            (SSLSocket)
                context
                    .getSocketFactory()
                    .createSocket(raw, "localhost", address.getPort(), true)) {
      socket.setEnabledProtocols(new String[] {protocol});
      socket.setSoTimeout(120_000);
      socket.startHandshake();
      return socket.getInputStream().read() < 0 ? "end" : "data";
    } catch (SSLException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static Socket connected(InetSocketAddress address) throws InterruptedException {
    while (true) {
      try {
        return new Socket(address.getAddress(), address.getPort());
      } catch (IOException e) {
        Thread.sleep(20); // P0 does not listen yet
      }
    }
  }

  @Test
  void anOlderTlsAndAMissingCertificateAreRefusedByTheListener() throws Exception {
    List<Connecting> olderSides = new ArrayList<>();
    List<Connecting> bareSides = new ArrayList<>();
    for (SslProvider provider : List.of(SslProvider.JDK, SslProvider.OPENSSL)) {
      MutualTls security = MutualTls.with(TestCertificates.good(P0), provider);
      NettyConfig older = configs(security, security).of(P0);
      NettyConfig bare = configs(security, security).of(P0);
      olderSides.add(listening(older));
      bareSides.add(listening(bare));
      SSLContext good = stranger(keys(TestCertificates.good(P1)));
      assertThat(alert(good, "TLSv1.2", address(older))).contains("protocol_version");
      assertThat(alert(stranger(null), "TLSv1.3", address(bare))).contains("certificate");
    }
    for (Connecting side : olderSides) {
      assertFailure("older", side.failure("older"), ErrorCode.NOT_TLS, "TLS 1.3");
    }
    for (Connecting side : bareSides) {
      assertFailure("bare", side.failure("bare"), ErrorCode.CERTIFICATE_MISSING, "no certificate");
    }
  }

  @Test
  void anOlderTlsIsRefusedByTheDialler() throws Exception {
    for (SslProvider provider : List.of(SslProvider.JDK, SslProvider.OPENSSL)) {
      MutualTls security = MutualTls.with(TestCertificates.good(P1), provider);
      NettyConfig config = configs(security, security).of(P1);
      SSLContext context = stranger(keys(TestCertificates.good(P0)));
      InetSocketAddress address = address(config);
      try (SSLServerSocket server =
          (SSLServerSocket)
              context
                  .getServerSocketFactory()
                  .createServerSocket(address.getPort(), 10, address.getAddress())) {
        server.setEnabledProtocols(new String[] {"TLSv1.2"});
        Connecting dialling = Connecting.start(config);
        try (SSLSocket accepted = (SSLSocket) server.accept()) {
          assertThatThrownBy(accepted::startHandshake).isInstanceOf(SSLException.class);
        }
        assertFailure("older", dialling.failure("older"), ErrorCode.NOT_TLS, "TLS 1.3");
      }
    }
  }

  @Test
  void aListenerThatNeverAnswersIsATimeout() throws Exception {
    MutualTls security = MutualTls.of(TestCertificates.good(P1));
    NettyConfig config =
        configs(security, security).of(P1).withConnectTimeout(Duration.ofSeconds(1));
    InetSocketAddress address = address(config);
    try (ServerSocket silent = new ServerSocket(address.getPort(), 10, address.getAddress())) {
      assertThat(silent.isBound()).isTrue();
      assertFailure(
          "silent", Connecting.start(config).failure("silent"), ErrorCode.CONNECT, "not connected");
    }
  }
}
