package org.djlmpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.Awaiting;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How every suite fails: at all parties, soon, for a stated reason, and leaving nothing behind. */
@Timeout(900)
public abstract class ProtocolFailures extends SuiteTest {
  /** Longer than any of these requests takes, shorter than the timeout of the network. */
  private static final Duration SOON = Duration.ofSeconds(60);

  @Override
  protected PartyOptions options() {
    return super.options().withTimeout(Duration.ofMinutes(2));
  }

  @AfterEach
  void noThreadIsLeft() {
    // executors end their threads shortly after they report to have ended
    Awaiting.until(() -> threads("djl-mpc-.*") == 0);
  }

  /** Assistants have one thread for each request that they still serve. */
  private static long requestThreads() {
    return threads("djl-mpc-P[0-9]-request.*");
  }

  private static long threads(String names) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches(names))
        .count();
  }

  /** Collects what the parties failed with. */
  private static final class Failures implements ObservedNetwork.Observer {
    private final Map<PartyId, Queue<MpcException>> reasons = new ConcurrentHashMap<>();

    @Override
    public void failed(PartyId at, long request, MpcException reason) {
      reasons.computeIfAbsent(at, party -> new ConcurrentLinkedQueue<>()).add(reason);
    }

    /** The program, with what it fails with by itself. */
    <T> ShareHolder.Program<T> in(ShareHolder.Program<T> program) {
      return (request, suite) -> {
        try {
          return program.run(request, suite);
        } catch (MpcException e) {
          failed(request.self(), request.id(), e);
          throw e;
        }
      };
    }

    Set<PartyId> parties() {
      return reasons.keySet();
    }

    List<MpcException> all() {
      return reasons.values().stream().flatMap(Queue::stream).toList();
    }
  }

  private ThreadedParties start(ObservedNetwork.Observer observer) {
    return ThreadedParties.start(
        suite(), options(), ObservedNetwork.create(suite(), options(), observer));
  }

  private static ShareHolder.Program<RingTensor> program(Work work, RingTensor... inputs) {
    return (request, suite) -> {
      Protocol protocol = suite.bind(request);
      return protocol.reveal(work.run(protocol, inputs(protocol, inputs)), BOTH, "test");
    };
  }

  private static void close(PartyId leaver, Network at) {
    if (at.self() == leaver) {
      at.close();
    }
  }

  // ---- a party that leaves

  /** Counts the frames that each party sends in request 1, or closes one party at one of them. */
  private static final class Leaving implements ObservedNetwork.Observer {
    private final Map<PartyId, AtomicInteger> frames = new ConcurrentHashMap<>();
    private final Failures failures = new Failures();
    private final PartyId leaver;
    private final int at;

    Leaving(PartyId leaver, int at) {
      this.leaver = leaver;
      this.at = at;
    }

    @Override
    public void sending(
        Network network, PartyId to, long request, FrameType type, int operation, byte[] payload) {
      if (request > 0
          && frames.computeIfAbsent(network.self(), party -> new AtomicInteger()).getAndIncrement()
              == at) {
        close(leaver, network);
      }
    }

    @Override
    public void failed(PartyId party, long request, MpcException reason) {
      failures.failed(party, request, reason);
    }
  }

  @Test
  void aPartyThatLeavesStopsTheOthersAtOnce() {
    for (Example example : examples()) {
      var program = program(example.work(), example.inputs());
      Leaving nobody = new Leaving(PartyId.P0, -1);
      try (var parties = start(nobody)) {
        parties.submit(program).await(SOON);
      }
      Map<PartyId, AtomicInteger> frames = new HashMap<>(nobody.frames);
      frames.forEach(
          (leaver, sent) -> {
            for (int at = 0; at < sent.get(); at++) {
              leave(example, program, leaver, at);
            }
          });
    }
  }

  private void leave(
      Example example, ShareHolder.Program<RingTensor> program, PartyId leaver, int at) {
    Leaving leaving = new Leaving(leaver, at);
    String what = example + ": " + leaver + " leaves at its frame " + at;
    CountDownLatch holders = new CountDownLatch(2);
    try (var parties = start(leaving)) {
      try {
        parties
            .submit(
                (request, suite) -> {
                  try {
                    return program.run(request, suite);
                  } finally {
                    holders.countDown();
                  }
                })
            .await(SOON);
        // a party that leaves after all others have what they need from it harms nobody
        assertThat(leaving.failures.parties()).as(what).isSubsetOf(leaver);
      } catch (MpcException e) {
        assertThat(e.code()).as(what + ": " + e.getMessage()).isNotEqualTo(ErrorCode.TIMEOUT);
      }
      Awaiting.until(() -> holders.getCount() == 0 && requestThreads() == 0);
    }
    assertThat(leaving.failures.all())
        .as(what)
        .extracting(MpcException::code)
        .isSubsetOf(ErrorCode.PEER_GONE, ErrorCode.ABORTED, ErrorCode.CLOSED);
    assertThat(leaving.failures.all())
        .as(what)
        .filteredOn(e -> e.code() == ErrorCode.PEER_GONE)
        .allSatisfy(e -> assertThat(e).hasMessageContaining(leaver + " has closed"));
  }

  // ---- parties that differ

  @Test
  void partiesWhoseProgramsDifferStopForTheSameReason() {
    RingTensor five = random(new Shape(5), 1);
    RingTensor six = random(new Shape(6), 2);
    List<Work> works =
        List.of(
            (p, in) -> p.multiply(Bilinear.ELEMENTWISE, in.get(0), in.get(0)),
            (p, in) -> p.relu(in.get(0), 0),
            (p, in) -> p.relu(p.withScale(in.get(0), 5), 5),
            (p, in) -> p.truncate(p.withScale(in.get(0), 5), 5),
            (p, in) -> p.nonNegative(in.get(0)),
            (p, in) -> p.select(in.get(0), in.get(0)));
    for (Work work : works) {
      differ("another size", program(work, five), program(work, six));
      differ(
          "another shape",
          program(work, five.reshape(new Shape(5, 1))),
          program(work, five.reshape(new Shape(1, 5))));
    }
    for (int i = 0; i < works.size(); i++) {
      differ(
          "another operation " + i,
          program(works.get(i), five),
          program((p, in) -> p.isZero(p.negate(in.get(0))), five));
    }
    differ(
        "another amount",
        program((p, in) -> p.truncate(p.withScale(in.get(0), 8), 7), five),
        program((p, in) -> p.truncate(p.withScale(in.get(0), 8), 8), five));
  }

  private void differ(
      String how, ShareHolder.Program<RingTensor> atP0, ShareHolder.Program<RingTensor> atP1) {
    Failures failures = new Failures();
    try (var parties = start(failures)) {
      assertThatExceptionOfType(MpcException.class)
          .as(how)
          .isThrownBy(() -> parties.submit(failures.in(atP0), failures.in(atP1)).await(SOON))
          .satisfies(e -> assertMismatch(how, e));
      Awaiting.until(() -> failures.parties().containsAll(BOTH) && requestThreads() == 0);
    }
    for (MpcException failure : failures.all()) {
      if (failure.code() != ErrorCode.CLOSED) {
        assertMismatch(how, failure);
      }
    }
  }

  /** The mismatch itself, or an abort that carries it. */
  private static void assertMismatch(String how, MpcException e) {
    assertThat(e.code())
        .as(how + ": " + e.getMessage())
        .isIn(ErrorCode.ANNOUNCEMENT_MISMATCH, ErrorCode.BAD_FRAME, ErrorCode.ABORTED);
    assertThat(e.getMessage())
        .as(how)
        .containsAnyOf(ErrorCode.ANNOUNCEMENT_MISMATCH.id(), ErrorCode.BAD_FRAME.id());
  }

  @Test
  void aPlannedProgramRunsAsPlanned() {
    RingTensor x = random(new Shape(5), 3);
    Work planned = (p, in) -> p.relu(p.truncate(p.withScale(in.get(0), 5), 5), 0);
    Map<String, Work> others =
        Map.of(
            "less", (p, in) -> p.truncate(p.withScale(in.get(0), 5), 5),
            "another", (p, in) -> p.nonNegative(p.truncate(p.withScale(in.get(0), 5), 5)),
            "another amount", (p, in) -> p.relu(p.truncate(p.withScale(in.get(0), 6), 6), 0));
    try (var parties = start(new Failures())) {
      others.forEach(
          (name, run) ->
              assertThatExceptionOfType(MpcException.class)
                  .as(name)
                  .isThrownBy(
                      () ->
                          parties
                              .submit(
                                  (request, suite) -> {
                                    Protocol p = suite.bind(request);
                                    List<Share> shares = inputs(p, x);
                                    request.announce(plan(request, planned, shares).operations());
                                    return run.run(p, shares).shape();
                                  })
                              .await(SOON))
                  .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.ANNOUNCEMENT_MISMATCH)));
    }
  }

  @Test
  void aRequestServesOneProgramOnce() {
    try (var parties = start(new Failures())) {
      RingTensor x = random(new Shape(5), 4);
      parties.submit(program((p, in) -> p.relu(in.get(0), 0), x)).await(SOON);
      for (PartyId holder : BOTH) {
        for (long used : new long[] {1, 0, -1}) {
          assertThatExceptionOfType(MpcException.class)
              .isThrownBy(() -> parties.holder(holder).run(used, program((p, in) -> in.get(0), x)))
              .satisfies(
                  e ->
                      assertThat(e.code())
                          .isIn(ErrorCode.CLOSED, ErrorCode.KEY_REUSED, ErrorCode.ARGUMENT));
        }
      }
      assertThatExceptionOfType(MpcException.class)
          .isThrownBy(
              () ->
                  parties
                      .submit(
                          (request, suite) -> {
                            suite.bind(request);
                            return suite.bind(request);
                          })
                      .await(SOON))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.KEY_REUSED));
    }
  }

  // ---- a program that throws

  @Test
  void whatAProgramThrowsStaysAtItsParty() {
    RingTensor x = random(new Shape(5), 5);
    List<Throwable> foreign =
        List.of(
            new OutOfMemoryError("Alice's file is too large"),
            new IllegalStateException("the patient's name is Alice"),
            new UnsupportedOperationException("Alice again"),
            new MpcException(ErrorCode.SHAPE, "A shape is wrong.", "Correct it."));
    for (PartyId thrower : List.of(PartyId.P0, PartyId.P1)) {
      for (Throwable thrown : foreign) {
        for (boolean late : new boolean[] {false, true}) {
          Failures failures = new Failures();
          try (var parties = start(failures)) {
            ShareHolder.Program<RingTensor> program =
                program(
                    (p, in) -> {
                      Share y = late ? p.relu(in.get(0), 0) : in.get(0);
                      if (p.self() == thrower) {
                        throw unchecked(thrown);
                      }
                      return p.relu(y, 0);
                    },
                    x);
            // the caller learns the exception itself, whichever party threw it
            assertThatThrownBy(() -> parties.submit(program).await(SOON)).isSameAs(thrown);
            PartyId other = thrower == PartyId.P0 ? PartyId.P1 : PartyId.P0;
            Awaiting.until(() -> failures.parties().contains(other) && requestThreads() == 0);
          }
          for (MpcException failure : failures.all()) {
            if (failure.code() != ErrorCode.CLOSED) {
              assertThat(failure.code()).isEqualTo(ErrorCode.ABORTED);
              assertThat(failure)
                  .hasMessageContaining(thrower + " stopped request 1")
                  .hasMessageContaining(thrown instanceof OutOfMemoryError ? "MPC-305" : "MPC-")
                  .hasMessageNotContaining("Alice");
            }
          }
        }
      }
    }
  }

  private static RuntimeException unchecked(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return (RuntimeException) thrown;
  }

  // ---- callers who do not wait

  /** P1 never answers before the latch opens. */
  private static ShareHolder.Program<RingTensor> blocked(CountDownLatch release, RingTensor x) {
    return program(
        (p, in) -> {
          if (p.self() == PartyId.P1) {
            try {
              release.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          return p.relu(in.get(0), 0);
        },
        x);
  }

  @Test
  void aRequestCanBeCancelledTimedOutOrInterrupted() {
    RingTensor x = random(new Shape(5), 6);
    CountDownLatch release = new CountDownLatch(1);
    List<MpcException> reasons = new ArrayList<>();
    try (var parties = start(new Failures())) {
      var cancelled = parties.submit(blocked(release, x));
      cancelled.cancel();
      var late = parties.submit(blocked(release, x));
      reasons.add(failure(() -> late.await(Duration.ofMillis(50)), ErrorCode.TIMEOUT));
      var interrupted = parties.submit(blocked(release, x));
      Thread.currentThread().interrupt();
      reasons.add(failure(() -> interrupted.await(SOON), ErrorCode.CANCELLED));
      assertThat(Thread.interrupted()).as("still marked as interrupted").isTrue();
      release.countDown();
      reasons.add(failure(() -> cancelled.await(SOON), ErrorCode.CANCELLED));
      // both parties stop for the caller's reason
      failure(() -> late.await(SOON), ErrorCode.TIMEOUT);
      failure(() -> interrupted.await(SOON), ErrorCode.CANCELLED);
      assertThat(reasons).hasSize(3);

      var done = parties.submit(program((p, in) -> p.relu(in.get(0), 0), x));
      long first = done.await(SOON).p0().getLong(0);
      assertThat(first).as("other requests go on").isEqualTo(Math.max(0, x.getLong(0)));
      done.cancel();
      assertThat(done.await(SOON).p1().getLong(0)).as("too late to cancel").isEqualTo(first);
    }
  }

  private static MpcException failure(Runnable call, ErrorCode code) {
    MpcException[] caught = new MpcException[1];
    assertThatExceptionOfType(MpcException.class)
        .isThrownBy(call::run)
        .satisfies(e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
        .satisfies(e -> caught[0] = e);
    return caught[0];
  }

  @Test
  void closingWhileRequestsRunStopsThem() {
    RingTensor x = random(new Shape(5), 7);
    CountDownLatch release = new CountDownLatch(1);
    var parties = start(new Failures());
    var running = parties.submit(blocked(release, x));
    parties.close();
    assertThatExceptionOfType(MpcException.class)
        .isThrownBy(() -> running.await(SOON))
        .satisfies(
            e ->
                assertThat(e.code())
                    .isIn(ErrorCode.CLOSED, ErrorCode.PEER_GONE, ErrorCode.CANCELLED));
    assertThatExceptionOfType(MpcException.class)
        .isThrownBy(() -> parties.holder(PartyId.P0))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
  }

  // ---- slow parties

  @Test
  void anAssistantOutlivesALongOnlinePhase() {
    RingTensor x = random(new Shape(5), 8);
    // more than it takes a slow machine to pass a message on
    Duration patience = Duration.ofSeconds(5);
    try (var parties = ThreadedParties.start(suite(), options().withTimeout(patience))) {
      var results =
          parties.submit(
              (request, suite) -> {
                Protocol p = suite.bind(request);
                Share y = p.truncate(p.withScale(inputs(p, x).get(0), 5), 5);
                // the holders keep talking to each other, the assistants hear nothing
                for (int i = 0; i < 15; i++) {
                  LockSupport.parkNanos(patience.toNanos() / 10);
                  p.reveal(y, BOTH, "test");
                }
                return p.reveal(p.relu(y, 0), BOTH, "test");
              });
      assertThat(results.await(SOON).p0()).isNotNull();
    }
  }
}
