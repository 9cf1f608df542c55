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
 * [x &gt;= 0] as an arithmetic share (AriaNN's comparison, with the construction of {@link
 * DReluGate}).
 *
 * <pre>
 * dealer: r uniform; rho a uniform bit, shared over the ring; the gate's key
 * 1. open x^ = x + r mod 2^m
 * 2. open s^ = [x &gt;= 0] xor rho by the gate
 * 3. [s] = s^ + (1 - 2 s^) [rho]
 * </pre>
 *
 * <p>Two rounds, m + 1 bits each way. The parties see x^ and s^, both uniform.
 *
 * @param shape shape of x
 * @param gate the comparison
 * @param width m, and the ring
 */
record Sign(Shape shape, DReluGate gate, Width width) implements Operation, Step<Sign.Key> {
  static final int KIND = 3;

  /** Summands of r and rho, and the gate's key. */
  record Key(RingTensor r, RingTensor rho, DReluGate.Key gate) implements OneTimeKey {
    @Override
    public void close() {
      r.close();
      rho.close();
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
    gate.encode(out);
    width.encode(out);
  }

  static Sign decode(DataInput in) throws IOException {
    Sign sign = new Sign(Wire.readShape(in), DReluGate.decode(in), Width.decode(in));
    sign.gate.requireWithin(sign.width.bits());
    return sign;
  }

  @Override
  public long materialBytes(PartyId to) {
    return gate.materialBytes(to, shape)
        + (to == PartyId.P1 ? shape.size() * width.ring().bytes() : 0);
  }

  @Override
  public long workBytes() {
    return Correlations.workBytes(shape, width.ring());
  }

  static void generate(Sign op, AssistantContext context) {
    try (RingTensor r = Correlations.mask(context, "r", op.width, op.shape);
        BitTensor rho = Correlations.rho(context, r.size())) {
      Correlations.send(context, "rho", RingTensor.fromBits(op.width.ring(), op.shape, rho));
      op.gate.generate(r, rho, context);
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
                Correlations.receive(j, material, "rho", ring, shape),
                gate.read(j, material, shape)));
  }

  @Override
  public Cost cost() {
    return DReluGate.cost(shape, width);
  }

  @Override
  public RingTensor run(Party party, Key key, RingTensor x) {
    RingTensor masked = width.open(party, x.add(key.r)).await();
    BitTensor opened = gate.open(party, key.gate, masked);
    return Selection.bit(party.j(), opened, key.rho);
  }
}
