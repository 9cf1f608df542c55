package org.djlmpc.protocol.ariann;

import ai.djl.ndarray.types.Shape;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.djlmpc.preprocessing.AssistantContext;
import org.djlmpc.preprocessing.Material;
import org.djlmpc.preprocessing.OneTimeKey;
import org.djlmpc.preprocessing.Operation;
import org.djlmpc.preprocessing.Prepared;
import org.djlmpc.protocol.Cost;
import org.djlmpc.protocol.Wire;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;

/**
 * y = truncate(x, s), and max(0, y - t) for public knots t, on one opening (protocols.md, section
 * 4), for |x| &lt; 2^(m-2) that is shared modulo 2^m, m &lt;= n. The knot 0 makes a ReLU, two knots
 * make a clip: min(max(y, l), h) = l + max(0, y - l) - max(0, y - h).
 *
 * <pre>
 * dealer: r uniform mod 2^m; R = r &gt;&gt; s, M = msb(r); [R], [M]; for each knot rho, a uniform bit, [rho], [rho R], [rho M];
 *         gate key for mask R mod 2^k
 * 1. open x1 = x + 2^(m-2) + r mod 2^m
 * 2. p = (x1 &gt;&gt; s) - 2^(m-2-s); q = 2^(m-s) (1 - msb x1); then y = p - R + q M
 * 3. for each knot t open s^ = [y &gt;= t] xor rho by the gate on p - t mod 2^k; q M vanishes mod 2^k as k &lt;= m - s
 * 4. [s (y - t)] = s^ (p - t - [R] + q [M]) + (1 - 2 s^) ((p - t) [rho] - [rho R] + q [rho M])
 * </pre>
 *
 * <p>Needs -2^(k-1) &lt;= floor(x / 2^s) - t and floor(x / 2^s) + 1 - t &lt; 2^(k-1). For t = 0 it
 * may take the bit for 1 when -2^s &lt;= x &lt; 0; then y = 0. Two rounds, m bits and one for each
 * knot each way; the results are shared modulo 2^n.
 *
 * <p>The parties see x1 and a bit s^ for each knot, all uniform and independent. The mask r is used
 * once, because x1 is opened once: all else is computed from x1, a public number. That several
 * comparisons follow from it tells no more than one, since each bit that they open has a rho of its
 * own, which only the dealer knows, and the gate's key is a share of a function of R, evaluated by
 * each party alone.
 *
 * @param shape shape of x
 * @param s bits to remove
 * @param knots the t, in units of y's last place; at most {@value #MOST_KNOTS}
 * @param gate the comparison, of width k at most m - s
 * @param width m, and the ring
 */
