package org.djlmpc.preprocessing;

import ai.djl.ndarray.types.Shape;
import org.djlmpc.crypto.Prg;
import org.djlmpc.crypto.Seed;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.Parallel;
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
public abstract class Streams {
  /** Elements that one thread derives at least: the key of a stream costs as much as a few KiB. */
  private static final int PIECE = 1 << 17;

  /** Streams of those who share this seed, which stays owned by the caller. */
  public static Streams of(Seed shared) {
    return new Streams() {
      @Override
      public Prg stream(String name, long scope, int number) {
        try (Seed seed = shared.derive("djl-mpc/material/" + name, scope, number)) {
          return new Prg(seed);
        }
      }
    };
  }

  /** The stream with this label; every call starts at its beginning. */
  public abstract Prg stream(String name, long scope, int number);

  /** A whole tensor from the stream with this label. */
  public RingTensor tensor(String name, long scope, int number, Ring ring, Shape shape) {
    RingTensor tensor = RingTensor.zeros(ring, shape);
    fill(name, scope, number, 0, tensor);
    return tensor;
  }

  /**
   * A part of the tensor from the stream with this label.
   *
   * @param from first element of the part
   * @param part receives the elements that follow, as many as it has
   */
  public void fill(String name, long scope, int number, int from, RingTensor part) {
    int pieces = Math.max(1, (part.size() + PIECE - 1) / PIECE);
    Parallel.pieces(
        pieces,
        piece -> {
          int start = piece * PIECE;
          try (Prg prg = stream(name, scope, number)) {
            prg.seek((long) (from + start) * part.ring().bytes());
            prg.fill(part, start, Math.min(PIECE, part.size() - start));
          }
        });
  }

  /** Bits from the stream with this label. */
  public BitTensor bits(String name, long scope, int number, int count) {
    try (Prg prg = stream(name, scope, number)) {
      return prg.bits(count);
    }
  }
}
