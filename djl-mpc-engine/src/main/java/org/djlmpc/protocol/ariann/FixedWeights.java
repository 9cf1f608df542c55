package org.djlmpc.protocol.ariann;

import ai.djl.ndarray.types.Shape;
import org.djlmpc.preprocessing.Streams;
import org.djlmpc.protocol.Rows;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Opener;
import org.djlmpc.session.Pending;

/**
 * Opens the masks of weights once, for all requests (protocols.md, section 1), piece by piece: a
 * party never holds more than what products need later, and never more than two pieces are under
 * way.
 */
final class FixedWeights {
  private static final Shape ONE = new Shape(1);

  private FixedWeights() {}

  /**
   * F = W - B to both. P0 keeps F + B_0, P1 keeps F.
   *
   * @param summand this party's summand of W
   * @param dealer the streams that the mask follows from
   */
  static Masked open(Step.Party party, Mask mask, Streams dealer, Rows summand) {
    RingTensor kept = RingTensor.zeros(summand.ring(), mask.shape());
    Rows b = mask.rows(dealer, summand.ring());
    summand
        .minus(b)
        .forEachPiece(
            (from, piece) -> {
              try (RingTensor f = party.opener().open(piece).await()) {
                if (party.j() == 0) {
                  addTo(f, b, from);
                }
                kept.setRange(from, f);
              }
            });
    return party.j() == 0
        ? Masked.summed(mask, kept, dealer)
        : Masked.opened(mask, kept, kept.ring().bits(), 1, dealer);
  }

  private static void addTo(RingTensor f, Rows b, int from) {
    try (RingTensor b0 = RingTensor.zeros(b.ring(), f.shape())) {
      b.fill(from, b0);
      f.addInPlace(b0);
    }
  }

  /** Owner mode: the owner gives F = W - B to the other party, who answers when it has a piece. */
  static Masked give(Opener opener, Mask mask, Streams dealer, Rows weights) {
    weights
        .minus(mask.rows(dealer, weights.ring()))
        .forEachPiece(
            (from, piece) -> {
              Pending<RingTensor> taken = from == 0 ? null : opener.take(piece.ring(), ONE);
              opener.give(piece).await();
              if (taken != null) {
                taken.await();
              }
            });
    return Masked.unknown(mask, Width.of(weights.ring()));
  }

  /** Owner mode: the other party's side of {@link #give}. */
  static Masked take(Opener opener, Mask mask, RingTensor kept) {
    int size = kept.size();
    for (int from = 0; from < size; from += Rows.PIECE) {
      Pending<RingTensor> answered =
          from == 0 ? null : opener.give(RingTensor.zeros(kept.ring(), ONE));
      try (RingTensor f =
          opener.take(kept.ring(), new Shape(Math.min(Rows.PIECE, size - from))).await()) {
        kept.setRange(from, f);
      }
      if (answered != null) {
        answered.await();
      }
    }
    return Masked.given(mask, kept, kept.ring().bits());
  }
}
