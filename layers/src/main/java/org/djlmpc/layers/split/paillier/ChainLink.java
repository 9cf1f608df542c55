package org.djlmpc.layers.split.paillier;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Queue;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.jspecify.annotations.Nullable;

/**
 * A holder in the chain of Algorithm 3: adds its values, under encryption, to what the holder
 * before it sends, and passes the sums on, a frame of ciphertexts after the other. So encryption,
 * addition and decryption of one batch overlap between the parties.
 */
final class ChainLink implements AutoCloseable {
  /**
   * Batches that holders may be ahead of the server: decryption is several times slower than
   * encryption, and what has arrived and waits takes memory there.
   */
  static final int WINDOW = 4;

  private final Encryptor encryptor;
  private final Packing packing;
  private final @Nullable Channel previous;
  private final Channel next;
  private final @Nullable Channel credit;
  private final Queue<Integer> underWay = new ArrayDeque<>();

  /**
   * A place in the chain.
   *
   * @param encryptor under the server's key
   * @param packing the same at all parties
   * @param previous the holder before this one; null at the first
   * @param next the holder after this one; the server at the last
   * @param credit where the server tells how far it is, at the first holder; null at others, which
   *     have nothing to do before the first
   */
  ChainLink(
      Encryptor encryptor,
      Packing packing,
      @Nullable Channel previous,
      Channel next,
      @Nullable Channel credit) {
    this.encryptor = encryptor;
    this.packing = packing;
    this.previous = previous;
    this.next = next;
    this.credit = credit;
  }

  /** Adds values to the sums of a batch. The encryption's fresh randomness re-randomizes them. */
  void add(int operation, long[] values) {
    awaitCredit(operation);
    Chunks chunks = new Chunks(packing, values.length);
    for (int chunk = 0; chunk < chunks.count(); chunk++) {
      BigInteger[] plaintexts = packing.pack(values, chunks.from(chunk), chunks.values(chunk));
      next.send(FrameType.SHARE, operation, sums(operation, plaintexts).toBytes());
    }
  }

  private Ciphertexts sums(int operation, BigInteger[] plaintexts) {
    if (previous == null) {
      return encryptor.encrypt(plaintexts);
    }
    byte[] frame = previous.receive(FrameType.SHARE, operation);
    Ciphertexts before = Ciphertexts.of(encryptor.key(), plaintexts.length, frame);
    return encryptor.encryptOnto(before, plaintexts);
  }

  private void awaitCredit(int operation) {
    if (credit == null) {
      return;
    }
    if (underWay.size() == WINDOW) {
      credit.receive(FrameType.ANNOUNCE, underWay.remove());
    }
    underWay.add(operation);
  }

  /** Drops what encrypts. */
  @Override
  public void close() {
    encryptor.close();
  }
}
