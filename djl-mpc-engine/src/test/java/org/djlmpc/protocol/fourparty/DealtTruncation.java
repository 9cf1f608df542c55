package org.djlmpc.protocol.fourparty;

import ai.djl.ndarray.types.Shape;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.djlmpc.preprocessing.AssistantContext;
import org.djlmpc.preprocessing.Material;
import org.djlmpc.preprocessing.OneTimeKey;
import org.djlmpc.preprocessing.Operation;
import org.djlmpc.preprocessing.Prepared;
import org.djlmpc.protocol.Cost;
import org.djlmpc.protocol.Wire;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Opener;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.TensorFrames;

/**
 * Truncation as in protocols.md, section 4, with keys that P3 deals: the same assistant deals and
 * takes part online.
 */
record DealtTruncation(Shape shape, int s, Ring ring) implements Operation {
  static final int KIND = 3;

  /** Summands of r, of r shifted, and of its highest bit. */
  record Key(RingTensor r, RingTensor shifted, RingTensor msb) implements OneTimeKey {
    @Override
    public void close() {
      r.close();
      shifted.close();
      msb.close();
    }
  }

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public PartyId assistant() {
    return PartyId.P3;
  }

  @Override
  public void encode(DataOutput out) throws IOException {
    Wire.writeShape(out, shape);
    out.writeInt(s);
    Wire.writeEnum(out, ring);
  }

  static DealtTruncation decode(DataInput in) throws IOException {
    return new DealtTruncation(
        Wire.readShape(in), Wire.readInt(in, 1, Long.SIZE - 3), Wire.readEnum(in, Ring.class));
  }

  @Override
  public long materialBytes(PartyId to) {
    return to == PartyId.P1 ? 2 * shape.size() * ring.bytes() : 0;
  }

  @Override
  public long workBytes() {
    return 4 * shape.size() * ring.bytes();
  }

  Cost cost() {
    return Cost.online(1, shape.size() * ring.bytes());
  }

  static void deal(DealtTruncation op, AssistantContext context) {
    RingTensor r = stream(op, context, PartyId.P0, "r");
    r.addInPlace(stream(op, context, PartyId.P1, "r"));
    RingTensor shifted = r.shiftRight(op.s);
    shifted.subtractInPlace(stream(op, context, PartyId.P0, "shifted"));
    RingTensor msb = RingTensor.fromBits(op.ring, op.shape, r.msb());
    msb.subtractInPlace(stream(op, context, PartyId.P0, "msb"));
    context
        .sink(PartyId.P1)
        .send(List.of(new TensorFrames.Elements(shifted), new TensorFrames.Elements(msb)));
  }

  private static RingTensor stream(
      DealtTruncation op, AssistantContext context, PartyId holder, String name) {
    return context
        .sink(holder)
        .streams()
        .tensor(name, context.request(), context.number(), op.ring, op.shape);
  }

  Prepared<Key> prepared(PartyId self) {
    return new Prepared<>() {
      @Override
      public Operation operation() {
        return DealtTruncation.this;
      }

      @Override
      public Key prepare(Material material) {
        RingTensor r = material.seeded("r", ring, shape);
        if (self == PartyId.P0) {
          return new Key(
              r, material.seeded("shifted", ring, shape), material.seeded("msb", ring, shape));
        }
        // both tensors are one message, so they are read as one
        RingTensor both = material.tensor(ring, new Shape(2, shape.size()));
        int size = Wire.size(shape);
        return new Key(
            r, both.range(0, size).reshape(shape), both.range(size, size).reshape(shape));
      }
    };
  }

  RingTensor run(PartyId self, Opener opener, Key key, RingTensor x) {
    int n = ring.bits();
    RingTensor masked = x.add(key.r);
    RingTensor x1 =
        opener.open(self == PartyId.P0 ? masked.addScalar(1L << (n - 2)) : masked).await();
    RingTensor y = key.msb.multiplyBits(x1.msb().not()).shiftLeft(n - s);
    y.subtractInPlace(key.shifted);
    if (self == PartyId.P0) {
      y.addInPlace(x1.shiftRight(s).addScalar(-(1L << (n - 2 - s))));
    }
    return y;
  }
}
