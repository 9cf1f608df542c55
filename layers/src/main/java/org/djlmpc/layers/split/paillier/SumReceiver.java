package org.djlmpc.layers.split.paillier;

import java.math.BigInteger;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;

/** The server's end of the chain: decrypts the sums of all holders. */
final class SumReceiver implements AutoCloseable {
  private final PaillierPrivateKey key;
  private final Packing packing;
  private final Channel last;

  /**
   * The end of a chain.
   *
   * @param key the server's
   * @param packing the same at all parties
   * @param last the last holder, which sends the sums
   */
  SumReceiver(PaillierPrivateKey key, Packing packing, Channel last) {
    this.key = key;
    this.packing = packing;
    this.last = last;
  }

  /** The sums of a batch. */
  long[] receive(int operation, int count) {
    long[] sums = new long[count];
    Chunks chunks = new Chunks(packing, count);
    for (int chunk = 0; chunk < chunks.count(); chunk++) {
      int values = chunks.values(chunk);
      byte[] frame = last.receive(FrameType.SHARE, operation);
      BigInteger[] plaintexts =
          key.decrypt(Ciphertexts.of(key.publicKey(), packing.plaintexts(values), frame));
      System.arraycopy(packing.unpack(plaintexts, values), 0, sums, chunks.from(chunk), values);
    }
    return sums;
  }

  /** Drops the key. */
  @Override
  public void close() {
    key.close();
  }
}
