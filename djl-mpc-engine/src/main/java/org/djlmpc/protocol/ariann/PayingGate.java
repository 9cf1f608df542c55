package org.djlmpc.protocol.ariann;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.djlmpc.fss.Payload;
import org.djlmpc.preprocessing.AssistantContext;
import org.djlmpc.preprocessing.Material;
import org.djlmpc.preprocessing.OneTimeKey;
import org.djlmpc.protocol.Wire;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;

/**
 * Shares of s and of s v for s = [x &gt;= 0] and numbers v that the dealer knows, from an opened x^
 * = x + r alone: what {@link DReluGate} needs a round for (protocols.md, section 3, {@code
 * rounds=low}), by a comparison function with payload (Boyle et al., EUROCRYPT 2021, eprint
 * 2020/1392).
 *
 * <pre>
 * dealer: a = -r mod 2^k; b = 1 xor msb(a); DCF for a mod 2^(k-1) paying (1 - 2 b) (1, v); [b], [b v]
 * 1. y = (-x^ - 1) mod 2^(k-1); u = [y &lt; a mod 2^(k-1)] xor b, so [u v] = [b v] + DCF_j(y), [u] likewise
 * 2. s = u xor e for the public e = msb(x^ mod 2^k): [s v] = e ? [v] - [u v] : [u v]
 * </pre>
 *
 * @param k comparison width, in units of 2^dropped
 * @param dropped low bits that the comparison does not see
 * @param ring the ring of the payload
 * @param words how many numbers: 1 and the v
 */
record PayingGate(int k, int dropped, Ring ring, int words) {
  private static final String B = "b";

  /** As wide as a gate of two rounds. */
  static PayingGate of(DReluGate gate, Ring ring, int words) {
    return new PayingGate(gate.k(), gate.dropped(), ring, words);
  }

  /** Shares of b and b v; the DCF chunks follow in the material. */
  record Key(List<RingTensor> b, Material chunks) implements OneTimeKey {
    @Override
    public void close() {
      b.forEach(RingTensor::close);
    }
  }

  long materialBytes(PartyId to, Shape shape) {
    long chunks = DcfChunks.bytes(k - 1, new Payload(ring.bits(), words), Wire.size(shape));
    return to == PartyId.P1 ? chunks + words * shape.size() * ring.bytes() : chunks;
  }

  /**
   * Dealer: the last part of an operation's material.
   *
   * @param r the mask
   * @param values the v
   */
  void generate(RingTensor r, List<RingTensor> values, AssistantContext context) {
    List<RingTensor> beta = new ArrayList<>();
    try (RingTensor high = r.shiftRight(dropped);
        RingTensor a = high.negate();
        BitTensor msb = a.bit(k - 1);
        BitTensor b = msb.not();
        RingTensor alpha = a.low(k - 1);
        RingTensor one = RingTensor.full(ring, r.shape(), 1)) {
      for (int i = 0; i < words; i++) {
        RingTensor v = i == 0 ? one : values.get(i - 1);
        Correlations.send(context, B + i, v.multiplyBits(b));
        beta.add(v.negateWhere(b));
      }
      DcfChunks.generate(k - 1, alpha, beta, context);
    } finally {
      beta.forEach(RingTensor::close);
    }
  }

  /** Party j: reads its shares of b and b v. */
  Key read(int j, Material material, Shape shape) {
    List<RingTensor> b = new ArrayList<>();
    for (int i = 0; i < words; i++) {
      b.add(Correlations.receive(j, material, B + i, ring, shape));
    }
    return new Key(b, material);
  }

  /**
   * Steps 1 and 2: [s], then [s v].
   *
   * @param masked x^
   * @param values shares of the v
   */
  List<RingTensor> evaluate(int j, Key key, RingTensor masked, List<RingTensor> values) {
    RingTensor seen = masked.shiftRight(dropped);
    RingTensor y = seen.negate().addScalar(-1).low(k - 1);
    BitTensor e = seen.bit(k - 1);
    List<RingTensor> results = DcfChunks.evaluate(j, k - 1, words, y, key.chunks);
    for (int i = 0; i < words; i++) {
      // u v, then where e is set its negative plus v
      RingTensor uv = results.get(i).addInPlace(key.b.get(i));
      RingTensor result = uv.negateWhere(e);
      uv.close();
      if (i > 0) {
        try (RingTensor where = values.get(i - 1).multiplyBits(e)) {
          result.addInPlace(where);
        }
      } else if (j == 0) {
        result.addInPlace(RingTensor.fromBits(ring, masked.shape(), e));
      }
      results.set(i, result);
    }
    return results;
  }
}
