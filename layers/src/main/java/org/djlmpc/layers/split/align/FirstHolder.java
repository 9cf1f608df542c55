package org.djlmpc.layers.split.align;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.djlmpc.crypto.Prg;
import org.djlmpc.crypto.Seed;
import org.djlmpc.transport.PartyId;

/**
 * The holder that asks.
 *
 * <ol>
 *   <li>It sends r·H(x) of its identifiers x in random order, for one random r.
 *   <li>From each other holder j it gets k_j·r·H(x) back, and so F_j(x).
 *   <li>From each j it gets a table T_j, in which T_j(y) = F_j(y) + s_j(y) for the identifiers y of
 *       j, where the s_j(y) of all j add up to 0. For other identifiers T_j is random.
 *   <li>x is common if the sum over j of T_j(x) + F_j(x) is 0. Of any other x it learns nothing,
 *       not even who else lacks it.
 *   <li>It tells everybody the tags of the common identifiers.
 * </ol>
 *
 * Sums are exclusive ors of 128 bits.
 */
final class FirstHolder {
  private final Exchange exchange;
  private final PaddedRows rows;
  private final Map<PartyId, Integer> sizes;
  private final AlignmentOptions options;

  /** Two words a row: the sum over all other holders so far. */
  private final long[] sums;

  private final int[] order;

  FirstHolder(
      Exchange exchange,
      PaddedRows rows,
      Map<PartyId, Integer> sizes,
      Prg random,
      AlignmentOptions options) {
    this.exchange = exchange;
    this.rows = rows;
    this.sizes = sizes;
    this.options = options;
    sums = new long[2 * rows.size()];
    order = PaddedRows.shuffled(rows.size(), random);
  }

  /** Runs the protocol; returns the common rows in the common order. */
  int[] run(Prg random) {
    try (Seed tagKey = Seed.random()) {
      sizes.keySet().forEach(peer -> exchange.sendSeed(peer, tagKey));
      Curve25519.Inverses blind = Curve25519.randomInverses(random);
      try {
        ask(blind);
      } finally {
        blind.erase();
      }
      sizes.forEach(this::addTable);
      int[] common = zeroSums();
      Tags tags = Tags.sort(tagKey, rows.digests(), common);
      sizes.keySet().forEach(peer -> exchange.sendTags(peer, tags));
      return common;
    }
  }

  private void ask(Curve25519.Inverses blind) {
    int all = sizes.values().stream().mapToInt(size -> rounds(rows.size(), size)).max().orElse(0);
    for (int round = 0; round <= all; round++) {
      // one chunk ahead of the answers, so that nobody waits
      if (round < all) {
        sendQueries(blind.scalar(), round);
      }
      if (round > 0) {
        receiveAnswers(blind.inverse(), round - 1);
        options.progress().accept(round / (all + 1.0));
      }
    }
  }

  /** How many chunks go back and forth: as many as the longer of the two lists has. */
  static int rounds(int size, int other) {
    return (Math.max(size, other) + Exchange.CHUNK - 1) / Exchange.CHUNK;
  }

  private void sendQueries(byte[] scalar, int round) {
    int from = round * Exchange.CHUNK;
    byte[] points =
        Oprf.blind(
            scalar, rows.digests(), i -> order[from + i], PaddedRows.chunk(rows.size(), from));
    for (PartyId peer : takingPart(round)) {
      exchange.sendPoints(peer, points.clone());
    }
  }

  private void receiveAnswers(byte[] inverse, int round) {
    int from = round * Exchange.CHUNK;
    int count = PaddedRows.chunk(rows.size(), from);
    for (PartyId peer : takingPart(round)) {
      byte[] points = exchange.receivePoints(peer, count);
      if (!Oprf.multiply(inverse, points)) {
        throw Exchange.invalidPoint(peer);
      }
      Oprf.addOutputs(points, rows.digests(), i -> order[from + i], count, sums);
    }
  }

  private List<PartyId> takingPart(int round) {
    List<PartyId> peers = new ArrayList<>();
    sizes.forEach(
        (peer, size) -> {
          if (round < rounds(rows.size(), size)) {
            peers.add(peer);
          }
        });
    return peers;
  }

  private void addTable(PartyId peer, int size) {
    BandTable table = exchange.receiveTable(peer, size);
    Oprf.pieces(
        rows.real(),
        (from, to) -> {
          BandTable.Reader reader = table.reader();
          for (int i = from; i < to; i++) {
            reader.addValue(rows.digests(), i * Identifiers.DIGEST, sums, 2 * i);
          }
        });
  }

  private int[] zeroSums() {
    return IntStream.range(0, rows.real())
        .filter(i -> (sums[2 * i] | sums[2 * i + 1]) == 0)
        .toArray();
  }
}
