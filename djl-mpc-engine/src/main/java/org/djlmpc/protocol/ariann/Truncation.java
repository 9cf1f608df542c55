package org.djlmpc.protocol.ariann;

import ai.djl.ndarray.types.Shape;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.djlmpc.preprocessing.AssistantContext;
import org.djlmpc.preprocessing.Material;
import org.djlmpc.preprocessing.OneTimeKey;
import org.djlmpc.preprocessing.Operation;
import org.djlmpc.preprocessing.Prepared;
import org.djlmpc.protocol.Cost;
import org.djlmpc.protocol.Wire;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;

/**
 * Truncation without catastrophic error (protocols.md, section 4), for |x| &lt; 2^(n-2).
 *
 * <pre>
 * dealer: r uniform; R = r &gt;&gt; s, M = msb(r), shared
 * 1. open x1 = x + 2^(n-2) + r
 * 2. [y] = (x1 &gt;&gt; s) - 2^(n-2-s) - [R] + 2^(n-s) (1 - msb x1) [M]
 * </pre>
 *
 * <p>y is floor(x / 2^s) or one more; over r its mean is x / 2^s. One round, n bits each way. The
 * parties see x1, which is uniform.
 *
 * @param shape shape of x
 * @param s bits to remove
 * @param ring the ring
 */
record Truncation(Shape shape, int s, Ring ring) implements Operation, Step<Truncation.Key> {
  static final int KIND = 2;

  /** Summands of r, R and M. */
  record Key(RingTensor r, RingTensor shifted, RingTensor msb) implements OneTimeKey {
    @Override
    public void close() {
      r.close();
      shifted.close();
      msb.close();
    }
  }

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public void encode(DataOutput out) throws IOException {
    Wire.writeShape(out, shape);
    out.writeInt(s);
    Wire.writeEnum(out, ring);
  }

  static Truncation decode(DataInput in) throws IOException {
    Shape shape = Wire.readShape(in);
    int s = in.readInt();
    Ring ring = Wire.readEnum(in, Ring.class);
    requireShift(s, ring);
    return new Truncation(shape, s, ring);
  }

  /** x + 2^(n-2) has n - 2 bits, of which one at least stays. */
  static void requireShift(int s, Ring ring) throws IOException {
    if (s < 1 || s > ring.bits() - 3) {
      throw new IOException("a truncation by " + s + " bits");
    }
  }

  @Override
  public long materialBytes(PartyId to) {
    return to == PartyId.P1 ? 2 * shape.size() * ring.bytes() : 0;
  }

  @Override
  public long workBytes() {
    return Correlations.workBytes(shape, ring);
  }

  static void generate(Truncation op, AssistantContext context) {
    try (RingTensor r = Correlations.mask(context, "r", op.ring, op.shape);
        BitTensor m = r.msb()) {
      Correlations.send(context, "R", r.shiftRight(op.s));
      Correlations.send(context, "M", RingTensor.fromBits(op.ring, op.shape, m));
    }
  }

  @Override
  public Prepared<Key> prepared(int j) {
    return Step.prepared(this, material -> read(j, material));
  }

  private Key read(int j, Material material) {
    return new Key(
        material.seeded("r", ring, shape),
        Correlations.receive(j, material, "R", ring, shape),
        Correlations.receive(j, material, "M", ring, shape));
  }

  @Override
  public Cost cost() {
    return Cost.online(1, shape.size() * ring.bytes());
  }

  @Override
  public RingTensor run(Party party, Key key, RingTensor x) {
    RingTensor x1 = open(party, x, key.r);
    RingTensor y = key.msb.multiplyBits(x1.msb().not()).shiftLeft(ring.bits() - s);
    y.subtractInPlace(key.shifted);
    if (party.j() == 0) {
      y.addInPlace(shifted(x1, s));
    }
    return y;
  }

  /** Step 1: x1 = x + 2^(n-2) + r, opened. */
  static RingTensor open(Party party, RingTensor x, RingTensor r) {
    RingTensor masked = x.add(r);
    if (party.j() == 0) {
      masked = masked.addScalar(1L << (x.ring().bits() - 2));
    }
    return party.opener().open(masked).await();
  }

  /** (x1 &gt;&gt; s) - 2^(n-2-s): what x1 says about the result, public. */
  static RingTensor shifted(RingTensor x1, int s) {
    return x1.shiftRight(s).addScalar(-(1L << (x1.ring().bits() - 2 - s)));
  }
}
