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
 * max(0, x): one opening of m &lt;= n bits, one of one bit (protocols.md, section 3; compare
 * AriaNN, section 4.2).
 *
 * <pre>
 * dealer: r uniform; rho a uniform bit; [rho], [rho r]; the gate's key
 * 1. open x^ = x + r mod 2^m
 * 2. open s^ = [x &gt;= 0] xor rho by the gate
 * 3. [s x] = s^ x^ - s^ [r] + (1 - 2 s^) ([rho] x^ - [rho r])
 * </pre>
 *
 * <p>Two rounds, m + 1 bits each way; shared modulo 2^m, as x. The parties see x^ and s^, both
 * uniform.
 *
 * @param shape shape of x
 * @param gate the comparison
 * @param width m, and the ring
 */
record Relu(Shape shape, DReluGate gate, Width width) implements Operation, Step<Relu.Key> {
  static final int KIND = 5;

  /** Summands of r, rho and rho r, and the gate's key. */
  record Key(RingTensor r, RingTensor rho, RingTensor rhoR, DReluGate.Key gate)
      implements OneTimeKey {
    @Override
    public void close() {
      r.close();
      rho.close();
      rhoR.close();
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

  static Relu decode(DataInput in) throws IOException {
    Relu relu = new Relu(Wire.readShape(in), DReluGate.decode(in), Width.decode(in));
    relu.gate.requireWithin(relu.width.bits());
    return relu;
  }

  @Override
  public long materialBytes(PartyId to) {
    return gate.materialBytes(to, shape)
        + (to == PartyId.P1 ? 2 * shape.size() * width.ring().bytes() : 0);
  }

  @Override
  public long workBytes() {
    return Correlations.workBytes(shape, width.ring());
  }

  static void generate(Relu op, AssistantContext context) {
    try (RingTensor r = Correlations.mask(context, "r", op.width, op.shape);
        BitTensor rho = Correlations.rho(context, r.size())) {
      Correlations.send(context, "rho", RingTensor.fromBits(op.width.ring(), op.shape, rho));
      Correlations.send(context, "rho r", r.multiplyBits(rho));
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
                Correlations.receive(j, material, "rho r", ring, shape),
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
    // x = x^ - r: public base x^, hidden part -r
    RingTensor share = key.r.negate();
    if (party.j() == 0) {
      share.addInPlace(masked);
    }
    return Selection.select(opened, masked, share, key.rho, key.rhoR.negate());
  }
}
