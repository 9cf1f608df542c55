package org.djlmpc.layers.split.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.djlmpc.transport.PartyId.P0;
import static org.djlmpc.transport.PartyId.P1;
import static org.djlmpc.transport.PartyId.P2;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.djlmpc.layers.split.RecordingNetwork;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.Test;

/** What each holder sees, beyond the rows that it may know. */
class AlignmentPrivacyTest {
  private static final int ROWS = 300;

  /** Rows that all holders have. */
  private static final int COMMON = 100;

  @Test
  void messagesAreOfTheSameFormWhateverTheOtherRowsAre() throws Exception {
    // in the first world P1 and P2 share all their rows, in the second only the common ones
    List<String> common = ids("common", COMMON);
    List<String> mine = join(common, ids("mine", ROWS - COMMON));
    List<String> one = join(common, ids("one", ROWS - COMMON));
    List<String> other = join(common, ids("other", ROWS - COMMON));
    for (PartyId observer : List.of(P0, P1, P2)) {
      List<RecordingNetwork.Message> first = view(observer, mine, one, one);
      List<RecordingNetwork.Message> second = view(observer, mine, one, other);

      assertThat(second.stream().map(AlignmentPrivacyTest::form))
          .containsExactlyElementsOf(first.stream().map(AlignmentPrivacyTest::form).toList());
      for (int i = 0; i < first.size(); i++) {
        byte[] payload = first.get(i).payload();
        if (first.get(i).type() == FrameType.OPEN && payload.length > 1000) {
          assertUniform(payload, first.get(i).operation());
          assertUniform(second.get(i).payload(), second.get(i).operation());
        }
      }
    }
  }

  /**
   * Each of the 128 or 256 bits of a cell or point is one half of the time, but for u's top bit.
   */
  private static void assertUniform(byte[] payload, int operation) {
    int bytes = operation == 1 ? Curve25519.BYTES : BandTable.CELL;
    int count = payload.length / bytes;
    for (int bit = 0; bit < 8 * bytes; bit++) {
      int ones = 0;
      for (int i = 0; i < count; i++) {
        ones += payload[i * bytes + bit / 8] >> bit % 8 & 1;
      }
      if (bit == 255) {
        assertThat(ones).isZero();
      } else {
        assertThat(Math.abs(ones - count / 2.0))
            .as("bit %d of %d values", bit, count)
            .isLessThan(7 * Math.sqrt(count / 4.0) + 1);
      }
    }
  }

  @Test
  void nothingIsSentTwice() throws Exception {
    List<String> ids = ids("id", ROWS);
    Set<String> seen = new HashSet<>();
    int points = 0;
    for (int run = 0; run < 2; run++) {
      for (byte[] point : points(view(P1, ids, ids, ids))) {
        seen.add(new String(point, StandardCharsets.ISO_8859_1));
        points++;
      }
    }
    assertThat(points).isEqualTo(2 * ROWS);
    assertThat(seen).hasSize(points);
  }

  /**
   * Of points r·h(x)·G with known h(x), anybody finds the x by trying: h(y)·(r·h(x)·G) =
   * h(x)·(r·h(y)·G), whatever r is. Of points r·H(x) nobody does, because the logarithm of H(x) is
   * not known.
   */
  @Test
  void identifiersCannotBeFoundByTryingThem() throws Exception {
    List<String> ids = ids("account ", 12);
    byte[] r = scalar("a secret scalar");
    List<byte[]> weak = new ArrayList<>();
    for (String id : ids) {
      byte[] point = new byte[Curve25519.BYTES];
      X25519.scalarMultBase(scalar(id), 0, point, 0);
      weak.add(times(r, point));
    }
    assertThat(matches(weak, ids)).isEqualTo(12 * 11);

    assertThat(matches(points(view(P1, ids, ids, ids)), ids)).isZero();
  }

  /** Ordered pairs of points that fit to two different identifiers. */
  private static long matches(List<byte[]> points, List<String> dictionary) {
    Map<String, Integer> products = new TreeMap<>();
    for (int i = 0; i < points.size(); i++) {
      for (String id : dictionary) {
        String product = new String(times(scalar(id), points.get(i)), StandardCharsets.ISO_8859_1);
        products.merge(product, 1, Integer::sum);
      }
    }
    return products.values().stream().mapToLong(count -> (long) count * (count - 1)).sum();
  }

  private static byte[] times(byte[] scalar, byte[] point) {
    byte[] out = new byte[Curve25519.BYTES];
    Curve25519.multiply(scalar, point, 0, out, 0);
    return out;
  }

  private static byte[] scalar(String id) {
    byte[] scalar = Identifiers.digests(List.of(id));
    X25519.clampPrivateKey(scalar);
    return scalar;
  }

  private static String form(RecordingNetwork.Message message) {
    return message.peer()
        + " "
        + message.type()
        + " "
        + message.operation()
        + ": "
        + message.payload().length;
  }

  private static List<byte[]> points(List<RecordingNetwork.Message> view) {
    List<byte[]> points = new ArrayList<>();
    for (RecordingNetwork.Message message : view) {
      if (message.operation() == 1) {
        for (int at = 0; at < message.payload().length; at += Curve25519.BYTES) {
          points.add(Arrays.copyOfRange(message.payload(), at, at + Curve25519.BYTES));
        }
      }
    }
    return points;
  }

  private static List<RecordingNetwork.Message> view(
      PartyId observer, List<String> p0, List<String> p1, List<String> p2) throws Exception {
    Map<PartyId, List<String>> lists = new TreeMap<>(Map.of(P0, p0, P1, p1, P2, p2));
    try (Holders holders = new Holders(P0, P1, P2)) {
      RecordingNetwork recording = new RecordingNetwork(holders.network(observer));
      Map<PartyId, Holders.Program> programs = new TreeMap<>();
      lists.forEach(
          (party, ids) -> {
            Holders.Program program = Holders.aligning(lists, ids);
            programs.put(party, network -> program.run(party == observer ? recording : network));
          });
      assertThat(holders.run(programs).failures()).isEmpty();
      return recording.received();
    }
  }

  private static List<String> ids(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
  }

  private static List<String> join(List<String> one, List<String> other) {
    return Stream.concat(one.stream(), other.stream()).toList();
  }
}
