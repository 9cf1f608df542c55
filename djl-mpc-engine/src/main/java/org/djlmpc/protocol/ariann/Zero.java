package org.djlmpc.protocol.ariann;

import ai.djl.ndarray.types.Shape;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.djlmpc.preprocessing.AssistantContext;
import org.djlmpc.preprocessing.Operation;
import org.djlmpc.preprocessing.Prepared;
import org.djlmpc.protocol.Cost;
import org.djlmpc.protocol.Wire;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;

/**
 * [x = 0] as an arithmetic share (AriaNN, section 3.1, Algorithm 1 with the corrected key
 * generation).
 *
 * <pre>
 * dealer: r uniform; DPF for alpha = r mod 2^m; rho a uniform bit, shared over the ring and as c = rho, XOR-shared
 * 1. open x^ = x + r mod 2^m
 * 2. s^_j = DPF_j(x^) xor c_j
 * 3. open s^; [s] = s^ + (1 - 2 s^) [rho]
 * </pre>
 *
 * <p>Two rounds, m + 1 bits each way. The parties see x^ and s^, both uniform.
 *
 * @param shape shape of x
 * @param width m, and the ring
 */
record Zero(Shape shape, Width width) implements Operation, Step<PointKey> {
  static final int KIND = 4;

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public void encode(DataOutput out) throws IOException {
    Wire.writeShape(out, shape);
    width.encode(out);
  }

  static Zero decode(DataInput in) throws IOException {
    return new Zero(Wire.readShape(in), Width.decode(in));
  }

  @Override
  public long materialBytes(PartyId to) {
    return PointKey.materialBytes(to, shape, width);
  }

  @Override
  public long workBytes() {
    return Correlations.workBytes(shape, width.ring());
  }

  static void generate(Zero op, AssistantContext context) {
    PointKey.generate(op.shape, op.width, context);
  }

  @Override
  public Prepared<PointKey> prepared(int j) {
    return Step.prepared(this, material -> PointKey.read(j, material, shape, width));
  }

  @Override
  public Cost cost() {
    return DReluGate.cost(shape, width);
  }

  @Override
  public RingTensor run(Party party, PointKey key, RingTensor x) {
    RingTensor masked = width.open(party, x.add(key.r())).await();
    BitTensor bit = key.evaluate(party.j(), DpfChunks.Test.EQUAL, List.of(masked));
    BitTensor opened = party.opener().open(bit).await();
    return Selection.bit(party.j(), opened, key.rho());
  }
}
