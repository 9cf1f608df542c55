package org.djlmpc.protocol.ariann;

import org.djlmpc.protocol.AdditiveShare;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/** An additive share that remembers the one opening of its Beaver mask. */
final class AriannShare extends AdditiveShare {
  private final @Nullable PartyId owner;
  private @Nullable Masked masked;
  private @Nullable Masked published;
  private @Nullable Masked given;

  AriannShare(RingTensor value, int scale, @Nullable PartyId owner) {
    super(value, scale);
    this.owner = owner;
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

  /** Takes over what was opened of the same secret before. */
  void rememberOpeningsOf(AriannShare share) {
    masked = share.masked;
    published = share.published;
    given = share.given;
  }

  @Override
  public void close() {
    super.close();
    for (Masked opening : new @Nullable Masked[] {masked, published, given}) {
      if (opening != null) {
        opening.close();
      }
    }
  }
}
