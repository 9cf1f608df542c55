package org.djlmpc.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.djlmpc.transport.PartyId.P0;
import static org.djlmpc.transport.PartyId.P1;

import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.ByParty;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.NetworkOptions;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.certificates.Identity;
import org.djlmpc.transport.certificates.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What somebody between the machines sees, and can do. */
@Timeout(300)
final class TlsWireTest {
  private static final Identity ID_OF_P0 = TestCertificates.good(P0);
  private static final Identity ID_OF_P1 = TestCertificates.good(P1);
  private static final int PIECE = 16;

  private static byte[] secret() {
    byte[] bytes = new byte[5000];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  /** P0's and P1's network, with somebody between. */
  private record Spied(ManInTheMiddle spy, Network p0, Network p1, NettyConfig config)
      implements AutoCloseable {
    static Spied connect(ConnectionSecurity atP0, ConnectionSecurity atP1) throws Exception {
      ByParty<NettyConfig> plain = Loopback.configs(Set.of(P0, P1), NetworkOptions.DEFAULT);
      NettyConfig p0 = plain.of(P0).withSecurity(atP0);
      ManInTheMiddle spy = new ManInTheMiddle(Objects.requireNonNull(p0.addresses().get(P0)));
      Map<PartyId, InetSocketAddress> detour = new EnumMap<>(p0.addresses());
      detour.put(P0, spy.address());
      NettyConfig p1 = NettyConfig.of(P1, p0.parties(), detour, p0.session(), atP1);
      try {
        Map<PartyId, Network> networks = Loopback.connect(new ByParty<>(Map.of(P0, p0, P1, p1)));
        return new Spied(
            spy,
            Objects.requireNonNull(networks.get(P0)),
            Objects.requireNonNull(networks.get(P1)),
            p0);
      } catch (CompletionException e) {
        spy.close();
        throw e;
      }
    }

    byte[] session() {
      return ByteBuffer.allocate(16)
          .putLong(config.session().getMostSignificantBits())
          .putLong(config.session().getLeastSignificantBits())
          .array();
    }

    @Override
    public void close() throws IOException {
      p1.close();
      p0.close();
      spy.close();
    }
  }

  private static boolean contains(byte[] bytes, byte[] piece) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.contains(new String(piece, StandardCharsets.ISO_8859_1));
  }

  /** Sends the secret both ways and returns all bytes on the wire. */
  private static byte[] exchange(Spied spied) {
    spied.p1().channel(P0, 1).send(FrameType.OPEN, 0, secret());
    spied.p0().channel(P1, 1).send(FrameType.OPEN, 0, secret());
    assertThat(spied.p0().channel(P1, 1).receive(FrameType.OPEN, 0)).isEqualTo(secret());
    assertThat(spied.p1().channel(P0, 1).receive(FrameType.OPEN, 0)).isEqualTo(secret());
    return spied.spy().seen();
  }

  private static byte[] piece(int index) {
    return Arrays.copyOfRange(secret(), index * PIECE, (index + 1) * PIECE);
  }

  @Test
  void inPlainTcpEverythingCanBeRead() throws Exception {
    try (Spied spied = Spied.connect(PlainTcp.LOOPBACK_ONLY, PlainTcp.LOOPBACK_ONLY)) {
      byte[] seen = exchange(spied);
      assertThat(contains(seen, piece(3))).isTrue();
      assertThat(contains(seen, spied.session())).isTrue();
      assertThat(contains(seen, "DMPC".getBytes(StandardCharsets.US_ASCII))).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"JDK", "OPENSSL"})
  void inTlsNothingOfAFrameCanBeReadNorWhoTalks(SslProvider provider) throws Exception {
    try (Spied spied =
        Spied.connect(MutualTls.with(ID_OF_P0, provider), MutualTls.with(ID_OF_P1, provider))) {
      byte[] seen = exchange(spied);
      assertThat(seen.length).isGreaterThan(2 * secret().length);
      for (int i = 0; i < secret().length / PIECE; i++) {
        assertThat(contains(seen, piece(i))).isFalse();
      }
      assertThat(contains(seen, spied.session())).isFalse();
      assertThat(contains(seen, "DMPC".getBytes(StandardCharsets.US_ASCII))).isFalse();
      // certificates are encrypted too
      assertThat(contains(seen, "djl-mpc:party".getBytes(StandardCharsets.US_ASCII))).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"JDK", "OPENSSL"})
  void aChangedBitStopsEverythingAtBothSides(SslProvider provider) throws Exception {
    try (Spied spied =
        Spied.connect(MutualTls.with(ID_OF_P0, provider), MutualTls.with(ID_OF_P1, provider))) {
      exchange(spied);
      spied.spy().change();
      spied.p1().channel(P0, 2).send(FrameType.OPEN, 0, secret());
      MpcException atP0 = stopped(spied.p0(), P1);
      MpcException atP1 = stopped(spied.p1(), P0);
      // the one that finds it says so; the other hears of it, or that the first is gone
      assertThat(List.of(atP0.code(), atP1.code())).contains(ErrorCode.BAD_FRAME);
      assertThat(List.of(atP0.code(), atP1.code()))
          .allMatch(code -> code == ErrorCode.BAD_FRAME || code == ErrorCode.PEER_GONE);
    }
  }

  private static MpcException stopped(Network network, PartyId peer) {
    MpcException[] caught = new MpcException[1];
    assertThatExceptionOfType(MpcException.class)
        .isThrownBy(() -> network.channel(peer, 2).receive(FrameType.OPEN, 0))
        .satisfies(e -> caught[0] = e);
    return caught[0];
  }
}
