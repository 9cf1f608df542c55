package org.djlmpc.protocol.fourparty;

import ai.djl.ndarray.types.Shape;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.function.LongUnaryOperator;
import org.djlmpc.preprocessing.AssistantContext;
import org.djlmpc.preprocessing.Material;
import org.djlmpc.preprocessing.OneTimeKey;
import org.djlmpc.preprocessing.Operation;
import org.djlmpc.preprocessing.Prepared;
import org.djlmpc.protocol.Cost;
import org.djlmpc.protocol.Wire;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.PartyId;

/**
 * A function that the two assistants compute together, as PrivPy's garbled circuit would be run;
 * here P3 simply hands what it got to P2, who is trusted.
 *
 * <pre>
 * 0. P0 and P1 rerandomize x with their common stream
 * 1. x0 to P2; x1 to P3, which forwards it to P2
 * 2. P2 shares f(x0 + x1) afresh between P0 and P1
 * </pre>
 *
 * @param step number of this step among those that both assistants run together
 * @param assistant whose part this is
 */
record Comparison(Function f, Shape shape, Ring ring, int step, PartyId assistant)
    implements Operation {
  static final int KIND = 2;
  private static final String SUMMAND = "four-party/comparison";

  enum Function {
    NON_NEGATIVE(x -> x >= 0 ? 1 : 0),
    IS_ZERO(x -> x == 0 ? 1 : 0),
    RELU(x -> Math.max(x, 0));

    private final LongUnaryOperator plain;

    Function(LongUnaryOperator plain) {
      this.plain = plain;
    }
  }

  /** The number of the operation at its assistant. */
  record Key(int number) implements OneTimeKey {
    @Override
    public void close() {}
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
    Wire.writeEnum(out, f);
    Wire.writeShape(out, shape);
    Wire.writeEnum(out, ring);
    out.writeInt(step);
    Wire.writeEnum(out, assistant);
  }

  static Comparison decode(DataInput in) throws IOException {
    return new Comparison(
        Wire.readEnum(in, Function.class),
        Wire.readShape(in),
        Wire.readEnum(in, Ring.class),
        in.readInt(),
        Wire.readEnum(in, PartyId.class));
  }

  @Override
  public long materialBytes(PartyId to) {
    return 0;
  }

  @Override
  public long workBytes() {
    return 3 * shape.size() * ring.bytes();
  }

  Cost cost() {
    return Cost.online(3, shape.size() * ring.bytes()).withComparisons(shape.size());
  }

  Prepared<Key> prepared() {
    return new Prepared<>() {
      @Override
      public Operation operation() {
        return Comparison.this;
      }

      @Override
      public Key prepare(Material material) {
        return new Key(material.number());
      }
    };
  }

  /** At P3. */
  static void forward(Comparison op, AssistantContext context) {
    RingTensor x1 = RingTensor.zeros(op.ring, op.shape);
    Product.receive(context.channel(PartyId.P1), context.number(), x1);
    Product.send(context.channel(PartyId.P2), op.step, x1);
  }

  /** At P2. */
  static void compute(Comparison op, AssistantContext context) {
    RingTensor x = RingTensor.zeros(op.ring, op.shape);
    RingTensor x1 = RingTensor.zeros(op.ring, op.shape);
    Product.receive(context.channel(PartyId.P0), context.number(), x);
    Product.receive(context.channel(PartyId.P3), op.step, x1);
    x.addInPlace(x1);
    RingTensor y =
        RingTensor.tabulate(op.ring, op.shape, i -> op.f.plain.applyAsLong(x.getLong(i)));
    RingTensor y0 =
        context
            .sink(PartyId.P0)
            .streams()
            .tensor(SUMMAND, context.request(), context.number(), op.ring, op.shape);
    y.subtractInPlace(y0);
    Product.send(context.channel(PartyId.P0), context.number(), y0);
    Product.send(context.channel(PartyId.P1), context.number(), y);
  }

  /** Steps 1 and 2 at a share holder. */
  RingTensor run(RingTensor xj, Channel ask, int askNumber, Channel answer, int answerNumber) {
    Product.send(ask, askNumber, xj);
    RingTensor y = RingTensor.zeros(ring, shape);
    Product.receive(answer, answerNumber, y);
    return y;
  }
}
