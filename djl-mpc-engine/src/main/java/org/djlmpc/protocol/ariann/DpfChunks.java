package org.djlmpc.protocol.ariann;

import java.util.Arrays;
import java.util.List;
import org.djlmpc.crypto.FixedKeyHash;
import org.djlmpc.crypto.Prg;
import org.djlmpc.fss.Dpf;
import org.djlmpc.preprocessing.AssistantContext;
import org.djlmpc.preprocessing.Material;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.Parallel;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.Payload;

/**
 * DPF keys for whole tensors, cut into chunks of one frame: generated, sent, evaluated and
 * forgotten chunk by chunk, so that a tensor of any size needs little memory.
 *
 * <p>A chunk is a fresh public hash key and the correction words, the same bytes for both parties:
 * the same array, where both are threads of one process. Roots never travel: each party derives its
 * own from its seed.
 */
final class DpfChunks {
  /** Gates in a chunk: the largest multiple of 64 whose 64-bit keys fit into a frame. */
  static final int GATES = 8192;

  private static final String ROOTS = "ariann/dpf-roots";
  private static final int BLOCK = 16;

  private DpfChunks() {}

  /** Which comparison a key is evaluated for. */
  enum Test {
    /** y &lt; alpha. */
    LESS_THAN,
    /** y = alpha. */
    EQUAL
  }

  /** Bytes of all chunks, sent to each party. */
  static long bytes(int domainBits, int size) {
    long whole = (long) (size / GATES) * chunkLength(domainBits, GATES);
    return size % GATES == 0 ? whole : whole + chunkLength(domainBits, size % GATES);
  }

  private static int chunkLength(int domainBits, int count) {
    return BLOCK + Dpf.correctionBytes(domainBits, count);
  }

  private static int chunks(int size) {
    return (size + GATES - 1) / GATES;
  }

  /** Dealer: keys for the points {@code alpha}, each in [0, 2^domainBits), to both parties. */
  static void generate(int domainBits, RingTensor alpha, AssistantContext context) {
    var p0 = context.sink(PartyId.P0);
    var p1 = context.sink(PartyId.P1);
    int size = alpha.size();
    int wave = 2 * Parallel.parallelism();
    for (int first = 0; first < chunks(size); first += wave) {
      int from = first;
      Payload[] frames = new Payload[Math.min(wave, chunks(size) - first)];
      Parallel.pieces(
          frames.length,
          piece -> {
            int start = (from + piece) * GATES;
            int count = Math.min(GATES, size - start);
            byte[] roots0 =
                roots(
                    p0.streams().stream(ROOTS, context.request(), context.number()), start, count);
            byte[] roots1 =
                roots(
                    p1.streams().stream(ROOTS, context.request(), context.number()), start, count);
            long[] points = new long[count];
            alpha.copyWords(points, 0, start, count);
            Payload chunk = Payload.take(chunkLength(domainBits, count), 2);
            byte[] frame = chunk.bytes();
            FixedKeyHash hash = FixedKeyHash.random();
            System.arraycopy(hash.publicKey(), 0, frame, 0, BLOCK);
            Dpf.generate(domainBits, points, 0, count, roots0, 0, roots1, 0, hash, frame, BLOCK);
            Arrays.fill(points, 0);
            Arrays.fill(roots0, (byte) 0);
            Arrays.fill(roots1, (byte) 0);
            frames[piece] = chunk;
          });
      for (Payload frame : frames) {
        p0.chunk(frame);
        p1.chunk(frame);
      }
    }
  }

  /**
   * Party j: XOR shares of [y &lt; alpha] or [y = alpha] for public points y in [0, 2^domainBits).
   */
  static BitTensor evaluate(int j, Test test, int domainBits, RingTensor y, Material material) {
    return evaluate(j, test, domainBits, List.of(y), material);
  }

  /**
   * Party j: XOR shares of the exclusive or of the tests at several public points for each key, the
   * i-th of each tensor for the i-th key.
   */
  static BitTensor evaluate(
      int j, Test test, int domainBits, List<RingTensor> points, Material material) {
    int size = points.get(0).size();
    BitTensor result = BitTensor.zeros(size);
    int wave = 2 * Parallel.parallelism();
    for (int first = 0; first < chunks(size); first += wave) {
      int from = first;
      Payload[] frames = new Payload[Math.min(wave, chunks(size) - first)];
      for (int i = 0; i < frames.length; i++) {
        frames[i] =
            material.chunk(chunkLength(domainBits, Math.min(GATES, size - (from + i) * GATES)));
      }
      Parallel.pieces(
          frames.length,
          piece -> {
            int start = (from + piece) * GATES;
            int count = Math.min(GATES, size - start);
            byte[] frame = frames[piece].bytes();
            FixedKeyHash hash = FixedKeyHash.of(Arrays.copyOf(frame, BLOCK));
            byte[] roots = roots(material.stream(ROOTS), start, count);
            long[] y = new long[count];
            long[] bits = new long[(count + Long.SIZE - 1) / Long.SIZE];
            for (RingTensor tensor : points) {
              tensor.copyWords(y, 0, start, count);
              if (test == Test.LESS_THAN) {
                Dpf.lessThan(j, domainBits, y, 0, count, roots, 0, frame, BLOCK, hash, bits, 0);
              } else {
                Dpf.equal(j, domainBits, y, 0, count, roots, 0, frame, BLOCK, hash, bits, 0);
              }
              for (int word = 0; word < bits.length; word++) {
                int at = start / Long.SIZE + word;
                result.setWord(at, result.word(at) ^ bits[word]);
              }
            }
            Arrays.fill(roots, (byte) 0);
            frames[piece].close();
          });
    }
    return result;
  }

  private static byte[] roots(Prg stream, int from, int count) {
    byte[] roots = new byte[count * BLOCK];
    try (stream) {
      stream.seek((long) from * BLOCK);
      stream.fill(roots, 0, roots.length);
    }
    return roots;
  }
}
