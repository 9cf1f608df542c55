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
import org.djlmpc.protocol.Cost;
import org.djlmpc.protocol.Wire;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Pending;
import org.djlmpc.transport.PartyId;

/**
 * The masked bit [x &gt;= 0] xor rho from an opened x^ = x + r: the part that comparison, ReLU and
 * fused truncation share.
 *
 * <p>EXACT (as SIGMA, eprint 2023/1269; protocols.md, section 2), for -2^(k-1) &lt;= x &lt;
 * 2^(k-1):
 *
 * <pre>
 * dealer: a = -r mod 2^k; DPF for a mod 2^(k-1); c = 1 xor msb(a) xor rho, XOR-shared
 * 1. y = (-x^ - 1) mod 2^(k-1)
 * 2. s^_j = LT_j(y) xor c_j xor (j = 0 ? msb(x^ mod 2^k) : 0)
 * 3. open s^
 * </pre>
 *
 * <p>PAPER (AriaNN, section 3.1, as printed): [x &gt;= 0] is taken for not [x^ &lt; r] on k bits,
 * which is wrong when x + r wraps: with probability |x| / 2^k. Only to reproduce the paper's table.
 *
 * <p>One key serves several x - t, t public, whose opened values x^ - t have one mask: the DPF is a
 * share of the function [. &lt; alpha], which a party may evaluate where it likes (as interval
 * containment of Boyle et al., EUROCRYPT 2021, eprint 2020/1392, section 4.1). Each bit that is
 * opened has a c and a rho of its own.
 *
 * <p>With d dropped bits the gate runs on x^ >> d under the mask r >> d, whose difference is
 * floor(x / 2^d) or one more: it may take the bit for 1 when -2^d &lt;= x &lt; 0. So a value that
 * still has the fraction bits of a product costs no wider a gate than a rescaled one.
 *
 * @param comparison which construction
 * @param k comparison width, in units of 2^d
 * @param dropped d: low bits that the comparison does not see
 */
record DReluGate(Variant comparison, int k, int dropped) {
  /** A sign and one bit more: the tree needs a level. */
  static final int LEAST_WIDTH = 2;

  private static final String C = "c";

  /** The construction. */
  enum Variant {
    EXACT,
    PAPER
  }

  /** A gate that sees all bits. */
  DReluGate(Variant comparison, int k) {
    this(comparison, k, 0);
  }

  /** A party's share of each c; the DPF chunks follow in the material. */
  record Key(List<BitTensor> c, Material chunks) implements OneTimeKey {
    @Override
    public void close() {
      c.forEach(BitTensor::close);
    }
  }

  void encode(DataOutput out) throws IOException {
    Wire.writeEnum(out, comparison);
    out.writeByte(k);
    out.writeByte(dropped);
  }

  static DReluGate decode(DataInput in) throws IOException {
    Variant variant = Wire.readEnum(in, Variant.class);
    int k = in.readByte();
    if (k < LEAST_WIDTH || k > Long.SIZE) {
      throw new IOException("comparison width " + k);
    }
    int dropped = in.readByte();
    if (dropped < 0 || dropped >= Long.SIZE) {
      throw new IOException("comparison without " + dropped + " bits");
    }
    return new DReluGate(variant, k, dropped);
  }

  /** Requires at most {@code bits} of an opened value in a gate that was read. */
  void requireWithin(int bits) throws IOException {
    if (k + dropped > bits) {
      throw new IOException("comparison of bits " + dropped + " to " + (k + dropped));
    }
  }

  /** As {@link #requireWithin}, of a gate without the paper's error. */
  void requireExactWithin(int bits) throws IOException {
    requireWithin(bits);
    if (comparison != Variant.EXACT) {
      throw new IOException("a comparison of " + comparison + " in one round");
    }
  }

  private int domainBits() {
    return comparison == Variant.EXACT ? k - 1 : k;
  }

  long materialBytes(PartyId to, Shape shape) {
    return materialBytes(to, shape, 1);
  }

