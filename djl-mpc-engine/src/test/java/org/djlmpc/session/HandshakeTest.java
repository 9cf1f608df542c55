package org.djlmpc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.djlmpc.transport.PartyId.P0;
import static org.djlmpc.transport.PartyId.P1;
import static org.djlmpc.transport.PartyId.P2;

import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.djlmpc.crypto.Seed;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.preprocessing.KeyWindow;
import org.djlmpc.ring.Ring;
import org.djlmpc.transport.ByParty;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.NetworkOptions;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.memory.MemoryNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Parties that do not fit together find out before they compute, and say why. */
@Timeout(300)
class HandshakeTest {
  private static final Set<PartyId> PARTIES = Set.of(P0, P1, P2);
  private static final SessionConfig CONFIG =
      new SessionConfig(
          "test",
          Map.of("comparison", "exact"),
          PARTIES,
          Ring.Z64,
          16,
          KeyWindow.of(1 << 20),
          Duration.ofSeconds(60));

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Network> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(Network::close);
    threads.shutdownNow();
  }

  private ByParty<Network> connect() {
    var networks =
        MemoryNetwork.create(PARTIES, NetworkOptions.DEFAULT.withIoTimeout(Duration.ofSeconds(60)));
    opened.addAll(networks.values());
    return new ByParty<>(networks);
  }

  private Future<Session> open(Network network, SessionConfig config) {
    return threads.submit(() -> Session.open(network, config));
  }

  /** Opens sessions side by side; in sequence they would wait for each other. */
  private List<Future<Session>> openAll(ByParty<Network> networks, PartyId... parties) {
    return Stream.of(parties).map(party -> open(networks.of(party), CONFIG)).toList();
  }

  private static MpcException failure(Future<Session> opening) {
    try (Session session = opening.get(2, TimeUnit.MINUTES)) {
      throw new AssertionError(session.self() + " opened a session");
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(MpcException.class);
      return (MpcException) e.getCause();
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static Session session(Future<Session> opening) {
    try {
      return opening.get(2, TimeUnit.MINUTES);
    } catch (InterruptedException | TimeoutException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /** One party has another configuration; every party must name the field. */
  private void mismatch(
      PartyId odd, UnaryOperator<SessionConfig> change, ErrorCode code, String field) {
    ByParty<Network> networks = connect();
    Map<PartyId, Future<Session>> openings = new LinkedHashMap<>();
    for (PartyId party : PARTIES) {
      SessionConfig config = party == odd ? change.apply(CONFIG) : CONFIG;
      openings.put(party, open(networks.of(party), config));
    }
    openings.forEach(
        (party, opening) -> {
          MpcException failure = failure(opening);
          assertThat(failure.code()).as(party + ": " + failure.getMessage()).isEqualTo(code);
          assertThat(failure).hasMessageContaining(field);
          if (party != odd) {
            assertThat(failure).hasMessageContaining(odd.name());
          }
        });
  }

  private static SessionConfig config(
      Map<String, String> options, Set<PartyId> parties, Ring ring, int bits, long window) {
    return new SessionConfig(
        "test", options, parties, ring, bits, KeyWindow.of(window), CONFIG.timeout());
  }

  @Test
  void everyPartyNamesTheFieldThatDiffers() {
    var options = CONFIG.options();
    var code = ErrorCode.CONFIGURATION_MISMATCH;
    for (PartyId odd : PARTIES) {
      mismatch(odd, c -> config(options, PARTIES, Ring.Z32, 16, 1 << 20), code, "ring");
    }
    mismatch(P1, c -> config(options, PARTIES, Ring.Z64, 15, 1 << 20), code, "fraction bits");
    mismatch(P0, c -> config(options, PARTIES, Ring.Z64, 16, 1 << 21), code, "key window");
    mismatch(P1, c -> config(options, Set.of(P0, P1), Ring.Z64, 16, 1 << 20), code, "parties");
    mismatch(
        P0,
        c -> config(Map.of("comparison", "paper"), PARTIES, Ring.Z64, 16, 1 << 20),
        code,
        "comparison");
    mismatch(P1, c -> config(Map.of(), PARTIES, Ring.Z64, 16, 1 << 20), code, "comparison");
    mismatch(
        P2,
        c -> config(Map.of("comparison", "exact", "new", "1"), PARTIES, Ring.Z64, 16, 1 << 20),
        code,
        "new");
    mismatch(
        P0,
        c ->
            new SessionConfig(
                "other", options, PARTIES, Ring.Z64, 16, KeyWindow.AUTO, CONFIG.timeout()),
        code,
        "protocol");
  }

  @Test
  void connectedPartiesMustBeThoseOfTheProtocol() {
    ByParty<Network> networks = connect();
    SessionConfig two = config(CONFIG.options(), Set.of(P0, P1), Ring.Z64, 16, 1 << 20);
    for (Future<Session> opening :
        PARTIES.stream().map(party -> open(networks.of(party), two)).toList()) {
      assertThat(failure(opening).code()).isEqualTo(ErrorCode.CONFIGURATION_MISMATCH);
    }
  }

  /** A party that writes its handshake by hand. */
  private final class RawParty {
    private final Network network;

    RawParty(Network network) {
      this.network = network;
    }

    void send(FrameType type, byte[] payload) {
      for (PartyId peer : network.peers()) {
        network.channel(peer, 0).send(type, 0, payload.clone());
      }
    }

    MpcException receives(PartyId peer, FrameType type) {
      MpcException[] caught = new MpcException[1];
      assertThatExceptionOfType(MpcException.class)
          .isThrownBy(
              () -> {
                while (true) {
                  network.channel(peer, 0).receive(type, 0);
                }
              })
          .satisfies(e -> caught[0] = e);
      return caught[0];
    }
  }

  private static byte[] hello(Map<String, String> fields) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeInt(fields.size());
      for (var field : fields.entrySet()) {
        out.writeUTF(field.getKey());
        out.writeUTF(field.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static Map<String, String> fields() {
    return new LinkedHashMap<>(CONFIG.announcement());
  }

  @Test
  void anotherVersionIsNamedBeforeAnythingElse() {
    ByParty<Network> networks = connect();
    Map<String, String> other = fields();
    other.put("wire version", "2");
    other.put("ring", "Z128");
    new RawParty(networks.of(P1)).send(FrameType.HELLO, hello(other));
    for (Future<Session> opening : openAll(networks, P0, P2)) {
      MpcException failure = failure(opening);
      assertThat(failure.code()).isEqualTo(ErrorCode.VERSION_MISMATCH);
      assertThat(failure).hasMessageContaining("wire version").hasMessageContaining("P1 has 2");
    }
  }

  @Test
  void aHandshakeThatCannotBeReadStopsAll() {
    byte[] whole = hello(fields());
    byte[] trailing = Arrays.copyOf(whole, whole.length + 1);
    List<byte[]> garbage =
        List.of(
            new byte[0],
            new byte[] {1, 2, 3},
            Arrays.copyOf(whole, whole.length - 1),
            Arrays.copyOf(whole, 5),
            trailing,
            new byte[] {0x7f, -1, -1, -1},
            new byte[] {-1, -1, -1, -1},
            new byte[] {0, 0, 0, 1, 0, 2, (byte) 0xc0, 0, 0, 0},
            new byte[Channel.MAX_PAYLOAD]);
    for (byte[] payload : garbage) {
      ByParty<Network> networks = connect();
      RawParty hostile = new RawParty(networks.of(P1));
      hostile.send(FrameType.HELLO, payload);
      // both may read it, or hear from the other that it could not be read
      for (Future<Session> opening : openAll(networks, P0, P2)) {
        MpcException failure = failure(opening);
        assertThat(failure.code())
            .as(failure.getMessage())
            .isIn(ErrorCode.BAD_FRAME, ErrorCode.ABORTED, ErrorCode.VERSION_MISMATCH);
      }
    }
  }

  @Test
  void textOfAPeerIsMadeHarmless() {
    ByParty<Network> networks = connect();
    Map<String, String> other = fields();
    other.put("ring", "Z64\n\u001b[31m" + "x".repeat(5000));
    new RawParty(networks.of(P1)).send(FrameType.HELLO, hello(other));
    for (Future<Session> opening : openAll(networks, P0, P2)) {
      MpcException failure = failure(opening);
      assertThat(failure.code()).isEqualTo(ErrorCode.CONFIGURATION_MISMATCH);
      assertThat(failure.getMessage()).doesNotContain("\n", "\u001b").hasSizeLessThan(500);
    }
  }

  @Test
  void seedsHaveOneLength() {
    for (int length : new int[] {0, Seed.BYTES - 1, Seed.BYTES + 1, 1 << 20}) {
      ByParty<Network> networks = connect();
      RawParty hostile = new RawParty(networks.of(P0));
      hostile.send(FrameType.HELLO, hello(fields()));
      hostile.send(FrameType.SEED, new byte[length]);
      for (Future<Session> opening : openAll(networks, P1, P2)) {
        MpcException failure = failure(opening);
        assertThat(failure.code()).isIn(ErrorCode.BAD_FRAME, ErrorCode.ABORTED);
        assertThat(failure).hasMessageContaining("seed of " + length + " bytes");
      }
      assertThat(hostile.receives(P1, FrameType.HELLO)).hasMessageContaining("seed of");
    }
  }

  @Test
  void aPartyThatLeavesOrNeverComesIsNamed() {
    ByParty<Network> networks = connect();
    networks.of(P1).close();
    for (Future<Session> opening : openAll(networks, P0, P2)) {
      MpcException failure = failure(opening);
      assertThat(failure.code()).isIn(ErrorCode.PEER_GONE, ErrorCode.ABORTED);
      assertThat(failure).hasMessageContaining("P1 has closed");
    }

    var quick =
        MemoryNetwork.create(PARTIES, NetworkOptions.DEFAULT.withIoTimeout(Duration.ofMillis(100)));
    opened.addAll(quick.values());
    MpcException late = failure(open(new ByParty<>(quick).of(P0), CONFIG));
    assertThat(late.code()).isEqualTo(ErrorCode.TIMEOUT);
  }

  @Test
  void everyPairSharesASeedThatTheThirdPartyLacks() {
    ByParty<Network> networks = connect();
    Map<PartyId, Future<Session>> openings = new LinkedHashMap<>();
    PARTIES.forEach(party -> openings.put(party, open(networks.of(party), CONFIG)));
    Map<PartyId, Session> map = new LinkedHashMap<>();
    openings.forEach((party, opening) -> map.put(party, session(opening)));
    ByParty<Session> sessions = new ByParty<>(map);
    List<Long> firsts = new ArrayList<>();
    for (PartyId a : PARTIES) {
      for (PartyId b : PARTIES) {
        if (a.compareTo(b) < 0) {
          long atA = first(sessions.of(a), b);
          assertThat(first(sessions.of(b), a)).isEqualTo(atA);
          firsts.add(atA);
        }
      }
    }
    assertThat(firsts).doesNotHaveDuplicates();
    sessions.of(P0).close();
    assertThatThrownBy(() -> sessions.of(P0).streams(P1)).hasMessageContaining("No seed is shared");
  }

  private static long first(Session session, PartyId peer) {
    return session.streams(peer).tensor("test", 1, 0, Ring.Z64, new Shape(1)).getLong(0);
  }

  @Test
  void requestNumbersAreNotUsedAgain() {
    ByParty<Network> networks = connect();
    Map<PartyId, Future<Session>> openings = new LinkedHashMap<>();
    PARTIES.forEach(party -> openings.put(party, open(networks.of(party), CONFIG)));
    Session p0 = session(new ByParty<>(openings).of(P0));
    p0.begin(3).close();
    p0.begin(2).close();
    p0.begin(100_000).close();
    for (long used : new long[] {0, -1, 2, 3, 5, 100_000}) {
      assertThatExceptionOfType(MpcException.class)
          .isThrownBy(() -> p0.begin(used))
          .satisfies(e -> assertThat(e.code()).isIn(ErrorCode.KEY_REUSED, ErrorCode.CLOSED));
    }
    try (Request open = p0.begin(99_999)) {
      // the same number again would take the same masks for other values
      assertThatExceptionOfType(MpcException.class)
          .isThrownBy(() -> p0.begin(open.id()))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.KEY_REUSED));
    }
  }

  @Test
  void aRequestAgreesOnItsProgram() {
    ByParty<Network> networks = connect();
    Map<PartyId, Future<Session>> openings = new LinkedHashMap<>();
    PARTIES.forEach(party -> openings.put(party, open(networks.of(party), CONFIG)));
    Session p0 = session(new ByParty<>(openings).of(P0));
    Session p1 = session(new ByParty<>(openings).of(P1));
    Future<?> other =
        threads.submit(
            () -> {
              p1.begin(1).agree(new byte[] {1, 2, 3});
              p1.begin(2).agree(new byte[] {1, 2, 4});
            });
    p0.begin(1).agree(new byte[] {1, 2, 3});
    assertThatExceptionOfType(MpcException.class)
        .isThrownBy(() -> p0.begin(2).agree(new byte[] {1, 2, 3}))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.ANNOUNCEMENT_MISMATCH));
    assertThatThrownBy(() -> other.get(2, TimeUnit.MINUTES))
        .hasMessageContaining(ErrorCode.ANNOUNCEMENT_MISMATCH.id());
  }
}
