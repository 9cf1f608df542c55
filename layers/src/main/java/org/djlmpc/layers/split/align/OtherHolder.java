package org.djlmpc.layers.split.align;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.djlmpc.crypto.Prg;
import org.djlmpc.crypto.Seed;
import org.djlmpc.transport.PartyId;

/** A holder that answers the first one; {@link FirstHolder} has the steps. */
final class OtherHolder {
  private final Exchange exchange;
  private final PaddedRows rows;
  private final int firstSize;
  private final AlignmentOptions options;

  /** Two words a row: F(y) + s(y). */
  private final long[] values;

  /** A seed with each other holder that answers; both add its function, so all of them cancel. */
  private final List<Seed> zeroKeys = new ArrayList<>();

  OtherHolder(Exchange exchange, PaddedRows rows, int firstSize, AlignmentOptions options) {
    this.exchange = exchange;
    this.rows = rows;
    this.firstSize = firstSize;
    this.options = options;
    values = new long[2 * rows.size()];
  }

  /** Runs the protocol; returns the common rows in the common order. */
  int[] run(Prg random) {
    try (Seed tagKey = exchange.receiveSeed(exchange.first())) {
      agreeOnZeroKeys();
      byte[] key = Curve25519.randomScalar(random);
      try {
        answer(key);
      } finally {
        Arrays.fill(key, (byte) 0);
      }
      byte[] nonce = new byte[BandTable.NONCE];
      random.fill(nonce, 0, nonce.length);
      exchange.sendTable(
          exchange.first(), nonce.clone(), BandTable.encode(rows.digests(), values, nonce, random));
      return findCommon(tagKey);
    } finally {
      zeroKeys.forEach(Seed::close);
      Arrays.fill(values, 0);
    }
  }

  private void agreeOnZeroKeys() {
    for (PartyId peer : exchange.otherAnswering()) {
      if (exchange.self().compareTo(peer) < 0) {
        Seed seed = Seed.random();
        zeroKeys.add(seed);
        exchange.sendSeed(peer, seed);
      }
    }
    for (PartyId peer : exchange.otherAnswering()) {
      if (exchange.self().compareTo(peer) > 0) {
        zeroKeys.add(exchange.receiveSeed(peer));
      }
    }
  }

  private void answer(byte[] key) {
    int all = FirstHolder.rounds(firstSize, rows.size());
    for (int round = 0; round < all; round++) {
      int from = round * Exchange.CHUNK;
      computeValues(key, from, PaddedRows.chunk(rows.size(), from));
      byte[] points = exchange.receivePoints(exchange.first(), PaddedRows.chunk(firstSize, from));
      if (!Oprf.multiply(key, points)) {
        throw Exchange.invalidPoint(exchange.first());
      }
      exchange.sendPoints(exchange.first(), points);
      options.progress().accept((round + 1.0) / (all + 1));
    }
  }

  private void computeValues(byte[] key, int first, int count) {
    byte[] points = Oprf.blind(key, rows.digests(), i -> first + i, count);
    Oprf.addOutputs(points, rows.digests(), i -> first + i, count, values);
    Oprf.pieces(
        count,
        (from, to) -> {
          for (Seed zeroKey : zeroKeys) {
            KeyedHash share = new KeyedHash(zeroKey);
            for (int i = first + from; i < first + to; i++) {
              share.add(rows.digests(), i * Identifiers.DIGEST, values, 2 * i);
            }
          }
        });
  }

  private int[] findCommon(Seed tagKey) {
    Tags tags = exchange.receiveTags(exchange.first(), Math.min(firstSize, rows.real()));
    int[] common = tags.rows(tagKey, rows.digests(), rows.real());
    if (Arrays.stream(common).anyMatch(row -> row < 0)) {
      throw Exchange.unknownRow(exchange.first());
    }
    return common;
  }
}
