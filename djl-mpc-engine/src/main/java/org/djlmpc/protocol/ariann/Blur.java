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
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;

/**
 * Hides the last s bits of what will be revealed, without a message: x plus noise that nobody
 * knows. A truncation takes a round for the same; who learns its result learns it with its rounding
 * threshold (x1 mod 2^s), which is as much as x + u.
 *
 * <pre>
 * dealer: u uniform in [0, 2^s), shared
 * 1. [x] + [u] - 2^(s-1)
 * </pre>
 *
 * @param shape shape of x
 * @param s bits to hide
 * @param ring the ring
 */
record Blur(Shape shape, int s, Ring ring) implements Operation, Step<Blur.Key> {
  static final int KIND = 12;

  /** Summand of u. */
  record Key(RingTensor u) implements OneTimeKey {
    @Override
    public void close() {
      u.close();
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
    Wire.writeEnum(out, ring);
  }

  static Blur decode(DataInput in) throws IOException {
    Blur blur = new Blur(Wire.readShape(in), in.readInt(), Wire.readEnum(in, Ring.class));
    Truncation.requireShift(blur.s, 1, Width.of(blur.ring));
    return blur;
  }

  @Override
  public long materialBytes(PartyId to) {
    return to == PartyId.P1 ? shape.size() * ring.bytes() : 0;
  }

  @Override
  public long workBytes() {
    return Correlations.workBytes(shape, ring);
  }

  static void generate(Blur op, AssistantContext context) {
    RingTensor noise =
        context.own().tensor("u", context.request(), context.number(), op.ring, op.shape);
    Correlations.send(context, "u", noise.lowInPlace(op.s));
  }

  @Override
  public Prepared<Key> prepared(int j) {
    return Step.prepared(
        this, material -> new Key(Correlations.receive(j, material, "u", ring, shape)));
  }

  @Override
  public Cost cost() {
    return Cost.ZERO;
  }

  @Override
  public RingTensor run(Party party, Key key, RingTensor x) {
    RingTensor blurred = x.add(key.u);
    return party.j() == 0 ? blurred.addScalar(-(1L << (s - 1))) : blurred;
  }
}
