package org.djlmpc.protocol.ariann;

import org.djlmpc.protocol.AdditiveShare;
import org.djlmpc.protocol.Rows;
import org.djlmpc.ring.CompactTensor;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * An additive share that remembers the one opening of its Beaver mask. Weights whose masks were
 * opened for all requests keep nothing beside that opening, or beside the weights at their owner.
 */
final class AriannShare extends AdditiveShare {
  private final @Nullable PartyId owner;
  private final int bits;
  private @Nullable Masked masked;
  private @Nullable Masked published;
  private @Nullable Masked given;
  private @Nullable CompactTensor clear;
  private @Nullable Rows source;
  private @Nullable RingTensor made;

  AriannShare(RingTensor value, int scale, @Nullable PartyId owner) {
    this(value, scale, owner, value.ring().bits());
  }

  /** A share modulo 2^bits, of a value that these bits hold. */
  AriannShare(RingTensor value, int scale, @Nullable PartyId owner, int bits) {
    super(value, scale);
    this.owner = owner;
    this.bits = bits;
  }

  /** m: the summands add up to the secret modulo 2^m. */
  int bits() {
    return bits;
  }

  /**
   * The party that knows the secret in clear (its summand is the secret, the other's is 0), or
   * null.
   */
  @Nullable PartyId owner() {
    return owner;
  }

  /** The opening of this secret's mask, to both parties. */
  @Nullable Masked masked() {
    return masked;
  }

  void masked(Masked opening) {
    masked = opening;
  }

  /** Owner mode: the opening to the other party, who learns F = W - B. */
  @Nullable Masked published() {
    return published;
  }

  void published(Masked opening) {
    published = opening;
  }

  /** The opening to an owner of weights: the owner learns X - A, the other party knows A. */
  @Nullable Masked given() {
    return given;
  }

  void given(Masked opening) {
    given = opening;
  }

  /** Weights for many requests: from now on this summand is E + A_0 at P0 and A_1 at P1. */
  void fixed(Masked opening) {
    masked = opening;
    source = opening.right();
    dropValue();
  }

  /**
   * Owner mode, weights for many requests.
   *
   * @param weights the weights at their owner, null at the other
   */
  void fixedByOwner(Masked opening, @Nullable CompactTensor weights) {
    published = opening;
    clear = weights;
    source = weights != null ? Rows.of(weights) : zeros();
    dropValue();
  }

  /** This party's summand, in parts if it is not in memory. */
  synchronized Rows rows() {
    return source == null || made != null ? Rows.of(value()) : source;
  }

  /** {@inheritDoc} That of weights for many requests is made now; products do without. */
  @Override
  public synchronized RingTensor value() {
    Rows from = source;
    if (from == null) {
      return super.value();
    }
    RingTensor known = made;
    if (known == null) {
      known = from.copy();
      made = known;
    }
    return known;
  }

  private Rows zeros() {
    return Rows.of(super.value().ring(), shape(), (from, part) -> part.close());
  }

  /** Takes over what was opened of the same secret before. */
  void rememberOpeningsOf(AriannShare share) {
    masked = share.masked;
    published = share.published;
    given = share.given;
  }

  @Override
  public synchronized void close() {
    super.close();
    if (source != null) {
      if (made != null) {
        made.close();
      }
      if (clear != null) {
        clear.close();
      }
      source = zeros();
    }
    for (Masked opening : new @Nullable Masked[] {masked, published, given}) {
      if (opening != null) {
        opening.close();
      }
    }
  }
}
