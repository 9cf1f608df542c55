package org.djlmpc.protocol.ariann;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.djlmpc.preprocessing.AssistantContext;
import org.djlmpc.preprocessing.Material;
import org.djlmpc.preprocessing.OneTimeKey;
import org.djlmpc.protocol.Wire;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;

/**
 * A key for tests of an opened x^ = x + r mod 2^m: r uniform; DPF for alpha = r mod 2^m; rho a
 * uniform bit, shared over the ring and as c = rho, XOR-shared.
 *
 * @param r summand of the mask
 * @param rho summand of the bit's mask
 * @param c exclusive-or share of the same bit
 * @param bits m
 * @param chunks the material in which the DPF chunks follow
 */
record PointKey(RingTensor r, RingTensor rho, BitTensor c, int bits, Material chunks)
    implements OneTimeKey {

  static long materialBytes(PartyId to, Shape shape, Width width) {
    int size = Wire.size(shape);
    long own = to == PartyId.P1 ? (long) size * width.ring().bytes() + Wire.bitBytes(size) : 0;
    return DpfChunks.bytes(width.bits(), size) + own;
  }

  /** Dealer: an operation's whole material. */
  static void generate(Shape shape, Width width, AssistantContext context) {
    try (RingTensor r = Correlations.mask(context, "r", width, shape);
        BitTensor rho = Correlations.rho(context, r.size())) {
      Correlations.send(context, "rho", RingTensor.fromBits(width.ring(), shape, rho));
      Correlations.send(context, "c", rho.copy());
      DpfChunks.generate(width.bits(), r, context);
    }
  }

  /** Party j: reads its key. */
  static PointKey read(int j, Material material, Shape shape, Width width) {
    Ring ring = width.ring();
    return new PointKey(
        material.seeded("r", ring, shape),
        Correlations.receive(j, material, "rho", ring, shape),
        Correlations.receiveBits(j, material, "c", Wire.size(shape)),
        width.bits(),
        material);
  }

  /** Party j: its share of c xor the exclusive or of the tests at the public points. */
  BitTensor evaluate(int j, DpfChunks.Test test, List<RingTensor> points) {
    BitTensor bit = c.copy();
    DpfChunks.evaluate(j, test, bits, points, chunks).forEach(bit::xorInPlace);
    return bit;
  }

  @Override
  public void close() {
    r.close();
    rho.close();
    c.close();
  }
}
