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
 * {@link Relu} in one round.
 *
 * <pre>
 * dealer: r uniform; the gate's key with payload (1, r)
 * 1. open x^ = x + r mod 2^m; [s], [s r] by the gate
 * 2. [s x] = x^ [s] - [s r]
 * </pre>
 *
 * <p>One round, m bits each way; shared modulo 2^m, as x. The parties see x^, which is uniform.
 *
 * @param shape shape of x
 * @param gate width of the comparison
 * @param width m, and the ring
 */
record DirectRelu(Shape shape, DReluGate gate, Width width)
    implements Operation, Step<DirectRelu.Key> {
  static final int KIND = 10;

  /** Summand of r, and the gate's key. */
  record Key(RingTensor r, PayingGate.Key gate) implements OneTimeKey {
    @Override
    public void close() {
      r.close();
      gate.close();
    }
  }

  private PayingGate paying() {
    return PayingGate.of(gate, width.ring(), 2);
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

  static DirectRelu decode(DataInput in) throws IOException {
    DirectRelu op = new DirectRelu(Wire.readShape(in), DReluGate.decode(in), Width.decode(in));
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

  static void generate(DirectRelu op, AssistantContext context) {
    try (RingTensor r = Correlations.mask(context, "r", op.width, op.shape)) {
      op.paying().generate(r, List.of(r), context);
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
    List<RingTensor> paid = paying().evaluate(party.j(), key.gate, masked, List.of(key.r));
    try (RingTensor s = paid.get(0);
        RingTensor sr = paid.get(1)) {
      return s.multiply(masked).subtractInPlace(sr);
    }
  }
}
