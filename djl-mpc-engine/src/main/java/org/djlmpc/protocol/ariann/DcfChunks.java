package org.djlmpc.protocol.ariann;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.djlmpc.fss.Dcf;
import org.djlmpc.fss.Payload;
import org.djlmpc.preprocessing.AssistantContext;
import org.djlmpc.preprocessing.Material;
import org.djlmpc.ring.RingTensor;

/** DCF keys for whole tensors, in chunks. */
final class DcfChunks {
  /** Gates in a chunk: the largest power of two whose largest keys fit into a frame. */
  private static final int GATES = 2048;

  private static final String ROOTS = "ariann/dcf-roots";

  private DcfChunks() {}

  private static KeyChunks chunks(int domainBits, Payload payload, int size) {
    return new KeyChunks(
        ROOTS, size, GATES, count -> Dcf.correctionBytes(domainBits, payload, count));
  }

  /** Bytes of all chunks, sent to each party. */
  static long bytes(int domainBits, Payload payload, int size) {
    return chunks(domainBits, payload, size).bytes();
  }

  /**
   * Dealer: keys that pay {@code beta} below the points {@code alpha}, each in [0, 2^domainBits),
   * to both parties.
   *
   * @param beta a tensor for each word
   */
  static void generate(
      int domainBits, RingTensor alpha, List<RingTensor> beta, AssistantContext context) {
    Payload payload = new Payload(alpha.ring().bits(), beta.size());
    chunks(domainBits, payload, alpha.size())
        .generate(
            context,
            (start, count, roots0, roots1, hash, frame) -> {
              long[] points = new long[count];
              alpha.copyWords(points, 0, start, count);
              long[] paid = interleaved(beta, start, count);
              Dcf.generate(
                  domainBits,
                  payload,
                  points,
                  0,
                  paid,
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
              Arrays.fill(paid, 0);
            });
  }

  private static long[] interleaved(List<RingTensor> tensors, int start, int count) {
    int words = tensors.size();
    long[] all = new long[count * words];
    long[] one = new long[count];
    for (int word = 0; word < words; word++) {
      tensors.get(word).copyWords(one, 0, start, count);
      for (int i = 0; i < count; i++) {
        all[i * words + word] = one[i];
      }
    }
    Arrays.fill(one, 0);
    return all;
  }

  /** Party j: shares of beta [y &lt; alpha] for public points y, a tensor for each word. */
  static List<RingTensor> evaluate(
      int j, int domainBits, int words, RingTensor y, Material material) {
    Payload payload = new Payload(y.ring().bits(), words);
    List<RingTensor> results = new ArrayList<>();
    for (int word = 0; word < words; word++) {
      results.add(RingTensor.zeros(y.ring(), y.shape()));
    }
    chunks(domainBits, payload, y.size())
        .evaluate(
            material,
            (start, count, roots, frame, hash) -> {
              long[] points = new long[count];
              y.copyWords(points, 0, start, count);
              long[] paid = new long[count * words];
              Dcf.evaluate(
                  j,
                  domainBits,
                  payload,
                  points,
                  0,
                  count,
                  roots,
                  0,
                  frame,
                  KeyChunks.OFFSET,
                  hash,
                  paid,
                  0);
              for (int word = 0; word < words; word++) {
                for (int i = 0; i < count; i++) {
                  points[i] = paid[i * words + word];
                }
                results.get(word).setWords(points, 0, start, count);
              }
              Arrays.fill(points, 0);
              Arrays.fill(paid, 0);
            });
    return results;
  }
}
