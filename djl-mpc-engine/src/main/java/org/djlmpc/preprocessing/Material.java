package org.djlmpc.preprocessing;

import ai.djl.ndarray.types.Shape;
import org.djlmpc.crypto.Prg;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.Payload;

/**
 * One party's part of the keys and correlations for one operation: what it derives from the seed
 * that it shares with the assistant, and what the assistant sent. Read once, in the order in which
 * the generator wrote.
 */
public interface Material {
  /** Number of the operation in its request. */
  int number();

  /** This party's own stream with this name, known to the assistant as well. */
  Prg stream(String name);

  /** The tensor at the beginning of {@link #stream}. */
  RingTensor seeded(String name, Ring ring, Shape shape);

  /** The bits at the beginning of {@link #stream}. */
  BitTensor seededBits(String name, int count);

  /** The next tensor that the assistant sent to this party. */
  RingTensor tensor(Ring ring, Shape shape);

  /** The next bits that the assistant sent to this party. */
  BitTensor bits(int count);

  /** The next chunk of keys that the assistant sent; at most one frame, which the caller closes. */
  Payload chunk(int length);

  /** Streams with other scopes, such as the masks of weights. */
  Streams streams();
}
