package org.djlmpc.protocol.ariann;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.djl.ndarray.types.Shape;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.preprocessing.KeyRoom;
import org.djlmpc.preprocessing.KeyWindow;
import org.djlmpc.preprocessing.Preprocessing;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.PlanLog;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.Share;
import org.djlmpc.protocol.ThreadedParties;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Request;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which keys are there when the online phase begins. */
@Timeout(300)
class KeyWindowTest {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final Set<PartyId> BOTH = EnumSet.of(PartyId.P0, PartyId.P1);
  private static final RingTensor X =
      RingTensor.tabulate(Ring.Z64, new Shape(3000), i -> (i - 1500) * 7L);

  /**
   * Key bytes of one party.
   *
   * @param before those that it has before the online phase
   * @param all those of the program
   * @param planned most that either party needs for the program
   */
  private record Keys(long before, long all, long planned) {}

  private static Share twice(Protocol protocol, Share x) {
    return protocol.relu(protocol.relu(x, 0), 0);
  }

  private static PlanLog plan(Request request, Share x) {
    PlanLog log = new PlanLog();
    Protocol planner = Ariann.ARIANN.plan(request.self(), request.id(), Ring.Z64, 16, log);
    twice(planner, planner.shadow(x));
    return log;
  }

  private static long received(Request request) {
    return request.channel(PartyId.P2).traffic().totals().offline().bytesReceived();
  }

  private static Keys run(Request request) {
    Protocol protocol = Ariann.ARIANN.bind(request);
    Share x = protocol.input(PartyId.P0, X.shape(), 0, request.self() == PartyId.P0 ? X : null);
    PlanLog log = plan(request, x);
    request.start(new byte[] {1, 2}, log.operations());
    long before = received(request);
    request.online();
    RingTensor y = protocol.reveal(twice(protocol, x), BOTH, "test");
    assertThat(y).isNotNull();
    for (int i = 0; i < y.size(); i++) {
      assertThat(y.getLong(i)).isEqualTo(Math.max(0, X.getLong(i)));
    }
    return new Keys(before, received(request), Preprocessing.bytes(log.operations()));
  }

  private static Keys run(KeyWindow window) {
    var options = PartyOptions.DEFAULT.withKeyWindow(window);
    try (var parties = ThreadedParties.start(Ariann.ARIANN, options)) {
      return parties.submit((request, suite) -> run(request)).await(SOON).p1();
    }
  }

  @Test
  void allKeysOfAProgramAreMadeBeforehandIfTheyAreFewEnough() {
    Keys usual = run(KeyWindow.AUTO);
    assertThat(usual.before).isEqualTo(usual.all).isLessThanOrEqualTo(usual.planned);
    Keys whole = run(new KeyWindow(0, usual.planned));
    assertThat(whole.before).isEqualTo(usual.all);
    Keys streamed = run(new KeyWindow(0, usual.planned - 1));
    assertThat(streamed.before).isZero();
    assertThat(streamed.all).isEqualTo(usual.all);
    Keys divided = run(new KeyWindow(0, 2 * usual.planned - 1).dividedAmong(2));
    assertThat(divided.before).isZero();
    Keys half = run(new KeyWindow(usual.planned / 2, 0));
    assertThat(half.before).isBetween(1L, usual.all - 1);
  }

  /** Takes all the room that a party has left, and says how much that was. */
  private static long takeAll(PartyId party) {
    long taken = 0;
    for (long more = Long.highestOneBit(Long.MAX_VALUE / 2); more > 0; more >>= 1) {
      taken += KeyRoom.ofHeap().take(party, more) ? more : 0;
    }
    return taken;
  }

  @Test
  void whereOneHolderHasNoRoomBothStream() {
    long room = takeAll(PartyId.P0); // for the keys of others
    KeyWindow window = new KeyWindow(0, KeyWindow.AUTO.whole());
    try {
      assertThat(run(window).before).isZero();
    } finally {
      KeyRoom.ofHeap().giveBack(PartyId.P0, room);
    }
    assertThat(run(window).before).isPositive();
    for (PartyId party : BOTH) {
      long left = takeAll(party);
      KeyRoom.ofHeap().giveBack(party, left);
      assertThat(left).as("all room of " + party + " was given back").isEqualTo(room);
    }
  }

  @Test
  void programsThatDifferDoNotStart() {
    try (var parties = ThreadedParties.start(Ariann.ARIANN, PartyOptions.DEFAULT)) {
      assertThatExceptionOfType(MpcException.class)
          .isThrownBy(
              () ->
                  parties
                      .submit(
                          (request, suite) -> {
                            Protocol protocol = suite.bind(request);
                            RingTensor own = request.self() == PartyId.P0 ? X : null;
                            Share x = protocol.input(PartyId.P0, X.shape(), 0, own);
                            byte[] hash = {1, (byte) request.self().ordinal()};
                            request.start(hash, plan(request, x).operations());
                            return 0;
                          })
                      .await(SOON))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.ANNOUNCEMENT_MISMATCH));
    }
  }
}
