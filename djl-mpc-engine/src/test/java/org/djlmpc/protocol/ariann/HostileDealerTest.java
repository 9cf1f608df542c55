package org.djlmpc.protocol.ariann;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.ndarray.types.Shape;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.ShareHolder;
import org.djlmpc.session.Session;
import org.djlmpc.transport.ByParty;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.memory.MemoryNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Share holders stop, and open nothing, when the dealer sends other keys than they asked for. */
@Timeout(300)
class HostileDealerTest {
  private static final PartyOptions OPTIONS =
      PartyOptions.DEFAULT.withTimeout(Duration.ofSeconds(60));
  private static final Shape SHAPE = new Shape(10_000);
  private static final long REQUEST = 1;

  /** What P1 gets first: its summand of rho. */
  private static final int FIRST = 80_000;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private ByParty<Session> sessions = new ByParty<>(Map.of());
  private Optional<Channel> toP0 = Optional.empty();

  @BeforeEach
  void start() throws InterruptedException, ExecutionException {
    Map<PartyId, Network> networks =
        MemoryNetwork.create(Ariann.ARIANN.parties(), OPTIONS.network());
    Map<PartyId, Future<Session>> openings = new LinkedHashMap<>();
    networks.forEach(
        (party, network) ->
            openings.put(
                party,
                threads.submit(() -> Session.open(network, OPTIONS.session(Ariann.ARIANN)))));
    Map<PartyId, Session> opened = new LinkedHashMap<>();
    for (var opening : openings.entrySet()) {
      opened.put(opening.getKey(), opening.getValue().get());
    }
    sessions = new ByParty<>(opened);
  }

  @AfterEach
  void stop() {
    for (PartyId party : Ariann.ARIANN.parties()) {
      sessions.of(party).close();
    }
    threads.shutdownNow();
  }

  /** P1 compares; what stops it. */
  private Future<MpcException> comparison() {
    toP0 = Optional.of(sessions.of(PartyId.P1).channel(PartyId.P0, REQUEST));
    ShareHolder p1 = new ShareHolder(sessions.of(PartyId.P1), Ariann.ARIANN);
    return threads.submit(
        () ->
            catchThrowableOfType(
                MpcException.class,
                () ->
                    p1.run(
                        REQUEST,
                        (request, suite) -> {
                          Protocol protocol = suite.bind(request);
                          return protocol.nonNegative(protocol.input(PartyId.P0, SHAPE, 0, null));
                        })));
  }

  private Channel dealer() {
    Channel channel = sessions.of(PartyId.P2).channel(PartyId.P1, REQUEST);
    channel.receive(FrameType.ANNOUNCE, 0);
    return channel;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, FIRST - 8, FIRST + 8, 8_000_000})
  void framesOfOtherLengthsStopAHolderBeforeItOpensAnything(int length) throws Exception {
    Future<MpcException> stopped = comparison();
    try (Channel channel = dealer()) {
      channel.send(FrameType.PREPROCESSING, 0, new byte[length]);
      MpcException reason = stopped.get();
      assertThat(reason).isNotNull();
      assertThat(reason.code()).isEqualTo(ErrorCode.BAD_FRAME);
    }
    assertNothingWasOpened();
  }

  @Test
  void aDealerThatHangsUpAmongTheKeysStopsAHolder() throws Exception {
    Future<MpcException> stopped = comparison();
    Channel channel = dealer();
    channel.send(FrameType.PREPROCESSING, 0, new byte[FIRST]);
    sessions.of(PartyId.P2).close();
    MpcException reason = stopped.get();
    assertThat(reason).isNotNull();
    assertThat(reason.code()).isNotIn(ErrorCode.INTERNAL, ErrorCode.TIMEOUT);
    assertNothingWasOpened();
  }

  /** A request whose keys failed is burnt, here as well. */
  private void assertNothingWasOpened() {
    assertThat(toP0.orElseThrow().traffic().totals().online().bytesSent()).isZero();
    Session p1 = sessions.of(PartyId.P1);
    assertThat(catchThrowableOfType(MpcException.class, () -> p1.begin(REQUEST)).code())
        .isEqualTo(ErrorCode.KEY_REUSED);
  }
}
