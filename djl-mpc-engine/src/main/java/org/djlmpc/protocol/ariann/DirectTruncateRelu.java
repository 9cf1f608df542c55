package org.djlmpc.protocol.ariann;

import ai.djl.ndarray.types.Shape;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
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
 * {@link TruncateRelu} in one round, for the same values.
 *
 * <pre>
 * dealer: r uniform mod 2^m; R = r &gt;&gt; s, M = msb(r); [R], [M]; the gate's key for mask R with payload (1, R, M)
 * 1. open x1 = x + 2^(m-2) + r mod 2^m
 * 2. p = (x1 &gt;&gt; s) - 2^(m-2-s); q = 2^(m-s) (1 - msb x1); then y = p - R + q M
 * 3. [t], [t R], [t M] for t = [y &gt;= 0] by the gate on p mod 2^k
 * 4. [t y] = p [t] - [t R] + q [t M]
 * </pre>
 *
 * <p>One round, m bits each way; the result is shared modulo 2^n. The parties see x1, which is
 * uniform.
 *
 * @param shape shape of x
 * @param s bits to remove
 * @param gate width of the comparison, at most m - s
 * @param width m, and the ring
 */
record DirectTruncateRelu(Shape shape, int s, DReluGate gate, Width width)
    implements Operation, Step<DirectTruncateRelu.Key> {
  static final int KIND = 11;

  /** Summands of r, R and M, and the gate's key. */
  record Key(RingTensor r, RingTensor shifted, RingTensor msb, PayingGate.Key gate)
      implements OneTimeKey {
    @Override
    public void close() {
      r.close();
      shifted.close();
      msb.close();
      gate.close();
    }
  }

  private PayingGate paying() {
    return PayingGate.of(gate, width.ring(), 3);
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

  static DirectTruncateRelu decode(DataInput in) throws IOException {
    DirectTruncateRelu op =
        new DirectTruncateRelu(
            Wire.readShape(in), in.readInt(), DReluGate.decode(in), Width.decode(in));
    Truncation.requireShift(op.s, 1, op.width);
    op.gate.requireExactWithin(op.width.bits() - op.s);
    return op;
  }

  @Override
  public long materialBytes(PartyId to) {
    return paying().materialBytes(to, shape)
        + (to == PartyId.P1 ? 2 * shape.size() * width.ring().bytes() : 0);
  }

  @Override
  public long workBytes() {
    return 2 * Correlations.workBytes(shape, width.ring());
  }

  static void generate(DirectTruncateRelu op, AssistantContext context) {
    try (RingTensor r = Correlations.mask(context, "r", op.width, op.shape);
        RingTensor shifted = r.shiftRight(op.s);
        BitTensor bit = op.width.msb(r);
        RingTensor msb = RingTensor.fromBits(op.width.ring(), op.shape, bit)) {
      Correlations.send(context, "R", shifted.copy());
      Correlations.send(context, "M", msb.copy());
      op.paying().generate(shifted, List.of(shifted, msb), context);
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
                paying().read(j, material, shape)));
  }

  @Override
  public Cost cost() {
    return DReluGate.directCost(shape, width);
  }

  @Override
  public RingTensor run(Party party, Key key, RingTensor x) {
    RingTensor x1 = Truncation.open(party, width, x, key.r);
    RingTensor p = Truncation.shifted(x1, s, width);
    BitTensor positive = width.msb(x1).not();
    List<RingTensor> paid =
        paying().evaluate(party.j(), key.gate, p, List.of(key.shifted, key.msb));
    try (RingTensor t = paid.get(0);
        RingTensor tR = paid.get(1);
        RingTensor tM = paid.get(2);
        RingTensor qM = tM.multiplyBits(positive).shiftLeft(width.bits() - s)) {
      return t.multiply(p).subtractInPlace(tR).addInPlace(qM);
    }
  }
}
