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
 * [low &lt;= x &lt; high] over all residues modulo 2^m, as an arithmetic share: interval
 * containment (Boyle et al., EUROCRYPT 2021, eprint 2020/1392, section 4.1) from one point function
 * evaluated at two points.
 *
 * <pre>
 * dealer: r uniform; DPF for alpha = r mod 2^m; rho a uniform bit, shared over the ring and as c = rho, XOR-shared
 * 1. open x^ = x + r mod 2^m; u = x^ - low, v = u - (high - low), both mod 2^m
 * 2. x - low = u - r is in [0, high - low) iff r is in (v, u], around the ring:
 *    s^_j = LT_j(u) xor LT_j(v) xor c_j xor (j = 0 ? [u &lt; high - low] : 0)
 * 3. open s^; [s] = s^ + (1 - 2 s^) [rho]
 * </pre>
 *
 * <p>Two rounds, m + 1 bits each way. The parties see x^ and s^, both uniform.
 *
 * @param shape shape of x
 * @param low least element inside, as a signed number
 * @param high least element above, as a signed number
 * @param width m, and the ring
 */
record Interval(Shape shape, long low, long high, Width width)
    implements Operation, Step<PointKey> {
  static final int KIND = 8;

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public void encode(DataOutput out) throws IOException {
    Wire.writeShape(out, shape);
    out.writeLong(low);
    out.writeLong(high);
    width.encode(out);
  }

  static Interval decode(DataInput in) throws IOException {
    return new Interval(Wire.readShape(in), in.readLong(), in.readLong(), Width.decode(in));
  }

  @Override
  public long materialBytes(PartyId to) {
    return PointKey.materialBytes(to, shape, width);
  }

  @Override
  public long workBytes() {
    return Correlations.workBytes(shape, width.ring());
  }

  static void generate(Interval op, AssistantContext context) {
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
    RingTensor u = masked.addScalar(-low).lowInPlace(width.bits());
    RingTensor v = u.addScalar(low - high).lowInPlace(width.bits());
    BitTensor bit = key.evaluate(party.j(), DpfChunks.Test.LESS_THAN, List.of(u, v));
    if (party.j() == 0) {
      bit.xorInPlace(below(u, high - low));
    }
    BitTensor opened = party.opener().open(bit).await();
    return Selection.bit(party.j(), opened, key.rho());
  }

  /** [u &lt; length] of unsigned public numbers. */
  private BitTensor below(RingTensor u, long length) {
    BitTensor below = BitTensor.zeros(u.size());
    long mask = -1L >>> (Long.SIZE - width.bits());
    long end = length & mask;
    for (int word = 0; word < below.wordCount(); word++) {
      long bits = 0;
      int from = word * Long.SIZE;
      for (int i = from; i < Math.min(u.size(), from + Long.SIZE); i++) {
        boolean less = Long.compareUnsigned(u.getLong(i) & mask, end) < 0;
        bits |= less ? 1L << i : 0;
      }
      below.setWord(word, bits);
    }
    return below;
  }
}
