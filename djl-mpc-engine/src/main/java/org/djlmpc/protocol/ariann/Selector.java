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
import org.djlmpc.session.Pending;
import org.djlmpc.transport.PartyId;

/**
 * [b x] for a shared bit b and a shared x (protocols.md, section 3).
 *
 * <pre>
 * dealer: r uniform; rho a uniform bit, shared over the ring and as bits; [rho r]
 * 1. b_j mod 2 are XOR shares of b; open b^ = b xor rho and x^ = x + r mod 2^m together
 * 2. [b x] = b^ x^ - b^ [r] + (1 - 2 b^) ([rho] x^ - [rho r])
 * </pre>
 *
 * <p>One round, m + 1 bits each way; shared modulo 2^m, as x. The parties see x^ and b^, both
 * uniform.
 *
 * @param shape shape of b and x
 * @param width m, and the ring
 */
record Selector(Shape shape, Width width) implements Operation {
  static final int KIND = 7;

  /** Summands of r, rho, rho r, and the XOR share of rho. */
  record Key(RingTensor r, RingTensor rho, RingTensor rhoR, BitTensor rhoBit)
      implements OneTimeKey {
    @Override
    public void close() {
      r.close();
      rho.close();
      rhoR.close();
      rhoBit.close();
    }
  }

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public void encode(DataOutput out) throws IOException {
    Wire.writeShape(out, shape);
    width.encode(out);
  }

  static Selector decode(DataInput in) throws IOException {
    return new Selector(Wire.readShape(in), Width.decode(in));
  }

  @Override
  public long materialBytes(PartyId to) {
    return to == PartyId.P1
        ? 2 * shape.size() * width.ring().bytes() + Wire.bitBytes(Wire.size(shape))
        : 0;
  }

  @Override
  public long workBytes() {
    return Correlations.workBytes(shape, width.ring());
  }

  static void generate(Selector op, AssistantContext context) {
    try (RingTensor r = Correlations.mask(context, "r", op.width, op.shape);
        BitTensor rho = Correlations.rho(context, r.size())) {
      Correlations.send(context, "rho", RingTensor.fromBits(op.width.ring(), op.shape, rho));
      Correlations.send(context, "rho r", r.multiplyBits(rho));
      Correlations.send(context, "rho bit", rho.copy());
    }
  }

  Prepared<Key> prepared(int j) {
    Ring ring = width.ring();
    return Step.prepared(
        this,
        material ->
            new Key(
                material.seeded("r", ring, shape),
                Correlations.receive(j, material, "rho", ring, shape),
                Correlations.receive(j, material, "rho r", ring, shape),
                Correlations.receiveBits(j, material, "rho bit", Wire.size(shape))));
  }

  Cost cost() {
    int size = Wire.size(shape);
    return Cost.online(1, width.bytes(shape) + Wire.bitBytes(size));
  }

  RingTensor run(Step.Party party, Key key, RingTensor b, RingTensor x) {
    BitTensor bit = b.bit(0);
    bit.xorInPlace(key.rhoBit);
    Pending<RingTensor> openingX = width.open(party, x.add(key.r));
    BitTensor opened = party.opener().open(bit).await();
    RingTensor masked = openingX.await();
    RingTensor share = key.r.negate();
    if (party.j() == 0) {
      share.addInPlace(masked);
    }
    return Selection.select(opened, masked, share, key.rho, key.rhoR.negate());
  }
}
