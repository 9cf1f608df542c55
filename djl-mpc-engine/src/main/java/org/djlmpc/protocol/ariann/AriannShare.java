package org.djlmpc.protocol.ariann;

import org.djlmpc.protocol.AdditiveShare;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/** An additive share that remembers the one opening of its Beaver mask. */
final class AriannShare extends AdditiveShare {
  private final @Nullable PartyId owner;
  private @Nullable Masked masked;
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

  /** The opening to an owner of weights: the owner learns X - A, the other party knows A. */
  @Nullable Masked given() {
    return given;
  }

  void given(Masked opening) {
    given = opening;
  }

  @Override
  public void close() {
    super.close();
    if (masked != null) {
      masked.close();
    }
    if (given != null) {
      given.close();
    }
  }
}
