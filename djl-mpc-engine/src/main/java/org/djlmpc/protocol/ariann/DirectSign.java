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
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;

/**
 * {@link Sign} in one round.
 *
 * <pre>
 * dealer: r uniform; the gate's key
 * 1. open x^ = x + r mod 2^m; [s] by the gate
 * </pre>
 *
 * <p>One round, m bits each way. The parties see x^, which is uniform.
 *
 * @param shape shape of x
 * @param gate width of the comparison
 * @param width m, and the ring
 */
record DirectSign(Shape shape, DReluGate gate, Width width)
    implements Operation, Step<DirectSign.Key> {
  static final int KIND = 9;

  /** Summand of r, and the gate's key. */
  record Key(RingTensor r, PayingGate.Key gate) implements OneTimeKey {
    @Override
    public void close() {
      r.close();
      gate.close();
    }
  }

  private PayingGate paying() {
    return PayingGate.of(gate, width.ring(), 1);
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

  static DirectSign decode(DataInput in) throws IOException {
    DirectSign op = new DirectSign(Wire.readShape(in), DReluGate.decode(in), Width.decode(in));
    op.gate.requireExactWithin(op.width.bits());
    return op;
  }

  @Override
  public long materialBytes(PartyId to) {
    return paying().materialBytes(to, shape);
  }

  @Override
  public long workBytes() {
    return Correlations.workBytes(shape, width.ring());
  }

  static void generate(DirectSign op, AssistantContext context) {
    try (RingTensor r = Correlations.mask(context, "r", op.width, op.shape)) {
      op.paying().generate(r, List.of(), context);
    }
  }

  @Override
  public Prepared<Key> prepared(int j) {
    return Step.prepared(
        this,
        material ->
            new Key(material.seeded("r", width.ring(), shape), paying().read(j, material, shape)));
  }

  @Override
  public Cost cost() {
    return DReluGate.directCost(shape, width);
  }

  @Override
  public RingTensor run(Party party, Key key, RingTensor x) {
    RingTensor masked = width.open(party, x.add(key.r)).await();
    return paying().evaluate(party.j(), key.gate, masked, List.of()).get(0);
  }
}
