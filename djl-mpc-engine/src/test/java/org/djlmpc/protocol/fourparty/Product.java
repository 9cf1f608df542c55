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
import org.djlmpc.protocol.Bilinear;
import org.djlmpc.protocol.Cost;
import org.djlmpc.protocol.Wire;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.TensorFrames;

/**
 * PrivPy's multiplication (Y. Li, W. Xu, KDD 2019): each of four parties multiplies one cross term
 * of (x0 + x1)(y0 + y1).
 *
 * <pre>
 * 0. P0 and P1 rerandomize x and y with their common stream
 * 1. x0 to P2, y1 to P2; x1 to P3, y0 to P3
 * 2. P2 shares x0 y1: u from P0's stream, x0 y1 - u to P1; P3 shares x1 y0: v from P1's stream, x1 y0 - v to P0
 * 3. z0 = x0 y0 + u + (x1 y0 - v); z1 = x1 y1 + v + (x0 y1 - u)
 * </pre>
 *
 * @param assistant whose part this is
 */
record Product(Bilinear map, Shape x, Shape y, Ring ring, PartyId assistant) implements Operation {
  static final int KIND = 1;
  private static final String SUMMAND = "four-party/product";

  /** The number of the operation and the summand from this party's stream, if it has one. */
  record Key(int number, RingTensor summand) implements OneTimeKey {
    @Override
    public void close() {
      summand.close();
    }
  }

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public boolean online() {
    return true;
  }

  @Override
  public void encode(DataOutput out) throws IOException {
    Wire.writeBilinear(out, map);
    Wire.writeShape(out, x);
    Wire.writeShape(out, y);
    Wire.writeEnum(out, ring);
    Wire.writeEnum(out, assistant);
  }

  static Product decode(DataInput in) throws IOException {
    return new Product(
        Wire.readBilinear(in),
        Wire.readShape(in),
        Wire.readShape(in),
        Wire.readEnum(in, Ring.class),
        Wire.readEnum(in, PartyId.class));
  }

  @Override
  public long materialBytes(PartyId to) {
    return 0;
  }

  @Override
  public long workBytes() {
    return (x.size() + y.size() + 2 * shape().size()) * ring.bytes();
  }

  Shape shape() {
    return map.outputShape(x, y);
  }

  Cost cost() {
    return Cost.online(2, (x.size() + y.size()) * ring.bytes())
        .withMultiplyAdds(map.multiplyAdds(x, y));
  }

  /** Who has the other summand of this assistant's result from its stream. */
  private PartyId seeded() {
    return assistant == PartyId.P2 ? PartyId.P0 : PartyId.P1;
  }

  private PartyId sent() {
    return assistant == PartyId.P2 ? PartyId.P1 : PartyId.P0;
  }

  /** Who sends the left factor to this assistant; the other party sends the right one. */
  private PartyId left() {
    return seeded();
  }

  static void serve(Product op, AssistantContext context) {
    RingTensor a = RingTensor.zeros(op.ring, op.x);
    RingTensor b = RingTensor.zeros(op.ring, op.y);
    receive(context.channel(op.left()), context.number(), a);
    receive(context.channel(op.sent()), context.number(), b);
    RingTensor z = op.map.apply(a, b);
    z.subtractInPlace(
        context
            .sink(op.seeded())
            .streams()
            .tensor(SUMMAND, context.request(), context.number(), op.ring, op.shape()));
    send(context.channel(op.sent()), context.number(), z);
  }

  Prepared<Key> prepared(PartyId self) {
    return new Prepared<>() {
      @Override
      public Operation operation() {
        return Product.this;
      }

      @Override
      public Key prepare(Material material) {
        return new Key(
            material.number(),
            self == seeded()
                ? material.seeded(SUMMAND, ring, shape())
                : RingTensor.zeros(ring, shape()));
      }
    };
  }

  /** Step 1 at a share holder. */
  void ask(PartyId self, Channel channel, Key key, RingTensor xj, RingTensor yj) {
    send(channel, key.number, self == left() ? xj : yj);
  }

  /** Step 3 at a share holder. */
  void addTo(RingTensor z, PartyId self, Channel channel, Key key) {
    z.addInPlace(key.summand);
    if (self == sent()) {
      RingTensor received = RingTensor.zeros(ring, shape());
      receive(channel, key.number, received);
      z.addInPlace(received);
    }
  }

  static void send(Channel channel, int number, RingTensor tensor) {
    TensorFrames.send(channel, FrameType.OPEN, number, List.of(new TensorFrames.Elements(tensor)));
  }

  static void receive(Channel channel, int number, RingTensor tensor) {
    TensorFrames.receive(
        channel, FrameType.OPEN, number, List.of(new TensorFrames.Elements(tensor)));
  }
}
