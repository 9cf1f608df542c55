package org.djlmpc.protocol;

import ai.djl.ndarray.types.Shape;
import org.djlmpc.ring.RingTensor;
import org.jspecify.annotations.Nullable;

/** One of two summands of a secret: x = x0 + x1 over the ring. */
public class AdditiveShare implements Share {
  private final Shape shape;
  private RingTensor value;
  private final int scale;
  private @Nullable Share rescaled;

  /** The share of this party. */
  public AdditiveShare(RingTensor value, int scale) {
    shape = value.shape();
    this.value = value;
    this.scale = scale;
  }

  /** This party's summand. */
  public RingTensor value() {
    return value;
  }

  /** Erases the summand, which from now on follows from something else; an absent one stays. */
  protected final void dropValue() {
    value.close();
    value = RingTensor.absent(value.ring(), shape);
  }

  @Override
  public final Shape shape() {
    return shape;
  }

  @Override
  public final int scale() {
    return scale;
  }

  @Override
  public final @Nullable Share rescaled() {
    return rescaled;
  }

  @Override
  public final void rescaled(Share share) {
    rescaled = share;
  }

  @Override
  public void close() {
    value.close();
    if (rescaled != null) {
      rescaled.close();
    }
  }

  /** Shape and scale; never values. */
  @Override
  public final String toString() {
    return "share" + shape;
  }
}
