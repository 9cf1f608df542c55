package org.djlmpc.protocol.ariann;

import ai.djl.ndarray.types.Shape;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.djlmpc.preprocessing.AssistantContext;
import org.djlmpc.preprocessing.Material;
import org.djlmpc.preprocessing.OneTimeKey;
import org.djlmpc.protocol.Cost;
import org.djlmpc.protocol.Wire;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.RingTensor;
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

  /** The construction. */
  enum Variant {
    EXACT,
    PAPER
  }

  /** A gate that sees all bits. */
  DReluGate(Variant comparison, int k) {
    this(comparison, k, 0);
  }

  /** A party's share of c; the DPF chunks follow in the material. */
  record Key(BitTensor c, Material chunks) implements OneTimeKey {
    @Override
    public void close() {
      c.close();
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
    int size = Wire.size(shape);
    return DpfChunks.bytes(domainBits(), size) + (to == PartyId.P1 ? Wire.bitBytes(size) : 0);
  }

  /** One opening of x^ and one of the bit. */
  static Cost cost(Shape shape, Width width) {
    int size = Wire.size(shape);
    return Cost.online(2, width.bytes(shape) + Wire.bitBytes(size)).withComparisons(size);
  }

  /** One opening of x^. */
  static Cost directCost(Shape shape, Width width) {
    return Cost.online(1, width.bytes(shape)).withComparisons(Wire.size(shape));
  }

  /** Dealer: the last part of an operation's material. */
  void generate(RingTensor r, BitTensor rho, AssistantContext context) {
    if (dropped > 0) {
      try (RingTensor high = r.shiftRight(dropped)) {
        new DReluGate(comparison, k).generate(high, rho, context);
      }
      return;
    }
    if (comparison == Variant.PAPER) {
      Correlations.send(context, "c", rho.not());
      DpfChunks.generate(k, r.low(k), context);
      return;
    }
    try (RingTensor a = r.negate();
        BitTensor msb = a.bit(k - 1);
        RingTensor alpha = a.low(k - 1)) {
      msb.xorInPlace(rho);
      Correlations.send(context, "c", msb.not());
      DpfChunks.generate(k - 1, alpha, context);
    }
  }

  /** Party j: reads its share of c. */
  Key read(int j, Material material, Shape shape) {
    return new Key(Correlations.receiveBits(j, material, "c", Wire.size(shape)), material);
  }

  /** Steps 1 to 3: the opened bit s^ = [x >= 0] xor rho. */
  BitTensor open(Step.Party party, Key key, RingTensor masked) {
    if (dropped > 0) {
      return new DReluGate(comparison, k).open(party, key, masked.shiftRight(dropped));
    }
    RingTensor y =
        comparison == Variant.PAPER ? masked.low(k) : masked.negate().addScalar(-1).low(k - 1);
    BitTensor bit =
        DpfChunks.evaluate(party.j(), DpfChunks.Test.LESS_THAN, domainBits(), y, key.chunks);
    bit.xorInPlace(key.c);
    if (party.j() == 0 && comparison == Variant.EXACT) {
      bit.xorInPlace(masked.bit(k - 1));
    }
    return party.opener().open(bit).await();
  }
}