record TruncateRelu(Shape shape, int s, List<Long> knots, DReluGate gate, Width width)
    implements Operation, Step<TruncateRelu.Key> {
  static final int KIND = 6;
  static final int MOST_KNOTS = 2;

  /** The knot of a ReLU. */
  static final List<Long> ZERO = List.of(0L);

  /** Names of streams, followed by the number of the knot where there is one for each. */
  private static final String R = "R";

  private static final String M = "M";
  private static final String RHO = "rho";
  private static final String RHO_R = "rho R";
  private static final String RHO_M = "rho M";

  /** R and M. */
  private static final int DEPENDENT = 2;

  /** rho, rho R and rho M. */
  private static final int DEPENDENT_OF_KNOT = 3;

  /** Summands of rho, rho R and rho M for a knot. */
  record Bit(RingTensor rho, RingTensor rhoShifted, RingTensor rhoMsb) implements OneTimeKey {
    @Override
    public void close() {
      rho.close();
      rhoShifted.close();
      rhoMsb.close();
    }
  }

  /** Summands of r and of the dependent values, and the gate's key. */
  record Key(RingTensor r, RingTensor shifted, RingTensor msb, List<Bit> bits, DReluGate.Key gate)
      implements OneTimeKey {
    @Override
    public void close() {
      r.close();
      shifted.close();
      msb.close();
      bits.forEach(Bit::close);
      gate.close();
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
    out.writeByte(knots.size());
    for (long t : knots) {
      out.writeLong(t);
    }
    gate.encode(out);
    width.encode(out);
  }

  static TruncateRelu decode(DataInput in) throws IOException {
    Shape shape = Wire.readShape(in);
    int s = in.readInt();
    int count = in.readByte();
    if (count < 1 || count > MOST_KNOTS) {
      throw new IOException(count + " knots");
    }
    List<Long> knots = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      knots.add(in.readLong());
    }
    TruncateRelu op =
        new TruncateRelu(shape, s, List.copyOf(knots), DReluGate.decode(in), Width.decode(in));
    Truncation.requireShift(op.s, 1, op.width);
    op.gate.requireWithin(op.width.bits() - op.s);
    return op;
  }

  @Override
  public long materialBytes(PartyId to) {
    long dependent = DEPENDENT + (long) DEPENDENT_OF_KNOT * knots.size();
    return gate.materialBytes(to, shape, knots.size())
        + (to == PartyId.P1 ? dependent * shape.size() * width.ring().bytes() : 0);
  }

  @Override
  public long workBytes() {
    return Correlations.workBytes(shape, width.ring());
  }

  static void generate(TruncateRelu op, AssistantContext context) {
    Ring ring = op.width.ring();
    List<BitTensor> bits = new ArrayList<>();
    try (RingTensor r = Correlations.mask(context, "r", op.width, op.shape);
        RingTensor shifted = r.shiftRight(op.s);
        BitTensor msb = op.width.msb(r)) {
      Correlations.send(context, R, shifted.copy());
      Correlations.send(context, M, RingTensor.fromBits(ring, op.shape, msb));
      for (int i = 0; i < op.knots.size(); i++) {
        BitTensor rho = Correlations.rho(context, RHO + i, r.size());
        bits.add(rho);
        Correlations.send(context, RHO + i, RingTensor.fromBits(ring, op.shape, rho));
        Correlations.send(context, RHO_R + i, shifted.multiplyBits(rho));
        try (BitTensor both = msb.and(rho)) {
          Correlations.send(context, RHO_M + i, RingTensor.fromBits(ring, op.shape, both));
        }
      }
      op.gate.generate(shifted, bits, context);
    } finally {
      bits.forEach(BitTensor::close);
    }
  }

  @Override
  public Prepared<Key> prepared(int j) {
    return Step.prepared(this, material -> read(j, material));
  }

  private Key read(int j, Material material) {
    Ring ring = width.ring();
    RingTensor r = material.seeded("r", ring, shape);
    RingTensor shifted = Correlations.receive(j, material, R, ring, shape);
    RingTensor msb = Correlations.receive(j, material, M, ring, shape);
    List<Bit> bits = new ArrayList<>();
    for (int i = 0; i < knots.size(); i++) {
      bits.add(
          new Bit(
              Correlations.receive(j, material, RHO + i, ring, shape),
              Correlations.receive(j, material, RHO_R + i, ring, shape),
              Correlations.receive(j, material, RHO_M + i, ring, shape)));
    }
    return new Key(r, shifted, msb, bits, gate.read(j, material, shape, knots.size()));
  }

  @Override
  public Cost cost() {
    return DReluGate.cost(shape, width, knots.size());
  }

  /**
   * What a run makes.
   *
   * @param y summand of x without its last s bits
   * @param above summand of max(0, y - t) for each knot
   */
  record Result(RingTensor y, List<RingTensor> above) {}

  /** What a planner has of it. */
  Result absent() {
    RingTensor none = RingTensor.absent(width.ring(), shape);
    return new Result(none, knots.stream().map(t -> none).toList());
  }

  /** max(0, y - t) for the only knot. */
  @Override
  public RingTensor run(Party party, Key key, RingTensor x) {
    Result all = runAll(party, key, x);
    all.y.close();
    return all.above.get(0);
  }

  /** The same openings; what is computed on the way is a result as well. */
  Result runAll(Party party, Key key, RingTensor x) {
    RingTensor x1 = Truncation.open(party, width, x, key.r);
    BitTensor low = width.msb(x1).not();
    RingTensor p = Truncation.shifted(x1, s, width);
    List<RingTensor> bases = knots.stream().map(t -> t == 0 ? p : p.addScalar(-t)).toList();
    // public base p, hidden part q M - R
    RingTensor hidden = hidden(key.msb, key.shifted, low);
    List<BitTensor> opened = gate.open(party, key.gate, bases);
    List<RingTensor> above = new ArrayList<>();
    for (int i = 0; i < bases.size(); i++) {
      Bit bit = key.bits.get(i);
      RingTensor rhoHidden = hidden(bit.rhoMsb, bit.rhoShifted, low);
      RingTensor u = onBase(party, bases.get(i), hidden.copy());
      above.add(Selection.select(opened.get(i), bases.get(i), u, bit.rho, rhoHidden));
    }
    return new Result(onBase(party, p, hidden), above);
  }

  /** A summand of base + [hidden]. */
  private static RingTensor onBase(Party party, RingTensor base, RingTensor hidden) {
    return party.j() == 0 ? hidden.addInPlace(base) : hidden;
  }

  /** q [m] - [shifted]. */
  private RingTensor hidden(RingTensor m, RingTensor shifted, BitTensor low) {
    RingTensor qm = m.multiplyBits(low).shiftLeft(width.bits() - s);
    qm.subtractInPlace(shifted);
    return qm;
  }
}
