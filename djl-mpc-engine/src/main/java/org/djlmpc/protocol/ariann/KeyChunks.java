package org.djlmpc.protocol.ariann;

import java.util.Arrays;
import org.djlmpc.crypto.FixedKeyHash;
import org.djlmpc.crypto.Prg;
import org.djlmpc.preprocessing.AssistantContext;
import org.djlmpc.preprocessing.Material;
import org.djlmpc.ring.Parallel;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.Payload;

/**
 * Function keys for whole tensors, cut into chunks of one frame: generated, sent, evaluated and
 * forgotten chunk by chunk, so that a tensor of any size needs little memory.
 *
 * <p>A chunk is a fresh public hash key and the correction words, the same bytes for both parties:
 * the same array, where both are threads of one process. Roots never travel: each party derives its
 * own from its seed.
 */
final class KeyChunks {
  private static final int BLOCK = 16;

  private final String roots;
  private final int size;
  private final int gates;
  private final Length length;

  /** Bytes of the correction words of some keys. */
  @FunctionalInterface
  interface Length {
    int of(int count);
  }

  /** Makes the correction words of keys {@code start} to {@code start + count - 1}. */
  @FunctionalInterface
  interface Maker {
    void make(int start, int count, byte[] roots0, byte[] roots1, FixedKeyHash hash, byte[] frame);
  }

  /** Uses keys {@code start} to {@code start + count - 1}. */
  @FunctionalInterface
  interface Reader {
    void read(int start, int count, byte[] roots, byte[] frame, FixedKeyHash hash);
  }

  /** Where correction words begin in a chunk. */
  static final int OFFSET = BLOCK;

  /**
   * Chunks of keys.
   *
   * @param roots name of the stream that the roots come from
   * @param size number of keys
   * @param gates keys in a chunk, a multiple of 64
   */
  KeyChunks(String roots, int size, int gates, Length length) {
    this.roots = roots;
    this.size = size;
    this.gates = gates;
    this.length = length;
  }

  /** Bytes of all chunks, sent to each party. */
  long bytes() {
    long whole = (long) (size / gates) * length(gates);
    return size % gates == 0 ? whole : whole + length(size % gates);
  }

  private int length(int count) {
    return BLOCK + length.of(count);
  }

  private int chunks() {
    return (size + gates - 1) / gates;
  }

  private int count(int chunk) {
    return Math.min(gates, size - chunk * gates);
  }

  /** Dealer: all chunks, to both parties. */
  void generate(AssistantContext context, Maker maker) {
    var p0 = context.sink(PartyId.P0);
    var p1 = context.sink(PartyId.P1);
    int wave = 2 * Parallel.parallelism();
    for (int first = 0; first < chunks(); first += wave) {
      int from = first;
      Payload[] frames = new Payload[Math.min(wave, chunks() - first)];
      Parallel.pieces(
          frames.length,
          piece -> {
            int start = (from + piece) * gates;
            int count = count(from + piece);
            byte[] roots0 =
                roots(
                    p0.streams().stream(roots, context.request(), context.number()), start, count);
            byte[] roots1 =
                roots(
                    p1.streams().stream(roots, context.request(), context.number()), start, count);
            Payload chunk = Payload.take(length(count), 2);
            byte[] frame = chunk.bytes();
            FixedKeyHash hash = FixedKeyHash.random();
            System.arraycopy(hash.publicKey(), 0, frame, 0, BLOCK);
            maker.make(start, count, roots0, roots1, hash, frame);
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

  /** A party: uses all chunks, several at a time, in pieces of a multiple of 64 keys. */
  void evaluate(Material material, Reader reader) {
    int wave = 2 * Parallel.parallelism();
    for (int first = 0; first < chunks(); first += wave) {
      int from = first;
      Payload[] frames = new Payload[Math.min(wave, chunks() - first)];
      for (int i = 0; i < frames.length; i++) {
        frames[i] = material.chunk(length(count(from + i)));
      }
      Parallel.pieces(
          frames.length,
          piece -> {
            int start = (from + piece) * gates;
            int count = count(from + piece);
            byte[] frame = frames[piece].bytes();
            FixedKeyHash hash = FixedKeyHash.of(Arrays.copyOf(frame, BLOCK));
            byte[] own = roots(material.stream(roots), start, count);
            reader.read(start, count, own, frame, hash);
            Arrays.fill(own, (byte) 0);
            frames[piece].close();
          });
    }
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
