package org.djlmpc.layers.split.paillier;

import java.math.BigInteger;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.jspecify.annotations.Nullable;

/**
 * A holder in the chain of Algorithm 3: adds its values, under encryption, to what the holder
 * before it sends, and passes the sums on, a frame of ciphertexts after the other. So encryption,
 * addition and decryption of one batch overlap between the parties.
 */
final class ChainLink implements AutoCloseable {
  private final Encryptor encryptor;
  private final Packing packing;
  private final @Nullable Channel previous;
  private final Channel next;

  /**
   * A place in the chain.
   *
   * @param encryptor under the server's key
   * @param packing the same at all parties
   * @param previous the holder before this one; null at the first
   * @param next the holder after this one; the server at the last
   */
  ChainLink(Encryptor encryptor, Packing packing, @Nullable Channel previous, Channel next) {
    this.encryptor = encryptor;
    this.packing = packing;
    this.previous = previous;
    this.next = next;
  }

  /** Adds values to the sums of a batch. The encryption's fresh randomness re-randomizes them. */
  void add(int operation, long[] values) {
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

  /** Drops what encrypts. */
  @Override
  public void close() {
    encryptor.close();
  }
}
