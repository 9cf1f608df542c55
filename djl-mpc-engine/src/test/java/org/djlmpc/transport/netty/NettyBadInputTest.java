package org.djlmpc.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.djlmpc.transport.PartyId.P0;
import static org.djlmpc.transport.PartyId.P1;
import static org.djlmpc.transport.PartyId.P2;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.Awaiting;
import org.djlmpc.transport.ByParty;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.Frame;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.NetworkOptions;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.WireFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A party against a peer that misbehaves, byte by byte. The peer is P1 unless said otherwise. */
@Timeout(300)
final class NettyBadInputTest {
  private static final Set<PartyId> TWO = Set.of(P0, P1);
  private static final Set<PartyId> THREE = Set.of(P0, P1, P2);
  private static final NetworkOptions OPTIONS =
      NetworkOptions.DEFAULT.withIoTimeout(Duration.ofSeconds(60));
  private static final int WELCOME = 0;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void closeAllAndFindNoThreadLeft() throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
    threads.shutdownNow();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("djl-mpc"));
  }

  private static InetSocketAddress addressOf(NettyConfig config, PartyId party) {
    return Objects.requireNonNull(config.addresses().get(party));
  }

  private <T> Future<T> async(Callable<T> work) {
    return threads.submit(work);
  }

  private <T extends AutoCloseable> T opened(T one) {
    opened.add(0, one); // peers before the networks that wait for them
    return one;
  }

  private static <T> T get(Future<T> future) throws Exception {
    try {
      return future.get(2, TimeUnit.MINUTES);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private static MpcException failureOf(ThrowingCallable work, ErrorCode code) {
    MpcException[] caught = new MpcException[1];
    assertThatExceptionOfType(MpcException.class)
        .isThrownBy(work)
        .satisfies(e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
        .satisfies(e -> caught[0] = e);
    return caught[0];
  }

  private static Frame open(long request, int sequence, int length) {
    return new Frame(FrameType.OPEN, request, sequence, sequence, 1, new byte[length]);
  }

  /** P0's network, connected with a raw P1. */
  private record Pair(Network p0, RawPeer p1) {}

  private Pair pair() throws Exception {
    NettyConfig config = Loopback.configs(TWO, OPTIONS).of(P0);
    Future<Network> connecting = async(() -> NettyNetwork.connect(config));
    RawPeer peer = opened(new RawPeer(addressOf(config, P0)));
    assertThat(peer.greet(1, 0, config.session())).isEqualTo(WELCOME);
    Network network = get(connecting);
    opened.add(network);
    return new Pair(network, peer);
  }

  @Test
  void aFrameRightBehindTheGreetingIsNotLost() throws Exception {
    NettyConfig config = Loopback.configs(TWO, OPTIONS).of(P0);
    Future<Network> connecting = async(() -> NettyNetwork.connect(config));
    RawPeer peer = opened(new RawPeer(addressOf(config, P0)));
    Frame frame = open(1, 0, 100_000);
    peer.write(
        ByteBuffer.allocate(24 + WireFormat.HEADER_BYTES + 100_000)
            .put(RawPeer.greeting(Greeting.MAGIC, 1, 1, 0, config.session()))
            .put(WireFormat.header(frame))
            .array());
    Network network = get(connecting);
    opened.add(network);
    assertThat(network.accept()).isEqualTo(1);
    assertThat(network.channel(P1, 1).receive(FrameType.OPEN, 0)).hasSize(100_000);
  }

  @Test
  void anImpossibleLengthIsRefusedAndThePeerIsToldWhy() throws Exception {
    Pair pair = pair();
    Channel channel = pair.p0().channel(P1, 1);
    byte[] header = WireFormat.header(open(1, 0, 0));
    ByteBuffer.wrap(header).putInt(0, Integer.MAX_VALUE);
    pair.p1().write(header);
    assertThat(failureOf(() -> channel.receive(FrameType.OPEN, 0), ErrorCode.BAD_FRAME))
        .hasMessageContaining("P1 sent a frame with the impossible length 2147483647");
    String told = new String(pair.p1().read(10_000), StandardCharsets.UTF_8);
    assertThat(told).contains("MPC-404").contains("impossible length");
    failureOf(() -> pair.p0().channel(P1, 2), ErrorCode.BAD_FRAME);
    failureOf(pair.p0()::accept, ErrorCode.BAD_FRAME);
  }

  @Test
  void garbageInsteadOfAFrameIsRefused() throws Exception {
    Pair pair = pair();
    Channel channel = pair.p0().channel(P1, 1);
    pair.p1().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    failureOf(() -> channel.receive(FrameType.OPEN, 0), ErrorCode.BAD_FRAME);
  }

  @Test
  void aFrameCutOffByTheEndOfTheConnectionIsAPeerThatIsGone() throws Exception {
    for (int kept : new int[] {10, 24, 26, 1024}) {
      Pair pair = pair();
      Channel channel = pair.p0().channel(P1, 1);
      Frame frame = open(1, 0, 1000);
      byte[] bytes = ByteBuffer.allocate(1025).put(WireFormat.header(frame)).array();
      pair.p1().write(Arrays.copyOf(bytes, kept));
      pair.p1().close();
      assertThat(failureOf(() -> channel.receive(FrameType.OPEN, 0), ErrorCode.PEER_GONE))
          .hasMessageContaining("P1 closed its connection to P0 in the middle of a frame");
    }
  }

  @Test
  void aReplayedOrSkippedFrameStopsItsRequestOnly() throws Exception {
    Pair pair = pair();
    pair.p1().write(open(1, 0, 4));
    pair.p1().write(open(2, 0, 4));
    Channel replayed = pair.p0().channel(P1, 1);
    assertThat(replayed.receive(FrameType.OPEN, 0)).hasSize(4);
    pair.p1().write(open(1, 0, 4));
    assertThat(failureOf(() -> replayed.receive(FrameType.OPEN, 0), ErrorCode.BAD_FRAME))
        .hasMessageContaining("P1 sent frame 0 of request 1 where frame 1 was due");
    Channel skipped = pair.p0().channel(P1, 2);
    assertThat(skipped.receive(FrameType.OPEN, 0)).hasSize(4);
    pair.p1().write(open(2, 2, 4));
    failureOf(() -> skipped.receive(FrameType.OPEN, 2), ErrorCode.BAD_FRAME);
    pair.p1().write(open(3, 0, 5));
    assertThat(pair.p0().channel(P1, 3).receive(FrameType.OPEN, 0)).hasSize(5);
  }

  @Test
  void aSlowPeerHoldsUpTheSenderAndNotMoreThanABoundIsUnderWay() throws Exception {
    Pair pair = pair();
    Channel channel = pair.p0().channel(P1, 1);
    int frames = 200;
    int length = 1 << 20;
    Future<?> sending =
        async(
            () -> {
              for (int i = 0; i < frames; i++) {
                channel.send(FrameType.OPEN, i, new byte[length]);
              }
              return null;
            });
    // the high-water mark, one frame, and what the sockets of the system hold
    long mark = 16L << 20;
    long bound = mark + length + RawPeer.MOST_IN_SOCKETS;
    Awaiting.until(() -> channel.traffic().totals().online().bytesSent() >= mark);
    long largest = 0;
    for (int i = 0; i < frames; i++) {
      long read = (long) i * length;
      largest = Math.max(largest, channel.traffic().totals().online().bytesSent() - read);
      assertThat(pair.p1().read(WireFormat.HEADER_BYTES + length))
          .hasSize(WireFormat.HEADER_BYTES + length);
    }
    get(sending);
    assertThat(largest).isBetween(mark, bound);
  }

  @Test
  void aSenderThatWaitsForASlowPeerHearsOfAnAbort() throws Exception {
    Pair pair = pair();
    Channel channel = pair.p0().channel(P1, 1);
    Future<?> sending = sendForever(channel);
    Awaiting.until(() -> channel.traffic().totals().online().framesSent() >= 2);
    pair.p0().abort(1, new MpcException(ErrorCode.CANCELLED, "Enough.", "Nothing."));
    failureOf(() -> get(sending), ErrorCode.CANCELLED);
  }

  @Test
  void aSenderThatWaitsForASlowPeerHearsThatItIsGone() throws Exception {
    Pair pair = pair();
    Channel channel = pair.p0().channel(P1, 1);
    Future<?> sending = sendForever(channel);
    Awaiting.until(() -> channel.traffic().totals().online().framesSent() >= 2);
    pair.p1().close();
    assertThat(failureOf(() -> get(sending), ErrorCode.PEER_GONE)).hasMessageContaining("P1");
  }

  private Future<?> sendForever(Channel channel) {
    return async(
        () -> {
          for (int i = 0; true; i++) {
            channel.send(FrameType.OPEN, i, new byte[Channel.MAX_PAYLOAD]);
          }
        });
  }

  @Test
  void aPartyThatVanishesStopsTheRequestsOfAllOthers() throws Exception {
    ByParty<NettyConfig> configs = Loopback.configs(THREE, OPTIONS);
    Future<Network> first = async(() -> NettyNetwork.connect(configs.of(P0)));
    Future<Network> second = async(() -> NettyNetwork.connect(configs.of(P1)));
    UUID session = configs.of(P0).session();
    RawPeer toP0 = opened(new RawPeer(addressOf(configs.of(P0), P0)));
    RawPeer toP1 = opened(new RawPeer(addressOf(configs.of(P0), P1)));
    assertThat(toP0.greet(2, 0, session)).isEqualTo(WELCOME);
    assertThat(toP1.greet(2, 1, session)).isEqualTo(WELCOME);
    Network p0 = get(first);
    opened.add(p0);
    Network p1 = get(second);
    opened.add(p1);
    toP0.write(open(1, 0, 4));
    // P0 takes part with P1 and P2; P1 has not heard of P2 in this request.
    Channel p0toP1 = p0.channel(P1, 1);
    Channel p1toP0 = p1.channel(P0, 1);
    assertThat(p0.channel(P2, 1).receive(FrameType.OPEN, 0)).hasSize(4);
    toP0.close();
    MpcException atP0 = failureOf(() -> p0toP1.receive(FrameType.OPEN, 0), ErrorCode.PEER_GONE);
    assertThat(atP0).hasMessageContaining("P2 closed its connection to P0");
    MpcException atP1 = failureOf(() -> p1toP0.receive(FrameType.OPEN, 0), ErrorCode.ABORTED);
    assertThat(atP1).hasMessageContaining("P0 stopped request 1: MPC-402: P2");
  }

  @Test
  void onlyTheExpectedPartyOfThisSessionAndVersionIsWelcome() throws Exception {
    NettyConfig config = Loopback.configs(THREE, OPTIONS).of(P0);
    InetSocketAddress address = addressOf(config, P0);
    UUID session = config.session();
    Future<Network> connecting = async(() -> NettyNetwork.connect(config));
    assertThat(stranger(address).greet(0x12345678, 1, 1, 0, session)).as("magic").isEqualTo(-1);
    assertThat(stranger(address).greet(Greeting.MAGIC, 2, 1, 0, session)).isEqualTo(1);
    assertThat(stranger(address).greet(1, 0, UUID.randomUUID())).isEqualTo(2);
    assertThat(stranger(address).greet(2, 1, session)).as("meant P1").isEqualTo(3);
    assertThat(stranger(address).greet(0, 0, session)).as("P0 itself").isEqualTo(4);
    assertThat(stranger(address).greet(3, 0, session)).as("P3 takes no part").isEqualTo(4);
    assertThat(stranger(address).greet(-5, 0, session)).as("no party").isEqualTo(4);
    assertThat(stranger(address).greet(1, 0, session)).isEqualTo(WELCOME);
    assertThat(stranger(address).greet(1, 0, session)).as("a second P1").isEqualTo(5);
    assertThat(stranger(address).greet(2, 0, session)).as("P0 still waits").isEqualTo(WELCOME);
    opened.add(get(connecting));
  }

  private RawPeer stranger(InetSocketAddress address) throws IOException {
    return opened(new RawPeer(address));
  }

  @Test
  void bothSidesSayThatTheirSessionsDiffer() {
    ByParty<NettyConfig> configs = Loopback.configs(TWO, OPTIONS);
    NettyConfig p0 = configs.of(P0).withConnectTimeout(Duration.ofSeconds(8));
    NettyConfig p1 =
        NettyConfig.of(P1, TWO, p0.addresses(), UUID.randomUUID(), PlainTcp.LOOPBACK_ONLY);
    Future<Network> listening = async(() -> NettyNetwork.connect(p0));
    assertThat(failureOf(() -> NettyNetwork.connect(p1), ErrorCode.CONFIGURATION_MISMATCH))
        .hasMessageContaining("P0 at")
        .hasMessageContaining("refused P1: it belongs to another session")
        .hasMessageNotContaining(p0.session().toString());
    assertThat(failureOf(() -> get(listening), ErrorCode.CONFIGURATION_MISMATCH))
        .hasMessageContaining("P1 connected to P0 with the id of another session");
  }

  @Test
  void aPartyThatNeverConnectsIsNamedAndThePortIsFreeAgain() throws Exception {
    ByParty<NettyConfig> configs = Loopback.configs(THREE, OPTIONS);
    Duration timeout = Duration.ofMillis(700);
    Future<Network> p0 =
        async(() -> NettyNetwork.connect(configs.of(P0).withConnectTimeout(timeout)));
    Future<Network> p1 =
        async(() -> NettyNetwork.connect(configs.of(P1).withConnectTimeout(timeout)));
    for (Future<Network> waiting : List.of(p0, p1)) {
      assertThat(failureOf(() -> get(waiting), ErrorCode.CONNECT)).hasMessageContaining("P2]");
    }
    assertThat(canBind(addressOf(configs.of(P0), P0))).isTrue();
    NettyConfig alone = configs.of(P2).withConnectTimeout(timeout);
    assertThat(failureOf(() -> NettyNetwork.connect(alone), ErrorCode.CONNECT))
        .hasMessageContaining("P2 is not connected with [P0, P1] after 700 ms");
  }

  private static boolean canBind(InetSocketAddress address) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void theOrderOfStartingDoesNotMatterAndPortsAreFreeWhileRunning() throws Exception {
    ByParty<NettyConfig> configs = Loopback.configs(THREE, OPTIONS);
    Future<Network> p2 = async(() -> NettyNetwork.connect(configs.of(P2)));
    // P2 is at work before P1, and P1 before P0.
    Awaiting.until(() -> ioThreads("P2") > 0);
    Future<Network> p1 = async(() -> NettyNetwork.connect(configs.of(P1)));
    Awaiting.until(() -> ioThreads("P1") > 0);
    opened.add(NettyNetwork.connect(configs.of(P0)));
    opened.add(get(p1));
    opened.add(get(p2));
    Awaiting.until(() -> canBind(addressOf(configs.of(P0), P0)));
    Awaiting.until(() -> canBind(addressOf(configs.of(P0), P1)));
  }

  private static long ioThreads(String party) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("djl-mpc-io-" + party))
        .count();
  }

  @Test
  void aTakenPortIsSaid() throws Exception {
    NettyConfig config = Loopback.configs(TWO, OPTIONS).of(P0);
    InetSocketAddress address = addressOf(config, P0);
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(address);
      assertThat(failureOf(() -> NettyNetwork.connect(config), ErrorCode.CONNECT))
          .hasMessageContaining("P0 cannot listen on " + address);
    }
  }

  @Test
  void plainTcpStaysOnThisMachine() {
    Map<PartyId, InetSocketAddress> addresses = Map.of(P0, new InetSocketAddress("192.0.2.1", 9));
    NettyConfig config =
        NettyConfig.of(P1, TWO, addresses, UUID.randomUUID(), PlainTcp.LOOPBACK_ONLY);
    assertThat(failureOf(() -> NettyNetwork.connect(config), ErrorCode.ARGUMENT))
        .hasMessageContaining("192.0.2.1")
        .hasMessageContaining("in the clear");
    NettyConfig any =
        NettyConfig.of(
            P0,
            TWO,
            Map.of(P0, new InetSocketAddress(0)),
            config.session(),
            PlainTcp.LOOPBACK_ONLY);
    failureOf(() -> NettyNetwork.connect(any), ErrorCode.ARGUMENT);
  }
}
