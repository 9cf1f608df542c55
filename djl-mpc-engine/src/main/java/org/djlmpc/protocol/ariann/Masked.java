package org.djlmpc.protocol.ariann;

import org.djlmpc.preprocessing.Streams;
import org.djlmpc.protocol.Rows;
import org.djlmpc.ring.RingTensor;
import org.jspecify.annotations.Nullable;

/**
 * A secret after its mask was opened as E = X - A. One tensor is kept; what else a product needs
 * follows from it and from the mask's seed, and is made where it is needed: weights are large.
 *
 * <p>E + A_0 at P0 and A_1 at P1 are themselves shares of X.
 */
final class Masked implements AutoCloseable {
  private final Mask mask;
  private final RingTensor kept;
  private final int bits;
  private final boolean keepsSum;
  private final int j;
  private final @Nullable Streams streams;

  private Masked(
      Mask mask, RingTensor kept, int bits, boolean keepsSum, int j, @Nullable Streams streams) {
    this.mask = mask;
    this.kept = kept;
    this.bits = bits;
    this.keepsSum = keepsSum;
    this.j = j;
    this.streams = streams;
  }

  /** An opening that this party learns nothing from, or that is only planned. */
  static Masked unknown(Mask mask, Width width) {
    return given(mask, RingTensor.absent(width.ring(), mask.shape()), width.bits());
  }

  /** Owner mode: the other party knows the mask, this one the difference E. */
  static Masked given(Mask mask, RingTensor e, int bits) {
    return new Masked(mask, e, bits, false, 0, null);
  }

  /**
   * Both know E, and each a summand of the mask.
   *
   * @param e the opened difference
   * @param bits how many bits of it
   * @param j number of this party
   * @param streams what this party's summand follows from
   */
  static Masked opened(Mask mask, RingTensor e, int bits, int j, Streams streams) {
    return new Masked(mask, e, bits, false, j, streams);
  }

  /** As {@link #opened} at P0, which keeps E + A_0, because products need it online. */
  static Masked summed(Mask mask, RingTensor sum, Streams streams) {
    return new Masked(mask, sum, sum.ring().bits(), true, 0, streams);
  }

  /** The mask's name. */
  Mask mask() {
    return mask;
  }

  /** m: E = X - A modulo 2^m. */
  int bits() {
    return bits;
  }

  /** Whether this party knows E. */
  boolean isKnown() {
    return !kept.isAbsent();
  }

  /** The opened difference E, public to both share holders; absent where it is not known. */
  Rows e() {
    return keepsSum ? Rows.of(kept).minus(a()) : Rows.of(kept);
  }

  /** This party's summand A_j of the mask; absent where only the other party knows the mask. */
  Rows a() {
    return streams == null
        ? Rows.of(RingTensor.absent(kept.ring(), mask.shape()))
        : mask.rows(streams, kept.ring());
  }

  /** What this party multiplies from the right: E + A_0 at P0, A_1 at P1. */
  Rows right() {
    if (streams == null || j == 1) {
      return a();
    }
    return keepsSum ? Rows.of(kept) : Rows.of(kept).plus(a());
  }

  /** The tensor that is kept. */
  RingTensor kept() {
    return kept;
  }

  @Override
  public void close() {
    kept.close();
  }
}
