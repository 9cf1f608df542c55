package org.djlmpc.protocol.ariann;

import ai.djl.ndarray.types.Shape;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.djlmpc.preprocessing.AssistantContext;
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
 * max(0, truncate(x, s)) on one opening (protocols.md, section 4), for |x| &lt; 2^(m-2) that is
 * shared modulo 2^m, m &lt;= n.
 *
 * <pre>
 * dealer: r uniform mod 2^m; R = r &gt;&gt; s, M = msb(r), rho a uniform bit; [R], [M], [rho], [rho R], [rho M]; gate key for mask R mod 2^k
 * 1. open x1 = x + 2^(m-2) + r mod 2^m
 * 2. p = (x1 &gt;&gt; s) - 2^(m-2-s); q = 2^(m-s) (1 - msb x1); then y = p - R + q M
 * 3. open s^ = [y &gt;= 0] xor rho by the gate on p mod 2^k; q M vanishes mod 2^k as k &lt;= m - s
 * 4. [s y] = s^ (p - [R] + q [M]) + (1 - 2 s^) (p [rho] - [rho R] + q [rho M])
 * </pre>
 *
 * <p>Needs -2^(k-1) &lt;= floor(x / 2^s) and floor(x / 2^s) + 1 &lt; 2^(k-1). It may take the bit
 * for 1 when -2^s &lt;= x &lt; 0; then y = 0. Two rounds, m + 1 bits each way; the result is shared
 * modulo 2^n. The parties see x1 and s^, both uniform.
 *
 * @param shape shape of x
 * @param s bits to remove
 * @param gate the comparison, of width k at most m - s
 * @param width m, and the ring
 */
record TruncateRelu(Shape shape, int s, DReluGate gate, Width width)
    implements Operation, Step<TruncateRelu.Key> {
  static final int KIND = 6;
  private static final int DEPENDENT = 5;

  /** Summands of r and of the dependent values, and the gate's key. */
  record Key(
      RingTensor r,
      RingTensor shifted,
      RingTensor msb,
      RingTensor rho,
      RingTensor rhoShifted,
      RingTensor rhoMsb,
      DReluGate.Key gate)
      implements OneTimeKey {
    @Override
    public void close() {
      r.close();
      shifted.close();
      msb.close();
      rho.close();
      rhoShifted.close();
      rhoMsb.close();
      gate.close();
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
    gate.encode(out);
    width.encode(out);
  }

  static TruncateRelu decode(DataInput in) throws IOException {
    TruncateRelu op =
        new TruncateRelu(Wire.readShape(in), in.readInt(), DReluGate.decode(in), Width.decode(in));
    Truncation.requireShift(op.s, 1, op.width);
    op.gate.requireWithin(op.width.bits() - op.s);
    return op;
  }

  @Override
  public long materialBytes(PartyId to) {
    return gate.materialBytes(to, shape)
        + (to == PartyId.P1 ? DEPENDENT * shape.size() * width.ring().bytes() : 0);
  }

  @Override
  public long workBytes() {
    return Correlations.workBytes(shape, width.ring());
  }

  static void generate(TruncateRelu op, AssistantContext context) {
    Ring ring = op.width.ring();
    try (RingTensor r = Correlations.mask(context, "r", op.width, op.shape);
        RingTensor shifted = r.shiftRight(op.s);
        BitTensor msb = op.width.msb(r);
        BitTensor rho = Correlations.rho(context, r.size());
        BitTensor both = msb.and(rho)) {
      Correlations.send(context, "R", shifted.copy());
      Correlations.send(context, "M", RingTensor.fromBits(ring, op.shape, msb));
      Correlations.send(context, "rho", RingTensor.fromBits(ring, op.shape, rho));
      Correlations.send(context, "rho R", shifted.multiplyBits(rho));
      Correlations.send(context, "rho M", RingTensor.fromBits(ring, op.shape, both));
      op.gate.generate(shifted, rho, context);
    }
  }

  @Override
  public Prepared<Key> prepared(int j) {
    Ring ring = width.ring();
    return Step.prepared(
        this,
        material ->
            new Key(
                material.seeded("r", ring, shape),
                Correlations.receive(j, material, "R", ring, shape),
                Correlations.receive(j, material, "M", ring, shape),
                Correlations.receive(j, material, "rho", ring, shape),
                Correlations.receive(j, material, "rho R", ring, shape),
                Correlations.receive(j, material, "rho M", ring, shape),
                gate.read(j, material, shape)));
  }

  @Override
  public Cost cost() {
    return DReluGate.cost(shape, width);
  }

  /** Summands of y, which is x without its last s bits, and of max(0, y). */
  record Both(RingTensor y, RingTensor positive) {}

  @Override
  public RingTensor run(Party party, Key key, RingTensor x) {
    RingTensor x1 = Truncation.open(party, width, x, key.r);
    RingTensor p = Truncation.shifted(x1, s, width);
    return selected(party, key, p, width.msb(x1).not(), truncated(party, key, p, x1));
  }

  /** The same openings; what {@link #run} computes on the way is a result as well. */
  Both runBoth(Party party, Key key, RingTensor x) {
    RingTensor x1 = Truncation.open(party, width, x, key.r);
    RingTensor p = Truncation.shifted(x1, s, width);
    RingTensor y = truncated(party, key, p, x1);
    RingTensor result = y.copy();
    return new Both(result, selected(party, key, p, width.msb(x1).not(), y));
  }

  /** y = p - R + q M: public base p, hidden part q M - R. */
  private RingTensor truncated(Party party, Key key, RingTensor p, RingTensor x1) {
    RingTensor y = hidden(key.msb, key.shifted, width.msb(x1).not());
    if (party.j() == 0) {
      y.addInPlace(p);
    }
    return y;
  }

  /** Opens the bit and selects y by it; erases y. */
  private RingTensor selected(
      Party party, Key key, RingTensor p, BitTensor positive, RingTensor y) {
    BitTensor opened = gate.open(party, key.gate, p);
    return Selection.select(opened, p, y, key.rho, hidden(key.rhoMsb, key.rhoShifted, positive));
  }

  /** q [m] - [shifted]. */
  private RingTensor hidden(RingTensor m, RingTensor shifted, BitTensor positive) {
    RingTensor qm = m.multiplyBits(positive).shiftLeft(width.bits() - s);
    qm.subtractInPlace(shifted);
    return qm;
  }
}
