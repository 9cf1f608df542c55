package org.djlmpc.preprocessing;

import ai.djl.ndarray.types.Shape;
import org.djlmpc.crypto.Prg;
import org.djlmpc.crypto.Seed;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;

/**
 * The random tensors that one share holder and an assistant both know, from the seed which they
 * share.
 *
 * <p>This is how a party's part of a correlation costs no bytes. Every tensor has a stream of its
 * own, labelled by name, scope (a request, or a set of weights) and operation number, so that no
 * two tensors ever share randomness (protocols.md, section 10).
 */
public final class Streams {
  private final Seed pairSeed;

  /** Streams of the pair that shares this seed; the seed stays owned by the session. */
  public Streams(Seed pairSeed) {
    this.pairSeed = pairSeed;
  }

  /** The stream with this label; every call starts at its beginning. */
  public Prg stream(String name, long scope, int number) {
    try (Seed seed = pairSeed.derive("djl-mpc/material/" + name, scope, number)) {
      return new Prg(seed);
    }
  }

  /** A whole tensor from the stream with this label. */
  public RingTensor tensor(String name, long scope, int number, Ring ring, Shape shape) {
    try (Prg prg = stream(name, scope, number)) {
      return prg.tensor(ring, shape);
    }
  }

  /** Bits from the stream with this label. */
  public BitTensor bits(String name, long scope, int number, int count) {
    try (Prg prg = stream(name, scope, number)) {
      return prg.bits(count);
    }
  }
}
