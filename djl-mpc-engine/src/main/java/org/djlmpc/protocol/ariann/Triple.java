package org.djlmpc.protocol.ariann;

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
import org.djlmpc.protocol.Rows;
import org.djlmpc.protocol.Wire;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.TensorFrames;
import org.jspecify.annotations.Nullable;

/**
 * Beaver's triple for a bilinear map: C = map(A, B) for two masks, shared as C_0 + C_1 (D. Beaver,
 * CRYPTO 1991; protocols.md, section 1). C_0 comes from P0's seed; only C_1 travels.
 *
 * <p>In owner mode A is known to one party, B to the other, and C_0 + C_1 is the same sum.
 *
 * @param map the map
 * @param a mask of the left operand
 * @param b mask of the right operand
 * @param ring the ring
 */
record Triple(Bilinear map, Mask a, Mask b, Ring ring) implements Operation {
  static final int KIND = 1;
  private static final String C = "ariann/triple-c";

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public void encode(DataOutput out) throws IOException {
    Wire.writeBilinear(out, map);
    a.encode(out);
    b.encode(out);
    Wire.writeEnum(out, ring);
  }

  static Triple decode(DataInput in) throws IOException {
    Triple triple =
        new Triple(
            Wire.readBilinear(in), Mask.decode(in), Mask.decode(in), Wire.readEnum(in, Ring.class));
    Wire.requireArray(triple.shape());
    return triple;
  }

  @Override
  public long materialBytes(PartyId to) {
    return to == PartyId.P1 ? shape().size() * ring.bytes() : 0;
  }

  @Override
  public long workBytes() {
    // each mask with its second summand, the product with its parts or P0's summand
    return 2 * (a.shape().size() + map.rightAtOnce(b.shape()) + shape().size()) * ring.bytes();
  }

  Shape shape() {
    return map.outputShape(a.shape(), b.shape());
  }

  /** Dealer: C_1 = map(A, B) - C_0. */
  static void generate(Triple triple, AssistantContext context) {
    var p0 = context.sink(PartyId.P0);
    var p1 = context.sink(PartyId.P1);
    Rows a = triple.a.whole(p0.streams(), p1.streams(), triple.ring);
    Rows b = triple.b.whole(p0.streams(), p1.streams(), triple.ring);
    try (RingTensor c = triple.map.apply(a, b);
        RingTensor c0 =
            p0.streams().tensor(C, context.request(), context.number(), triple.ring, c.shape())) {
      c.subtractInPlace(c0);
      p1.send(List.of(new TensorFrames.Elements(c)));
    }
  }

  /**
   * The operation with its offline work: K_j = map(A_j, F) + C_j where the right operand is fixed
   * (its F is known), else K_j = C_j.
   *
   * @param fixed the opening of the right operand, or null if it is not known beforehand
   */
  Prepared<Key> prepared(int j, @Nullable Masked fixed) {
    return new Prepared<>() {
      @Override
      public Operation operation() {
        return Triple.this;
      }

      @Override
      public Key prepare(Material material) {
        RingTensor k = j == 0 ? material.seeded(C, ring, shape()) : material.tensor(ring, shape());
        if (fixed != null && fixed.isKnown()) {
          try (RingTensor af = map.apply(a().rows(material.streams(), ring), fixed.e())) {
            k.addInPlace(af);
          }
        }
        return new Key(k);
      }
    };
  }

  /** K_j; see {@link #prepared}. */
  record Key(RingTensor k) implements OneTimeKey {
    @Override
    public void close() {
      k.close();
    }
  }
}