  /** Of a key for {@code points} numbers t. */
  long materialBytes(PartyId to, Shape shape, int points) {
    int size = Wire.size(shape);
    long bits = to == PartyId.P1 ? (long) points * Wire.bitBytes(size) : 0;
    return DpfChunks.bytes(domainBits(), size) + bits;
  }

  /** One opening of x^ and one of the bit. */
  static Cost cost(Shape shape, Width width) {
    return cost(shape, width, 1);
  }

  /** One opening of x^ and one of {@code points} bits. */
  static Cost cost(Shape shape, Width width, int points) {
    int size = Wire.size(shape);
    long bits = (long) points * Wire.bitBytes(size);
    return Cost.online(2, width.bytes(shape) + bits).withComparisons((long) points * size);
  }

  /** One opening of x^. */
  static Cost directCost(Shape shape, Width width) {
    return Cost.online(1, width.bytes(shape)).withComparisons(Wire.size(shape));
  }

  /** Dealer: the last part of an operation's material. */
  void generate(RingTensor r, BitTensor rho, AssistantContext context) {
    generate(r, List.of(rho), context);
  }

  /** Dealer: of a key for as many numbers t as there are rho. */
  void generate(RingTensor r, List<BitTensor> rho, AssistantContext context) {
    if (dropped > 0) {
      try (RingTensor high = r.shiftRight(dropped)) {
        new DReluGate(comparison, k).generate(high, rho, context);
      }
      return;
    }
    if (comparison == Variant.PAPER) {
      for (int i = 0; i < rho.size(); i++) {
        Correlations.send(context, C + i, rho.get(i).not());
      }
      DpfChunks.generate(k, r.low(k), context);
      return;
    }
    try (RingTensor a = r.negate();
        BitTensor msb = a.bit(k - 1);
        BitTensor positive = msb.not();
        RingTensor alpha = a.low(k - 1)) {
      for (int i = 0; i < rho.size(); i++) {
        Correlations.send(context, C + i, positive.xor(rho.get(i)));
      }
      DpfChunks.generate(k - 1, alpha, context);
    }
  }

  /** Party j: reads its share of c. */
  Key read(int j, Material material, Shape shape) {
    return read(j, material, shape, 1);
  }

  /** Party j: reads its shares of c, of a key for {@code points} numbers t. */
  Key read(int j, Material material, Shape shape, int points) {
    List<BitTensor> c = new ArrayList<>();
    for (int i = 0; i < points; i++) {
      c.add(Correlations.receiveBits(j, material, C + i, Wire.size(shape)));
    }
    return new Key(c, material);
  }

  /** Steps 1 to 3: the opened bit s^ = [x >= 0] xor rho. */
  BitTensor open(Step.Party party, Key key, RingTensor masked) {
    return open(party, key, List.of(masked)).get(0);
  }

  /** Steps 1 to 3 for each x^ - t: the bits, opened together. */
  List<BitTensor> open(Step.Party party, Key key, List<RingTensor> masked) {
    if (dropped > 0) {
      return new DReluGate(comparison, k)
          .open(party, key, masked.stream().map(x -> x.shiftRight(dropped)).toList());
    }
    List<BitTensor> bits =
        DpfChunks.evaluate(
            party.j(),
            DpfChunks.Test.LESS_THAN,
            domainBits(),
            masked.stream().map(this::point).toList(),
            key.chunks);
    List<Pending<BitTensor>> openings = new ArrayList<>();
    for (int i = 0; i < bits.size(); i++) {
      BitTensor bit = bits.get(i).xorInPlace(key.c.get(i));
      if (party.j() == 0 && comparison == Variant.EXACT) {
        bit.xorInPlace(masked.get(i).bit(k - 1));
      }
      openings.add(party.opener().open(bit));
    }
    return openings.stream().map(Pending::await).toList();
  }

  private RingTensor point(RingTensor masked) {
    return comparison == Variant.PAPER ? masked.low(k) : masked.negate().addScalar(-1).low(k - 1);
  }
}
