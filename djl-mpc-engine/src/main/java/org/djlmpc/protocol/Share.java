package org.djlmpc.protocol;

import ai.djl.ndarray.types.Shape;
import org.jspecify.annotations.Nullable;

/**
 * One party's share of a secret tensor. Opaque above this package: created and consumed by one
 * protocol suite.
 *
 * <p>A share knows its scale: the secret is the shared ring element divided by 2^scale. A product
 * of two values with f fraction bits has scale 2f until it is rescaled, which happens late and at
 * most once.
 */
public interface Share extends AutoCloseable {
  /** Shape of the secret. */
  Shape shape();

  /** Fraction bits of the secret. */
  int scale();

  /**
   * The same secret with fewer fraction bits, if it was rescaled before: rescaling is done once.
   */
  @Nullable Share rescaled();

  /** Remembers the rescaled share. */
  void rescaled(Share share);

  /** Erases this party's share. */
  @Override
  void close();
}
