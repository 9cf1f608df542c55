package org.djlmpc.layers.split.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.djlmpc.transport.PartyId.P0;
import static org.djlmpc.transport.PartyId.P1;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.djlmpc.crypto.Seed;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an honest holder does when its peer does not follow the protocol. */
class AlignmentFailuresTest {
  private static final int ROWS = 3;
  private static final List<String> IDS = List.of("a", "b", "c");

  /** Three times the base point, except that the last one is something else. */
  private static byte[] points(byte[] last) {
    byte[] points = new byte[ROWS * Curve25519.BYTES];
    for (int i = 0; i < ROWS; i++) {
      points[i * Curve25519.BYTES] = 9;
    }
    System.arraycopy(last, 0, points, (ROWS - 1) * Curve25519.BYTES, Curve25519.BYTES);
    return points;
  }

  private static byte[] point(int first, int fill, int last) {
    byte[] point = new byte[Curve25519.BYTES];
    Arrays.fill(point, (byte) fill);
    point[0] = (byte) first;
    point[31] = (byte) last;
    return point;
  }

  static Stream<byte[]> malformedPoints() {
    return Stream.of(
        points(point(2, 0, 0)), // on the twist
        points(point(0, 0, 0)), // order 2
        points(point(1, 0, 0)), // order 4
        points(point(0xed, 0xff, 0x7f)), // p, which is 0
        points(point(9, 0, 0x80)), // not canonical
        Arrays.copyOf(points(point(9, 0, 0)), 64), // one missing
        new byte[0]);
  }

  @ParameterizedTest
  @MethodSource("malformedPoints")
  void theFirstHolderRefusesWhatIsNoPoint(byte[] points) throws Exception {
    var outcome =
        playing(
            P1,
            channel -> {
              hello(channel, ROWS);
              channel.receive(FrameType.SEED, 0);
              channel.receive(FrameType.OPEN, 1);
              channel.send(FrameType.OPEN, 1, points.clone());
              channel.receive(FrameType.SHARE, 3);
            });
    assertThat(outcome.failures().get(P0).code()).isEqualTo(ErrorCode.BAD_FRAME);
    assertThat(outcome.failures().get(P0)).hasMessageContaining("P1 sent");
    assertThat(outcome.failures().get(P1).code()).isEqualTo(ErrorCode.ABORTED);
  }

  @ParameterizedTest
  @MethodSource("malformedPoints")
  void theOtherHoldersRefuseWhatIsNoPoint(byte[] points) throws Exception {
    var outcome =
        playing(
            P0,
            channel -> {
              hello(channel, ROWS);
              channel.send(FrameType.SEED, 0, new byte[Seed.BYTES]);
              channel.send(FrameType.OPEN, 1, points.clone());
              channel.receive(FrameType.OPEN, 1);
            });
    assertThat(outcome.failures().get(P1).code()).isEqualTo(ErrorCode.BAD_FRAME);
    assertThat(outcome.failures().get(P0).code()).isEqualTo(ErrorCode.ABORTED);
  }

  @Test
  void aPeerThatHangsUpIsNamed() throws Exception {
    for (PartyId leaving : List.of(P0, P1)) {
      try (Holders holders = new Holders(P0, P1)) {
        PartyId staying = leaving == P0 ? P1 : P0;
        var outcome =
            holders.run(
                Map.of(
                    staying,
                    honest(),
                    leaving,
                    network -> {
                      Channel channel = network.channel(staying, Holders.REQUEST);
                      hello(channel, ROWS);
                      network.close();
                      return new int[0];
                    }));
        assertThat(outcome.failures().get(staying).code()).isEqualTo(ErrorCode.PEER_GONE);
        assertThat(outcome.failures().get(staying)).hasMessageContaining(leaving.name());
      }
    }
  }

  @Test
  void impossibleSizesAreRefused() throws Exception {
    for (long rows : new long[] {-1, Identifiers.MAX + 1L, Long.MAX_VALUE}) {
      var outcome = playing(P1, channel -> hello(channel, rows));
      assertThat(outcome.failures().get(P0).code()).isEqualTo(ErrorCode.BAD_FRAME);
    }
  }

  @Test
  void rowsThatAHolderLacksAreRefused() throws Exception {
    for (long count : new long[] {1, ROWS + 1, -1}) {
      var outcome =
          playing(
              P0,
              channel -> {
                hello(channel, ROWS);
                channel.send(FrameType.SEED, 0, new byte[Seed.BYTES]);
                channel.send(FrameType.OPEN, 1, points(point(9, 0, 0)));
                channel.receive(FrameType.OPEN, 1);
                channel.receive(FrameType.OPEN, 2);
                channel.receive(FrameType.OPEN, 2);
                byte[] words = new byte[Long.BYTES];
                Words.put(words, 0, count);
                channel.send(FrameType.SHARE, 3, words);
                channel.send(FrameType.SHARE, 3, new byte[Tags.TAG]);
                channel.receive(FrameType.AGREE, 4);
              });
      assertThat(outcome.failures().get(P1).code()).isEqualTo(ErrorCode.BAD_FRAME);
      assertThat(outcome.failures().get(P1)).hasMessageContaining("common rows");
    }
  }

  @Test
  void holdersCompareWhoTakesPart() throws Exception {
    Set<PartyId> others = new TreeSet<>(Set.of(P0, P1, PartyId.P2));
    try (Holders holders = new Holders(P0, P1, PartyId.P2)) {
      var outcome =
          holders.run(
              new TreeMap<>(
                  Map.of(
                      P0,
                      honest(),
                      P1,
                      network ->
                          RowAlignment.align(
                              network,
                              Holders.REQUEST,
                              others,
                              IDS,
                              AlignmentOptions.standard()))));
      assertThat(outcome.failures().values())
          .extracting(MpcException::code)
          .contains(ErrorCode.CONFIGURATION_MISMATCH)
          .hasSize(2);
    }
  }

  private interface Script {
    void run(Channel channel);
  }

  private static Holders.Program honest() {
    return network ->
        RowAlignment.align(
            network, Holders.REQUEST, Set.of(P0, P1), IDS, AlignmentOptions.standard());
  }

  private static Holders.Outcome playing(PartyId rogue, Script script) throws Exception {
    PartyId other = rogue == P0 ? P1 : P0;
    try (Holders holders = new Holders(P0, P1)) {
      return holders.run(
          Map.of(
              other,
              honest(),
              rogue,
              network -> {
                Channel channel = network.channel(other, Holders.REQUEST);
                script.run(channel);
                channel.receive(FrameType.AGREE, 4);
                return new int[0];
              }));
    }
  }

  private static void hello(Channel channel, long rows) {
    ByteBuffer hello = ByteBuffer.allocate(20);
    hello.putInt(1).putLong(rows).put("[P0, P1]".getBytes(StandardCharsets.US_ASCII));
    channel.send(FrameType.HELLO, 0, hello.array());
    channel.receive(FrameType.HELLO, 0);
  }
}
