package org.djlmpc.protocol.ariann;

import ai.djl.ndarray.types.Shape;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Collections;
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
 * What {@link DirectSign} and {@link DirectRelu} have in common: one opening of x under a mask r,
 * at which a {@link PayingGate} pays [s] for s = [x &gt;= 0], and [s r] if there are two words.
 */
interface DirectComparison extends Operation, Step<DirectComparison.Key> {
  /** Shape of x. */
  Shape shape();

  /** Width of the comparison. */
  DReluGate gate();

  /** m, and the ring. */
  Width width();

  /** What the gate pays: 1, or (1, r). */
  int words();

  /**
   * The result.
   *
   * @param masked x^
   * @param paid [s], and [s r] if there are two words; passes to this method
   */
  RingTensor result(RingTensor masked, List<RingTensor> paid);

  /** Summand of r, and the gate's key. */
  record Key(RingTensor r, PayingGate.Key gate) implements OneTimeKey {
    @Override
    public void close() {
      r.close();
      gate.close();
    }
  }

  /** Makes an operation of its three parts. */
  @FunctionalInterface
  interface Maker<T extends DirectComparison> {
    T make(Shape shape, DReluGate gate, Width width);
  }

  private PayingGate paying() {
    return PayingGate.of(gate(), width().ring(), words());
  }

  private List<RingTensor> values(RingTensor r) {
    return Collections.nCopies(words() - 1, r);
  }

  @Override
  default void encode(DataOutput out) throws IOException {
    Wire.writeShape(out, shape());
    gate().encode(out);
    width().encode(out);
  }

  /** Reads what {@link #encode} wrote. */
  static <T extends DirectComparison> T decode(DataInput in, Maker<T> maker) throws IOException {
    T op = maker.make(Wire.readShape(in), DReluGate.decode(in), Width.decode(in));
    op.gate().requireExactWithin(op.width().bits());
    return op;
  }

  @Override
  default long materialBytes(PartyId to) {
    return paying().materialBytes(to, shape());
  }

  @Override
  default long workBytes() {
    return Correlations.workBytes(shape(), width().ring());
  }

  /** Dealer: mask and key. */
  static void generate(DirectComparison op, AssistantContext context) {
    try (RingTensor r = Correlations.mask(context, "r", op.width(), op.shape())) {
      op.paying().generate(r, op.values(r), context);
    }
  }

  @Override
  default Prepared<Key> prepared(int j) {
    return Step.prepared(
        this,
        material ->
            new Key(
                material.seeded("r", width().ring(), shape()),
                paying().read(j, material, shape())));
  }

  @Override
  default Cost cost() {
    return DReluGate.directCost(shape(), width());
  }

  @Override
  default RingTensor run(Party party, Key key, RingTensor x) {
    RingTensor masked = width().open(party, x.add(key.r)).await();
    return result(masked, paying().evaluate(party.j(), key.gate, masked, values(key.r)));
  }
}
