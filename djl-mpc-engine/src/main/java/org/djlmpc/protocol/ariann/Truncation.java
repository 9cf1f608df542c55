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
 * Truncation without catastrophic error (protocols.md, section 4), for |x| &lt; 2^(m-2) that is
 * shared modulo 2^m, m &lt;= n.
 *
 * <pre>
 * dealer: r uniform mod 2^m; R = r &gt;&gt; s, M = msb(r), shared modulo 2^n
 * 1. open x1 = x + 2^(m-2) + r mod 2^m
 * 2. [y] = (x1 &gt;&gt; s) - 2^(m-2-s) - [R] + 2^(m-s) (1 - msb x1) [M]
 * </pre>
 *
 * <p>y is floor(x / 2^s) or one more; over r its mean is x / 2^s. It is shared modulo 2^n: with s =
 * 0 this lifts x. One round, m bits each way. The parties see x1, which is uniform.
 *
 * @param shape shape of x
 * @param s bits to remove
 * @param width m, and the ring
 */
record Truncation(Shape shape, int s, Width width) implements Operation, Step<Truncation.Key> {
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
    width.encode(out);
  }

  static Truncation decode(DataInput in) throws IOException {
    Shape shape = Wire.readShape(in);
    int s = in.readInt();
    Width width = Width.decode(in);
    requireShift(s, width.isWhole() ? 1 : 0, width);
    return new Truncation(shape, s, width);
  }

  /** x + 2^(m-2) has m - 2 bits, of which one at least stays. */
  static void requireShift(int s, int least, Width width) throws IOException {
    if (s < least || s > width.bits() - 3) {
      throw new IOException("a truncation by " + s + " bits");
    }
  }

  @Override
  public long materialBytes(PartyId to) {
    return to == PartyId.P1 ? 2 * shape.size() * width.ring().bytes() : 0;
  }

  @Override
  public long workBytes() {
    return Correlations.workBytes(shape, width.ring());
  }

  static void generate(Truncation op, AssistantContext context) {
    Ring ring = op.width.ring();
    try (RingTensor r = Correlations.mask(context, "r", op.width, op.shape);
        BitTensor m = op.width.msb(r)) {
      Correlations.send(context, "R", r.shiftRight(op.s));
      Correlations.send(context, "M", RingTensor.fromBits(ring, op.shape, m));
    }
  }

  @Override
  public Prepared<Key> prepared(int j) {
    return Step.prepared(this, material -> read(j, material));
  }

  private Key read(int j, Material material) {
    Ring ring = width.ring();
    return new Key(
        material.seeded("r", ring, shape),
        Correlations.receive(j, material, "R", ring, shape),
        Correlations.receive(j, material, "M", ring, shape));
  }

  @Override
  public Cost cost() {
    return Cost.online(1, width.bytes(shape));
  }

  @Override
  public RingTensor run(Party party, Key key, RingTensor x) {
    RingTensor x1 = open(party, width, x, key.r);
    RingTensor y = key.msb.multiplyBits(width.msb(x1).not()).shiftLeft(width.bits() - s);
    y.subtractInPlace(key.shifted);
    if (party.j() == 0) {
      y.addInPlace(shifted(x1, s, width));
    }
    return y;
  }

  /** Step 1: x1 = x + 2^(m-2) + r mod 2^m, opened. */
  static RingTensor open(Party party, Width width, RingTensor x, RingTensor r) {
    RingTensor masked = x.add(r);
    if (party.j() == 0) {
      masked = masked.addScalar(1L << (width.bits() - 2));
    }
    return width.open(party, masked).await();
  }

  /** (x1 &gt;&gt; s) - 2^(m-2-s): what x1 says about the result, public. */
  static RingTensor shifted(RingTensor x1, int s, Width width) {
    return x1.shiftRight(s).addScalar(-(1L << (width.bits() - 2 - s)));
  }
}
