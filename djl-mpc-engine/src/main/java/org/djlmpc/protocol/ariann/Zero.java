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
 * [x = 0] as an arithmetic share (AriaNN, section 3.1, Algorithm 1 with the corrected key
 * generation).
 *
 * <pre>
 * dealer: r uniform; DPF for alpha = r mod 2^n; rho a uniform bit, shared over the ring and as c = rho, XOR-shared
 * 1. open x^ = x + r
 * 2. s^_j = DPF_j(x^) xor c_j
 * 3. open s^; [s] = s^ + (1 - 2 s^) [rho]
 * </pre>
 *
 * <p>Two rounds, n + 1 bits each way. The parties see x^ and s^, both uniform.
 *
 * @param shape shape of x
 * @param ring the ring
 */
record Zero(Shape shape, Ring ring) implements Operation, Step<Zero.Key> {
  static final int KIND = 4;

  /** Summands of r, rho and c; the DPF chunks follow in the material. */
  record Key(RingTensor r, RingTensor rho, BitTensor c, Material chunks) implements OneTimeKey {
    @Override
    public void close() {
      r.close();
      rho.close();
      c.close();
    }
  }

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public void encode(DataOutput out) throws IOException {
    Wire.writeShape(out, shape);
    Wire.writeEnum(out, ring);
  }

  static Zero decode(DataInput in) throws IOException {
    return new Zero(Wire.readShape(in), Wire.readEnum(in, Ring.class));
  }

  @Override
  public long materialBytes(PartyId to) {
    int size = Wire.size(shape);
    long own = to == PartyId.P1 ? (long) size * ring.bytes() + Wire.bitBytes(size) : 0;
    return DpfChunks.bytes(ring.bits(), size) + own;
  }

  @Override
  public long workBytes() {
    return Correlations.workBytes(shape, ring);
  }

  static void generate(Zero op, AssistantContext context) {
    try (RingTensor r = Correlations.mask(context, "r", op.ring, op.shape);
        BitTensor rho = Correlations.rho(context, r.size())) {
      Correlations.send(context, "rho", RingTensor.fromBits(op.ring, op.shape, rho));
      Correlations.send(context, "c", rho.copy());
      DpfChunks.generate(op.ring.bits(), r, context);
    }
  }

  @Override
  public Prepared<Key> prepared(int j) {
    return Step.prepared(
        this,
        material ->
            new Key(
                material.seeded("r", ring, shape),
                Correlations.receive(j, material, "rho", ring, shape),
                Correlations.receiveBits(j, material, "c", Wire.size(shape)),
                material));
  }

  @Override
  public Cost cost() {
    return DReluGate.cost(shape, ring);
  }

  @Override
  public RingTensor run(Party party, Key key, RingTensor x) {
    RingTensor masked = party.opener().open(x.add(key.r)).await();
    BitTensor bit =
        DpfChunks.evaluate(party.j(), DpfChunks.Test.EQUAL, ring.bits(), masked, key.chunks);
    bit.xorInPlace(key.c);
    BitTensor opened = party.opener().open(bit).await();
    return Selection.bit(party.j(), opened, key.rho);
  }
}
