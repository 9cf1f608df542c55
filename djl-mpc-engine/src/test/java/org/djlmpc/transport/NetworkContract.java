package org.djlmpc.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.djlmpc.transport.PartyId.P0;
import static org.djlmpc.transport.PartyId.P1;
import static org.djlmpc.transport.PartyId.P2;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every transport must do; subclasses say how the parties are connected. */
@Timeout(300)
public abstract class NetworkContract {
  private static final Set<PartyId> THREE = Set.of(P0, P1, P2);
  private static final NetworkOptions OPTIONS =
      NetworkOptions.DEFAULT.withIoTimeout(Duration.ofSeconds(60));

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Network> opened = new ArrayList<>();

  /** Connects the parties. */
  protected abstract Map<PartyId, Network> connect(Set<PartyId> parties, NetworkOptions options);

  private ByParty<Network> start(NetworkOptions options) {
    Map<PartyId, Network> networks = connect(THREE, options);
    opened.addAll(networks.values());
    return new ByParty<>(networks);
  }

  @AfterEach
  void closeAllAndFindNoThreadLeft() {
    opened.forEach(Network::close);
    threads.shutdownNow();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("djl-mpc-io") || name.startsWith("djl-mpc-shape"));
  }

  private <T> Future<T> async(Callable<T> work) {
    return threads.submit(work);
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

  private static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void framesOfEverySizeArriveInOrderAndWhole() throws Exception {
    ByParty<Network> nets = start(OPTIONS);
    int[] lengths = {0, 1, 24, 25, 26, 65_535, 1 << 20, Channel.MAX_PAYLOAD, 0, 7};
    Future<?> sender =
        async(
            () -> {
              Channel toP1 = nets.of(P0).channel(P1, 5);
              for (int i = 0; i < lengths.length; i++) {
                toP1.send(FrameType.OPEN, i, bytes(lengths[i], i));
              }
              return null;
            });
    Channel toP0 = nets.of(P1).channel(P0, 5);
    long sum = 0;
    for (int i = 0; i < lengths.length; i++) {
      assertThat(Arrays.equals(toP0.receive(FrameType.OPEN, i), bytes(lengths[i], i)))
          .as("frame of %d bytes", lengths[i])
          .isTrue();
      sum += lengths[i];
    }
    get(sender);
    Traffic.Phase sent = nets.of(P0).channel(P1, 5).traffic().totals().online();
    Traffic.Phase got = toP0.traffic().totals().online();
    int frames = lengths.length;
    assertThat(sent).isEqualTo(new Traffic.Phase(sum, 0, 25L * frames, frames, frames, 0));
    assertThat(got).isEqualTo(new Traffic.Phase(0, sum, 0, 0, 0, frames));
  }

  @Test
  void anOversizedPayloadIsRefusedBeforeItLeaves() {
    Channel channel = start(OPTIONS).of(P0).channel(P1, 1);
    failureOf(
        () -> channel.send(FrameType.OPEN, 0, new byte[Channel.MAX_PAYLOAD + 1]),
        ErrorCode.ARGUMENT);
    assertThat(channel.traffic().totals()).isEqualTo(Traffic.Totals.NONE);
  }

  @Test
  void requestsOfManyThreadsDoNotMix() throws Exception {
    ByParty<Network> nets = start(OPTIONS);
    List<Future<?>> work = new ArrayList<>();
    for (long request = 1; request <= 8; request++) {
      for (PartyId self : THREE) {
        long number = request;
        work.add(async(() -> exchangeWithAll(nets.of(self), number)));
      }
    }
    for (Future<?> one : work) {
      get(one);
    }
  }

  private static @Nullable Void exchangeWithAll(Network net, long request) {
    List<Channel> channels = net.peers().stream().map(peer -> net.channel(peer, request)).toList();
    for (int operation = 0; operation < 50; operation++) {
      for (Channel channel : channels) {
        long seed = request * 1000 + operation * 10L + number(net.self());
        channel.send(FrameType.OPEN, operation, bytes(100, seed));
      }
      for (Channel channel : channels) {
        long seed = request * 1000 + operation * 10L + number(channel.peer());
        assertThat(channel.receive(FrameType.OPEN, operation)).isEqualTo(bytes(100, seed));
      }
    }
    channels.forEach(Channel::close);
    assertThat(net.rounds(request)).as("a closed request keeps its rounds").isEqualTo(50);
    return null;
  }

  private static int number(PartyId party) {
    return List.of(P0, P1, P2).indexOf(party);
  }

  @Test
  void roundsAreTheLongestChainOfDependentOnlineMessages() {
    ByParty<Network> nets = start(OPTIONS);
    Channel p01 = nets.of(P0).channel(P1, 9);
    Channel p02 = nets.of(P0).channel(P2, 9);
    Channel p10 = nets.of(P1).channel(P0, 9);
    Channel p12 = nets.of(P1).channel(P2, 9);
    Channel p20 = nets.of(P2).channel(P0, 9);
    Channel p21 = nets.of(P2).channel(P1, 9);
    byte[] none = {};
    // Offline frames are no rounds.
    p20.send(FrameType.PREPROCESSING, 0, none);
    p02.receive(FrameType.PREPROCESSING, 0);
    assertRounds(nets, 9, 0, 0, 0);
    // A symmetric exchange, in two pieces each, is one round.
    for (Channel channel : List.of(p01, p01, p10, p10)) {
      channel.send(FrameType.OPEN, 1, none);
    }
    for (Channel channel : List.of(p01, p01, p10, p10)) {
      channel.receive(FrameType.OPEN, 1);
    }
    assertRounds(nets, 9, 1, 1, 0);
    assertThat(p01.traffic().totals().online().messagesSent()).isEqualTo(1);
    assertThat(p01.traffic().totals().online().framesSent()).isEqualTo(2);
    // A chain over all parties: each step depends on the one before.
    p01.send(FrameType.SHARE, 2, none);
    p10.receive(FrameType.SHARE, 2);
    p12.send(FrameType.SHARE, 2, none);
    p21.receive(FrameType.SHARE, 2);
    assertRounds(nets, 9, 1, 2, 3);
    p20.send(FrameType.OPEN, 2, none);
    p02.receive(FrameType.OPEN, 2);
    assertRounds(nets, 9, 4, 2, 3);
    // Ping-pong.
    for (int i = 3; i < 6; i++) {
      p01.send(FrameType.OPEN, i, none);
      p10.receive(FrameType.OPEN, i);
      p10.send(FrameType.OPEN, i, none);
      p01.receive(FrameType.OPEN, i);
    }
    assertRounds(nets, 9, 10, 9, 3);
    assertThat(p01.traffic().totals().rounds()).isEqualTo(10);
    assertThat(p01.traffic().totals().plus(p02.traffic().totals()).rounds()).isEqualTo(10);
    assertRounds(nets, 10, 0, 0, 0);
  }

  private static void assertRounds(ByParty<Network> nets, long request, int p0, int p1, int p2) {
    assertThat(THREE.stream().sorted().map(party -> nets.of(party).rounds(request)))
        .containsExactly(p0, p1, p2);
  }

  @Test
  void acceptTellsOnceOfEachRequestThatAPeerStarts() throws Exception {
    ByParty<Network> nets = start(OPTIONS);
    Future<Long> accepted = async(() -> nets.of(P2).accept());
    nets.of(P0).channel(P2, 0).send(FrameType.HELLO, 0, new byte[1]);
    nets.of(P0).channel(P2, 42).send(FrameType.ANNOUNCE, 0, new byte[2]);
    assertThat(get(accepted)).isEqualTo(42);
    nets.of(P1).channel(P2, 42).send(FrameType.ANNOUNCE, 0, new byte[3]);
    nets.of(P1).channel(P2, 43).send(FrameType.ANNOUNCE, 0, new byte[4]);
    assertThat(nets.of(P2).accept()).isEqualTo(43);
    assertThat(nets.of(P2).channel(P0, 42).receive(FrameType.ANNOUNCE, 0)).hasSize(2);
    assertThat(nets.of(P2).channel(P1, 42).receive(FrameType.ANNOUNCE, 0)).hasSize(3);
    assertThat(nets.of(P2).channel(P0, 0).receive(FrameType.HELLO, 0)).hasSize(1);
  }

  @Test
  void tooManyRequestsThatNobodyAcceptsAreStopped() {
    ByParty<Network> nets = start(OPTIONS.withMaxPendingRequests(2));
    List<Channel> channels =
        List.of(nets.of(P0).channel(P1, 1), nets.of(P0).channel(P1, 2), nets.of(P0).channel(P1, 3));
    channels.forEach(channel -> channel.send(FrameType.ANNOUNCE, 0, new byte[1]));
    MpcException failure =
        failureOf(() -> channels.get(2).receive(FrameType.OPEN, 0), ErrorCode.ABORTED);
    assertThat(failure).hasMessageContaining("P1 stopped request 3").hasMessageContaining("P0");
    Network p1 = nets.of(P1);
    assertThat(p1.accept()).isEqualTo(1);
    assertThat(p1.accept()).isEqualTo(2);
  }

  @Test
  void aPeerThatSendsMoreThanMayWaitHasItsRequestStoppedAtAllParties() {
    ByParty<Network> nets = start(OPTIONS.withMaxBufferedBytes(16 << 20));
    Channel slow = nets.of(P1).channel(P0, 3);
    Channel third = nets.of(P2).channel(P0, 3);
    Channel other = nets.of(P0).channel(P1, 4);
    Channel fast = nets.of(P0).channel(P1, 3);
    failureOf(
        () -> {
          for (int i = 0; i < 1000; i++) {
            fast.send(FrameType.OPEN, i, new byte[1 << 20]);
          }
        },
        ErrorCode.ABORTED);
    MpcException failure = failureOf(() -> slow.receive(FrameType.OPEN, 0), ErrorCode.BAD_FRAME);
    assertThat(failure).hasMessageContaining("P0 sent more than 16777216 bytes");
    failureOf(() -> third.receive(FrameType.OPEN, 0), ErrorCode.ABORTED);
    other.send(FrameType.OPEN, 0, new byte[5]);
    assertThat(nets.of(P1).channel(P0, 4).receive(FrameType.OPEN, 0)).hasSize(5);
  }

  @Test
  void manyRequestsTogetherFillNoMoreThanTheirBound() {
    ByParty<Network> nets =
        start(OPTIONS.withMaxBufferedBytes(8 << 20).withMaxBufferedBytesInAll(16 << 20));
    List<Channel> receiving = new ArrayList<>();
    List<Channel> sending = new ArrayList<>();
    for (int request = 1; request <= 3; request++) {
      receiving.add(nets.of(P1).channel(P0, request));
      sending.add(nets.of(P0).channel(P1, request));
    }
    for (int i = 0; i < 7; i++) {
      sending.get(0).send(FrameType.OPEN, i, new byte[1 << 20]);
      sending.get(1).send(FrameType.OPEN, i, new byte[1 << 20]);
    }
    failureOf(
        () -> {
          for (int i = 0; i < 1000; i++) {
            sending.get(2).send(FrameType.OPEN, i, new byte[1 << 20]);
          }
        },
        ErrorCode.ABORTED);
    failureOf(() -> receiving.get(2).receive(FrameType.OPEN, 0), ErrorCode.LIMIT);
    // the others are not touched, and what they receive makes room again
    for (int i = 0; i < 7; i++) {
      receiving.get(0).receive(FrameType.OPEN, i);
      receiving.get(1).receive(FrameType.OPEN, i);
    }
    Channel again = nets.of(P0).channel(P1, 4);
    for (int i = 0; i < 7; i++) {
      again.send(FrameType.OPEN, i, new byte[1 << 20]);
    }
    assertThat(nets.of(P1).channel(P0, 4).receive(FrameType.OPEN, 0)).hasSize(1 << 20);
  }

  @Test
  void aFrameOfAnotherTypeOrOperationStopsTheRequest() {
    ByParty<Network> nets = start(OPTIONS);
    nets.of(P0).channel(P1, 1).send(FrameType.OPEN, 3, new byte[1]);
    MpcException type =
        failureOf(
            () -> nets.of(P1).channel(P0, 1).receive(FrameType.SHARE, 3), ErrorCode.BAD_FRAME);
    assertThat(type).hasMessageContaining("expected SHARE").hasMessageContaining("got OPEN");
    nets.of(P0).channel(P1, 2).send(FrameType.OPEN, 3, new byte[1]);
    failureOf(() -> nets.of(P1).channel(P0, 2).receive(FrameType.OPEN, 4), ErrorCode.BAD_FRAME);
    failureOf(() -> nets.of(P0).channel(P1, 2).receive(FrameType.OPEN, 4), ErrorCode.ABORTED);
  }

  @Test
  void anAbortReachesEveryPartyWithItsReasonAndLeavesOtherRequestsAlone() throws Exception {
    ByParty<Network> nets = start(OPTIONS);
    Channel p0 = nets.of(P0).channel(P1, 7);
    Future<byte[]> waitingP1 = async(() -> nets.of(P1).channel(P0, 7).receive(FrameType.OPEN, 0));
    Future<byte[]> waitingP2 = async(() -> nets.of(P2).channel(P1, 7).receive(FrameType.OPEN, 0));
    MpcException reason =
        new MpcException(ErrorCode.NOT_FINITE, "row 3 is NaN\u001b[2J\u202e", "Clean it.");
    nets.of(P0).abort(7, reason);
    for (Future<byte[]> waiting : List.of(waitingP1, waitingP2)) {
      assertThat(failureOf(() -> get(waiting), ErrorCode.ABORTED))
          .hasMessageContaining("P0 stopped request 7")
          .hasMessageContaining("MPC-103: row 3 is NaN?[2J? Clean it.");
    }
    assertThat(failureOf(() -> p0.receive(FrameType.OPEN, 0), ErrorCode.NOT_FINITE))
        .isSameAs(reason);
    assertThat(failureOf(() -> p0.send(FrameType.OPEN, 0, new byte[1]), ErrorCode.NOT_FINITE))
        .isSameAs(reason);
    // Nobody may join or answer the stopped request, and the second reason is ignored.
    nets.of(P1).abort(7, new MpcException(ErrorCode.INTERNAL, "late", "."));
    failureOf(() -> nets.of(P2).channel(P0, 7), ErrorCode.ABORTED);
    nets.of(P0).channel(P2, 8).send(FrameType.OPEN, 0, new byte[1]);
    assertThat(nets.of(P2).channel(P0, 8).receive(FrameType.OPEN, 0)).hasSize(1);
  }

  @Test
  void anAbortOfEverythingEndsAcceptAndEveryRequest() throws Exception {
    ByParty<Network> nets = start(OPTIONS);
    Future<Long> accepting = async(() -> nets.of(P2).accept());
    Future<byte[]> waiting = async(() -> nets.of(P1).channel(P0, 7).receive(FrameType.OPEN, 0));
    nets.of(P0).abort(new MpcException(ErrorCode.SELF_TEST, "x".repeat(10_000), "Stop."));
    assertThat(failureOf(() -> get(accepting), ErrorCode.ABORTED))
        .hasMessageContaining("P0 stopped all requests: MPC-501")
        .satisfies(e -> assertThat(e.toString()).hasSizeLessThan(5000));
    failureOf(() -> get(waiting), ErrorCode.ABORTED);
    failureOf(() -> nets.of(P1).channel(P2, 8), ErrorCode.ABORTED);
    failureOf(() -> nets.of(P0).channel(P2, 8), ErrorCode.SELF_TEST);
  }

  @Test
  void aSilentPeerIsATimeoutThatNamesItAndReachesAll() {
    ByParty<Network> nets = start(OPTIONS.withIoTimeout(Duration.ofMillis(300)));
    Channel third = nets.of(P2).channel(P0, 6);
    assertThat(
            failureOf(
                () -> nets.of(P0).channel(P1, 6).receive(FrameType.OPEN, 17), ErrorCode.TIMEOUT))
        .hasMessageContaining("OPEN of operation 17 from P1 in request 6");
    Awaiting.until(
        () -> {
          try {
            third.send(FrameType.OPEN, 0, new byte[0]);
            return false;
          } catch (MpcException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.ABORTED);
            return true;
          }
        });
  }

  @Test
  void anInterruptStopsTheRequestAtAllParties() throws Exception {
    ByParty<Network> nets = start(OPTIONS);
    Channel channel = nets.of(P0).channel(P1, 2);
    ExecutorService own = Executors.newSingleThreadExecutor();
    Future<byte[]> waiting = own.submit(() -> channel.receive(FrameType.OPEN, 0));
    own.shutdownNow();
    failureOf(() -> get(waiting), ErrorCode.CANCELLED);
    assertThat(
            failureOf(
                () -> nets.of(P1).channel(P0, 2).receive(FrameType.OPEN, 0), ErrorCode.ABORTED))
        .hasMessageContaining("MPC-407");
  }

  @Test
  void aClosedChannelDropsWhatStillArrivesAndItsRequestIsNotReopened() {
    ByParty<Network> nets = start(OPTIONS);
    Channel p0 = nets.of(P0).channel(P1, 1);
    Channel p1 = nets.of(P1).channel(P0, 1);
    p0.send(FrameType.OPEN, 0, new byte[3]);
    p1.receive(FrameType.OPEN, 0);
    p1.close();
    p1.close();
    p0.send(FrameType.OPEN, 1, new byte[3]);
    failureOf(() -> p1.receive(FrameType.OPEN, 1), ErrorCode.CLOSED);
    failureOf(() -> nets.of(P1).channel(P0, 1), ErrorCode.CLOSED);
    // The late frame starts no request: the next one that is accepted is another.
    nets.of(P0).channel(P1, 2).send(FrameType.OPEN, 0, new byte[3]);
    assertThat(nets.of(P1).accept()).isEqualTo(2);
  }

  @Test
  void anOrderlyCloseLeavesWhatWasSentAndFailsOnlyWhoWaitsForMore() throws Exception {
    ByParty<Network> nets = start(OPTIONS);
    Channel p1 = nets.of(P1).channel(P0, 1);
    Channel p2 = nets.of(P2).channel(P1, 1);
    nets.of(P0).channel(P1, 1).send(FrameType.SHARE, 0, new byte[5_000_000]);
    nets.of(P0).close();
    assertThat(p1.receive(FrameType.SHARE, 0)).hasSize(5_000_000);
    p1.send(FrameType.END, 1, new byte[0]); // nobody is left who would read it
    nets.of(P1).channel(P2, 1).send(FrameType.SHARE, 2, new byte[4]);
    assertThat(p2.receive(FrameType.SHARE, 2)).hasSize(4);
    assertThat(failureOf(() -> p1.receive(FrameType.SHARE, 1), ErrorCode.PEER_GONE))
        .hasMessageContaining("P0 has closed");
    failureOf(() -> nets.of(P0).channel(P1, 2), ErrorCode.CLOSED);
    Future<Long> accepting = async(() -> nets.of(P2).accept());
    nets.of(P1).close();
    failureOf(() -> get(accepting), ErrorCode.CLOSED);
  }

  @Test
  void closingWakesThisPartysOwnThreads() throws Exception {
    ByParty<Network> nets = start(OPTIONS);
    Channel channel = nets.of(P0).channel(P1, 1);
    Future<byte[]> receiving = async(() -> channel.receive(FrameType.OPEN, 0));
    Future<Long> accepting = async(() -> nets.of(P0).accept());
    nets.of(P0).close();
    failureOf(() -> get(receiving), ErrorCode.CLOSED);
    failureOf(() -> get(accepting), ErrorCode.CLOSED);
    channel.close();
  }

  @Test
  void aShapedLinkTakesItsTimeAndNoLess() throws Exception {
    ByParty<Network> nets =
        start(OPTIONS.withShape(new LinkShape(80, 100))); // 12.5 MB/s, 40 ms one way
    Channel p0 = nets.of(P0).channel(P1, 1);
    Channel p1 = nets.of(P1).channel(P0, 1);
    long start = System.nanoTime();
    p0.send(FrameType.OPEN, 0, new byte[0]);
    p1.receive(FrameType.OPEN, 0);
    p1.send(FrameType.OPEN, 1, new byte[0]);
    p0.receive(FrameType.OPEN, 1);
    assertThat(millisSince(start)).isGreaterThanOrEqualTo(80);
    // Two frames share the link; transmission adds up, latency does not.
    start = System.nanoTime();
    p0.send(FrameType.OPEN, 2, new byte[1_250_000]);
    p0.send(FrameType.OPEN, 2, new byte[1_250_000]);
    p1.receive(FrameType.OPEN, 2);
    assertThat(millisSince(start)).isGreaterThanOrEqualTo(140);
    p1.receive(FrameType.OPEN, 2);
    assertThat(millisSince(start)).isGreaterThanOrEqualTo(240);
    assertThat(nets.of(P1).rounds(1)).isEqualTo(3);
    // What is in flight is still delivered after its sender has closed.
    p0.send(FrameType.OPEN, 3, new byte[1000]);
    nets.of(P0).close();
    assertThat(p1.receive(FrameType.OPEN, 3)).hasSize(1000);
  }

  private static long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }
}
