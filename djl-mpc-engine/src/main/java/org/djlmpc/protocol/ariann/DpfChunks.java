package org.djlmpc.protocol.ariann;

import java.util.Arrays;
import java.util.List;
import org.djlmpc.fss.Dpf;
import org.djlmpc.preprocessing.AssistantContext;
import org.djlmpc.preprocessing.Material;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.RingTensor;

/** DPF keys for whole tensors, in chunks. */
final class DpfChunks {
  /** Gates in a chunk: the largest multiple of 64 whose 64-bit keys fit into a frame. */
  static final int GATES = 8192;

  private static final String ROOTS = "ariann/dpf-roots";

  private DpfChunks() {}

  /** Which comparison a key is evaluated for. */
  enum Test {
    /** y &lt; alpha. */
    LESS_THAN,
    /** y = alpha. */
    EQUAL
  }

  private static KeyChunks chunks(int domainBits, int size) {
    return new KeyChunks(ROOTS, size, GATES, count -> Dpf.correctionBytes(domainBits, count));
  }

  /** Bytes of all chunks, sent to each party. */
  static long bytes(int domainBits, int size) {
    return chunks(domainBits, size).bytes();
  }

  /** Dealer: keys for the points {@code alpha}, each in [0, 2^domainBits), to both parties. */
  static void generate(int domainBits, RingTensor alpha, AssistantContext context) {
    chunks(domainBits, alpha.size())
        .generate(
            context,
            (start, count, roots0, roots1, hash, frame) -> {
              long[] points = new long[count];
              alpha.copyWords(points, 0, start, count);
              Dpf.generate(
                  domainBits,
                  points,
                  0,
                  count,
                  roots0,
                  0,
                  roots1,
                  0,
                  hash,
                  frame,
                  KeyChunks.OFFSET);
              Arrays.fill(points, 0);
            });
  }

  /**
   * Party j: XOR shares of [y &lt; alpha] or [y = alpha] for public points y in [0, 2^domainBits).
   */
  static BitTensor evaluate(int j, Test test, int domainBits, RingTensor y, Material material) {
    return evaluate(j, test, domainBits, List.of(y), material).get(0);
  }

  /**
   * Party j: XOR shares of the tests at several public points for each key, the i-th of each tensor
   * for the i-th key.
   *
   * @return shares for each tensor of points
   */
  static List<BitTensor> evaluate(
      int j, Test test, int domainBits, List<RingTensor> points, Material material) {
    int size = points.get(0).size();
    int off = KeyChunks.OFFSET;
    List<BitTensor> results = points.stream().map(y -> BitTensor.zeros(size)).toList();
    chunks(domainBits, size)
        .evaluate(
            material,
            (start, count, roots, frame, hash) -> {
              long[] y = new long[count];
              long[] bits = new long[(count + Long.SIZE - 1) / Long.SIZE];
              for (int tensor = 0; tensor < points.size(); tensor++) {
                points.get(tensor).copyWords(y, 0, start, count);
                if (test == Test.LESS_THAN) {
                  Dpf.lessThan(j, domainBits, y, 0, count, roots, 0, frame, off, hash, bits, 0);
                } else {
                  Dpf.equal(j, domainBits, y, 0, count, roots, 0, frame, off, hash, bits, 0);
                }
                for (int word = 0; word < bits.length; word++) {
                  results.get(tensor).setWord(start / Long.SIZE + word, bits[word]);
                }
              }
            });
    return results;
  }
}
