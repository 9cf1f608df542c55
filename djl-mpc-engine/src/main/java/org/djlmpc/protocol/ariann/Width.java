package org.djlmpc.protocol.ariann;

import ai.djl.ndarray.types.Shape;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.djlmpc.protocol.Wire;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Pending;
import org.djlmpc.transport.TensorFrames.Elements;

/**
 * How much of a ring's elements an opening shows: all its n bits, or the low m (protocols.md,
 * section 4, wire width). Where |x| &lt; 2^(m-2) is known, shares modulo 2^m say everything about
 * x; a mask that is uniform modulo 2^n is uniform modulo 2^m, so x + r mod 2^m is, too.
 *
 * @param ring the ring of shares, masks and results
 * @param bits m, at most n
 */
record Width(Ring ring, int bits) {
  /** Below it there is no room for a sign, an offset and a bit beside them. */
  static final int LEAST = 3;

  /** All bits of a ring. */
  static Width of(Ring ring) {
    return new Width(ring, ring.bits());
  }

  boolean isWhole() {
    return bits == ring.bits();
  }

  /** The narrower of two widths of one ring. */
  Width and(Width other) {
    return other.bits < bits ? other : this;
  }

  /** Bytes that an opening sends. */
  long bytes(Shape shape) {
    return Elements.bytes(ring, bits, shape.size());
  }

  /** Opens the sum of shares modulo 2^m; upper bits are zero. */
  Pending<RingTensor> open(Step.Party party, RingTensor share) {
    return party.opener().open(share, bits);
  }

  /** The sign bit of residues modulo 2^m. */
  BitTensor msb(RingTensor x) {
    return x.bit(bits - 1);
  }

  void encode(DataOutput out) throws IOException {
    Wire.writeEnum(out, ring);
    out.writeByte(bits);
  }

  static Width decode(DataInput in) throws IOException {
    Ring ring = Wire.readEnum(in, Ring.class);
    int bits = in.readByte();
    if (bits < LEAST || bits > ring.bits()) {
      throw new IOException("openings of " + bits + " bits");
    }
    return new Width(ring, bits);
  }
}
